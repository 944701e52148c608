// The sums of the targets of rows of logits. Included once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_TARGETS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_TARGETS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_TARGETS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_TARGETS_INL_HPP
#endif

#include "losses/shapes/logits/logit_sums-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitTargets : protected LogitSums<T, kind> {
 protected:
  using Base = LogitSums<T, kind>;
  using Base::columns_, Base::floored_, Base::gradient_, Base::joined_, Base::maximum_, Base::second_,
      Base::second_columns_, Base::steps_, Base::terms_, Base::whole_;
  using typename Base::Input;
  using typename Base::Number;

  HWY_INLINE LogitTargets(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// Finds the sums over the targets, which need no exponentials.
  HWY_INLINE void look_at_targets() {
    targets_doubtful_ = survey();
    if (gradient_ == nullptr)
      targets_doubtful_ |= whole_ ? add_targets<false, true>() : add_targets<false, false>();
    else
      targets_doubtful_ |= whole_ ? add_targets<true, true>() : add_targets<true, false>();
    if (floored_) targets_doubtful_ |= smooth();
  }

  /// In the dtype: whether targets are from 0 to 1, and of an f64 loss none is so small that its products
  /// lose their second words; and how many are not 0.
  HWY_INLINE unsigned survey() {
    const hn::CappedTag<T, virtual_lanes> dtype;
    constexpr std::size_t width = HWY_LANES(T) < virtual_lanes ? HWY_LANES(T) : virtual_lanes;
    constexpr std::size_t registers = virtual_lanes / width;
    using Register = hn::Vec<decltype(dtype)>;
    const Register zero = hn::Zero(dtype), unit = hn::Set(dtype, T{1}),
                   least = hn::Set(dtype, Base::is_double ? static_cast<T>(0x1p-240) : T{0});
    hn::Mask<decltype(dtype)> good[registers];
    Register many[registers];
    for (std::size_t r = 0; r < registers; ++r) {
      good[r] = hn::FirstN(dtype, width);
      many[r] = zero;
    }
    for (std::size_t s = 0; s < steps_; ++s) {
      const T* const from = columns_.at(second_, second_columns_, s);
      for (std::size_t r = 0; r < registers; ++r) {
        const Register t = hn::LoadU(dtype, from + r * width);
        const auto nothing = hn::Eq(t, zero);
        good[r] = hn::And(good[r], hn::Or(nothing, hn::And(hn::Ge(t, least), hn::Le(t, unit))));
        many[r] = hn::Add(many[r], hn::IfThenZeroElse(nothing, unit));
      }
    }
    HWY_ALIGN T fine[virtual_lanes];
    HWY_ALIGN T counts[virtual_lanes];
    for (std::size_t r = 0; r < registers; ++r) {
      hn::Store(hn::IfThenElseZero(good[r], unit), dtype, fine + r * width);
      hn::Store(many[r], dtype, counts + r * width);
    }
    double all = 0;
    unsigned doubtful = 0;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      all += static_cast<double>(counts[j]);
      doubtful |= (fine[j] != T{1} ? 1u : 0u) << j;
    }
    few_targets_ = 4 * all <= static_cast<double>(steps_ * virtual_lanes);
    return doubtful;
  }

  /// T, and sum t_c (m - x_c). For the gradient T comes in two parts, that of the maxima and the rest. Where
  /// logits are -inf, a target of 0 drops them.
  template <bool Gradient, bool Whole>
  HWY_NOINLINE unsigned add_targets() {
    LongSum<Number> rest, at_top, distance;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t s = 0; s < steps_; ++s) {
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = this->x_at(s, g), t = this->second_at(s, g);
        const Real m = maximum_.get(g);
        const Number d = t * below(m, x);
        if constexpr (Whole) {
          distance.add(g, d);
        } else {
          const Condition there = Base::high(x) > Real(-std::numeric_limits<double>::infinity());
          holds[g] = holds[g] & (there | (Base::high(t) == Real(0.0)));
          distance.add(g, only(there, d));
        }
        if constexpr (Gradient) {
          const Condition top = Base::high(x) == m;
          rest.add(g, Number(only(!top, t)));
          at_top.add(g, Number(only(top, t)));
        } else {
          rest.add(g, Number(t));
        }
      }
      rest.after(s);
      distance.after(s);
      if constexpr (Gradient) at_top.after(s);
    }
    rest.result(joined_, target_rest_);
    at_top.result(joined_, target_top_);
    distance.result(joined_, distance_);
    unsigned doubtful = 0;
    if constexpr (!Whole)
      for (std::size_t g = 0; g < groups; ++g) doubtful |= Base::lacking(holds[g], g);
    return doubtful;
  }

  /// sum (m - x_c) over a row, where label smoothing gives each class its part. With -inf it is infinite.
  HWY_NOINLINE unsigned add_distances() {
    LongSum<Number> all;
    for (std::size_t s = 0; s < steps_; ++s) {
      for (std::size_t g = 0; g < groups; ++g)
        all.add(g, only(!columns_.missing(s, g), below(maximum_.get(g), this->x_at(s, g))));
      all.after(s);
    }
    all.result(joined_, all_distances_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g)
      doubtful |= Base::lacking(leading(all_distances_.get(g)) < Real(0x1p1000), g);
    return doubtful;
  }

  /// The sums of kept t + floor in place of t's.
  HWY_INLINE unsigned smooth() {
    const unsigned doubtful = add_distances();
    const Number kept = number(terms_.kept, Number()), floor = number(terms_.floor, Number());
    const Number others = exact_number(static_cast<double>(this->width_ - 1), Number());
    for (std::size_t g = 0; g < groups; ++g) {
      target_rest_.set(g, kept * target_rest_.get(g) + floor * others);
      target_top_.set(g, kept * target_top_.get(g) + floor);
      distance_.set(g, kept * distance_.get(g) + floor * all_distances_.get(g));
    }
    return doubtful;
  }

  bool few_targets_ = false;
  unsigned targets_doubtful_ = 0;
  Sixteen<Number> target_rest_, target_top_, distance_, all_distances_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
