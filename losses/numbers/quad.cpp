#include "losses/numbers/quad.hpp"

namespace assay {

namespace detail {

Quad normalised(Pair p, std::int64_t e) {
  Quad q;
  if (p.hi == 0 || !std::isfinite(p.hi)) {
    q.hi = p.hi;
    return q;
  }
  auto k = static_cast<std::int64_t>((std::bit_cast<std::uint64_t>(p.hi) >> 52) & 0x7ff) - 1023;
  if (k < -900 || k > 900) {  // subnormal, or its reciprocal power would be
    const double up = k < 0 ? 0x1p600 : 0x1p-600;
    return normalised({p.hi * up, p.lo * up}, k < 0 ? e - 600 : e + 600);
  }
  e += k;
  if (e > exponent_limit) {
    q.hi = std::copysign(std::numeric_limits<double>::infinity(), p.hi);
  } else if (e < -exponent_limit) {
    q.hi = std::copysign(0.0, p.hi);
  } else {
    const double scale = power_of_two(-k);
    q.hi = p.hi * scale;
    q.lo = p.lo * scale;
    q.exponent = e;
  }
  return q;
}

}  // namespace detail

Quad::Quad(double x) {
  if (x == 0 || !std::isfinite(x)) {
    hi = x;
  } else {
    *this = detail::normalised({x, 0}, 0);
  }
}

Quad operator+(const Quad& a, const Quad& b) {
  if (!is_finite(a) || !is_finite(b)) return detail::special(a.hi + b.hi);
  if (a.hi == 0) return b.hi == 0 ? detail::special(a.hi + b.hi) : b;
  if (b.hi == 0) return a;
  const bool swap = a.exponent < b.exponent;
  const Quad& large = swap ? b : a;
  const Quad& small = swap ? a : b;
  const std::int64_t gap = large.exponent - small.exponent;
  if (gap > 900) return large;  // off by 2^-899 of itself
  const double scale = detail::power_of_two(-gap);
  return detail::normalised(detail::add(detail::pair(large), {small.hi * scale, small.lo * scale}),
                            large.exponent);
}
Quad operator*(const Quad& a, const Quad& b) {
  if (!is_finite(a) || !is_finite(b) || a.hi == 0 || b.hi == 0) return detail::special(a.hi * b.hi);
  return detail::normalised(detail::multiply(detail::pair(a), detail::pair(b)), a.exponent + b.exponent);
}
Quad operator/(const Quad& a, const Quad& b) {
  if (!is_finite(a) || !is_finite(b) || a.hi == 0 || b.hi == 0) return detail::special(a.hi / b.hi);
  return detail::normalised(detail::divide(detail::pair(a), detail::pair(b)), a.exponent - b.exponent);
}
std::partial_ordering operator<=>(const Quad& a, const Quad& b) {
  // The sign, or a zero, an infinity or a NaN, decides by the leading part alone.
  const bool ordinary = is_finite(a) && is_finite(b) && a.hi * b.hi > 0;
  if (!ordinary) return a.hi <=> b.hi;
  if (a.exponent != b.exponent)
    return (a.exponent < b.exponent) == (a.hi > 0) ? std::partial_ordering::less
                                                   : std::partial_ordering::greater;
  return a.hi != b.hi ? a.hi <=> b.hi : a.lo <=> b.lo;
}

namespace {

using detail::add;
using detail::divide;
using detail::fast_two_sum;
using detail::multiply;
using detail::normalised;
using detail::pair;
using detail::Pair;
using detail::special;

constexpr double infinite = std::numeric_limits<double>::infinity();

Pair scaled(Pair a, double power_of_two) { return {a.hi * power_of_two, a.lo * power_of_two}; }

/// The two words of a Quad of moderate size.
Pair plain(const Quad& a) { return scaled(pair(a), detail::power_of_two(a.exponent)); }

// 1/k!, k = 3..8, rounded to nearest twice; then k = 9..15, once. Recipe: 1/mpmath.factorial(k) at 400 bits.
constexpr Pair inverse_factorial[] = {
    {0x1.5555555555555p-3, 0x1.5555555555555p-57},  {0x1.5555555555555p-5, 0x1.5555555555555p-59},
    {0x1.1111111111111p-7, 0x1.1111111111111p-63},  {0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65},
    {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73}, {0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76}};
constexpr double inverse_factorial_tail[] = {
    0x1.71de3a556c734p-19, 0x1.27e4fb7789f5cp-22, 0x1.ae64567f544e4p-26, 0x1.1eed8eff8d898p-29,
    0x1.6124613a86d09p-33, 0x1.93974a8c07c9dp-37, 0x1.ae7f3e733b81fp-41};

/// e^x - 1 for 2^-60 <= |x| <= .35, to 2^-100 of itself.
///
/// With y = x/16, |y| < 2^-5.5, the Taylor series is cut after y^15/15!: what follows is below 2^-120 y. The
/// terms from y^9/9! on are below 2^-62 y and need 53 bits only. Then e^2y - 1 = p (2 + p), p = e^y - 1, four
/// times: each adds some 2^-103 of roundings and passes the error of p on with the factor (2 + 2p)/(2 + p)
/// < 1.1.
Pair expm1_near_0(Pair x) {
  const Pair y = scaled(x, 0x1p-4);
  double tail = 0;
  for (int k = 6; k >= 0; --k) tail = tail * y.hi + inverse_factorial_tail[k];
  Pair sum = detail::two_product(tail, y.hi);
  for (int k = 5; k >= 0; --k) {
    sum = add(sum, inverse_factorial[k]);
    sum = multiply(sum, y);
  }
  sum = add(sum, {.5, 0});
  Pair p = add(y, multiply(multiply(y, y), sum));
  for (int doubling = 0; doubling < 4; ++doubling) p = multiply(p, add({2, 0}, p));
  return p;
}

// 1/(2k+1), k = 1..10, rounded to nearest twice; then k = 11..22, once. Recipe: mpmath.mpf(1)/(2k+1) at 400
// bits.
constexpr Pair inverse_odd[] = {
    {0x1.5555555555555p-2, 0x1.5555555555555p-56},  {0x1.999999999999ap-3, -0x1.999999999999ap-57},
    {0x1.2492492492492p-3, 0x1.2492492492492p-57},  {0x1.c71c71c71c71cp-4, 0x1.c71c71c71c71cp-58},
    {0x1.745d1745d1746p-4, -0x1.745d1745d1746p-59}, {0x1.3b13b13b13b14p-4, -0x1.3b13b13b13b14p-58},
    {0x1.1111111111111p-4, 0x1.1111111111111p-60},  {0x1.e1e1e1e1e1e1ep-5, 0x1.e1e1e1e1e1e1ep-61},
    {0x1.af286bca1af28p-5, 0x1.af286bca1af28p-59},  {0x1.8618618618618p-5, 0x1.8618618618618p-59}};
constexpr double inverse_odd_tail[] = {0x1.642c8590b2164p-5, 0x1.47ae147ae147bp-5, 0x1.2f684bda12f68p-5,
                                       0x1.1a7b9611a7b96p-5, 0x1.0842108421084p-5, 0x1.f07c1f07c1f08p-6,
                                       0x1.d41d41d41d41dp-6, 0x1.bacf914c1bad0p-6, 0x1.a41a41a41a41ap-6,
                                       0x1.8f9c18f9c18fap-6, 0x1.7d05f417d05f4p-6, 0x1.6c16c16c16c17p-6};

/// 2 artanh(s) for 2^-61 <= |s| <= .172, or s = 0, to 2^-102 of itself: 2 s (1 + z/3 + z^2/5 + ...), z = s^2
/// < 2^-5.07. Cut after z^22/45: what follows is below 2^-121. The terms from z^11/23 on are below 2^-60 and
/// need 53 bits only.
Pair twice_artanh(Pair s) {
  const Pair z = multiply(s, s);
  double tail = 0;
  for (int k = 11; k >= 0; --k) tail = tail * z.hi + inverse_odd_tail[k];
  Pair sum = detail::two_product(tail, z.hi);
  for (int k = 9; k >= 0; --k) {
    sum = add(sum, inverse_odd[k]);
    sum = multiply(sum, z);
  }
  const Pair twice = scaled(s, 2);
  return add(twice, multiply(twice, sum));
}

/// log 2 in three words, 159 bits. Recipe: mpmath.log(2) at 400 bits, rounded to nearest three times.
constexpr double ln_two_words[] = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56, 0x1.7b57a079a1934p-111};

struct Reduced {
  double multiple;  ///< k
  Quad rest;        ///< x - k log 2, |rest| < .35
};

/// For |x| < 2^41. k < 2^41 is exact, so are the products with the words of log 2, and each subtraction is
/// good to 2^-104 of its result, the largest of which is below .35 + 2^-13: absolutely, |rest| is good to
/// 2^-102. Where k is 0 the rest is x itself.
Reduced reduce(const Quad& x) {
  const double approximate = ldexp(x.hi, x.exponent);             // 0 for an exponent below an int's range
  const double k = std::rint(approximate * 0x1.71547652b82fep0);  // 1/log 2
  if (k == 0) return {0, x};
  Quad rest = x;
  for (const double word : ln_two_words) rest = rest - Quad(k) * Quad(word);
  return {k, rest};
}

/// Below this exponent of x, x + x^2/2 stands for e^x - 1 and x - x^2/2 for log(1 + x): the next term is
/// below 2^-118 of x.
constexpr std::int64_t tiny = -60;

Quad expm1_of_reduced(const Quad& x) {
  if (x.hi == 0) return x;
  if (x.exponent < tiny) return x + ldexp(square(x), -1);
  return normalised(expm1_near_0(plain(x)), 0);
}

}  // namespace

Quad ldexp(const Quad& x, std::int64_t k) {
  if (x.hi == 0 || !is_finite(x)) return x;
  const std::int64_t bounded = std::clamp(k, -4 * detail::exponent_limit, 4 * detail::exponent_limit);
  return normalised(pair(x), x.exponent + bounded);
}

Quad sqrt(const Quad& x) {
  if (x.hi == 0 || !is_finite(x) || x.hi < 0) return special(std::sqrt(x.hi));
  const std::int64_t odd = x.exponent & 1;
  const Pair a = scaled(pair(x), odd != 0 ? 2 : 1);
  // One Newton step from the root of the leading part: what it leaves out is (relative error 2^-53)^2 / 2.
  const double root = std::sqrt(a.hi);
  const Pair p = detail::two_product(root, root);
  const double rest = (a.hi - p.hi) - p.lo + a.lo;
  return normalised(fast_two_sum(root, rest / (2 * root)), (x.exponent - odd) / 2);
}

Quad exp(const Quad& x) {
  if (!is_finite(x)) return special(std::exp(x.hi));
  // The result would lie beyond 2^+-2^40, which Quad makes an infinity or zero.
  if (x.exponent > 40) return special(x.hi > 0 ? infinite : 0);
  const Reduced r = reduce(x);
  return ldexp(Quad(1) + expm1_of_reduced(r.rest), static_cast<std::int64_t>(r.multiple));
}

Quad expm1(const Quad& x) {
  if (!is_finite(x)) return special(std::expm1(x.hi));
  if (x.exponent > 40) return special(x.hi > 0 ? infinite : -1);
  const Reduced r = reduce(x);
  const Quad p = expm1_of_reduced(r.rest);
  if (r.multiple == 0) return p;
  // 2^k p + (2^k - 1): for k = 1, p > -.3, and for k = -1, p < .42, the terms leave a third of the larger at
  // least.
  const auto k = static_cast<std::int64_t>(r.multiple);
  return ldexp(p, k) + (ldexp(Quad(1), k) - Quad(1));
}

Quad log(const Quad& x) {
  if (!is_finite(x) || x.hi <= 0) return special(std::log(x.hi));
  // x = m 2^e with m in [.7, 1.42]: near 1, e is 0 and the sum is the series alone; elsewhere |e log 2| is at
  // least twice |log m|.
  Pair m = pair(x);
  std::int64_t e = x.exponent;
  if (m.hi > 1.41) {
    m = scaled(m, .5);
    ++e;
  }
  const Pair above = add(m, {-1, 0});
  if (above.hi == 0) return Quad(static_cast<double>(e)) * ln_two<Quad>();
  const Quad y = normalised(above, 0);
  const Quad series = y.exponent < tiny ? y - ldexp(square(y), -1)
                                        : normalised(twice_artanh(divide(above, add(m, {1, 0}))), 0);
  return e == 0 ? series : Quad(static_cast<double>(e)) * ln_two<Quad>() + series;
}

Quad log1p(const Quad& x) {
  if (x.hi == 0 || !is_finite(x)) return special(std::log1p(x.hi));
  if (x.exponent < tiny) return x - ldexp(square(x), -1);
  if (x.exponent < 0) {
    const Pair y = plain(x);
    // log(1+x) = 2 artanh(x/(2+x)); between these ends |x/(2+x)| < .172.
    if (y.hi > -.29 && y.hi < .41) return normalised(twice_artanh(divide(y, add({2, 0}, y))), 0);
  }
  // |log(1+x)| > .34, so that the rounding of 1+x costs a factor below 3 (next to x = -1, 1+x is exact).
  return log(Quad(1) + x);
}

Quad tanh(const Quad& x) {
  if (is_nan(x)) return x;
  // tanh |x| = -p/(2+p) with p = e^{-2|x|} - 1 in [-1, 0]: no cancellation.
  const Quad p = expm1(ldexp(-abs(x), 1));
  const Quad t = -p / (Quad(2) + p);
  return std::signbit(x.hi) ? -t : t;
}

namespace {

/// x rounded to `digits` binary digits, or to a multiple of 2^lowest where that is coarser: the nearest, ties
/// to even.
double rounded(const Quad& x, int digits, std::int64_t lowest, std::int64_t highest) {
  if (x.hi == 0 || !is_finite(x)) return x.hi;
  if (x.exponent > highest) return std::copysign(infinite, x.hi);
  const std::int64_t grid = std::max<std::int64_t>(1 - digits, lowest - x.exponent);
  if (grid > 1) return std::copysign(0.0, x.hi);  // |x| < 2^(exponent+1) <= 2^(lowest-1)
  // hi is a multiple of 2^-52 and so, up to a grid of 2^-51, are the midpoints of the grid; |lo| < 2^-52 then
  // only matters where hi is such a midpoint. On a grid of 2^-52 hi is the result, since hi is hi + lo
  // rounded.
  const double unit = detail::power_of_two(grid);
  const double n = std::rint(x.hi / unit);
  double nearest = n * unit;
  const double beyond = x.hi - nearest;
  if (std::fabs(beyond) == unit / 2 && beyond * x.lo > 0) nearest += std::copysign(unit, beyond);
  return std::ldexp(nearest, static_cast<int>(x.exponent));
}

}  // namespace

template <>
double narrow<double>(const Quad& x) {
  return rounded(x, 53, -1074, 1023);
}
template <>
float narrow<float>(const Quad& x) {
  return static_cast<float>(
      rounded(x, 24, -149, 127));  // exact, or beyond the largest float and then infinite
}

}  // namespace assay
