// What a case comes to under the conventions of frameworks: against numbers that mpmath gives for the
// framework's own lines, with its gradient as a difference quotient at 60 digits.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "tests/claims/answers.hpp"

namespace assay::tests {
namespace {

using Inputs = std::map<std::string, Tensor>;

/// One convention, one row or number: the value, and the gradient by the first input where it differs from
/// the truth's.
struct Expected {
  const char *loss, *convention;
  Inputs inputs;
  const char* wrt;
  double value;
  std::vector<double> gradient{};
  std::map<std::string, ParameterValue> parameters{};
};

Inputs pair(const char* first, std::vector<double> x, const char* second, std::vector<double> t) {
  const auto n = static_cast<std::int64_t>(x.size()), m = static_cast<std::int64_t>(t.size());
  return {{first, reals({n}, std::move(x))}, {second, reals({m}, std::move(t))}};
}
Inputs labelled(const char* first, std::vector<double> row, std::int64_t label) {
  const auto n = static_cast<std::int64_t>(row.size());
  return {{first, reals({1, n}, std::move(row))}, {"labels", labels({1}, {label})}};
}
Inputs rows(std::vector<std::pair<const char*, std::vector<double>>> all) {
  Inputs out;
  for (auto& [name, row] : all) {
    const auto n = static_cast<std::int64_t>(row.size());
    out[name] = reals({1, n}, std::move(row));
  }
  return out;
}
Inputs contrasted(std::vector<double> a, std::vector<double> b, double dissimilar) {
  Inputs out = rows({{"x1", std::move(a)}, {"x2", std::move(b)}});
  out["target"] = reals({1}, {dissimilar});
  return out;
}
Inputs frames(std::vector<double> frame, std::int64_t label) {
  const auto n = static_cast<std::int64_t>(frame.size());
  return {{"log_probability", reals({1, 1, n}, std::move(frame))},
          {"labels", labels({1, 1}, {label})},
          {"input_lengths", labels({1}, {1})},
          {"target_lengths", labels({1}, {1})}};
}

std::vector<Expected> all() {
  const auto similar = [](double scale) { return rows({{"x1", {3 * scale, 4 * scale}}, {"x2", {4, 3}}}); };
  const Inputs alike = rows({{"anchor", {1, 2}}, {"positive", {1, 2}}, {"negative", {1.5, 2.5}}});
  return {
      {"mse", "halved", pair("prediction", {1.5}, "target", {.25}), "prediction", .78125, {1.25}},
      {"mape",
       "target-floored-2^-52",
       pair("prediction", {1e-18}, "target", {1e-20}),
       "prediction",
       .44585636310967914,
       {4.503599627370496e17}},
      {"tweedie_deviance",
       "halved",
       pair("prediction", {2.25}, "target", {4}),
       "prediction",
       1. / 3,
       {-14. / 27}},
      {"poisson_nll",
       "rate-plus-1e-7",
       pair("prediction", {1e-6}, "target", {3}),
       "prediction",
       41.160602134479848,
       {-2727271.7272727274},
       {{"log_input", false}}},
      {"binary_cross_entropy", "probabilities-clipped-epsilon", pair("probability", {0}, "target", {.75}),
       "probability", 27.032740041837867},
      {"binary_cross_entropy",
       "logarithms-of-p-plus-1e-7",
       pair("probability", {1e-6}, "target", {.75}),
       "probability",
       10.290150508620063,
       {-681817.93181795685}},
      {"binary_cross_entropy",
       "logarithms-of-p-plus-1e-10",
       pair("probability", {1e-6}, "target", {.75}),
       "probability",
       10.361558172198081,
       {-749924.75749900013}},
      {"binary_focal_with_logits",
       "probabilities-clipped-1e-7",
       pair("logits", {20}, "target", {.25}),
       "logits",
       4.2498884989658098,
       {1.1679564067373291e-8}},
      {"focal_with_logits",
       "probabilities-clipped-1e-7",
       labelled("logits", {-20, 1}, 0),
       "logits",
       16.118092427339351,
       {0, 0}},
      {"sparse_categorical_cross_entropy",
       "clipped-1e-7-then-normalized",
       labelled("probability", {.5, 1, 0}, 0),
       "probability",
       1.0986122886681097,
       {-4. / 3, 0, 0}},
      {"sparse_categorical_cross_entropy",
       "clipped-1e-7-normalized-clipped-1e-7",
       labelled("probability", {1, 0, 0}, 0),
       "probability",
       2.0000000000000065e-7,
       {0, 0, 0}},
      {"sparse_categorical_cross_entropy", "probabilities-clipped-epsilon",
       labelled("probability", {0, 1}, 0), "probability", 36.043653389117156},
      {"sparse_categorical_cross_entropy", "probability-floored-sqrt-tiny",
       labelled("probability", {0, 1}, 0), "probability", 354.19820926613205},
      {"kl_divergence",
       "logarithms-of-clipped-1e-7",
       rows({{"target", {.25, .75}}, {"probability", {1e-9, .5}}}),
       "target",
       3.9870491535407306,
       {15.731801289838429, 1.4054651081081644}},
      {"cosine_distance",
       "negated-cosine",
       similar(1e-9),
       "x1",
       -.048,
       {-8000000.0000000004, -6000000.0000000003}},
      {"cosine_distance",
       "negated-cosine-squares-floored-1e-7",
       similar(1e-5),
       "x1",
       -.15178932768808222,
       {-2529.8221281347035, -1897.3665961010276}},
      {"cosine_distance", "cosine", similar(1e-10), "x1", .24, {399999999.99999999, 299999999.99999999}},
      {"cosine_distance", "rows-of-length-one", similar(.1), "x1", -1.4, {-4, -3}},
      {"triplet_margin",
       "differences-plus-1e-6",
       alike,
       "anchor",
       .29289604724057722,
       {1.414213562373095, 1.414213562373095}},
      {"triplet_margin",
       "sums-plus-1e-6",
       alike,
       "anchor",
       .29389251170702484,
       {.707106074080827, .707106074080827}},
      {"contrastive",
       "differences-plus-1e-6",
       contrasted({1, 2}, {1, 2}, 1),
       "x1",
       .49999858578743763,
       {-.70710578118654752, -.70710578118654752}},
      {"dice",
       "denominator-plus-1e-5",
       rows({{"probability", {.5, .25}}, {"target", {1, 0}}}),
       "probability",
       .23810104303967208,
       {-.94330789330342022, .29024501030861781}},
      {"sparse_categorical_cross_entropy_with_logits", "probability-floored-1e-10",
       labelled("logits", {-40, 1}, 0), "logits", 23.025850929940457},
      {"categorical_cross_entropy_with_logits",
       "targets-sum-to-one",
       rows({{"logits", {1, 2}}, {"target", {.5, .75}}}),
       "logits",
       .31326168751822283,
       {-.23105857863000488, -.018941421369995121}},
      {"ctc",
       "logits-normalized-first",
       frames({1, 2}, 1),
       "log_probability",
       .31326168751822283,
       {.26894142136999512, -.26894142136999512}},
  };
}

TEST(Conventions, ComeToWhatTheFrameworksLinesGive) {
  for (const Expected& each : all()) {
    Case c;
    c.loss = each.loss;
    c.inputs = each.inputs;
    c.wrt = {each.wrt};
    for (const auto& [name, value] : each.parameters) c.parameters[name] = value;
    c.reduction = Reduction::sum;
    const std::string where = std::string(each.loss) + ", " + each.convention;
    bool found = false;
    for (const auto& [name, truth] : reference::conventions(c, reference::certify(c))) {
      if (name != each.convention) continue;
      found = true;
      const auto near = [](double x) { return 4e-15 * std::fabs(x) + 1e-22; };
      EXPECT_NEAR(truth.value.components.at(0).rounded, each.value, near(each.value)) << where;
      if (each.gradient.empty()) continue;
      const auto gradient = truth.gradient.find(each.wrt);
      ASSERT_NE(gradient, truth.gradient.end()) << where;
      ASSERT_EQ(gradient->second.components.size(), each.gradient.size()) << where;
      for (std::size_t i = 0; i < each.gradient.size(); ++i)
        EXPECT_NEAR(gradient->second.components[i].rounded, each.gradient[i], near(each.gradient[i]))
            << where;
    }
    EXPECT_TRUE(found) << where << " changes nothing here";
  }
}

/// One that a value alone follows leaves the gradient as it is.
TEST(Conventions, OfTheValueAloneLeaveTheGradient) {
  Case c;
  c.loss = "sparse_categorical_cross_entropy_with_logits";
  c.inputs = labelled("logits", {-40, 1}, 0);
  c.wrt = {"logits"};
  const auto got = reference::conventions(c, reference::certify(c));
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got[0].truth.gradient.empty());
}

}  // namespace
}  // namespace assay::tests
