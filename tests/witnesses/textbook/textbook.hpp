// Losses as a careful textbook has them, in the arithmetic of their dtype and nothing wider: shifted
// exponentials, log1p, pairwise sums. A sound implementation of this kind must never be flagged; a wrong one
// (tests/mutants) must.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "tests/witnesses/textbook/dual.hpp"
#include "tools/testees/testee.hpp"

namespace assay::tests::textbook {

/// One row of a case, with one number of its inputs carrying a derivative.
template <class X>
class View;

/// What a formula says of one row: one value, or x's shape, and what the row counts in a mean.
template <class X>
struct Term {
  Term(X only) : value{only} {}  // NOLINT: most formulas return a number
  Term(X only, X counts) : value{only}, weight(counts) {}
  explicit Term(std::vector<X> several) : value(std::move(several)) {}

  std::vector<X> value;
  X weight{1};
  bool dropped = false;
  static Term ignored() {
    Term out(X(0), X(0));
    out.dropped = true;
    return out;
  }
};

using F32 = Dual<float>;
using F64 = Dual<double>;

template <class T>
using FormulaIn = std::function<Term<Dual<T>>(const View<Dual<T>>&)>;

/// A formula in every dtype.
struct Formula {
  std::tuple<FormulaIn<float>, FormulaIn<double>> in;

  Formula() = default;
  template <class F>
  Formula(F f)  // NOLINT: one generic text becomes all
      : in([f](const View<F32>& row) { return Term<F32>(f(row)); },
           [f](const View<F64>& row) { return Term<F64>(f(row)); }) {}
};

/// Value and gradient of a valid, complete case by that formula.
Answer evaluate(const Formula& formula, const Case& c);

/// The textbook's formula of a loss; null where it has none yet.
const Formula* find(std::string_view loss);

/// Each family adds its own.
struct Entry {
  std::string loss;
  Formula formula;
};
std::vector<Entry> activations();
std::vector<Entry> regression();
std::vector<Entry> binary();
std::vector<Entry> classification();
std::vector<Entry> divergences();
std::vector<Entry> metric();
std::vector<Entry> sequences();

template <class X>
class View {
 public:
  using Number = X;

  /// Derivatives are by number `leaf` of `input`, times `seed`.
  View(const Case& c, const Record& record, std::int64_t row, std::string_view input, std::int64_t leaf,
       double seed = 1)
      : case_(c), record_(record), row_(row), input_(input), leaf_(leaf), seed_(seed) {}

  /// The only number of an element-wise input.
  X operator()(std::string_view name) const { return row(name).at(0); }
  /// The numbers of an input that belong to this row; all of an input that rows share.
  std::vector<X> row(std::string_view name) const {
    const Slice s = slice(name);
    std::vector<X> out;
    out.reserve(static_cast<std::size_t>(s.count));
    const std::vector<double>& numbers = case_.inputs.at(std::string(name)).real;
    for (std::int64_t i = s.first; i < s.first + s.count; ++i)
      out.emplace_back(static_cast<decltype(X::v)>(numbers[static_cast<std::size_t>(i)]),
                       static_cast<decltype(X::v)>(name == input_ && i == leaf_ ? seed_ : 0));
    return out;
  }
  /// An input of two axes, row by row.
  std::vector<std::vector<X>> matrix(std::string_view name) const {
    const std::vector<X> flat = all(name);
    const auto width = static_cast<std::size_t>(case_.inputs.at(std::string(name)).shape.back());
    std::vector<std::vector<X>> out;
    for (std::size_t i = 0; i + width <= flat.size() && width != 0; i += width)
      out.emplace_back(flat.begin() + static_cast<std::ptrdiff_t>(i),
                       flat.begin() + static_cast<std::ptrdiff_t>(i + width));
    return out;
  }
  /// Every number of an input.
  std::vector<X> all(std::string_view name) const;
  [[nodiscard]] const std::vector<std::int64_t>& integers(std::string_view name) const {
    return case_.inputs.at(std::string(name)).integer;
  }
  [[nodiscard]] std::int64_t label(std::string_view name) const {
    return integers(name)[static_cast<std::size_t>(slice(name).first)];
  }
  [[nodiscard]] std::int64_t index() const { return row_; }
  [[nodiscard]] bool averaged() const { return case_.reduction == Reduction::mean; }
  [[nodiscard]] const std::vector<std::int64_t>& shape(std::string_view name) const {
    return case_.inputs.at(std::string(name)).shape;
  }
  [[nodiscard]] bool has(std::string_view name) const { return case_.inputs.contains(std::string(name)); }
  [[nodiscard]] X real(std::string_view name) const {
    return X(std::get<double>(case_.parameters.at(std::string(name))));
  }
  [[nodiscard]] bool flag(std::string_view name) const {
    return std::get<bool>(case_.parameters.at(std::string(name)));
  }
  [[nodiscard]] std::int64_t whole(std::string_view name) const {
    return std::get<std::int64_t>(case_.parameters.at(std::string(name)));
  }
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return std::get<std::string>(case_.parameters.at(std::string(name)));
  }
  [[nodiscard]] std::vector<double> list(std::string_view name) const {
    return std::get<std::vector<double>>(case_.parameters.at(std::string(name)));
  }

  /// Whether a number of this row, or of what rows share, is NaN.
  [[nodiscard]] bool has_nan() const;
  /// What such a row says.
  [[nodiscard]] static X unknown() {
    constexpr auto nan = std::numeric_limits<decltype(X::v)>::quiet_NaN();
    return {nan, nan};
  }

  struct Slice {
    std::int64_t first, count;
  };
  [[nodiscard]] Slice slice(std::string_view name) const;

 private:
  const Case& case_;
  const Record& record_;
  std::int64_t row_;
  std::string_view input_;
  std::int64_t leaf_;
  double seed_;
};

}  // namespace assay::tests::textbook
