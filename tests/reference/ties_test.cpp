// Results that lie exactly between two machine numbers, or beside such a point by less than any enclosure
// shows.
#include <gtest/gtest.h>

#include "reference/engines/exact_engine.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/rounding.hpp"
#include "tests/claims/answers.hpp"

namespace assay::tests {
namespace {

std::string fraction_of(const Case& c, std::size_t root = 0) {
  const reference::RecordedGradients gradients(c);
  const auto fraction =
      reference::exact_fractions(gradients.recorded->graph, {{gradients.roots.nodes.at(root)}}).front();
  if (!fraction) return "none";
  return fraction->text + (fraction->beside == 0 ? "" : fraction->beside > 0 ? "+" : "-");
}

Case element(const char* loss, const char* input, std::vector<double> x, std::vector<double> t,
             Reduction reduction) {
  Case c;
  c.loss = loss;
  c.reduction = reduction;
  const auto n = static_cast<std::int64_t>(x.size());
  c.inputs[input] = reals({n}, std::move(x));
  c.inputs["target"] = reals({n}, std::move(t));
  return c;
}

TEST(Ties, OfAMeanOverThreeGoToEven) {
  // 3 (1 + 2^-53) / 3: the sum is exact, the mean is a midpoint.
  Case c = element("mae", "prediction", {1 + 0x1p-52, 1, 1 + 0x1p-52}, {0, 0, 0}, Reduction::mean);
  c.inputs["prediction"].real = {1 + 0x1p-52, 1, 1};
  c.inputs["target"].real = {0, -0x1p-53, 0};  // |x - t| adds the missing half
  EXPECT_EQ(fraction_of(c), "9007199254740993/9007199254740992");
  EXPECT_EQ(certified_answer(c).value.real[0], 1);
}

TEST(Ties, HiddenBehindLogarithmsAreSeen) {
  // d/dt of t softplus(-x) + (1-t) softplus(x) is -x.
  Case c = element("binary_cross_entropy_with_logits", "logits", {3 * 0x1p-60}, {.25}, Reduction::none);
  c.wrt = {"target"};
  c.inputs["cotangent"] = reals({1}, {1.5});
  EXPECT_EQ(fraction_of(c, 1), "-9/2305843009213693952");
  EXPECT_EQ(certified_answer(c).gradient.at("target").real[0], -4.5 * 0x1p-60);
}

TEST(Ties, OfEqualLogitsAreSeen) {
  Case c;
  c.loss = "softmax";
  c.reduction = Reduction::none;
  c.inputs["x"] = reals({1, 4}, {.3, .3, .3, .3});
  EXPECT_EQ(fraction_of(c), "1/4");
  c.loss = "log_sum_exp";
  c.inputs["x"] = reals({1, 1}, {.3});
  EXPECT_EQ(fraction_of(c), "5404319552844595/18014398509481984");  // the double that .3 is
}

TEST(Ties, BrokenByALogitFarAwayAreBroken) {
  // p - t = 1 - e^-1e6... - t, and 1 - t is a midpoint of f32: the truth lies below it.
  Case c;
  c.loss = "categorical_cross_entropy_with_logits";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.inputs["logits"] = reals({1, 2}, {0x1p100, 0});
  c.inputs["target"] = reals({1, 2}, {0x1.000002p-2, 1 - 0x1p-24});
  c.wrt = {"logits"};
  const reference::Truth t = reference::certify(c);
  EXPECT_EQ(t.undecided, "");
  EXPECT_NE(fraction_of(c, 1).find_first_of("+-", 1), std::string::npos) << fraction_of(c, 1);
}

TEST(Ties, BrokenInAProductOfALogarithmAreBroken) {
  // 3/4 p^2 log(1 + e^x) = 3/4 x (1 - 2 e^-x + ...): for this x its half lies between two numbers.
  Case c = element("binary_focal_with_logits", "logits", {0x1p60 + 256}, {0}, Reduction::none);
  c.parameters["alpha"] = .25;
  c.parameters["gamma"] = 2.;
  EXPECT_EQ(fraction_of(c), "864691128455135424-");
  EXPECT_EQ(certified_answer(c).value.real.at(0), 864691128455135360.);
}

TEST(Ties, BrokenByAPowerThatHugsOneAreBroken) {
  // 3/4 p^(1/8) log(1 + e^x), as above with another power of p.
  Case c = element("binary_focal_with_logits", "logits", {0x1p60 + 256}, {0}, Reduction::none);
  c.parameters["alpha"] = .25;
  c.parameters["gamma"] = .125;
  EXPECT_EQ(fraction_of(c), "864691128455135424-");
  c.parameters["gamma"] = .5;
  EXPECT_EQ(fraction_of(c), "864691128455135424-");
}

TEST(Ties, BrokenByTermsOfEitherSignAreBroken) {
  // (1-p)^2 (2^24 + 65 + log(1 + e^-2^24 (...) )): the logarithm adds more than the square takes.
  Case c;
  c.loss = "focal_with_logits";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.inputs["logits"] = reals({1, 3}, {0, -65, 0x1p24});
  c.inputs["labels"] = labels({1}, {1});
  c.parameters["gamma"] = 2.;
  EXPECT_EQ(fraction_of(c), "16777281+");
  EXPECT_EQ(certified_answer(c).value.real.at(0), 16777282.);
}

TEST(Ties, AreNotSeenWhereThereAreNone) {
  EXPECT_EQ(fraction_of(element("log_cosh", "prediction", {.5}, {0}, Reduction::none)), "none");
  EXPECT_EQ(fraction_of(element("log_cosh", "prediction", {0}, {0}, Reduction::none)), "0");
}

TEST(Ties, FractionsRoundOnceToEven) {
  using reference::round_fraction;
  EXPECT_EQ(round_fraction("1/3", 0, Dtype::f32), static_cast<double>(1.f / 3));
  EXPECT_EQ(round_fraction("-1/3", 0, Dtype::f64), -1. / 3);
  EXPECT_EQ(round_fraction("16777217", 0, Dtype::f32), 16777216);
  EXPECT_EQ(round_fraction("16777217", 1, Dtype::f32), 16777218);
  EXPECT_EQ(round_fraction("16777217", -1, Dtype::f32), 16777216);
  EXPECT_EQ(round_fraction("-16777217", -1, Dtype::f32), -16777218);
  EXPECT_EQ(round_fraction("-16777217", 1, Dtype::f32), -16777216);
  EXPECT_EQ(round_fraction("16777219", 0, Dtype::f32), 16777220);
  EXPECT_EQ(round_fraction("0", 1, Dtype::f64), 0);
}

}  // namespace
}  // namespace assay::tests
