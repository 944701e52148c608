// What a formula sees of a case, and what it gives back. One formula a loss, in <loss>.cpp:
//
//   template <> Term formula<Huber>(const Row& in) { ... return {value}; }
//
// A loss of the catalogue without its formula fails to link, by name.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "reference/cases/case.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

/// Where the numbers of one row stand in an input: index . row_strides on, or at index modulo an extent.
struct Layout {
  std::string_view name;
  const Vector* leaves = nullptr;  ///< null: an integer input
  const std::vector<std::int64_t>* integers = nullptr;
  std::array<std::int64_t, 2> row_strides{0, 0};  ///< by the value's first and second axis
  std::int64_t modulus = 0;                    ///< of the row's index, where the input has only its last axis
  std::vector<std::int64_t> extents, strides;  ///< of the axes that the value does not have
};

/// A recorded case: its graph, and where its numbers stand in it.
struct Sheet {
  Graph graph;
  const Record* record = nullptr;
  const Case* question = nullptr;                     // complete
  std::map<std::string, Vector, std::less<>> leaves;  // the inputs' numbers, row-major; also `cotangent`
  std::map<std::string, Real, std::less<>> reals;     // the real parameters
  std::map<std::string, Vector, std::less<>> lists;   // those that are lists
  std::map<std::int32_t, Real> normalizers;           // leaf -> norm of the row that was normalised
  std::vector<Layout> layouts;                        // of the inputs that are present
  std::int64_t second_extent = 1;                     // of the value's second axis, where rows have two

  void lay_out();  ///< fills the last two, once the leaves are recorded
};

/// One row of the case: the numbers of each input that belong to one unreduced value, or, for a loss whose
/// value keeps x's shape, to one row of values.
class Row {
 public:
  Row(Sheet& sheet, std::int64_t index) : sheet_(sheet), index_(index) {}

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
  /// The case asks for the mean.
  [[nodiscard]] bool averaged() const;

  /// Says that this row of the input was divided by `length`, for the intrinsic scale of its gradient.
  void normalized_by(const Vector& row, Real length) const;
  /// normalized(v) of such a row, which says so.
  [[nodiscard]] Vector direction(const Vector& v) const;

 private:
  [[nodiscard]] const Layout& layout(std::string_view name) const;
  [[nodiscard]] std::size_t offset(const Layout& layout) const;

  Sheet& sheet_;
  std::int64_t index_;
};

/// A class's share of a softmax, and that of all others together.
struct Shares {
  Real own, others;
};
Shares softmax_shares(const Vector& logits, std::size_t label);

/// The nearest number in [1e-7, 1 - 1e-7], both in the case's dtype: Keras clips probabilities so.
Real clipped(const Row& in, Real probability);

/// What a formula says of one row.
struct Term {
  Term(Real only) : value{only} {}  // NOLINT: most formulas return a number
  Term(Real only, Real intrinsic) : value{only}, scale(intrinsic) {}
  explicit Term(Vector several) : value(std::move(several)) {}

  Vector value;                ///< one number, or a row of them
  Real scale = Real::at(-1);   ///< the intrinsic scale S; the record's constant where none is given
  Real weight = Real::at(-1);  ///< what the row counts in a mean's divisor; 1 where none is given
  /// What a mean divides the value by before it sums; nothing where none is given.
  Real shared_by = Real::at(-1);
  /// The value is +inf and stays so around these numbers: the gradient by them is not checked.
  Vector infinite_around;
  /// The sensitivity of a component of the gradient is never less than the component times this.
  Real gradient_factor = Real::at(-1);
  /// A lower bound for the sensitivity of the gradient, number by number of the differentiated row, given
  /// what each value is multiplied with; empty for almost every loss.
  Vector (*gradient_floor)(const Vector& value, const Vector& seed) = nullptr;
  /// A convention's own idea of the gradient, input by input, of a loss with one number a row.
  std::map<std::string, Real, std::less<>> slopes;
  /// What a convention adds to the derivative by a number.
  std::vector<std::pair<Real, Real>> more_slopes;

  static Term dropped();  ///< an ignored row: 0, and not counted
};

template <class Loss>
Term formula(const Row& in);

/// A named deviation of the loss (Facts::conventions), for losses that have any.
template <class Loss>
Term conventional(std::string_view name, const Row& in);

}  // namespace assay::reference
