// What was seen of a testee: fresh inputs, its answers, the truth; and how a number is held against another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/testees/testee.hpp"

namespace assay::mechanisms {

/// A complete case, what came back, and what is true of it. The answer has the shapes that were asked for.
struct Observation {
  Case question;
  Answer answer;
  reference::Truth truth;
};

/// Nothing where there is nothing to learn from the answer: none came, or of another shape, or nobody knows
/// the truth.
std::optional<Observation> observed(const Case& question, Answer answer);

/// The value (""), or the gradient by an input of that name. A fault may be in one and not in the other.
using Part = std::string;
/// "value" or "gradient.logits".
std::string part_name(const Part& part);
/// The same question about one part of its answer.
Case asking(Case c, const Part& part);
/// The value first, then the gradients that the case asks for.
std::vector<Part> parts(const Case& c);

/// Null where the answer or the truth has no such part.
const Tensor* numbers(const Answer& answer, const Part& part);
const reference::TensorTruth* truth_of(const reference::Truth& truth, const Part& part);

/// How far component i may be off in an answer of the grade `stable`.
double allowance(Dtype dtype, const reference::TensorTruth& truth, std::size_t i);

/// Whether g and m are the same but for `slack`: NaN is like NaN, an infinity like itself alone.
bool alike(double g, double m, double slack);

/// Whether component i of the answer is beyond what it may be off.
bool wrong(const Observation& seen, const Part& part, std::size_t i);
/// Whether any is.
bool wrong(const Observation& seen, const Part& part);

/// Units in the last place between two numbers; infinity where one alone is no number.
double units(Dtype dtype, double g, double m);

}  // namespace assay::mechanisms
