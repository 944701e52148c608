// Rows of almost one direction, at every closeness and on either side of what lanes take, against sums of
// squares in which nothing cancels; and margins next to the cosine.
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

template <class T>
struct Pair {
  std::vector<T> x, y;

  /// y is 3x and, of its length, about 2^-`closeness` besides.
  Pair(std::size_t width, int closeness, unsigned seed) : x(width), y(width) {
    Random numbers(seed);
    for (std::size_t i = 0; i < width; ++i) {
      x[i] = static_cast<T>(numbers.symmetric());
      y[i] = static_cast<T>(3 * static_cast<double>(x[i]) + std::ldexp(numbers.symmetric(), 1 - closeness));
    }
  }
};

/// Lagrange's identity: |x|^2 |y|^2 - (x.y)^2 is the sum of all (x_i y_j - x_j y_i)^2, and what stands across
/// x in y, times |x|^2, the sum over j of x_j (x_j y_i - x_i y_j).
struct Exactly {
  Quad below_one;
  std::vector<Quad> slope;  ///< of cos by x

  template <class T>
  explicit Exactly(const Pair<T>& pair) : slope(pair.x.size()) {
    const std::size_t width = pair.x.size();
    Quad xx, yy, xy, squares;
    for (std::size_t i = 0; i < width; ++i) {
      xx += square(widen_to_quad(pair.x[i]));
      yy += square(widen_to_quad(pair.y[i]));
      xy += widen_to_quad(pair.x[i]) * widen_to_quad(pair.y[i]);
    }
    const Quad lengths = sqrt(xx * yy);
    for (std::size_t i = 0; i < width; ++i) {
      const Quad x = widen_to_quad(pair.x[i]), y = widen_to_quad(pair.y[i]);
      for (std::size_t j = 0; j < width; ++j) {
        const Quad cross = widen_to_quad(pair.x[j]) * y - x * widen_to_quad(pair.y[j]);
        slope[i] += widen_to_quad(pair.x[j]) * cross;
        if (j < i) squares += square(cross);
      }
      slope[i] = slope[i] / (xx * lengths);
    }
    below_one = squares / (lengths * (lengths + xy));
  }
  static Quad widen_to_quad(double x) { return x; }
};

template <class T>
struct Answer {
  T value = -1;
  std::vector<T> slope;

  template <class Loss>
  Answer(const Loss& loss, const Pair<T>& pair, T label = 1) : slope(pair.x.size()) {
    const auto width = static_cast<std::int64_t>(pair.x.size());
    Call<T> call;
    call.inputs[0] = {pair.x.data(), nullptr, {1, width, 1}};
    call.inputs[1] = {pair.y.data(), nullptr, {1, width, 1}};
    call.inputs[2] = {&label, nullptr, {1, 1, 1}};
    call.reduction = Reduction::none;
    call.value = &value;
    call.gradient[0] = slope.data();
    evaluate(loss, call);
  }
};

/// How far off, in the last place of the right answer.
template <class T>
double ulps(T got, const Quad& wanted) {
  const T nearest = std::fabs(narrow<T>(wanted));
  const T last = std::nextafter(nearest, std::numeric_limits<T>::infinity()) - nearest;
  return narrow<double>(abs(Quad(static_cast<double>(got)) - wanted) / Quad(static_cast<double>(last)));
}

template <class T>
class CosineRows : public testing::Test {
 public:
  static constexpr double most = PerDtype<double>{.f32 = .501, .f64 = .6}[dtype_of<T>];
};
using Dtypes = testing::Types<float, double>;
TYPED_TEST_SUITE(CosineRows, Dtypes);

TYPED_TEST(CosineRows, KeepTheirDigitsHoweverCloseTheyAre) {
  using T = TypeParam;
  for (const std::size_t width : {2u, 7u, 64u, 65u, 200u})
    for (int closeness = 0; closeness <= 54; ++closeness) {
      const Pair<T> pair(width, closeness, static_cast<unsigned>(closeness) * 1000u + 7);
      const Exactly exactly(pair);
      const Answer<T> distance(CosineDistance{}, pair), embedding(CosineEmbedding{.margin = .5}, pair, 1);
      const Answer<T> apart(CosineEmbedding{.margin = .5}, pair, -1);
      EXPECT_LE(ulps(distance.value, exactly.below_one), this->most) << width << ", 2^-" << closeness;
      EXPECT_EQ(embedding.value, distance.value);
      EXPECT_EQ(embedding.slope, distance.slope);
      const bool steep = exactly.below_one < Quad(.5);
      EXPECT_LE(ulps(apart.value, steep ? Quad(.5) - exactly.below_one : Quad(0)), this->most);
      for (std::size_t i = 0; i < width; ++i) {
        EXPECT_LE(ulps(distance.slope[i], -exactly.slope[i]), this->most)
            << width << ", 2^-" << closeness << ", " << i;
        EXPECT_EQ(apart.slope[i], steep ? -distance.slope[i] : T{0});
      }
    }
}

TYPED_TEST(CosineRows, OfOneDirectionAreExactlyAtIt) {
  using T = TypeParam;
  for (const std::size_t width : {3u, 64u, 65u})
    for (const T factor : {T{.5}, T{-4}}) {
      Pair<T> pair(width, 0, 9);
      for (std::size_t i = 0; i < width; ++i) pair.y[i] = factor * pair.x[i];
      const Answer<T> distance(CosineDistance{}, pair);
      EXPECT_EQ(distance.value, factor > 0 ? 0 : 2);
      EXPECT_EQ(distance.slope, std::vector<T>(width, 0));
    }
}

TYPED_TEST(CosineRows, AsLongAsTheyAreKeepTheirDigitsToo) {
  using T = TypeParam;
  for (const int closeness : {1, 17, 21, 24, 30}) {
    const Pair<T> pair(1000, closeness, 5);
    const Answer<T> distance(CosineDistance{}, pair);
    const Exactly exactly(pair);
    EXPECT_LE(ulps(distance.value, exactly.below_one), this->most) << "2^-" << closeness;
    for (std::size_t i = 0; i < pair.x.size(); ++i)
      EXPECT_LE(ulps(distance.slope[i], -exactly.slope[i]), this->most) << "2^-" << closeness << ", " << i;
  }
}

TYPED_TEST(CosineRows, AMarginNextToTheCosineLeavesWhatItsRoundingIs) {
  using T = TypeParam;
  unsigned flat = 0, steep = 0;
  for (const std::size_t width : {3u, 64u, 65u})
    for (unsigned seed = 0; seed < 40; ++seed) {
      const Pair<T> pair(width, 3, seed);
      const Exactly exactly(pair);
      const T margin = narrow<T>(Quad(1) - exactly.below_one);
      const Quad excess = (Quad(1) - Quad(static_cast<double>(margin))) - exactly.below_one;
      const Answer<T> answer(CosineEmbedding{.margin = static_cast<double>(margin)}, pair, -1);
      const Quad wanted = excess > Quad(0) ? excess : Quad(0);
      EXPECT_TRUE(abs(Quad(static_cast<double>(answer.value)) - wanted) <= Quad(0x1p-96) ||
                  ulps(answer.value, wanted) <= this->most)
          << width << ", " << seed;
      ++(excess > Quad(0) ? steep : flat);
      EXPECT_EQ(answer.slope[0] != 0, excess > Quad(0)) << width << ", " << seed;
    }
  EXPECT_GT(flat, 10u);
  EXPECT_GT(steep, 10u);
}

}  // namespace
}  // namespace assay
