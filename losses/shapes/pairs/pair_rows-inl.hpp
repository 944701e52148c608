// Losses of two rows that a few sums over their columns determine. Included once a target by a kernel's file,
// which holds
//
//   #include "losses/shapes/kernel_in_lanes.hpp"
//
//   #include "losses/shapes/pairs/pair_rows-inl.hpp"
//
//   ASSAY_BEGIN
//   template <>
//   struct PairTerms<Jaccard> { ... };             which sums, and what becomes of them
//   ASSAY_END
//
//   #if HWY_ONCE
//   ...                                            Row<Jaccard, T>: rows that lanes do not vouch for
//   #endif
//
//   ASSAY_KERNEL(Jaccard)
//
// The derivative by a number x with the partner y is a difference of two products,
//   u a - v b,
// with u and v of x and y, a and b of the sums. All that concerns a row as a whole has two words for f32 too:
// plain sums of f32 would be good enough for values, not for what such differences leave of them.
//
// Sums of two words a lane, the low ones added up plainly, are off by steps^2 2^-106 of the sum of absolute
// values at most, and where the steps are few, by 2^-98 with what is computed from them. Of its terms a
// difference must leave
//   f64                        2^-40, or steps^2 2^-50: it is good to 2^-56
//   f32, exact terms           2^-60, or steps^2 2^-70: it is good to 2^-36
//   f32, terms good to 2^-51   2^-16: it is good to 2^-35
// Rows where one leaves less are computed without lanes.

#if defined(ASSAY_LOSSES_SHAPES_PAIRS_PAIR_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_PAIRS_PAIR_ROWS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_PAIRS_PAIR_ROWS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_PAIRS_PAIR_ROWS_INL_HPP
#endif

#include <algorithm>
#include <variant>

#include "losses/shapes/rows/row_wise_lanes.hpp"

#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// a and b, and what a difference u a - v b must leave over |v|.
struct Products {
  Twin a, b;
  Real least;
};
struct PairRow {
  Twin value;
  Products first, second;
  Condition holds;
};

HWY_INLINE Twin two_words(Real x) { return {x, 0.0}; }
HWY_INLINE Twin two_words(Twin x) { return x; }

/// u a - v b, to a rounding and to 2^-104 of its terms.
HWY_INLINE Real difference_of_products(Real u, Twin a, Real v, Twin b) {
  const Real p = v * b.hi, rest = fused_less(v, b.hi, p);
  return fused_less(u, a.hi, p) + fused(u, a.lo, -fused(v, b.lo, rest));
}
template <class Number>
HWY_INLINE Twin difference_of_products(Number u, Twin a, Exact v, Twin b) {
  return u * a - v * b;
}

/// Far enough from the ends of the range that a product with an ordinary number keeps its low word.
HWY_INLINE Condition moderate(Real x) {
  const Real size = abs(x);
  return (size > Real(0x1p-700)) & (size < Real(0x1p700));
}

/// Specialised in the kernel's file: its `of(loss)` is the loss's Terms, or a std::variant of several.
template <class Loss>
struct PairTerms;
template <class Loss>
concept HasPairTerms = requires {
  sizeof(PairTerms<Loss>);
};

/// `Terms` has
///   sums, exact, labelled        how many sums; terms of floats are exact; there is a third input, one a row
///   Condition add(sum, g, x, y)  adds the terms of a column; false where they are not to be trusted
///   PairRow row<slopes>(sum, label, scale, enough)   `enough`: of 1 and 1, what a difference must leave
///   u(x, y), v(x, y)             above
/// Columns that are not there hold 0 and 0.
template <class Terms, class T>
class PairRows {
 public:
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

  HWY_INLINE PairRows(const RowPlan<T>& plan, const Terms& terms)
      : plan_(plan), terms_(terms), width_(static_cast<std::size_t>(plan.width)) {
    for (std::size_t k = 0; k < 2; ++k) {
      from_[k] = plan.call.inputs[k].real;
      to_[k] = plan.call.gradient[k];
      wanted_ = wanted_ || to_[k] != nullptr;
    }
    const auto steps = static_cast<double>(Columns<T>(width_, 0, 1).steps());
    enough_ = !in_double<T>  ? std::max(0x1p-40, steps * steps * 0x1p-50)
              : Terms::exact ? std::max(0x1p-60, steps * steps * 0x1p-70)
                             : 0x1p-16;
  }

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    return sum_of_blocks<true>(*this, width_, begin, end, values_);
  }

  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    const Columns<T> columns(width_, first_row, count);
    const bool joined = !columns.is_short();
    for (std::size_t k = 0; k < 2; ++k) columns.gather(from_[k], T{0}, columns_[k]);
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      const std::size_t row = first_row + (joined || j >= count ? 0 : j);
      if (wanted_) put(scale_, j, plan_.scale(row));
      if constexpr (Terms::labelled)
        put(labels_, j, {static_cast<double>(plan_.call.inputs[2].real[row]), 0});
    }
    unsigned doubtful = wanted_ ? compute<true>(columns) : compute<false>(columns);
    if (joined && doubtful != 0) doubtful = 1;
    for (std::size_t k = 0; k < 2; ++k)
      if (to_[k] != nullptr) columns.scatter(to_[k], slopes_[k]);
    for (std::size_t j = 0; j < count; ++j) {
      if (plan_.call.reduction == Reduction::none && plan_.call.value != nullptr)
        plan_.call.value[first_row + j] = rounded<T>(row_values_, j);
      copy(row_values_, j, values_, pending + j);
      if (doubtful >> j & 1) compute_slowly(plan_, first_row + j, out, values_, pending + j);
    }
  }

 private:
  HWY_INLINE Input number(const Columns<T>& columns, std::size_t k, std::size_t s, std::size_t g) const {
    return load(columns.at(from_[k], columns_[k], s) + g * lanes);
  }

  template <bool Wanted>
  HWY_NOINLINE unsigned compute(const Columns<T>& columns) {
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    add_up(columns, holds);
    Products by[2][groups];
    for (std::size_t g = 0; g < groups; ++g) {
      const Twin scale = Wanted ? scale_.get(g) : Twin(1.0);
      const Real label = Terms::labelled ? labels_.get(g) : Real(0.0);
      Twin sum[Terms::sums];
      for (std::size_t i = 0; i < Terms::sums; ++i) sum[i] = sums_[i].get(g);
      const PairRow row = terms_.template row<Wanted>(sum, label, scale, Real(enough_));
      row_values_.set(g, row.value);
      by[0][g] = row.first;
      by[1][g] = row.second;
      const Real size = abs(scale.hi);
      holds[g] =
          holds[g] & row.holds & ((size == Real(0.0)) | ((size > Real(0x1p-400)) & (size < Real(0x1p400))));
    }
    if constexpr (Wanted)
      for (std::size_t k = 0; k < 2; ++k)
        if (to_[k] != nullptr) differentiate(columns, k, by[k], holds);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g)
      doubtful |= (~bits(holds[g]) & ((1u << lanes) - 1)) << (g * lanes);
    return doubtful;
  }
  HWY_INLINE void add_up(const Columns<T>& columns, Condition (&holds)[groups]) {
    StepSum<Twin> sum[Terms::sums];
    for (std::size_t s = 0; s < columns.steps(); ++s)
      for (std::size_t g = 0; g < groups; ++g)
        holds[g] = holds[g] & terms_.add(sum, g, number(columns, 0, s, g), number(columns, 1, s, g));
    for (std::size_t i = 0; i < Terms::sums; ++i) sum[i].result(!columns.is_short(), sums_[i]);
  }
  HWY_INLINE void differentiate(const Columns<T>& columns, std::size_t k, const Products (&by)[groups],
                                Condition (&holds)[groups]) {
    for (std::size_t s = 0; s < columns.steps(); ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = number(columns, k, s, g), y = number(columns, 1 - k, s, g), v = terms_.v(x, y);
        const Number slope = difference_of_products(terms_.u(x, y), by[g].a, v, by[g].b);
        store(slope, columns.to(to_[k], slopes_[k], s) + g * lanes);
        holds[g] = holds[g] & normal_or_0(slope) & (abs(leading(slope)) >= abs(leading(v)) * by[g].least);
      }
  }

  HWY_INLINE static Condition normal_or_0(Real x) { return x == x; }
  HWY_INLINE static Condition normal_or_0(Twin x) {
    const Real size = abs(x.hi);
    return (size == Real(0.0)) | ((size > Real(0x1p-960)) & (size < Real(0x1p1000)));
  }

  const RowPlan<T>& plan_;
  Terms terms_;
  std::size_t width_;
  double enough_;
  const T* from_[2];
  T* to_[2];
  bool wanted_ = false;
  Sixteen<Twin> values_, row_values_, scale_, sums_[Terms::sums];
  Sixteen<Real> labels_;
  HWY_ALIGN T columns_[2][short_row * virtual_lanes];
  HWY_ALIGN T slopes_[2][short_row * virtual_lanes];
};

template <class Loss, class T>
requires HasPairTerms<Loss>
struct InLanes<Loss, T> {
  using Plan = RowPlan<T>;

  static bool evaluate(const Loss& loss, const RowPlan<T>& plan) {
    return has_moderate_parameters(loss) && sum_with(plan, PairTerms<Loss>::of(loss));
  }

 private:
  template <class Terms>
  static bool sum_with(const RowPlan<T>& plan, const Terms& terms) {
    return sum_of_rows(plan,
                       [&](std::size_t begin, std::size_t end) { return segment(plan, terms, begin, end); });
  }
  template <class... Terms>
  static bool sum_with(const RowPlan<T>& plan, const std::variant<Terms...>& terms) {
    return std::visit([&plan](const auto& each) { return sum_with(plan, each); }, terms);
  }
  template <class Terms>
  static RowSums segment(const RowPlan<T>& plan, const Terms& terms, std::size_t begin, std::size_t end) {
    PairRows<Terms, T> rows(plan, terms);
    return rows.segment(begin, end);
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
