#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// Of p = 1+b = 2-a, r = (t-x)/x and l = log(t/x) = log(1+r): 2 x^a f with f = e^(a l) E(b l)/b - E(a l)/a,
/// E(y) = e^y - 1; by x -2 r x^-b, by t -2 x^-b E(-b l)/b. At p = 1, E(b l)/b is l; at p = 2, E(a l)/a.
///
/// The formula's own three terms are of the size of x^a/(a b) and leave x^a l^2 of it. In f each quotient is
/// good to a rounding of itself for any a and b, and both are about l: what their difference loses near l = 0
/// is matched by the sensitivities to x and t, each 2 x^a |l| or so. r is rounded twice, l is log1p(r) near
/// 0. At t = 0, f is 1/a, and by t the slope is -inf. At p = 0 all is in a = x-t.
///
/// Limits at x = inf: inf; by x 2 at p = 1, then 0; by t -inf at p = 1, then -2 t^-b/b.
template <>
struct Formula<TweedieDeviance> {
  explicit Formula(const TweedieDeviance& loss)
      : normal(loss.power == 0), rest(2 - loss.power), order(loss.power - 1) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    if (normal) {
      const auto a = x - t, slope = twice(a);
      return {square(a), {slope, -slope}, ordinary(a) & !(abs(t) == infinity)};
    }
    if constexpr (std::is_same_v<X, Quad>)
      if (x == infinity) return far_out(t);
    using Number = typename In<X>::Number;
    const X zero = 0, one = 1, middle = .5, a = rest, b = order;
    const auto none = t == zero;
    const auto r = (t - x) / Number(x);
    const auto near = abs(r) < middle;
    const auto quotient = t / x;
    const auto l = select(near, log1p(select(near, r, Number(zero))),
                          log(select(near, Number(one), select(none, Number(one), quotient))));
    const auto log_x = log(x), decay = exp(-(b * log_x));
    const auto gap = order == 0 ? l : expm1(b * l) / Number(b);
    const auto term = rest == 0 ? Number(gap) : exp(a * l) * gap;
    const auto other = rest == 0 ? l : expm1(a * l) / Number(a);
    const auto f = select(none, one / Number(rest == 0 ? one : a), term - other);
    const auto by_t = order == 0 ? l : -(expm1(-(b * l)) / Number(b));
    return {twice(exp(a * log_x) * f),
            {-twice(r * decay), select(none, missing(t), twice(decay * by_t))},
            ordinary(x) & (x > 0) & ordinary(t) & !(t < 0) & !(t == infinity) & defined(none) &
                (survives(f, other)),
            {certain<X>(), known(t)}};
  }

  bool normal;
  double rest, order;  ///< a and b, exactly

 private:
  /// x = inf.
  Element<Quad, 2> far_out(const Quad& t) const {
    const Quad infinite = infinity, nothing = Quad(0) * t;
    const Quad by_t = order == 0 ? -infinite : -twice(exp(-(Quad(order) * log(t)))) / Quad(order);
    const bool valid = !(t < 0) && !(t == infinity) && !(rest == 0 && t == 0);
    return {infinite + nothing, {order == 0 ? Quad(2) + nothing : nothing, by_t + nothing}, valid};
  }

  /// At p = 2, t is positive.
  HWY_INLINE Condition defined(Condition none) const { return rest == 0 ? !none : none | !none; }
  bool defined(bool none) const { return rest != 0 || !none; }
  /// The slope by t at t = 0.
  template <class X>
  HWY_INLINE static typename In<X>::Number missing(const X& t) {
    return typename In<X>::Number(t);
  }
  static Quad missing(const Quad&) { return Quad(-infinity); }
  HWY_INLINE static Condition known(const Real& t) { return t > 0; }
  HWY_INLINE static Condition known(const Exact& t) { return t > 0; }
  static int known(const Quad&) { return 1; }
};

ASSAY_END

ASSAY_KERNEL(TweedieDeviance)
