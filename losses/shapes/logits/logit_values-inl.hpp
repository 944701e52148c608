// The values of rows of logits. Included once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_VALUES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_VALUES_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_VALUES_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_VALUES_INL_HPP
#endif

#include "losses/shapes/logits/logit_labels-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitValues : protected LogitLabels<T, kind> {
 protected:
  using Base = LogitLabels<T, kind>;
  using Base::chosen_, Base::columns_, Base::count_, Base::first_row_, Base::floored_, Base::joined_,
      Base::maximum_, Base::others_, Base::plan_, Base::steps_, Base::terms_, Base::weight_, Base::width_;
  using typename Base::Input;
  using typename Base::Number;

  HWY_INLINE LogitValues(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// Values of rows: each to its place, or with the others of its sum.
  template <Digits digits>
  HWY_NOINLINE unsigned find_values(std::size_t pending) {
    Sixteen<Number> values;
    unsigned doubtful = 0;
    if constexpr (has_labels(kind)) {
      this->look_at_labels();
      if (floored_) doubtful |= this->add_distances();
    }
    if constexpr (kind == LogitLoss::log_softmax) doubtful |= this->add_distances();
    for (std::size_t g = 0; g < (joined_ ? 1 : groups); ++g) {
      const Real m = maximum_.get(g);
      const Number log_total = log1p_of<digits>(others_.get(g));
      Number value;
      Condition holds = first(lanes);
      if constexpr (kind == LogitLoss::log_sum_exp) {
        value = exact_number(m, Number()) + log_total;
        if constexpr (digits == Digits::few)
          holds = abs(leading(value)) >= half(leading(log_total));
        else
          holds = holds & survives(value, log_total);
      } else if constexpr (kind == LogitLoss::log_softmax) {
        value = this->all_distances_.get(g) +
                exact_number(Real(static_cast<double>(width_)), Number()) * log_total;
      } else if constexpr (kind == LogitLoss::targets) {
        value = this->distance_.get(g) + (this->target_rest_.get(g) + this->target_top_.get(g)) * log_total;
      } else {
        const Real x_y = chosen_.get(g);
        const Number distance = Number(below(m, input(x_y, Input())));
        holds = x_y > Real(-std::numeric_limits<double>::infinity());
        value = distance + log_total;
        if (floored_)
          value = number(terms_.floor, Number()) * this->all_distances_.get(g) +
                  number(terms_.kept, Number()) * distance + log_total;
        if constexpr (is_shaped(kind)) value = this->template shape<digits>(g, value, holds);
        if (terms_.weighted) value = value * exact_number(weight_.get(g), Number());
      }
      holds = holds & (abs(leading(value)) < Real(0x1p1000)) & is_normal(value);
      values.set(g, value);
      doubtful |= Base::lacking(holds, g);
    }
    for (std::size_t j = 0; j < count_; ++j) {
      if (plan_.call.reduction == Reduction::none && plan_.call.value != nullptr)
        plan_.call.value[first_row_ + j] = rounded<T>(values, j);
      copy(values, j, values_, pending + j);
    }
    return doubtful;
  }
  template <Digits digits>
  HWY_INLINE static Real log1p_of(Real x) {
    return log1p(x);
  }
  template <Digits digits>
  HWY_INLINE static Twin log1p_of(Twin x) {
    return digits == Digits::few ? short_log1p(x) : log1p(x);
  }
  HWY_INLINE static Condition is_normal(Real) { return first(lanes); }
  HWY_INLINE static Condition is_normal(Twin x) { return (abs(x.hi) > Real(0x1p-900)) | (x.hi == Real(0.0)); }

  /// p_c, the values of softmax.
  template <Digits digits>
  HWY_NOINLINE unsigned write_shares() {
    T* const out = plan_.call.value;
    if (out == nullptr || plan_.call.reduction != Reduction::none) return 0;
    Sixteen<Number> inverse;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      inverse.set(g, Base::one() / (Base::one() + others_.get(g)));
      holds[g] = first(lanes);
    }
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        T* const at = columns_.to(out, output_columns_, s);
        for (std::size_t g = 0; g < groups; ++g) {
          const Number share = this->exponential_at(s, g) * inverse.get(g);
          store(share, at + g * lanes);
          if constexpr (Base::is_double)
            if (!this->narrow_) holds[g] = holds[g] & is_normal(share);
        }
      }
      from = to;
    }
    columns_.scatter(out, output_columns_);
    unsigned doubtful = 0;
    if (Base::is_double && !this->narrow_)
      for (std::size_t g = 0; g < groups; ++g) doubtful |= Base::lacking(holds[g], g);
    return doubtful;
  }

  /// (x_c - m) - log1p(others), the values of log-softmax. What lies 2^1000 below the maximum is -inf, which
  /// a Twin cannot hold, or in doubt.
  template <Digits digits>
  HWY_NOINLINE unsigned write_log_shares() {
    T* const out = plan_.call.value;
    if (out == nullptr) return 0;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Sixteen<Number> log_total;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      log_total.set(g, log1p_of<digits>(others_.get(g)));
      holds[g] = is_normal(log_total.get(g));
    }
    const bool plain = !Base::is_double || this->narrow_;
    for (std::size_t s = 0; s < steps_; ++s) {
      T* const at = columns_.to(out, output_columns_, s);
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = this->x_at(s, g);
        Number value = difference(-Number(below(maximum_.get(g), x)), log_total.get(g));
        if (!plain) {
          const Condition nothing = Base::high(x) == Real(-infinity);
          value = select(nothing, exact_number(Real(-infinity), Number()), value);
          holds[g] = holds[g] & (nothing | (leading(value) > Real(-0x1p1000)));
        }
        store(value, at + g * lanes);
      }
    }
    columns_.scatter(out, output_columns_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= Base::lacking(holds[g], g);
    return doubtful;
  }

  Sixteen<Number> values_;
  HWY_ALIGN T output_columns_[short_row * virtual_lanes];
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
