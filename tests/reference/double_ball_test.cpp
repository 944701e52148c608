// Balls of doubles against Arb: wherever the exact operands lie in their balls, the exact result lies in its
// own.
#include "reference/numbers/double_ball.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "reference/numbers/arb.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

using reference::Ball;
using reference::DoubleBall;
namespace double_ball = reference::double_ball;

constexpr long bits = 2400;  // a sum of doubles is exact there

/// An operation in doubles, and in Arb.
struct Subject {
  const char* name;
  std::function<DoubleBall(const DoubleBall&, const DoubleBall&)> quick;
  std::function<void(arb_ptr, arb_srcptr, arb_srcptr)> exact;
  int low = -1070, high = 1020;  ///< exponents of operands
  bool positive = false;         ///< the first
};

template <class F>
auto unary(F f) {
  return [f](const DoubleBall& a, const DoubleBall&) { return f(a); };
}

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{
      {"add", double_ball::add, [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_add(z, a, b, bits); }},
      {"sub", double_ball::sub, [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_sub(z, a, b, bits); }},
      {"mul", double_ball::mul, [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_mul(z, a, b, bits); }},
      {"product", double_ball::product,
       [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_mul(z, a, b, bits); }},
      {"div", double_ball::div, [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_div(z, a, b, bits); }},
      {"maximum", double_ball::maximum,
       [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_max(z, a, b, bits); }},
      {"pow", double_ball::pow, [](arb_ptr z, arb_srcptr a, arb_srcptr b) { arb_pow(z, a, b, 400); }, -6, 6,
       true},
      {"sqrt", unary(double_ball::sqrt), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_sqrt(z, a, bits); },
       -1070, 1020, true},
      {"exp", unary(double_ball::exp), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_exp(z, a, 400); }, -60,
       10},
      {"cosh", unary(double_ball::cosh), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_cosh(z, a, 400); },
       -40, 10},
      {"sinh", unary(double_ball::sinh), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_sinh(z, a, 400); },
       -1070, 10},
      {"log", unary(double_ball::log), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_log(z, a, 400); }, -1070,
       1020, true},
      {"log1p", unary(double_ball::log1p), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_log1p(z, a, 400); },
       -1070, 1020},
      {"cos", unary(double_ball::cos), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_cos(z, a, 400); }, -60,
       19},
      {"sin", unary(double_ball::sin), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_sin(z, a, 400); }, -1070,
       19},
      {"abs", unary(double_ball::abs), [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_abs(z, a); }},
      {"positive_part", unary(double_ball::positive_part),
       [](arb_ptr z, arb_srcptr a, arb_srcptr) { arb_nonnegative_part(z, a); }},
  };
  return all;
}

DoubleBall drawn(Random& random, const Subject& subject, bool positive) {
  double mid = random.spread(subject.low, subject.high);
  if (random.once_in(3))
    mid = std::ldexp(std::nearbyint(std::ldexp(mid, 10 - std::ilogb(mid))), std::ilogb(mid) - 10);
  if (random.once_in(16)) mid = random.once_in(2) ? 1 : 0;
  if (positive) mid = std::abs(mid);
  const double part = std::ldexp(random.unit(), -static_cast<int>(random.below(60)));
  return {mid, random.once_in(3) ? 0 : std::abs(mid) * part};
}

/// A number of the ball: its middle, an end, or between.
void pick(Ball& x, const DoubleBall& ball, Random& random) {
  Ball step;
  arb_set_d(x, ball.mid);
  arb_set_d(step, ball.rad);
  const double along = random.once_in(3) ? random.symmetric() : random.once_in(2) ? 1 : -1;
  Ball share;
  arb_set_d(share, along);
  arb_mul(step, step, share, bits);
  arb_add(x, x, step, bits);
}

TEST(BallsOfDoubles, HoldWhatArbFinds) {
  for (const Subject& subject : subjects()) {
    Random random(seed_for(41, subject.name));
    int known = 0, exact = 0;
    for (int i = 0; i < 6000; ++i) {
      const DoubleBall a = drawn(random, subject, subject.positive), b = drawn(random, subject, false);
      const DoubleBall got = subject.quick(a, b);
      if (!got.known()) continue;
      ++known;
      exact += got.exact();
      Ball x, y, z, low, high, radius;
      pick(x, a, random);
      pick(y, b, random);
      subject.exact(z, x, y);
      ASSERT_TRUE(arb_is_finite(z)) << subject.name;
      arb_set_d(low, got.mid);
      arb_sub(z, z, low, bits);
      arb_abs(z, z);
      arb_set_d(radius, got.rad);
      // Arb's own radius is far below; where it is all that is left the two touch.
      ASSERT_FALSE(arb_gt(z, radius))
          << fmt::format("{}({:a} +- {:a}, {:a} +- {:a}) = {:a} +- {:a}", subject.name, a.mid, a.rad, b.mid,
                         b.rad, got.mid, got.rad);
    }
    EXPECT_GT(known, 600) << subject.name;
    EXPECT_GT(exact, 0) << subject.name;
  }
}

TEST(BallsOfDoubles, KnowTheUnknown) {
  const DoubleBall one{1, 0}, wide{1, 2}, unknown = DoubleBall::unknown();
  for (const DoubleBall& lost :
       {double_ball::add(one, unknown), double_ball::mul(unknown, {0, 0}),
        double_ball::product({0, 0}, unknown), double_ball::div(one, wide), double_ball::div(one, {0, 0}),
        double_ball::sqrt(wide), double_ball::log(wide), double_ball::log({0, 0}),
        double_ball::log1p({-1, 0}), double_ball::exp({710, 0}), double_ball::cosh({-711, 0}),
        double_ball::pow({0, 0}, {-1, 0}), double_ball::mul({0x1p600, 0}, {0x1p600, 0}),
        double_ball::settled(std::nan(""), 0)})
    EXPECT_FALSE(lost.known());
  EXPECT_EQ(double_ball::compare(one, unknown), 2);
  EXPECT_EQ(double_ball::compare(one, wide), 2);
  EXPECT_EQ(double_ball::sign(wide), 2);
  EXPECT_TRUE(double_ball::mul({0, 0}, wide).zero());
}

}  // namespace
}  // namespace assay::tests
