// The labels of rows of logits, and what losses make of their shares. Included once a target by way of
// logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_LABELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_LABELS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_LABELS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_LABELS_INL_HPP
#endif

#include "losses/shapes/logits/logit_targets-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitLabels : protected LogitTargets<T, kind> {
 protected:
  using Base = LogitTargets<T, kind>;
  using Base::count_, Base::first_row_, Base::is_double, Base::joined_, Base::labels_, Base::maximum_,
      Base::one, Base::others_, Base::plan_, Base::terms_, Base::width_, Base::x_;
  using typename Base::Input;
  using typename Base::Number;

  HWY_INLINE LogitLabels(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  [[nodiscard]] HWY_INLINE bool counts(std::int64_t y) const {
    return y >= 0 && y < plan_.width && y != terms_.ignored;
  }
  /// Row j, or the first where there are fewer.
  [[nodiscard]] HWY_INLINE std::size_t row(std::size_t j) const { return first_row_ + (j < count_ ? j : 0); }

  /// x_y, NaN where a row has no class, and the weight of y.
  HWY_INLINE void look_at_labels() {
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      const std::int64_t y = labels_[row(j)];
      const bool is_class = counts(y);
      chosen_.hi[j] = is_class ? static_cast<double>(x_[row(j) * width_ + static_cast<std::size_t>(y)])
                               : std::numeric_limits<double>::quiet_NaN();
      if (terms_.weighted && is_class) weight_.hi[j] = plan_.call.inputs[2].real[y];
    }
  }

  struct Shares {
    Number own, lacking;
  };
  /// p_y, and 1 - p_y, for which p_y is taken from 1 only below 1/2.
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Shares shares(std::size_t g) const {
    const Real m = maximum_.get(g), x_y = chosen_.get(g);
    const Number total = one() + others_.get(g);
    const Condition top = x_y == m, near = (x_y > m - Real(690.0)) | top;  // m - 690 may be m
    const Number own = only(near, Base::template exponential<digits>(input(x_y, Input()), m)) / total;
    return {own, select(top, others_.get(g) / total, one() - own)};
  }

  /// With s = -log p, p = p_y and r = 1 - p, the value and what it multiplies the slopes of s with:
  ///   s + epsilon r      1 + epsilon p = r + (1 + epsilon) p
  ///   r^gamma s          r^gamma (1 + gamma p s/r)
  /// Only s + epsilon r may cancel, where epsilon is negative, but r <= s and epsilon >= -1: what is rounded
  /// off is that of twice s at most. Few digits know s and r to 2^-55.8 (f64) or 2^-36 (f32), of which five
  /// eighths must be left, and all others to 2^-71 or 2^-48, of which 2^-10.
  /// r^gamma = e^(gamma log r) has gamma times the error of r, and the error of gamma log r, which is at most
  /// 600 2^-73 in f64 and 700 2^-50 in f32. Few digits are for values with gamma <= 2, whose power is then
  /// good to 2^-55.2 (f64) or 2^-35.2 (f32). A Real's exponential ends at e^-700, which no factor makes a
  /// float.
  template <Digits digits>
  HWY_INLINE Number shape(std::size_t g, Number surprise, Condition& holds) {
    const Shares p = shares<digits>(g);
    Number value, factor;
    if constexpr (kind == LogitLoss::poly) {
      constexpr double left = digits == Digits::few ? .625 : 0x1p-10;
      value = surprise + exact_number(terms_.epsilon, Number()) * p.lacking;
      factor = p.lacking + number(terms_.shifted, Number()) * p.own;
      holds = holds & (leading(value) >= leading(surprise) * Real(left));
    } else {
      const Number gamma = exact_number(terms_.gamma, Number()), exponent = gamma * log(p.lacking);
      const Number power = exp(exponent);
      value = power * surprise;
      factor = power * (one() + gamma * p.own * surprise / p.lacking);
      holds = holds & (leading(p.lacking) > Real(0x1p-900));
      if constexpr (is_double)
        holds = holds & (leading(exponent) >= Real(-600.0)) & (leading(value) > Real(0x1p-900));
    }
    for (std::size_t k = g; k < (joined_ ? groups : g + 1); ++k) shape_.set(k, factor);
    return value;
  }

  Sixteen<Real> chosen_, weight_;
  Sixteen<Number> shape_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
