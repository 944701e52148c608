// Identities between losses of two rows.
#include <algorithm>

#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, CosineEmbeddingOfAlikeRowsIsTheCosineDistance) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    const double distance = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(y)}}));
    const double alike =
        value(make("cosine_embedding", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(1)}}));
    Case unlike = make("cosine_embedding", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(-1)}});
    unlike.parameters["margin"] = -1.;
    RC_ASSERT(distance >= 0 && distance <= 2);
    RC_ASSERT(alike == distance);
    RC_ASSERT(std::abs(value(unlike) + distance - 2) <= 4 * u);
  }));
}

TEST_P(Identities, ParallelRowsAreNoDistanceApartAndOppositeOnesTwo) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features);
    auto longer = x;
    const double by = *rc::gen::inRange(1, 100) * std::ldexp(1, *rc::gen::inRange(-300, 300));
    for (double& each : longer) each *= by;  // exact: ten bits by seven
    const bool zeros = std::all_of(x.begin(), x.end(), [](double each) { return each == 0; });
    RC_ASSERT(value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(longer)}})) == (zeros ? 1 : 0));
    for (double& each : longer) each = -each;
    RC_ASSERT(value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(longer)}})) == (zeros ? 1 : 2));
  }));
}

// What does not see lengths has no slope along its row.
TEST_P(Identities, SlopesOfCosinesStandAcrossTheirRows) {
  EXPECT_TRUE(::rc::check([] {
    const auto x = embedding(4), y = embedding(4);
    Case c = make("cosine_distance", {{"x1", row(x)}, {"x2", row(y)}});
    c.wrt = {"x1", "x2"};
    const Answer slopes = answer(c);
    for (const auto& [name, of] : {std::pair{"x1", x}, std::pair{"x2", y}}) {
      double along = 0, size = 0;
      for (std::size_t d = 0; d < 4; ++d) {
        const double each = of[d] * slopes.gradient.at(name).real[d];
        along += each;
        size += std::abs(each);
      }
      RC_ASSERT(std::isnan(along) || std::abs(along) <= 8 * u * size);
    }
  }));
}

TEST_P(Identities, ContrastiveOfSimilarRowsIsHalfTheSquaredError) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    const double squares = value(make("mse", {{"prediction", row(x)}, {"target", row(y)}}));
    const double half = value(make("contrastive", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(0)}}));
    RC_ASSERT(half == squares / 2);
  }));
}

TEST_P(Identities, DissimilarRowsCostNothingExactlyFromTheMarginOn) {
  EXPECT_TRUE(::rc::check([] {
    // Sides of right triangles: 3, 4, 5 times a whole number.
    const double k = *rc::gen::inRange(0, 20), margin = *rc::gen::inRange(-20, 100);
    Case c = make("contrastive", {{"x1", row({3 * k, 1})}, {"x2", row({0, 1 - 4 * k})}, {"target", one(1)}});
    c.parameters["margin"] = margin;
    RC_ASSERT((value(c) == 0) == (5 * k >= margin));
    RC_ASSERT(value(c) == (5 * k >= margin ? 0 : (margin - 5 * k) * (margin - 5 * k) / 2));
  }));
}

TEST_P(Identities, TripletOfOneRowTwiceIsTheMarginAndSwappingNeverHelps) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto a = embedding(features), p = embedding(features), n = embedding(features);
    const double margin = *rc::gen::inRange(-64, 65) / 8.;
    const auto triplet = [&](const std::vector<double>& negative, std::int64_t degree, bool swap) {
      Case c =
          make("triplet_margin", {{"anchor", row(a)}, {"positive", row(p)}, {"negative", row(negative)}});
      c.parameters["margin"] = margin;
      c.parameters["p"] = degree;
      c.parameters["swap"] = swap;
      return value(c);
    };
    for (const std::int64_t degree : {1, 2}) {
      RC_ASSERT(triplet(p, degree, false) == std::max(0., margin));
      RC_ASSERT(triplet(n, degree, true) >= triplet(n, degree, false));
    }
    // Distances of degree 1 are exact here: it is 0 exactly where the margin is reached.
    double near = 0, far = 0;
    for (std::size_t d = 0; d < features; ++d) {
      near += std::abs(a[d] - p[d]);
      far += std::abs(a[d] - n[d]);
    }
    RC_ASSERT((triplet(n, 1, false) == 0) == (far >= near + margin));
  }));
}

}  // namespace
}  // namespace assay::tests
