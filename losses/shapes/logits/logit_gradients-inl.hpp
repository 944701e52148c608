// The gradients of rows of logits. Included once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_GRADIENTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_GRADIENTS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_GRADIENTS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_GRADIENTS_INL_HPP
#endif

#include "losses/shapes/logits/logit_cotangents-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitGradients : protected LogitCotangents<T, kind> {
 protected:
  using Base = LogitCotangents<T, kind>;
  using Base::columns_, Base::count_, Base::first_row_, Base::floored_, Base::gradient_, Base::is_double,
      Base::is_normal, Base::joined_, Base::lacking, Base::maximum_, Base::narrow_, Base::one, Base::others_,
      Base::output_columns_, Base::plan_, Base::ragged_, Base::scale_, Base::steps_, Base::terms_,
      Base::width_;
  template <Digits digits>
  static constexpr double enough = Base::template enough<digits>;
  template <Digits digits>
  static constexpr double enough_of_inputs = Base::template enough_of_inputs<digits>;
  using typename Base::Input;
  using typename Base::Number;

  HWY_INLINE LogitGradients(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// Everything that is wanted of the rows in hand. Bit j of the answer: row j is not to be trusted.
  template <Digits digits>
  HWY_INLINE unsigned compute(std::size_t pending) {
    unsigned doubtful = this->template add_up<digits>();
    if constexpr (kind == LogitLoss::targets) doubtful |= this->targets_doubtful_;
    if constexpr (kind == LogitLoss::softmax)
      doubtful |= this->template write_shares<digits>();
    else if (kind == LogitLoss::log_softmax && plan_.call.reduction == Reduction::none)
      doubtful |= this->template write_log_shares<digits>();
    else
      doubtful |= this->template find_values<digits>(pending);
    if (gradient_ != nullptr) doubtful |= write_gradient<digits>();
    return joined_ && doubtful != 0 ? 1 : doubtful;
  }

 private:
  /// With few digits there is no floor, and no gradient of softmax or its logarithm.
  template <Digits digits>
  HWY_INLINE unsigned write_gradient() {
    unsigned doubtful = 0;
    this->find_scales();
    if constexpr (kind == LogitLoss::softmax) {
      if constexpr (digits != Digits::few) doubtful = this->template write_softmax<digits>();
    } else if constexpr (kind == LogitLoss::log_softmax) {
      if constexpr (digits != Digits::few)
        doubtful = this->number_wise_ ? this->template write_log_softmax<digits, false>()
                                      : this->template write_log_softmax<digits, true>();
    } else if constexpr (kind == LogitLoss::targets) {
      if constexpr (digits == Digits::few)
        doubtful = write_against_targets<digits, false>();
      else
        doubtful = floored_ ? write_against_targets<digits, true>() : write_against_targets<digits, false>();
    } else if constexpr (kind == LogitLoss::labels) {
      doubtful = write_slopes<digits, digits != Digits::few>();
    } else {
      doubtful = write_slopes<digits, false>();
    }
    columns_.scatter(gradient_, output_columns_);
    return doubtful;
  }

  /// p_c, the slopes of log-sum-exp, and but for the label's own those of a label, less its floor.
  template <Digits digits, bool Floored>
  HWY_NOINLINE unsigned write_slopes() {
    Sixteen<Number> factor, floor;
    Condition holds[groups], safe = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      const Number s = scale_.get(g);
      factor.set(g, s / (one() + others_.get(g)));
      holds[g] = this->scale_holds(g);
      safe = safe & Base::keeps_words(factor.get(g));
      if constexpr (Floored) floor.set(g, number(terms_.floor, Number()) * s);
    }
    const bool normal = narrow_ && !Floored && all(safe);
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        T* const at = columns_.to(gradient_, output_columns_, s);
        for (std::size_t g = 0; g < groups; ++g) {
          Number slope = this->exponential_at(s, g) * factor.get(g);
          if constexpr (Floored) {
            const Number t = floor.get(g);
            slope = difference(slope, t);
            Condition held = abs(leading(slope)) >= abs(leading(t)) * Real(enough<digits>);
            if (s == ragged_) held = held | columns_.missing(s, g);
            holds[g] = holds[g] & held;
          }
          store(slope, at + g * lanes);
          if constexpr (is_double)
            if (!normal) holds[g] = holds[g] & (is_normal(slope) | columns_.missing(s, g));
        }
      }
      from = to;
    }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(holds[g], g);
    if constexpr (has_labels(kind)) doubtful |= put_labels<digits>();
    return doubtful;
  }

  /// The slope by the label's own logit: -(1 - p_y) w, and with a floor p_y - (kept + floor).
  template <Digits digits>
  HWY_INLINE unsigned put_labels() {
    unsigned doubtful = 0;
    Sixteen<Number> slopes;
    for (std::size_t g = 0; g < (joined_ ? 1 : groups); ++g) {
      Number lacks = this->template shares<digits>(g).lacking;
      if (floored_) {
        // kept + floor - p = (1 - p) - (C-1) floor, all of it constants but for p.
        const Number all_but = lacks;
        lacks = lacks - number(terms_.floor, Number()) *
                            exact_number(Real(static_cast<double>(width_ - 1)), Number());
        doubtful |= lacking(abs(leading(lacks)) >= abs(leading(all_but)) * Real(enough<digits>), g);
      }
      slopes.set(g, -(lacks * scale_.get(g)));
    }
    for (std::size_t j = 0; j < count_; ++j) {
      const std::int64_t y = this->labels_[first_row_ + j];
      if (!this->counts(y)) continue;
      const auto c = static_cast<std::size_t>(y);
      if (columns_.is_short())
        output_columns_[c * virtual_lanes + j] = rounded<T>(slopes, j);
      else if (c / virtual_lanes * virtual_lanes + virtual_lanes <= width_)
        gradient_[first_row_ * width_ + c] = rounded<T>(slopes, j);
      else
        output_columns_[c % virtual_lanes] = rounded<T>(slopes, j);
    }
    return doubtful;
  }

  /// T p_c - t_c; at a maximum with a share above 1/2, which is then the only one, (T - t_c) - T
  /// others/total.
  template <Digits digits, bool Floored>
  HWY_NOINLINE unsigned write_against_targets() {
    constexpr double left_over = Floored ? enough<digits> : enough_of_inputs<digits>;
    Sixteen<Number> factor, at_top;
    Sixteen<Real> only_top;
    Condition holds[groups], safe = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = one() + others_.get(g), s = scale_.get(g), rest = this->target_rest_.get(g),
                   sum = rest + this->target_top_.get(g);
      const Number lost = sum * (others_.get(g) / total), left = rest - lost;
      const Condition heavy = leading(others_.get(g)) < Real(1.0);
      factor.set(g, s / total * sum);
      at_top.set(g, left * s);
      only_top.set(g, select(heavy, maximum_.get(g), std::numeric_limits<double>::infinity()));
      holds[g] = this->scale_holds(g) & ((abs(leading(left)) >= leading(rest) * Real(left_over)) | !heavy);
      safe = safe & Base::keeps_words(factor.get(g));
    }
    const Number kept = number(terms_.kept, Number()), floor = number(terms_.floor, Number());
    const bool normal = narrow_ && all(safe);
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        T* const at = columns_.to(gradient_, output_columns_, s);
        for (std::size_t g = 0; g < groups; ++g) {
          const Input given = this->second_at(s, g);
          const Number share = this->exponential_at(s, g) * factor.get(g);
          const Number t = target<Floored>(given, kept, floor) * scale_.get(g);
          const Number apart = difference(share, t);
          const Condition top = Base::high(this->x_at(s, g)) == only_top.get(g);
          Condition held = abs(leading(apart)) >= abs(leading(t)) * Real(left_over);
          if (is_double && !normal) held = held & is_normal(apart);
          if (s == ragged_) held = held | columns_.missing(s, g);
          holds[g] = holds[g] & (held | top);
          store(select(top, at_top.get(g), apart), at + g * lanes);
        }
      }
      from = to;
    }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(holds[g], g);
    return doubtful;
  }
  template <bool Floored>
  HWY_INLINE static auto target(Input t, Number kept, Number floor) {
    if constexpr (Floored)
      return kept * t + floor;
    else
      return t;
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
