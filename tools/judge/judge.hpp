// The verdict (contract, section 7): how far an answer lies from the exact result, and the grade of that.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "reference/truth/truth.hpp"
#include "tools/judge/convention.hpp"
#include "tools/judge/grade.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

struct ComponentVerdict {
  Grade grade = Grade::correctly_rounded;
  double ulps = 0;  ///< e, against the unrounded truth; infinity where the answer is not comparable
};
ComponentVerdict judge(double answer, const reference::Component& truth, Dtype dtype);

struct CaseVerdict {
  Grade grade = Grade::correctly_rounded;
  double ulps = 0;    ///< of the worst component
  std::string where;  ///< "value[3]", "gradient.logits[2]": the worst component
  double got = 0;
  reference::Component truth;  ///< of the worst component
  std::string convention;      ///< the one that the whole answer matches, when it is not `stable` by itself
  std::string protocol;        ///< not empty: a shape or a tensor that does not fit, in one line
  ComponentVerdict value;      ///< the worst of the value, and of all gradients, by themselves; like the
  ComponentVerdict gradient;   ///< grade, of no component the best there is
};
/// One number of an answer, as it was judged.
struct JudgedComponent {
  std::string_view output;              ///< "value", "gradient.logits"
  const reference::TensorTruth& truth;  ///< what it was measured from; its component `index`
  std::size_t index = 0;
  const ComponentVerdict& verdict;
};
using ComponentVisitor = std::function<void(const JudgedComponent&)>;

/// The truth is that of a valid case; of its gradients those count that the question's `wrt` names. The
/// visitor is told of every number, one output after the other; of none where the verdict is `protocol`.
CaseVerdict judge(const Case& question, const reference::Truth& truth,
                  std::span<const ConventionalAnswer> conventions, const Answer& answer,
                  const ComponentVisitor& visitor = {});

/// B of the contract's section 7, in units: what rounding costs a component that so many numbers reach.
int sum_of_roundings(std::int64_t input_count);

/// A / |v|, infinite where a 0 came of cancellation; NaN where there is none.
double condition(const reference::Component& truth);

}  // namespace assay
