// What a test allows between an answer and what it expected, and what an implementation needs of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::tolerances {

/// What rtol is a part of: allclose takes its second operand, and some hand it the answer there.
enum class Operand : std::uint8_t { expected, answer };
inline constexpr std::array operands{Operand::expected, Operand::answer};
std::string_view name(Operand operand);

/// abs(answer - expected) <= atol + rtol abs(operand), as numpy, torch and those who follow them have it.
/// Both are at least 0 and may be infinite.
struct Tolerance {
  double rtol = 0, atol = 0;
};

/// One error: of a number of this size, by this distance.
struct Error {
  double size = 0, distance = 0;
};

/// All that an implementation's errors ask of a tolerance. Kept are only those that others do not imply, so
/// that a hundred thousand come to a few.
class Needs {
 public:
  /// Two equal numbers, or two NaN, need nothing. Otherwise a number that is not finite, on either side, is
  /// within no tolerance.
  void add(double answer, double expected, Operand operand = Operand::expected);
  void add(const Error& error);
  /// There is no answer to compare.
  void fail() { hopeless_ = true; }
  void merge(const Needs& other);

  [[nodiscard]] bool within(const Tolerance& tolerance) const;
  /// The least rtol that all is within at atol 0, and the least atol at rtol 0; infinite where there is none.
  [[nodiscard]] double least_rtol() const;
  [[nodiscard]] double least_atol() const;

  [[nodiscard]] bool hopeless() const { return hopeless_; }
  /// By increasing size, and so by increasing distance.
  [[nodiscard]] const std::vector<Error>& errors() const;

 private:
  void prune() const;

  mutable std::vector<Error> errors_;
  mutable std::size_t pruned_ = 0;  ///< so many there were when they were last looked through
  bool hopeless_ = false;
};

}  // namespace assay::tolerances
