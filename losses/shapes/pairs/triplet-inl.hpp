// Triplets with Euclidean distances in lanes. Included once a target by triplet_margin.cpp.
//
// With u = a-p and v = a-n, both exact in two words and rounded once for f32, h = margin + |u| - |v| of sums
// of squares that are good to a few roundings. Where h, or a component of the anchor's gradient u/|u| -
// v/|v|, has cancelled further than that allows, the row is computed without lanes.

#if defined(ASSAY_LOSSES_SHAPES_PAIRS_TRIPLET_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_PAIRS_TRIPLET_INL_HPP
#undef ASSAY_LOSSES_SHAPES_PAIRS_TRIPLET_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_PAIRS_TRIPLET_INL_HPP
#endif

#include "losses/catalogue/metric.hpp"
#include "losses/shapes/rows/row_wise_lanes.hpp"

#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T>
class TripletRows {
 public:
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

  HWY_INLINE TripletRows(const RowPlan<T>& plan, const TripletMargin& loss)
      : plan_(plan), loss_(loss), width_(static_cast<std::size_t>(plan.width)) {
    for (std::size_t k = 0; k < 3; ++k) {
      from_[k] = plan.call.inputs[k].real;
      to_[k] = plan.call.gradient[k];
      wanted_ = wanted_ || to_[k] != nullptr;
    }
  }

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    return sum_of_blocks<true>(*this, width_, begin, end, values_);
  }

  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    const Columns<T> columns(width_, first_row, count);
    const bool joined = !columns.is_short();
    for (std::size_t k = 0; k < 3; ++k) {
      columns.gather(from_[k], from_[k][first_row * width_], columns_[k]);
      columns.pad(T{0}, columns_[k]);
    }
    unsigned doubtful = measure(columns);
    const unsigned every = joined ? 1u : (1u << virtual_lanes) - 1;
    if (wanted_) {
      for (std::size_t j = 0; j < virtual_lanes; ++j)
        put(scale_, j, plan_.scale(first_row + (joined || j >= count ? 0 : j)));
      doubtful |= differentiate(columns);
      for (std::size_t k = 0; k < 3; ++k)
        if (to_[k] != nullptr) columns.scatter(to_[k], slopes_[k]);
    }
    if (joined && doubtful != 0) doubtful = 1;
    doubtful &= every;
    for (std::size_t j = 0; j < count; ++j) {
      if (plan_.call.reduction == Reduction::none && plan_.call.value != nullptr)
        plan_.call.value[first_row + j] = rounded<T>(excess_, j);
      copy(excess_, j, values_, pending + j);
      if (doubtful >> j & 1) compute_slowly(plan_, first_row + j, out, values_, pending + j);
    }
  }

 private:
  /// What lanes know of a difference: 2^-50 or, without functions, 2^-100 of its terms.
  static constexpr double enough = in_double<T> ? 0x1p-15 : 0x1p-40;

  HWY_INLINE Number difference(const Columns<T>& columns, std::size_t a, std::size_t b, std::size_t s,
                               std::size_t g) const {
    return load(columns.at(from_[a], columns_[a], s) + g * lanes) -
           load(columns.at(from_[b], columns_[b], s) + g * lanes);
  }

  /// Both distances and the loss.
  HWY_INLINE unsigned measure(const Columns<T>& columns) {
    StepSum<Number> to_positive, to_negative;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t s = 0; s < columns.steps(); ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const Number u = difference(columns, 0, 1, s, g), v = difference(columns, 0, 2, s, g);
        holds[g] = holds[g] & ordinary(u) & ordinary(v);
        to_positive.add(g, square(u));
        to_negative.add(g, square(v));
      }
    to_positive.result(!columns.is_short(), positive_);
    to_negative.result(!columns.is_short(), negative_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      Number u = positive_.get(g), v = negative_.get(g);
      if (!loss_.squared) {
        u = sqrt(u);
        v = sqrt(v);
        positive_.set(g, u);
        negative_.set(g, v);
      }
      const Number margin = number_of(Input(loss_.margin)), reach = margin + u, h = reach - v;
      const Real size = abs(leading(margin)) + (leading(u) + leading(v));
      const Condition known = abs(leading(h)) >= size * Real(enough);
      excess_.set(g, only(h > Input(0.0), h));
      doubtful |= (~bits(holds[g] & known & (size < Real(0x1p900))) & ((1u << lanes) - 1)) << (g * lanes);
    }
    return doubtful;
  }

  HWY_INLINE unsigned differentiate(const Columns<T>& columns) {
    Condition holds[groups];
    Number by_u[groups], by_v[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      // A cotangent near either end of the range would take a product of three out of it.
      const Real size = abs(leading(scale_.get(g)));
      holds[g] = (size == Real(0.0)) | ((size > Real(0x1p-400)) & (size < Real(0x1p400)));
      const Number c = only(excess_.get(g) > Input(0.0), scale_.get(g));
      const Number u = positive_.get(g), v = negative_.get(g);
      by_u[g] = loss_.squared ? twice(c) : only(u > Input(0.0), c / select(u > Input(0.0), u, one()));
      by_v[g] = loss_.squared ? twice(c) : only(v > Input(0.0), c / select(v > Input(0.0), v, one()));
    }
    for (std::size_t s = 0; s < columns.steps(); ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const std::size_t at = g * lanes;
        const Number u = difference(columns, 0, 1, s, g), v = difference(columns, 0, 2, s, g);
        const Number along_u = u * by_u[g], along_v = v * by_v[g];
        Condition held = normal_or_0(along_u) & normal_or_0(along_v);
        if (to_[0] != nullptr) {
          const Number apart = loss_.squared ? difference(columns, 2, 1, s, g) * by_u[g] : along_u - along_v;
          if (!loss_.squared) held = held & (abs(leading(apart)) >= abs(leading(along_u)) * Real(enough));
          store(apart, columns.to(to_[0], slopes_[0], s) + at);
          held = held & normal_or_0(apart);
        }
        if (to_[1] != nullptr) store(-along_u, columns.to(to_[1], slopes_[1], s) + at);
        if (to_[2] != nullptr) store(along_v, columns.to(to_[2], slopes_[2], s) + at);
        holds[g] = holds[g] & (held | columns.missing(s, g));
      }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g)
      doubtful |= (~bits(holds[g]) & ((1u << lanes) - 1)) << (g * lanes);
    return doubtful;
  }

  HWY_INLINE static Number number_of(Input x) { return x; }
  HWY_INLINE static Number one() { return number_of(1.0); }
  HWY_INLINE static Condition normal_or_0(Real x) { return x == x; }
  HWY_INLINE static Condition normal_or_0(Twin x) {
    const Real size = abs(x.hi);
    return (size == Real(0.0)) | ((size > Real(0x1p-960)) & (size < Real(0x1p1000)));
  }

  const RowPlan<T>& plan_;
  const TripletMargin& loss_;
  std::size_t width_;
  const T* from_[3];
  T* to_[3];
  bool wanted_ = false;
  Sixteen<Number> values_, excess_, positive_, negative_, scale_;
  HWY_ALIGN T columns_[3][short_row * virtual_lanes];
  HWY_ALIGN T slopes_[3][short_row * virtual_lanes];
};

template <class T>
struct InLanes<TripletMargin, T> {
  using Plan = RowPlan<T>;

  /// Without swap, which is what is asked for most.
  static bool evaluate(const TripletMargin& loss, const RowPlan<T>& plan) {
    return loss.p == 2 && !loss.swap && std::fabs(loss.margin) < 0x1p240 &&
           sum_of_rows(plan,
                       [&](std::size_t begin, std::size_t end) { return segment(plan, loss, begin, end); });
  }

 private:
  static RowSums segment(const RowPlan<T>& plan, const TripletMargin& loss, std::size_t begin,
                         std::size_t end) {
    TripletRows<T> rows(plan, loss);
    return rows.segment(begin, end);
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
