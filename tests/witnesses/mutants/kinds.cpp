#include "tests/witnesses/mutants/kinds.hpp"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::tests::mutants {
namespace {

using Kinds = std::set<std::string>;

/// Of faults that any loss may have: what stands in their names.
const std::vector<std::pair<std::string_view, Kinds>>& of_faults() {
  static const std::vector<std::pair<std::string_view, Kinds>> all{
      {" exchanged", {"argument-order"}},
      {" doubled", {"misread-parameter"}},
      {" inverted", {"misread-parameter"}},
      {"cotangent ignored", {"ignored-cotangent"}},
      {"first cotangent taken", {"ignored-cotangent"}},
      {"cotangent of 0 does not drop", {"zero-times-infinity"}},
      {"weight ignored", {"ignored-input"}},
      {" ignored", {"ignored-parameter"}},
      {" off by one", {"shifted-labels"}},
      {"flushed to 0", {"flushed-subnormals"}},
      {"taken for a number", {"lost-nan"}},
      {"NaN results are 0", {"lost-nan"}},
      {"infinities in ", {"clipped-infinity"}},
      {"positive infinities", {"clipped-infinity"}},
      {" clipped ", {"clamped-input"}},
      {" clamped ", {"clamped-input"}},
      {"mean is a sum", {"wrong-reduction"}},
      {"sum is a mean", {"wrong-reduction"}},
      {"without its divisor", {"wrong-reduction"}},
      {"mean divides by", {"wrong-denominator"}},
      {"mean counts ignored rows", {"wrong-denominator"}},
      {"last element dropped", {"dropped-element"}},
      {"misses its last number", {"dropped-element"}},
      {" negated", {"wrong-sign"}},
      {" halved", {"constant-factor"}},
      {" is 0", {"missing-gradient"}},
      {"rounded to half the digits", {"fewer-digits", "narrow-arithmetic"}},
      {"an epsilon of 1e-7 in the value", {"additive-epsilon"}},
      {"f64 computed as f32", {"narrow-arithmetic"}},
      {"ignored rows are of class 0", {"ignored-rows-counted"}},
  };
  return all;
}

}  // namespace

std::set<std::string> kinds(const Mutant& mutant) {
  if (!mutant.formula)
    for (const auto& [words, kind] : of_faults())
      if (mutant.fault.find(words) != std::string::npos) return kind;
  return {};
}

}  // namespace assay::tests::mutants
