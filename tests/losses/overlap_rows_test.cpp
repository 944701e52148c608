// Rows of sets that nearly agree, of one point that outweighs the others, of slopes that all but vanish, and
// of no point at all, against the quotient that Dice, Jaccard and Tversky have in common.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "losses/numbers/quad.hpp"
#include "tools/cases/random.hpp"

namespace assay {
namespace {

Quad exactly(double x) { return x; }

/// N/(N + K) with N = a sum x(1-y) + b sum (1-x)y and K = c sum xy + s; Dice of squares has N = sum (x-y)^2.
struct Quotient {
  bool squares;
  double a, b, c, s;
};

struct Sums {
  Quad apart, shared;

  template <class T>
  Sums(const Quotient& q, const std::vector<T>& x, const std::vector<T>& y) : shared(exactly(q.s)) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Quad u = exactly(x[i]), v = exactly(y[i]);
      apart +=
          q.squares ? square(u - v) : exactly(q.a) * u * (Quad(1) - v) + exactly(q.b) * (Quad(1) - u) * v;
      shared += exactly(q.c) * u * v;
    }
  }
  [[nodiscard]] Quad value() const { return apart / (apart + shared); }
  /// By u, whose partner is v.
  [[nodiscard]] Quad slope(const Quotient& q, const Quad& u, const Quad& v, bool first) const {
    const Quad a = exactly(first ? q.a : q.b), b = exactly(first ? q.b : q.a);
    const Quad by_apart = q.squares ? Quad(2) * (u - v) : a * (Quad(1) - v) - b * v;
    return (shared * by_apart - apart * exactly(q.c) * v) / square(apart + shared);
  }
};

template <class T>
struct Answer {
  std::vector<T> value, by_x, by_y;

  template <class Loss>
  Answer(const Loss& loss, const std::vector<T>& x, const std::vector<T>& y, std::size_t width)
      : value(x.size() / width, -1), by_x(x.size(), -1), by_y(x.size(), -1) {
    const auto rows = static_cast<std::int64_t>(value.size()), columns = static_cast<std::int64_t>(width);
    Call<T> call;
    call.inputs[0] = {x.data(), nullptr, {rows, columns, 1}};
    call.inputs[1] = {y.data(), nullptr, {rows, columns, 1}};
    call.reduction = Reduction::none;
    call.value = value.data();
    call.gradient[0] = by_x.data();
    call.gradient[1] = by_y.data();
    evaluate(loss, call);
  }
};

/// How far off, in the last place of the right answer.
template <class T>
double ulps(T got, const Quad& wanted) {
  const T nearest = std::fabs(narrow<T>(wanted));
  const T last = std::nextafter(nearest, std::numeric_limits<T>::infinity()) - nearest;
  return narrow<double>(abs(exactly(got) - wanted) / exactly(last));
}

template <class T>
class OverlapRows : public testing::Test {
 public:
  static constexpr double most = PerDtype<double>{.f32 = .501, .f64 = .6}[dtype_of<T>];
  /// Of its terms a slope is good to 2^-`digits`, where it is not to a rounding: moving v moves it by them.
  static constexpr int digits = PerDtype<int>{.f32 = 50, .f64 = 103}[dtype_of<T>];

  template <class Loss>
  void hold(const Loss& loss, const Quotient& q, const std::vector<T>& x, const std::vector<T>& y,
            const std::string& what) {
    const Answer<T> answer(loss, x, y, x.size());
    const Sums sums(q, x, y);
    EXPECT_LE(ulps(answer.value[0], sums.value()), most) << what << ", " << x.size();
    auto hold_slope = [&](T got, T u, T v, bool first) {
      const Quad wanted = sums.slope(q, exactly(u), exactly(v), first), whole = sums.apart + sums.shared;
      const Quad shown = ldexp(exactly(q.c) * exactly(v) * sums.apart / square(whole), -digits);
      return ulps(got, wanted) <= most || abs(exactly(got) - wanted) <= shown;
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_TRUE(hold_slope(answer.by_x[i], x[i], y[i], true)) << what << ", " << x.size() << ", " << i;
      ASSERT_TRUE(hold_slope(answer.by_y[i], y[i], x[i], false)) << what << ", " << x.size() << ", " << i;
    }
  }
  void hold_each(const std::vector<T>& x, const std::vector<T>& y, const std::string& what) {
    for (const double s : {0., 1., 0x1p-17}) {
      hold(Dice{.smooth = s}, {true, 0, 0, 2, s}, x, y, "dice of squares, " + what);
      hold(Dice{.smooth = s, .squared = false}, {false, 1, 1, 2, s}, x, y, "dice, " + what);
      hold(Jaccard{.smooth = s}, {false, 1, 1, 1, s}, x, y, "jaccard, " + what);
      hold(Tversky{.alpha = .25, .beta = 1.5, .smooth = s}, {false, .25, 1.5, 1, s}, x, y,
           "tversky, " + what);
    }
  }
};
using Dtypes = testing::Types<float, double>;
TYPED_TEST_SUITE(OverlapRows, Dtypes);

template <class T>
std::vector<T> numbers(std::size_t width, unsigned seed) {
  Random random(seed);
  std::vector<T> out(width);
  for (T& each : out) each = static_cast<T>(random.unit());
  return out;
}

TYPED_TEST(OverlapRows, OfSetsThatNearlyAgree) {
  using T = TypeParam;
  for (const std::size_t width : {1u, 2u, 7u, 64u, 65u})
    for (int closeness = 1; closeness <= 52; closeness += 3) {
      const auto x = numbers<T>(width, static_cast<unsigned>(closeness));
      auto y = numbers<T>(width, 77);
      for (std::size_t i = 0; i < width; ++i)
        y[i] = static_cast<T>(static_cast<double>(x[i]) *
                              (1 - std::ldexp(static_cast<double>(y[i]), -closeness)));
      this->hold_each(x, y, "2^-" + std::to_string(closeness));
    }
  this->hold_each(numbers<T>(1000, 1), numbers<T>(1000, 2), "any");
}

TYPED_TEST(OverlapRows, OfTargetsThatAreCertain) {
  using T = TypeParam;
  for (const std::size_t width : {3u, 64u, 65u, 1000u}) {
    auto x = numbers<T>(width, 3), y = numbers<T>(width, 4);
    for (std::size_t i = 0; i < width; ++i) {
      y[i] = y[i] > T(.5) ? 1 : 0;
      if (i % 3 == 0) x[i] = std::fabs(y[i] - std::ldexp(x[i], -20));
      if (i % 5 == 1) x[i] = y[i];
    }
    this->hold_each(x, y, "certain");
  }
}

TYPED_TEST(OverlapRows, OfOnePointThatOutweighsTheOthers) {
  using T = TypeParam;
  for (const std::size_t width : {2u, 64u, 65u})
    for (int size = 5; size <= 60; size += 5) {
      auto x = numbers<T>(width, 5), y = numbers<T>(width, 6);
      for (std::size_t i = 1; i < width; ++i) {
        x[i] = std::ldexp(x[i], -size);
        y[i] = std::ldexp(y[i], -size);
      }
      this->hold_each(x, y, "2^-" + std::to_string(size));
    }
}

/// x_0 is moved to where its slope, which is that of dice of squares, changes its sign: K (x - y) = N y.
TYPED_TEST(OverlapRows, OfASlopeThatAllButVanishes) {
  using T = TypeParam;
  const Quotient q{true, 0, 0, 2, 0};
  for (const std::size_t width : {2u, 7u, 64u, 65u})
    for (unsigned seed = 0; seed < 20; ++seed) {
      auto x = numbers<T>(width, seed), y = numbers<T>(width, seed + 100);
      y[0] /= 8;
      for (int step = 0; step < 50; ++step) {
        const Sums sums(q, x, y);
        x[0] = narrow<T>(exactly(y[0]) * (Quad(1) + sums.apart / sums.shared));
      }
      if (!(x[0] < 1)) continue;
      this->hold(Dice{}, q, x, y, "vanishing");
      for (int off = 8; off < 50; off += 3) {
        auto moved = x;
        moved[0] -= std::ldexp(x[0], -off);
        this->hold(Dice{}, q, moved, y, "off by 2^-" + std::to_string(off));
      }
    }
}

TYPED_TEST(OverlapRows, OfNoPointAtAllCountAsNoLoss) {
  using T = TypeParam;
  for (const std::size_t width : {3u, 80u}) {
    std::vector<T> x(3 * width, 0), y(3 * width, 0);
    for (std::size_t i = 0; i < width; ++i) x[i] = y[2 * width + i] = T(.5);
    for (const auto& value : {Answer<T>(Dice{}, x, y, width).value, Answer<T>(Jaccard{}, x, y, width).value,
                              Answer<T>(Tversky{}, x, y, width).value})
      EXPECT_EQ(value, (std::vector<T>{1, 0, 1})) << width;
    EXPECT_EQ(Answer<T>(Jaccard{.smooth = 1}, x, y, width).value[1], 0) << width;
  }
}

}  // namespace
}  // namespace assay
