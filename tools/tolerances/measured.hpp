// An implementation as its answers to the golden cases show it: how wrong by the judge, and what a test's
// tolerance has to allow for it to pass. What the program assay-mutants writes, a line each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "losses/spec/dtype.hpp"
#include "tools/judge/grade.hpp"
#include "tools/judge/regime.hpp"
#include "tools/text/json.hpp"
#include "tools/tolerances/tolerance.hpp"

namespace assay::tolerances {

/// The regimes that are asked: what a test of ordinary numbers meets. The first that a mistake shows in is
/// the one that it is shown by.
inline constexpr std::array asked_regimes{Regime::everyday, Regime::tail};

/// One number that is wrong.
struct Example {
  std::string id, slug, where;
  double got = 0, expected = 0;
};

/// The values, or the gradients, of all cases.
struct MeasuredPart {
  Grade grade = Grade::correctly_rounded;  ///< of the worst number that its fault answers for
  double ulps = 0;
  int cases = 0, wrong = 0;  ///< asked; and answered worse than `stable`
  /// Mean over the cases, 0 where it is not wrong, of |answer - exact| / max(|answer|, |exact|), Euclidean
  /// lengths: 2 is the opposite, 1 is nothing in the place of something.
  double off = 0;
  std::optional<Example> example;  ///< there where it is wrong: of the first regime, the farthest off
  /// By operand; of all cases, those included that a sound formula gets wrong, too.
  std::array<Needs, operands.size()> needs;

  [[nodiscard]] const Needs& operator[](Operand operand) const {
    return needs[static_cast<std::size_t>(operand)];
  }
};

enum class Part : std::uint8_t { value, gradient };
inline constexpr std::array parts{Part::value, Part::gradient};
std::string_view name(Part part);

struct Measured {
  std::string loss;
  Dtype dtype = Dtype::f64;
  int number = 0;                  ///< its place among those of its loss
  std::string name;                ///< what is wrong with it, in words
  std::vector<std::string> kinds;  ///< the same by the names of the table of mechanisms; may be none
  bool sound = false;              ///< a textbook implementation: nothing is wrong with it
  MeasuredPart value, gradient;

  [[nodiscard]] const MeasuredPart& operator[](Part part) const {
    return part == Part::value ? value : gradient;
  }
};

Json measured_to_json(const Measured& m);
/// Throws CodecError.
Measured measured_from_json(const Json& value);

}  // namespace assay::tolerances
