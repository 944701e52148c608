// Identities of alignments.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

Case alignment(std::int64_t frames, std::vector<double> log_probability, std::vector<std::int64_t> letters) {
  const auto count = static_cast<std::int64_t>(letters.size());
  const auto classes = static_cast<std::int64_t>(log_probability.size()) / frames;
  return make("ctc", {{"log_probability", reals({frames, 1, classes}, std::move(log_probability))},
                      {"labels", labels({1, count}, std::move(letters))},
                      {"input_lengths", labels({1}, {frames})},
                      {"target_lengths", labels({1}, {count})}});
}

std::vector<double> logarithms(std::size_t count) {
  std::vector<double> out(count);
  for (double& x : out) x = *rc::gen::inRange(-512, 65) / 64.;
  return out;
}

// Every alignment passes each frame once.
TEST_P(Identities, ANumberAddedToAFrameIsTakenFromTheLossOfItsAlignments) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> l = logarithms(12);
    const double before = value(alignment(4, l, {1, 2}));
    double sum = 0;
    for (std::size_t t = 0; t < 4; ++t) {
      const double by = *rc::gen::inRange(-512, 513) / 64.;
      for (std::size_t c = 0; c < 3; ++c) l[3 * t + c] += by;
      sum += by;
    }
    Case c = alignment(4, l, {1, 2});
    c.wrt = {"log_probability"};
    const Answer after = answer(c);
    const double v = after.value.real[0];
    RC_ASSERT(std::abs(v + sum - before) <= 4 * u * (std::abs(v) + std::abs(sum) + std::abs(before) + 1));
    for (std::size_t t = 0; t < 4; ++t) {
      double slope = 0;
      for (std::size_t k = 0; k < 3; ++k) slope += after.gradient.at("log_probability").real[3 * t + k];
      RC_ASSERT(std::abs(slope + 1) <= 8 * u);
    }
  }));
}

TEST_P(Identities, AlignmentsOfOneFrameOrWithoutLabelsAreLikelihoods) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> l = logarithms(6);
    RC_ASSERT(
        value(alignment(1, {l[0], l[1], l[2]}, {2})) ==
        value(make("nll", {{"log_probability", row({l[0], l[1], l[2]})}, {"labels", labels({1}, {2})}})));
    RC_ASSERT(value(alignment(2, l, {})) == -(l[0] + l[3]));  // blanks; the sum is exact
    RC_ASSERT(value(alignment(2, l, {1, 1})) == infinity);    // a blank must stand between
    // Two frames of one label: it is read in the first, the second or both.
    const double v = value(alignment(2, l, {1}));
    const double ways = std::exp(l[1] + l[4]) + std::exp(l[0] + l[4]) + std::exp(l[1] + l[3]);
    RC_ASSERT(std::abs(v + std::log(ways)) <= 8 * u * (std::abs(v) + 1));
  }));
}

}  // namespace
}  // namespace assay::tests
