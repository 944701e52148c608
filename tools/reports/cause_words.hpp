// Causes in words, as all reports that people read say them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/reports/describe.hpp"
#include "tools/reports/report.hpp"

namespace assay {

/// "huber f32 f64: 12 cases, 8 everyday: gradient is half of what it should be".
std::string cause_headline(const Cause& cause, const Report& report);
/// "prediction 2.5, target 0; delta 1: gradient.prediction[0] 0.5, expected 1 (4.2e+06 ulp; up to 1e+09
/// elsewhere)": of the case that is told, and how far others of its cause are off.
std::string cause_example(const Cause& cause, const Report& report, Numerals numerals);
/// "overflowing-square; norm(...) overflows: ... (37 of 37 fresh inputs match to 0 ulp)", behind "perhaps"
/// where something else may explain the answers as well; empty where nothing does.
std::string cause_mechanism(const Cause& cause);

/// Causes of one regime and one kind of error, which several losses may have.
struct KindOfCause {
  Regime regime = Regime::everyday;
  std::string what;
  std::vector<const Cause*> causes;
  std::size_t cases = 0;
};
/// In the order of the first of each: those whom at least `shared` causes share, the others one by one.
std::vector<KindOfCause> by_kind(const std::vector<const Cause*>& causes, std::size_t shared = 3);
/// "40 cases: gradient is NaN where a number is due: sigmoid, softmax (clip, eps), 9 more"; of one cause its
/// headline.
std::string kind_line(const KindOfCause& kind, const Report& report);

/// "1 case", "12 cases".
std::string counted(std::size_t n, std::string_view what);
/// Words in lines of at most 110 columns, each behind `indent`, those after the first behind `hanging` more.
std::string wrapped(std::string_view text, std::string_view indent, std::string_view hanging = "  ");

}  // namespace assay
