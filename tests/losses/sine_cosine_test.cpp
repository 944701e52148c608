// The sine and the cosine of a margin against Arb's.
#include "losses/numbers/sine_cosine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference/numbers/arb.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

using reference::Ball;

/// |got - true| / |true|, to a few digits.
double relative_error(const Quad& got, const Ball& exact) {
  Ball mine, low;
  arb_set_d(mine, got.hi);
  arb_set_d(low, got.lo);
  arb_add(mine, mine, low, ARF_PREC_EXACT);
  arb_mul_2exp_si(mine, mine, got.exponent);
  arb_sub(mine, mine, exact, 3000);
  arb_div(mine, mine, exact, 64);
  return std::fabs(arf_get_d(arb_midref(static_cast<arb_ptr>(mine)), ARF_RND_UP));
}

void expect_right(double angle) {
  Ball x, sine, cosine;
  arb_set_d(x, angle);
  arb_sin_cos(sine, cosine, x, 3000);
  const SineCosine<Quad> t = sine_cosine(angle);
  EXPECT_LE(relative_error(t.sine, sine), 0x1p-100) << std::hexfloat << angle;
  EXPECT_LE(relative_error(t.cosine, cosine), 0x1p-100) << std::hexfloat << angle;
  Ball versine;
  arb_set_si(versine, 1);
  arb_sub(versine, versine, cosine, 3000);
  EXPECT_LE(relative_error(t.versine(), versine), 0x1p-98) << std::hexfloat << angle;
}

TEST(SineCosine, IsRightAtEverySize) {
  EXPECT_EQ(sine_cosine(0.).sine, Quad(0));
  EXPECT_EQ(sine_cosine(0.).cosine, Quad(1));
  Random numbers{1};
  for (int exponent = -1074; exponent <= 1023; ++exponent)
    for (int i = 0; i < 4; ++i) {
      const double significand = 1 + static_cast<double>(numbers.bits() >> 12) * 0x1p-52;
      const double angle = std::ldexp(significand, exponent);
      expect_right(i % 2 == 0 ? angle : -angle);
    }
}

TEST(SineCosine, IsRightBesideQuartersOfATurn) {
  for (int quarters = 1; quarters <= 2000; ++quarters) {
    const double near = quarters * 0x1.921fb54442d18p0;
    for (const double angle : {near, std::nextafter(near, 0), std::nextafter(near, 2 * near)})
      expect_right(angle);
  }
  // The closest of all binary64 numbers, 6381956970095103 * 2^797, and the largest.
  expect_right(std::ldexp(6381956970095103., 797));
  expect_right(std::numeric_limits<double>::max());
}

}  // namespace
}  // namespace assay::tests
