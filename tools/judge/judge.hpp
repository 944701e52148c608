// The verdict (contract, section 7): how far an answer lies from the exact result, and the grade of that.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
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

/// The same against a number of which no more is known than what it rounds to, as a convention gives it
/// (`expected`, with the sensitivity, scale and count of the truth in whose place it stands). `ulps` counts
/// from the rounded number; the grade is the best that any exact number which rounds to it would give, so
/// that an answer is never called worse than it is for want of digits.
ComponentVerdict judge_rounded(double answer, const reference::Component& expected, Dtype dtype);

struct CaseVerdict {
  Grade grade = Grade::correctly_rounded;
  double ulps = 0;    ///< of the worst component
  std::string where;  ///< "value[3]", "gradient.logits[2]": the worst component
  double got = 0;
  reference::Component truth;  ///< of the worst component, or what stands in its place by `measured_from`
  std::string measured_from;   ///< the declared convention that the worst component is held against
  /// What the answer follows, when it is not `stable` by itself: the declared conventions without which its
  /// grade were worse ("a, b"), or an undeclared one that the whole answer matches,
  /// with the declared ones where those apply.
  std::string convention;
  bool declared = false;      ///< of `convention`
  std::string protocol;       ///< not empty: a shape or a tensor that does not fit, in one line
  ComponentVerdict value;     ///< the worst of the value, and of all gradients, by themselves; like the
  ComponentVerdict gradient;  ///< grade, of no component the best there is
};

/// One number of an answer, judged: good for as long as the call that is told of it.
struct JudgedComponent {
  std::string_view output;              ///< "value", "gradient.logits"
  const reference::TensorTruth& truth;  ///< of that output
  std::size_t index;                    ///< in it
  double got;
  const reference::Component& expected;  ///< the truth, or what stands in its place by the convention
  std::string_view measured_from;        ///< that convention, which the testee declares; empty: the truth
  ComponentVerdict verdict;
};
using ComponentVisitor = std::function<void(const JudgedComponent&)>;

/// The truth is that of a valid case; of its gradients those count that the question's `wrt` names.
///
/// `declared` are the conventions that the testee says it follows. Where one of them gives a component
/// another number than the truth, the component is held against that number, against the nearest where
/// several do; the truth itself is as good an answer, and it is what the component is measured from where
/// that gives a better grade. The visitor, where there is one, is told of every number, one output after the
/// other; of none where the verdict is `protocol`.
CaseVerdict judge(const Case& question, const reference::Truth& truth,
                  std::span<const ConventionalAnswer> conventions, const Answer& answer,
                  std::span<const std::string> declared = {}, const ComponentVisitor& visitor = {});

/// What a convention's number comes to in a component's place, or nothing where it is among what the truth
/// admits, or where any number passes.
std::optional<reference::Component> by_convention(const reference::Component& truth, double number);

/// B of the contract's section 7, in units: what rounding costs a component that so many numbers reach.
int sum_of_roundings(std::int64_t input_count);

/// A / |v|, infinite where a 0 came of cancellation; NaN where there is none.
double condition(const reference::Component& truth);

}  // namespace assay
