#include "losses/numbers/sine_cosine.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay {
namespace {

// 2/pi in words of 32 bits after the point. Recipe: mpmath.floor(2 / mpmath.pi * 2**1280) at 1500 bits.
constexpr std::array<std::uint32_t, 40> two_over_pi{
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
    0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
    0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
    0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d};

/// pi/2. Recipe: mpmath.pi / 2 at 400 bits, rounded to nearest twice.
Quad quarter_turn() { return detail::normalised({0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54}, 0); }

struct Reduced {
  Quad rest;     ///< in [-pi/4, pi/4]
  int quarters;  ///< modulo 4
};

/// angle = quarters pi/2 + rest, for an angle >= 1/2 (Payne and Hanek, Radian reduction for trigonometric
/// functions, 1983, https://doi.org/10.1145/1057600.1057602).
///
/// With angle = m 2^e, m of 53 bits, word j of 2/pi counts m 2^(e-32j) of quarters: whole turns, which drop
/// out, while e - 32j >= 2. Ten words from there on leave out less than 2^(53+2-32*9) = 2^-233 quarters, and
/// no binary64 number is within 2^-62 of a whole number of them (Muller et al., Handbook of floating-point
/// arithmetic, table 10.5): the rest has 170 bits, and what is left of its precision is that of the sum,
/// 2^-103, and of the product.
Reduced reduce(double angle) {
  constexpr std::size_t used = 10, limbs = used + 2;
  int exponent = 0;
  const auto m = static_cast<std::uint64_t>(std::ldexp(std::frexp(angle, &exponent), 53));
  exponent -= 53;
  const int first = exponent < 2 ? 0 : (exponent - 2) / 32;  // j - 1 of the first word that counts

  // m times the words, least limb first.
  std::array<std::uint32_t, limbs> product{};
  for (std::size_t i = 0; i < used; ++i) {
    const std::uint64_t word = two_over_pi[static_cast<std::size_t>(first) + used - 1 - i];
    std::uint64_t carry = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      carry += word * (m >> (32 * k) & 0xffffffff) + product[i + k];
      product[i + k] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    product[i + 2] = static_cast<std::uint32_t>(carry);
  }

  // The point stands before this many bits of the product, the quarters above it.
  const auto point = static_cast<std::size_t>(32 * (first + static_cast<int>(used)) - exponent);
  const auto bit = [&](std::size_t k) { return static_cast<int>(product[k / 32] >> (k % 32) & 1); };
  Reduced out{Quad(), bit(point) + 2 * bit(point + 1)};
  const bool above_half = bit(point - 1) != 0;
  if (above_half) {  // 1 less the fraction is left, with the other sign
    out.quarters = (out.quarters + 1) % 4;
    std::uint64_t carry = 1;
    for (std::uint32_t& limb : product) {
      carry += static_cast<std::uint32_t>(~limb);
      limb = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  product[point / 32] &= (std::uint32_t{1} << (point % 32)) - 1;
  for (std::size_t i = 0; i <= point / 32; ++i)  // from the least on: each rounding is of what is there
    out.rest += ldexp(Quad(product[i]), 32 * static_cast<std::int64_t>(i) - static_cast<std::int64_t>(point));
  out.rest *= above_half ? -quarter_turn() : quarter_turn();
  return out;
}

/// x^first/first! - x^(first+2)/(first+2)! + ... to x^28, |x| <= pi/4: what follows is below 2^-108 of it.
/// Each term is less than a third of the one before, so that the sum has a few of Quad's roundings.
Quad alternating(const Quad& x, int first) {
  Quad term = first == 0 ? Quad(1) : x, sum = term;
  const Quad down = -square(x);
  for (int k = first + 2; k <= 28; k += 2) {
    term = term * down / Quad(k * (k - 1));
    sum += term;
  }
  return sum;
}

}  // namespace

SineCosine<Quad> sine_cosine(double angle) {
  const double size = std::fabs(angle);
  const Reduced r = size < .5 ? Reduced{Quad(size), 0} : reduce(size);
  const Quad s = alternating(r.rest, 1), c = alternating(r.rest, 0);
  const Quad sine = r.quarters % 2 == 0 ? s : c, cosine = r.quarters % 2 == 0 ? c : s;
  return {(r.quarters >= 2) != (angle < 0) ? -sine : sine,
          r.quarters == 1 || r.quarters == 2 ? -cosine : cosine};
}

}  // namespace assay
