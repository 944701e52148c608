// Quad against certified points, identities and IEEE's rules; rounding into every dtype, bit for bit.
#include "losses/numbers/quad.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tests/losses/quad_points.hpp"
#include "tools/cases/random.hpp"

namespace assay {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double least = std::numeric_limits<double>::denorm_min();

/// |got - expected| / |expected|, both near each other; exact enough to see 2^-110.
double relative_error(const Quad& got, const Quad& expected) {
  if (got == expected) return 0;
  return narrow<double>(abs((got - expected) / expected));
}

/// Of every size, sign and pattern, with a second word.
Quad wide(Random& numbers, int low, int high) {
  const double hi = numbers.spread(low, high);
  return Quad(hi) + Quad(numbers.spread(0, 0)) * std::ldexp(hi, -54);
}

TEST(Quad, FunctionsKeepTheirDeclaredErrors) {
  struct Function {
    Quad (*evaluate)(const Quad&);
    double bound;
  };
  const std::map<std::string, Function> functions{{"exp", {&exp, 0x1p-100}},     {"expm1", {&expm1, 0x1p-99}},
                                                  {"tanh", {&tanh, 0x1p-99}},    {"log", {&log, 0x1p-100}},
                                                  {"log1p", {&log1p, 0x1p-100}}, {"sqrt", {&sqrt, 0x1p-103}}};
  std::map<std::string, int> seen;
  for (const WidePoint& point : wide_points) {
    const Function& f = functions.at(point.function);
    const Quad got = f.evaluate(point.x);
    ++seen[point.function];
    // Both sides round the same number: to the same exponent, or to the power of two between two of them.
    const double scale = std::ldexp(1, static_cast<int>(got.exponent - point.exponent));
    const double error =
        (got.hi * scale - point.word[0]) + ((got.lo * scale - point.word[1]) - point.word[2]);
    EXPECT_LE(std::fabs(error / point.word[0]), f.bound)
        << point.function << " at " << std::hexfloat << point.x << ": got " << got.hi << " + " << got.lo
        << ", true " << point.word[0] << " + " << point.word[1] << " + " << point.word[2];
  }
  EXPECT_EQ(seen.size(), functions.size());
}

TEST(Quad, ExpAndLogUndoEachOther) {
  Random numbers(20240229);
  for (int i = 0; i < 2000; ++i) {
    const Quad x = abs(wide(numbers, -1074, 1023));
    const double steep = std::fabs(narrow<double>(log(x)));
    EXPECT_LE(relative_error(exp(log(x)), x), 0x1p-100 * (1 + steep))
        << std::hexfloat << x.hi << " " << x.exponent;
    const Quad y = wide(numbers, -900, 5);
    const double flat = std::exp(-narrow<double>(y));  // log1p's slope where expm1 nears -1
    EXPECT_LE(relative_error(log1p(expm1(y)), y), 0x1p-97 * (1 + flat)) << std::hexfloat << y.hi;
  }
}

TEST(Quad, Expm1AndLog1pAgreeWithExpAndLogWhereThoseAreExactEnough) {
  Random numbers(20240229);
  for (int i = 0; i < 2000; ++i) {
    const Quad x = wide(numbers, -2, 7);
    EXPECT_LE(relative_error(expm1(x), exp(x) - 1), 0x1p-97) << std::hexfloat << x.hi;
    const Quad y = abs(x);
    EXPECT_LE(relative_error(log1p(y), log(1 + y)), 0x1p-98) << std::hexfloat << y.hi;
    EXPECT_LE(relative_error(tanh(x), (exp(2 * x) - 1) / (exp(2 * x) + 1)), 0x1p-97) << std::hexfloat << x.hi;
  }
}

TEST(Quad, ArithmeticUndoesItself) {
  Random numbers(20240229);
  for (int i = 0; i < 5000; ++i) {
    const Quad a = wide(numbers, -1074, 1023), b = wide(numbers, -1074, 1023);
    EXPECT_LE(relative_error(a * b / b, a), 0x1p-101);
    EXPECT_LE(relative_error(sqrt(square(a)), abs(a)), 0x1p-102);
    const double x = numbers.spread(-40, 40), y = numbers.spread(-40, 40);
    EXPECT_EQ(Quad(x) + y - y, Quad(x)) << std::hexfloat << x << " " << y;
    EXPECT_EQ(a - a, Quad(0));
  }
}

TEST(Quad, NeitherOverflowsNorUnderflowsOnTheWay) {
  const Quad large = std::numeric_limits<double>::max(), small = least;
  EXPECT_EQ(narrow<double>(large * large * large / large / large), std::numeric_limits<double>::max());
  EXPECT_EQ(narrow<double>(small * small / small), least);
  EXPECT_EQ(narrow<double>(large / small * small), std::numeric_limits<double>::max());
  EXPECT_EQ(narrow<double>(log(exp(Quad(1e11)))), 1e11);
  EXPECT_EQ(narrow<double>(log(exp(Quad(-1e11)))), -1e11);
  EXPECT_TRUE(is_infinite(exp(Quad(1e300))));
  EXPECT_EQ(exp(Quad(-1e300)), Quad(0));
  EXPECT_EQ(expm1(Quad(-1e300)), Quad(-1));
  EXPECT_EQ(narrow<double>(log1p(large)), std::log(std::numeric_limits<double>::max()));
}

// q = e^-x is as small as this where x is some 10^10, and formulas take the exponential of what they make of
// it.
TEST(Quad, ExponentsBeyondAnIntAreNotWrapped) {
  for (const std::int64_t k :
       {-(std::int64_t{1} << 32) + 100, -(std::int64_t{3} << 30), -(std::int64_t{7} << 30),
        -std::int64_t{12392656037}, -(std::int64_t{1} << 40) + 100})
    for (const double sign : {1., -1.}) {
      const Quad x = ldexp(Quad(sign), k);
      EXPECT_EQ(exp(x), Quad(1)) << sign << " 2^" << k;
      EXPECT_EQ(expm1(x), x) << sign << " 2^" << k;
      EXPECT_EQ(log1p(x), x) << sign << " 2^" << k;
      EXPECT_EQ(tanh(x), x) << sign << " 2^" << k;
    }
}

TEST(Quad, SpecialNumbersFollowIeee) {
  const std::vector<double> numbers{0., -0., 1., -1., 2.5, -3., infinite, -infinite, nan};
  const auto near = [](const Quad& got, double expected) {
    if (std::isnan(expected)) return is_nan(got);
    const double x = narrow<double>(got);
    return x == expected || std::fabs(x / expected - 1) < 1e-15;
  };
  for (const double a : numbers) {
    for (const double b : numbers) {
      EXPECT_TRUE(near(Quad(a) + Quad(b), a + b)) << a << " + " << b;
      EXPECT_TRUE(near(Quad(a) - Quad(b), a - b)) << a << " - " << b;
      EXPECT_TRUE(near(Quad(a) * Quad(b), a * b)) << a << " * " << b;
      EXPECT_TRUE(near(Quad(a) / Quad(b), a / b)) << a << " / " << b;
      EXPECT_EQ(Quad(a) == Quad(b), a == b) << a << " == " << b;
      EXPECT_EQ(Quad(a) < Quad(b), a < b) << a << " < " << b;
      EXPECT_EQ(Quad(a) >= Quad(b), a >= b) << a << " >= " << b;
    }
    const Quad q = a;
    EXPECT_TRUE(near(abs(q), std::fabs(a))) << a;
    EXPECT_TRUE(near(sqrt(q), std::sqrt(a))) << a;
    EXPECT_TRUE(near(exp(q), std::exp(a))) << a;
    EXPECT_TRUE(near(expm1(q), std::expm1(a))) << a;
    EXPECT_TRUE(near(log(q), std::log(a))) << a;
    EXPECT_TRUE(near(log1p(q), std::log1p(a))) << a;
    EXPECT_TRUE(near(tanh(q), std::tanh(a))) << a;
    EXPECT_TRUE(near(ldexp(q, -3), a / 8)) << a;
  }
}

TEST(Quad, ComparisonsSeeTheSecondWordAndTheExponent) {
  const Quad above = Quad(1) + 0x1p-90, below = Quad(1) - 0x1p-90;
  EXPECT_LT(below, Quad(1));
  EXPECT_GT(above, Quad(1));
  EXPECT_LT(-above, -below);
  EXPECT_NE(above, Quad(1));
  EXPECT_LT(Quad(0x1.8p10), Quad(0x1.1p11));
  EXPECT_LT(Quad(-0x1.1p11), Quad(-0x1.8p10));
}

TEST(Narrow, RoundsOnceIntoSubnormals) {
  // (n + 1/2) of the least number, and a trace to either side, far below what a double could hold beside it.
  for (std::uint64_t n = 0; n < 5000; n = n < 40 ? n + 1 : n * 3 / 2) {
    const auto number = static_cast<double>(n);
    const Quad middle = ldexp(Quad(number) + .5, -1074), trace = ldexp(Quad(1), -1160);
    EXPECT_EQ(narrow<double>(middle), std::ldexp(number + (n % 2 == 0 ? 0 : 1), -1074)) << n;
    EXPECT_EQ(narrow<double>(middle + trace), std::ldexp(number + 1, -1074)) << n;
    EXPECT_EQ(narrow<double>(middle - trace), std::ldexp(number, -1074)) << n;
    EXPECT_EQ(narrow<double>(-middle - trace), -std::ldexp(number + 1, -1074)) << n;

    const Quad half = ldexp(Quad(number) + .5, -149), little = ldexp(Quad(1), -240);
    EXPECT_EQ(narrow<float>(half), std::ldexp(static_cast<float>(n + n % 2), -149)) << n;
    EXPECT_EQ(narrow<float>(half + little), std::ldexp(static_cast<float>(n + 1), -149)) << n;
    EXPECT_EQ(narrow<float>(half - little), std::ldexp(static_cast<float>(n), -149)) << n;
  }
}

TEST(Narrow, RoundsOnceAmongNormalNumbers) {
  for (const double x : {1., 1 + 0x1p-52, 1.75, 0x1.fffffffffffffp0, 0x1p-1022, 0x1.fffffffffffffp1022}) {
    const double next = std::nextafter(x, infinite);
    const Quad middle = Quad(x) + ldexp(Quad(next) - x, -1), trace = Quad(x) * 0x1p-100;
    EXPECT_EQ(narrow<double>(middle + trace), next) << std::hexfloat << x;
    EXPECT_EQ(narrow<double>(middle - trace), x) << std::hexfloat << x;
    EXPECT_EQ(narrow<double>(-middle - trace), -next) << std::hexfloat << x;
  }
  // 1 + 2^-24 + 2^-60 goes up in one rounding; by way of binary64 it would be a tie, and go down.
  EXPECT_EQ(narrow<float>(Quad(1) + 0x1p-24 + 0x1p-60), 1 + 0x1p-23f);
  EXPECT_EQ(narrow<float>(Quad(1) + 0x1p-24), 1.f);
  EXPECT_EQ(narrow<float>(Quad(1) + 0x1p-24 - 0x1p-60), 1.f);
  EXPECT_EQ(narrow<float>(Quad(1) + 3 * 0x1p-24), 1 + 0x1p-22f);
}

TEST(Narrow, OverflowsHalfwayToTheNextPower) {
  const Quad limit = Quad(0x1p1023) * 2 - 0x1p970, trace = Quad(0x1p930);
  EXPECT_EQ(narrow<double>(limit), infinite);
  EXPECT_EQ(narrow<double>(limit - trace), std::numeric_limits<double>::max());
  EXPECT_EQ(narrow<double>(-limit), -infinite);
  const Quad float_limit = Quad(0x1p128) - 0x1p103;
  EXPECT_EQ(narrow<float>(float_limit), std::numeric_limits<float>::infinity());
  EXPECT_EQ(narrow<float>(float_limit - 1), std::numeric_limits<float>::max());
  EXPECT_EQ(narrow<double>(ldexp(Quad(1), -5000)), 0);
  EXPECT_TRUE(std::signbit(narrow<double>(ldexp(Quad(-1), -5000))));
}

TEST(Sum, ErrorDoesNotGrowWithTheCount) {
  // A million times the double next to .1: the exact sum is known, and rounding as one goes would lose 2^20
  // of it.
  Sum<double> doubles;
  Sum<Quad> quads;
  for (int i = 0; i < 1'000'000; ++i) {
    doubles.add(.1);
    quads.add(Quad(.1) + 0x1p-80);
  }
  EXPECT_EQ(doubles.total(), narrow<double>(Quad(.1) * 1e6));
  EXPECT_LE(relative_error(quads.total(), (Quad(.1) + 0x1p-80) * 1e6), 0x1p-97);
}

TEST(Sum, KeepsWhatCancels) {
  Sum<double> doubles;
  Sum<Quad> quads;
  for (const double x : {0x1p80, 1., -0x1p80, 0x1p-10}) {
    doubles.add(x);
    quads.add(x);
  }
  EXPECT_EQ(doubles.total(), 1 + 0x1p-10);
  EXPECT_EQ(quads.total(), Quad(1 + 0x1p-10));
}

TEST(Sum, InfinitiesAndNansShow) {
  for (const double other : {1., infinite, -infinite, nan}) {
    Sum<double> doubles;
    Sum<Quad> quads;
    for (const double x : {1., infinite, other, 1.}) {
      doubles.add(x);
      quads.add(x);
    }
    const double expected = 1 + infinite + other;
    EXPECT_EQ(std::isnan(doubles.total()), std::isnan(expected));
    EXPECT_EQ(is_nan(quads.total()), std::isnan(expected));
    EXPECT_TRUE(std::isnan(expected) || doubles.total() == expected);
  }
}

}  // namespace
}  // namespace assay
