// The verdict (contract, section 7): how far an answer lies from the exact result, and the grade of that.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

enum class Grade : std::uint8_t { correctly_rounded, faithful, tight, stable, absolute, inaccurate, wrong };
std::string_view name(Grade g);
std::optional<Grade> grade_named(std::string_view s);

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
};
CaseVerdict judge(const Answer& answer, const GoldenCase& golden);

}  // namespace assay
