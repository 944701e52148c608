// What a formula sees of a case: one row of it, by the names of its record.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/graph/recorded_inputs.hpp"

namespace assay::reference {

/// One row of the case: the numbers of each input that belong to one unreduced value, or, for a loss whose
/// value keeps x's shape, to one row of values.
class Row {
 public:
  Row(RecordedInputs& inputs, std::int64_t index) : inputs_(inputs), index_(index) {}

  /// The only number of an element-wise input, or a real parameter.
  [[nodiscard]] Real operator()(std::string_view name) const;
  /// A parameter that is a list.
  [[nodiscard]] const Vector& list(std::string_view name) const;
  /// A row of an input: its numbers over the axes that the value does not have.
  [[nodiscard]] Vector row(std::string_view name) const;
  /// An input with two axes more than the value has, row by row.
  [[nodiscard]] std::vector<Vector> matrix(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// Where this row stands along the value's first or second axis.
  [[nodiscard]] std::int64_t index(int axis = 0) const;
  /// Another row of the case.
  [[nodiscard]] Row at(std::int64_t first, std::int64_t second = 0) const;
  /// How many there are along an axis.
  [[nodiscard]] std::int64_t extent(char axis) const;
  [[nodiscard]] std::int64_t label(std::string_view name) const;
  /// A row of an integer input.
  [[nodiscard]] std::vector<std::int64_t> labels(std::string_view name) const;
  /// A row of labels, up to the -1 that ends it.
  [[nodiscard]] std::vector<std::size_t> list_of_labels(std::string_view name) const;
  /// Which numbers of a row of targets are exactly 0.
  [[nodiscard]] std::vector<bool> zeros(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::int64_t whole(std::string_view name) const;
  [[nodiscard]] bool equals(std::string_view name, std::int64_t whole) const;  ///< a real parameter
  [[nodiscard]] std::string_view text(std::string_view name) const;
  /// A fraction as a number of the case's dtype: a constant of an implementation that follows a convention.
  [[nodiscard]] Real rounded(std::int64_t numerator, std::int64_t denominator) const;
  /// Of the case's numbers, for the constants of a convention that depend on it.
  [[nodiscard]] const Format& format() const;
  [[nodiscard]] Real number(double exact) const;
  /// The case asks for the mean.
  [[nodiscard]] bool averaged() const;

  /// Says that this row of the input was divided by `length`, for the intrinsic scale of its gradient.
  void normalized_by(const Vector& row, Real length) const;
  /// normalized(v) of such a row, which says so.
  [[nodiscard]] Vector direction(const Vector& v) const;

 private:
  [[nodiscard]] const Layout& layout(std::string_view name) const;
  [[nodiscard]] std::size_t offset(const Layout& layout) const;

  RecordedInputs& inputs_;
  std::int64_t index_;
};

}  // namespace assay::reference
