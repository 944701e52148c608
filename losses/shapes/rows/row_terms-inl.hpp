// Losses whose row is a sum of terms, one a column, each with its own derivatives. Included once a target by
// a kernel's file, which holds
//
//   #include "losses/shapes/kernel_in_lanes.hpp"
//
//   #include "losses/shapes/rows/row_terms-inl.hpp"
//
//   ASSAY_BEGIN
//   template <>
//   struct RowTerm<Entropy> { ... };               the mathematics of one column, as an element's Formula
//   ASSAY_END
//
//   #if HWY_ONCE
//   ...                                            Row<Entropy, T>: rows that lanes do not vouch for
//   #endif
//
//   ASSAY_KERNEL(Entropy)

#if defined(ASSAY_LOSSES_SHAPES_ROWS_ROW_TERMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ROWS_ROW_TERMS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ROWS_ROW_TERMS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ROWS_ROW_TERMS_INL_HPP
#endif

#include "losses/shapes/element_wise/element_wise_quad.hpp"
#include "losses/shapes/rows/row_wise_lanes.hpp"

#include "losses/shapes/element_wise/element-inl.hpp"
#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// The mathematics of one column: specialised in the kernel's file, it maps the inputs that have columns to
/// an Element. Made from the number of columns, where that can be.
template <class Loss>
struct RowTerm;
template <class Loss>
concept HasRowTerm = requires {
  sizeof(RowTerm<Loss>);
};

/// Inputs after those that have a number a column have one for all rows; lanes take calls without them.
template <class Loss>
constexpr std::size_t inputs_by_column() {
  std::size_t count = 0;
  while (count < facts<Loss>.inputs.size() && facts<Loss>.inputs[count].axes == ".C") ++count;
  return count;
}

template <class Loss, class T>
class RowTerms {
 public:
  static constexpr std::size_t inputs = inputs_by_column<Loss>();
  static constexpr bool positive = promises_nonnegative<Loss>();
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

  HWY_INLINE explicit RowTerms(const RowPlan<T>& plan)
      : plan_(plan), width_(static_cast<std::size_t>(plan.width)) {
    for (const T* each : plan.call.gradient) wanted_ = wanted_ || each != nullptr;
  }

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    return sum_of_blocks<positive>(*this, width_, begin, end, values_);
  }

  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    const Columns<T> columns(width_, first_row, count);
    const bool joined = !columns.is_short();
    for (std::size_t k = 0; k < inputs; ++k) {
      const T* const all = plan_.call.inputs[k].real;
      columns.gather(all, all[first_row * width_], columns_[k]);
    }
    for (std::size_t j = 0; j < virtual_lanes; ++j)
      put(scale_, j, plan_.scale(first_row + (joined || j >= count ? 0 : j)));

    unsigned doubtful = wanted_ ? add_up<true>(columns) : add_up<false>(columns);
    if (joined && doubtful != 0) doubtful = 1;
    for (std::size_t k = 0; k < inputs; ++k)
      if (plan_.call.gradient[k] != nullptr) columns.scatter(plan_.call.gradient[k], slopes_[k]);
    for (std::size_t j = 0; j < count; ++j) {
      if (plan_.call.reduction == Reduction::none && plan_.call.value != nullptr)
        plan_.call.value[first_row + j] = rounded<T>(row_values_, j);
      copy(row_values_, j, values_, pending + j);
      if (doubtful >> j & 1) compute_slowly(plan_, first_row + j, out, values_, pending + j);
    }
  }

 private:
  HWY_INLINE static RowTerm<Loss> made([[maybe_unused]] std::size_t width) {
    if constexpr (std::is_constructible_v<RowTerm<Loss>, std::size_t>)
      return RowTerm<Loss>(width);
    else
      return {};
  }
  template <bool Wanted>
  HWY_NOINLINE unsigned add_up(const Columns<T>& columns) {
    const bool joined = !columns.is_short();
    const RowTerm<Loss> term = made(width_);
    ChunkSum<Number, positive> sum;
    sum.clear();
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t s = 0; s < columns.steps(); ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const Element<Input, inputs> e = at(term, columns, s, g, std::make_index_sequence<inputs>());
        const Condition missing = columns.missing(s, g);
        sum.add(g, only(!missing, e.value));
        Condition held = e.holds;
        if constexpr (Wanted) slopes<0>(columns, s, g, e, held);
        holds[g] = holds[g] & (held | missing);
      }
    if (joined) {
      row_values_.set_all(sum.total());
      sizes_.set_all({sum.size(), 0});
    } else {
      for (std::size_t g = 0; g < groups; ++g) {
        row_values_.set(g, normal(number_from(sum.sum[g], Number())));
        sizes_.set(g, sum.size_of(g));
      }
    }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      const Real value = abs(leading(row_values_.get(g)));
      const Condition kept = (value >= sizes_.get(g) * Real(enough_left<T>)) &
                             ((value == Real(0.0)) | ((value > Real(0x1p-900)) & (value < Real(0x1p900))));
      doubtful |= (~bits(holds[g] & kept) & ((1u << lanes) - 1)) << (g * lanes);
    }
    return doubtful;
  }
  template <std::size_t... K>
  HWY_INLINE Element<Input, inputs> at(const RowTerm<Loss>& term, const Columns<T>& columns, std::size_t s,
                                       std::size_t g, std::index_sequence<K...>) const {
    return term(load(columns.at(plan_.call.inputs[K].real, columns_[K], s) + g * lanes)...);
  }
  template <std::size_t K>
  HWY_INLINE void slopes(const Columns<T>& columns, std::size_t s, std::size_t g,
                         const Element<Input, inputs>& e, Condition& held) {
    if (T* const all = plan_.call.gradient[K]; all != nullptr)
      held =
          held & e.slopes_hold.template get<K>() &
          store_product(e.slope.template get<K>(), scale_.get(g), columns.to(all, slopes_[K], s) + g * lanes);
    if constexpr (K + 1 < inputs) slopes<K + 1>(columns, s, g, e, held);
  }

  /// Where terms may cancel, sums have two words, of which a Real keeps what it can.
  HWY_INLINE static Real number_from(Real x, Real) { return x; }
  HWY_INLINE static Real number_from(Twin x, Real) { return x.hi + x.lo; }
  HWY_INLINE static Twin number_from(Twin x, Twin) { return x; }

  const RowPlan<T>& plan_;
  std::size_t width_;
  bool wanted_ = false;
  Sixteen<Number> values_, row_values_, scale_;
  Sixteen<Real> sizes_;
  HWY_ALIGN T columns_[inputs][short_row * virtual_lanes];
  HWY_ALIGN T slopes_[inputs][short_row * virtual_lanes];
};

template <class Loss, class T>
requires HasRowTerm<Loss>
struct InLanes<Loss, T> {
  using Plan = RowPlan<T>;

  static bool evaluate(const Loss&, const RowPlan<T>& plan) {
    for (std::size_t k = inputs_by_column<Loss>(); k < facts<Loss>.inputs.size(); ++k)
      if (plan.call.inputs[k].present() || plan.call.gradient[k] != nullptr) return false;
    return sum_of_rows(plan,
                       [&plan](std::size_t begin, std::size_t end) { return segment(plan, begin, end); });
  }

 private:
  static RowSums segment(const RowPlan<T>& plan, std::size_t begin, std::size_t end) {
    RowTerms<Loss, T> rows(plan);
    return rows.segment(begin, end);
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
