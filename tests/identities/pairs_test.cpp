// Identities between losses of two rows.
#include "tests/identities/identities.hpp"

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

TEST_P(Identities, CosinesDoNotSeeLengths) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    auto longer = x;
    const double by = *rc::gen::inRange(1, 100) * std::ldexp(1, *rc::gen::inRange(-300, 300));
    for (double& each : longer) each *= by;  // exact: ten bits by seven
    const double before = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(y)}}));
    const double after = value(make("cosine_distance", {{"x1", row(longer)}, {"x2", row(y)}}));
    RC_ASSERT(std::abs(before - after) <= 2 * u * before);
    const double alone = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(longer)}}));
    const bool zeros = std::all_of(x.begin(), x.end(), [](double each) { return each == 0; });
    RC_ASSERT(alone == (zeros ? 1 : 0));
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

}  // namespace
}  // namespace assay::tests
