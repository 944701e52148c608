#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// W M^gamma B, W = alpha_t, M = 1-p_t, B the cross-entropy; by x W M^gamma (gamma (1-2t) D B/M + p-t), by t
/// M^gamma ((2 alpha - 1) B + W (gamma (1-2p) B/M - x)), D = p (1-p).
///
/// Of z = |x| and q = e^-z, let w be what the target gives to the side that x votes against, 1-t or t, and g
/// = 1-w the rest. Then B = w z + log(1+q), M = (w + g q)/(1+q) and p_t = (g + w q)/(1+q): sums of terms that
/// are not negative. log M is exact to its last digits from M below 1/2 and from p_t above; for w = 0 it is
/// -(z + log(1+q)), however small M is, and B/M is (1+q) log(1+q)/q. M^gamma = e^(gamma log M) passes on the
/// error of log M, 2^-71 of it for a Twin, 600 times at most. Nothing is divided by a power of M, so that
/// gamma < 1 and M near 0 are harmless: M^(gamma-1) only meets B, which vanishes with M.
///
/// By x: p-t cancels; below z = 1 what its terms share is taken out first, 1-2t and q-1 keep their relative
/// accuracy, and above it the sensitivity to t is as large as either term. What cancels between the two terms
/// is matched by the sensitivities to x and t. By t: 1-2p has the sign of -x; against them stands (2 alpha -
/// 1) B, and the sensitivity to x is as large as either where they meet. For alpha 1/2 what is left is as
/// small as x, and lanes must not lose it.
///
/// Where gamma and alpha are such that they meet for all large |x|, see far_change.
///
/// Limits at x = +-inf: q = 0, and M^gamma and B are 0 on the right side, where a number beyond all others
/// will do for |x|; so it does on the wrong side, where value and slope by t grow without end.
template <>
struct Formula<BinaryFocalWithLogits> {
  explicit Formula(const BinaryFocalWithLogits& loss)
      : weighted(loss.alpha >= 0), alpha(loss.alpha), gamma(loss.gamma) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& logit, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1, middle = .5, share = alpha, exponent = gamma, x = finite(logit);
    const auto size = abs(x);
    const auto right = x > 0;
    const auto [q, fall] = powers(-size);
    const auto common = log1p(q), larger = one / (one + q), smaller = q * larger;
    const auto rest = one - t, imbalance = rest - t;
    const auto wrong = select(right, rest, Number(t)), good = select(right, Number(t), rest);
    const auto certainty = wrong == 0;

    const auto entropy = weigh(wrong, size) + common;
    const auto missing = larger * (wrong + good * q), hit = larger * (good + wrong * q);
    const auto log_missing =
        select(certainty, -(size + common), select(missing < middle, log(missing), log1p(-hit)));
    const auto log_power = weigh(exponent, log_missing), power = exp(log_power);
    const auto ratio =
        select(certainty, (one + q) * select(q == 0, Number(one), common / q), entropy / missing);

    const Number positive = weighted ? Number(share) : Number(one);
    const Number negative = weighted ? Number(one - share) : Number(one);
    const auto weight = positive * t + negative * rest;
    const auto value = weigh(weight, power * entropy);

    const auto near = size < one;
    const auto push = weigh(exponent, imbalance * (square(larger) * weigh(q, ratio)));
    const auto up = select(near, imbalance * larger, weigh(rest, select(right, larger, smaller)));
    const auto down = select(near, select(right, Number(-t), rest) * fall * larger,
                             -weigh(t, select(right, smaller, larger)));
    const auto steepness = push + (up + down);

    const auto turn = weigh(exponent, select(right, fall, -fall) * larger * ratio) - x;
    const auto gain = weigh(positive - negative, entropy),
               change = turned(gain + weigh(weight, turn), right, good, size, q, common, positive, negative);
    return {value,
            {weigh(weight, power * steepness), power * change},
            exponentiable(x) & between(0, t, 1) & ordinary(exponent) & in_range(log_power, value),
            {survives(steepness, push) & survives(steepness, down), left_of(change, gain) & ordinary(x)}};
  }

  bool weighted;
  double alpha, gamma;

 private:
  template <class X>
  HWY_INLINE static X finite(const X& x) {
    return x;
  }
  static Quad finite(const Quad& x) { return is_infinite(x) ? ldexp(Quad(x.hi > 0 ? 1 : -1), 40000) : x; }

  /// The slope by t over M^gamma, for u <= 1/2 the target's part for the side that x votes for, b the weight
  /// of that side and a of the other: of
  ///   (b-a) B - W (gamma (1-q) B/M' + z), B = (1-u) z + log(1+q), M' = 1 - u (1-q), W = a + (b-a) u,
  /// what is linear in z alone is gathered,
  ///   z (b - (gamma+2) a) - (b-a) (gamma+2) u z + W gamma q z + (b-a) log(1+q)
  ///     - W gamma (1-q) (log(1+q) - u q z) / M'.
  /// b = (gamma+2) a, as with alpha 3/4 and gamma 1, leaves only what is as small as u or q, and what cancels
  /// of that the sensitivity to t or x excuses.
  static Quad far_change(const Quad& u, const Quad& z, const Quad& q, const Quad& log_1q, const Quad& b,
                         const Quad& a, const Quad& gamma) {
    const Quad w = a + (b - a) * u, steps = gamma + Quad(2);
    Sum<Quad> sum;
    sum.add(weigh(b - steps * a, z));
    sum.add(-(weigh(u, z) * (b - a) * steps));
    sum.add(weigh(q, z) * w * gamma);
    sum.add((b - a) * log_1q);
    sum.add(-(w * gamma * (Quad(1) - q) * (log_1q - u * weigh(q, z)) / (Quad(1) - u * (Quad(1) - q))));
    return sum.total();
  }
  /// Lanes whose change does not survive come here as Quad.
  template <class N, class... Parts>
  HWY_INLINE N turned(const N& change, const Parts&...) const {
    return change;
  }
  Quad turned(const Quad& change, bool right, const Quad& good, const Quad& size, const Quad& q,
              const Quad& log_1q, const Quad& positive, const Quad& negative) const {
    if (!(good <= Quad(.5)) || !(size >= Quad(1))) return change;
    const Quad by_good = far_change(good, size, q, log_1q, right ? positive : negative,
                                    right ? negative : positive, Quad(gamma));
    return right ? by_good : -by_good;
  }

  /// Where alpha and gamma balance, neither t nor x vouches for what a Real loses: 2^-51 of `gain`, of which
  /// 2^-35 of the result may be lost.
  HWY_INLINE static Condition left_of(const Real& change, const Real& gain) {
    return abs(change) >= abs(gain) * Real(0x1p-16);
  }
  template <class N>
  HWY_INLINE static auto left_of(const N& change, const N& gain) {
    return survives(change, gain);
  }

  /// The power has been computed, and no product has lost its low word.
  HWY_INLINE static Always in_range(const Real&, const Real&) { return {}; }
  HWY_INLINE static Condition in_range(const Twin& log_power, const Twin& value) {
    return (abs(log_power.hi) <= Real(600.0)) & (value.hi >= Real(0x1p-900));
  }
  static bool in_range(const Quad&, const Quad&) { return true; }
};

ASSAY_END

ASSAY_KERNEL(BinaryFocalWithLogits)
