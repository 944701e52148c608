#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// e^x - t x, by x e^x - t, by t -x; or, of y = x + eps, x - t log y, by x 1 - t/y, by t -log y.
///
/// What cancels here is matched by the sensitivity to t: t |x| or t |log y| in the value, t or t/y in the
/// slope. log y keeps its relative accuracy near y = 1, by log1p of (eps - 1) + x.
///
/// Stirling's approximation added where t > 1, as t log t - t + log(2 pi t)/2, would leave little of terms as
/// large as t log t. With d = x - log t the whole is t (e^d - 1 - d) + log(2 pi t)/2, and with r = (y-t)/t, t
/// (r - log(1+r))
/// - eps + log(2 pi t)/2. What is lost near d = 0 or r = 0, and what x - log t has lost before, is matched by
/// the sensitivity to x, |x| t |e^d - 1| or x |r|/(1+r), or is small beside the last term. By t nothing is
/// asked for then.
///
/// Limits at x = +-inf: inf, by x inf and -t, by t -+inf; of the second form inf, 1 and -inf. At x = eps = 0
/// the second form is inf with slope -inf, or 0 with slope 1 where t is 0.
template <>
struct Formula<PoissonNll> {
  explicit Formula(const PoissonNll& loss) : log_input(loss.log_input), full(loss.full), eps(loss.eps) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    return log_input ? of_logarithm(x, t) : of_rate(x, t);
  }

  bool log_input, full;
  double eps;

 private:
  template <class X>
  HWY_INLINE Element<X, 2> of_logarithm(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1;
    const auto rate = exp(x), product = weigh(t, x), slope = rate - t;
    const auto plain = rate - product;
    if (!full) {
      return {select(x == infinity, x + t, plain),
              {slope, Number(-x)},
              exponentiable(x) & counts(t) & survives(plain, product),
              {survives(slope, rate), certain<X>()}};
    }
    const auto large = t > 1;
    const auto log_t = log(Number(select(large, t, one))), d = x - log_t;
    const auto excess = expm1(within(d)) - d;
    const auto whole = t * excess + half_log(log_t);
    return {select(x == infinity, x + t, select(large, whole, plain)),
            {slope, Number(-x)},
            exponentiable(x) & counts(t) & either(!large, survives(excess, d) & keeps(d, log_t) & small(d)) &
                either(large, survives(plain, product)),
            {survives(slope, rate), certain<X>()}};
  }

  template <class X>
  HWY_INLINE Element<X, 2> of_rate(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1, zero = 0, middle = .5, more = eps;
    const auto y = x + more, beyond = (more - one) + x;
    const auto near = abs(beyond) < middle;
    const auto log_y =
        select(near, log1p(select(near, beyond, Number(zero))), log(select(near, Number(one), y)));
    const auto product = weigh(t, log_y), share = weigh(t, one / y), slope = one - share;
    const auto plain = x - product;
    const auto known = ordinary(x) & !(x < 0) & ordinary(more) & counts(t);
    if (!full) {
      return {select(x == infinity, x + t, plain),
              {slope, -log_y},
              known & positive(y) & survives(plain, product),
              {survives(slope, share), certain<X>()}};
    }
    const auto large = t > 1;
    const auto divisor = Number(select(large, t, one)), r = (y - divisor) / divisor;
    const auto close = abs(r) < middle;
    const auto log_r =
        select(close, log1p(select(close, r, Number(zero))), log(select(close, Number(one), y / divisor)));
    const auto excess = r - log_r;
    const auto whole = t * excess + half_log(log(divisor)) - more;
    return {select(x == infinity, x + t, select(large, whole, plain)),
            {slope, -log_y},
            known & positive(y) &
                either(!large, survives(excess, r) & keeps(r, Number(zero)) & survives(whole, Number(more))) &
                either(large, survives(plain, product)),
            {survives(slope, share), certain<X>()}};
  }

  /// log(2 pi t)/2 of log t.
  template <class Number>
  HWY_INLINE static Number half_log(const Number& log_t) {
    // mpmath.log(2*mpmath.pi)
    return half(log_t + Constant<Number>::of(0x1.d67f1c864beb5p0, -0x1.65b5a1b7ff5dfp-54));
  }
  template <class X>
  HWY_INLINE static auto counts(const X& t) {
    return ordinary(t) & !(t < 0) & !(t == infinity);
  }

  HWY_INLINE static Condition either(Condition a, Condition b) { return a | b; }
  static bool either(bool, bool) { return true; }

  /// A difference, of a number and one of `size`, to whose square the value is proportional.
  HWY_INLINE static Condition keeps(Real d, Real size) {
    return (abs(d) >= (abs(size) + Real(1.0)) * Real(0x1p-24)) | (d == Real(0.0));
  }
  HWY_INLINE static Condition keeps(Twin d, Twin size) { return survives(d, size); }
  static bool keeps(const Quad&, const Quad&) { return true; }
  /// Where expm1 has an argument that it takes; beyond, a float shows nothing of it.
  HWY_INLINE static Real within(Real d) { return greater(lesser(d, 700.0), -700.0); }
  HWY_INLINE static Twin within(Twin d) { return d; }
  static Quad within(const Quad& d) { return d; }
  HWY_INLINE static Always small(Real) { return {}; }
  HWY_INLINE static Condition small(Twin d) { return abs(d.hi) <= Real(690.0); }
  static bool small(const Quad&) { return true; }
  /// A logarithm in lanes takes positive numbers.
  HWY_INLINE static Condition positive(Real y) { return y > 0; }
  HWY_INLINE static Condition positive(Twin y) { return y > 0; }
  static bool positive(const Quad&) { return true; }
};

ASSAY_END

ASSAY_KERNEL(PoissonNll)
