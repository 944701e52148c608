// Values that nobody here made: worked examples of documentation, papers and bug reports, checked on the
// reference and on the kernels. Each says where it stands.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/answers.hpp"

namespace assay::tests {
namespace {

struct Worked {
  const char* source;
  const char* question;  ///< a case as the protocol carries it
  std::vector<double> value;
  std::vector<double> gradient;  ///< of the only input in wrt; empty: not given there
  double tolerance;              ///< half a unit of the last digit that is printed there
};

const Worked worked[] = {
    {"pytorch/pytorch#13773: BCEWithLogitsLoss with pos_weight",
     R"({"id":"","loss":"binary_cross_entropy_with_logits","dtype":"f64","reduction":"mean","inputs":{
        "logits":{"shape":[2],"data":[0,-120]},"target":{"shape":[2],"data":[0,1]}},"wrt":["logits"]})",
     {60.34657359},
     {.25, -.5},
     5e-9},
    {"pytorch/pytorch#102894: an infinite logit of the right sign",
     R"({"id":"","loss":"binary_cross_entropy_with_logits","dtype":"f64","reduction":"mean","inputs":{
        "logits":{"shape":[2],"data":["Infinity",1]},"target":{"shape":[2],"data":[1,0]}},"wrt":["logits"]})",
     {.65663084},
     {0, .3655293},
     5e-8},
    {"pytorch/pytorch#69339: class weights, label smoothing and ignore_index together",
     R"({"id":"","loss":"sparse_categorical_cross_entropy_with_logits","dtype":"f64","reduction":"mean",
        "parameters":{"label_smoothing":0.1},"inputs":{"logits":{"shape":[2,2],"data":[1,2,3,0.4]},
        "labels":{"shape":[2],"data":[-100,1]},"weight":{"shape":[2],"data":[0.2,0.3]}}})",
     {2.540450613768},
     {},
     5e-13},
    {"pytorch/pytorch#25571: class weights under none",
     R"({"id":"","loss":"sparse_categorical_cross_entropy_with_logits","dtype":"f64","reduction":"none",
        "inputs":{"logits":{"shape":[2,3],"data":[0.2,0.3,0.5,0.5,0.2,0.3]},"labels":{"shape":[2],"data":[2,1]},
        "weight":{"shape":[3],"data":[2,4,6]}}})",
     {5.63898636507, 4.95932424338},
     {},
     5e-12},
    {"pytorch/pytorch#25571: the weighted mean of the same",
     R"({"id":"","loss":"sparse_categorical_cross_entropy_with_logits","dtype":"f64","reduction":"mean",
        "inputs":{"logits":{"shape":[2,3],"data":[0.2,0.3,0.5,0.5,0.2,0.3]},"labels":{"shape":[2],"data":[2,1]},
        "weight":{"shape":[3],"data":[2,4,6]}}})",
     {1.05983106084},
     {},
     5e-12},
    {"paiml/aprender#2199: smoothing mass e/C, not e/(C-1)",
     R"({"id":"","loss":"sparse_categorical_cross_entropy_with_logits","dtype":"f64","reduction":"mean",
        "parameters":{"label_smoothing":0.1},"inputs":{"logits":{"shape":[1,5],"data":[2,1,0,-1,0.5]},
        "labels":{"shape":[1],"data":[0]}}})",
     {.7244379396278},
     {},
     5e-14},
    {"onnx/onnx#8453: the negative log-likelihood of [.25, .75]",
     R"({"id":"","loss":"categorical_cross_entropy","dtype":"f64","reduction":"mean",
        "inputs":{"probability":{"shape":[1,2],"data":[0.25,0.75]},"target":{"shape":[1,2],"data":[1,0]}}})",
     {1.3862943611199},
     {},
     5e-14},
    {"BobMcDear/attorch#13: Huber on both sides of delta",
     R"({"id":"","loss":"huber","dtype":"f64","reduction":"none","inputs":{
        "prediction":{"shape":[7],"data":[-3,-1.5,-0.5,0,0.5,1.5,3]},
        "target":{"shape":[7],"data":[0,0,0,0,0,0,0]}},"wrt":["prediction"]})",
     {2.5, 1, .125, 0, .125, 1, 2.5},
     {-1, -1, -.5, 0, .5, 1, 1},
     0},
    {"pytorch/pytorch#48595: Huber and smooth L1 differ by the factor delta",
     R"({"id":"","loss":"smooth_l1","dtype":"f64","reduction":"none","parameters":{"beta":0.5},
        "inputs":{"prediction":{"shape":[1],"data":[2]},"target":{"shape":[1],"data":[0]}}})",
     {1.75},
     {},
     0},
    {"JuliaAI/MLJBase.jl#437: log-cosh beyond cosh's overflow",
     R"({"id":"","loss":"log_cosh","dtype":"f64","reduction":"none","inputs":{
        "prediction":{"shape":[1],"data":[712]},"target":{"shape":[1],"data":[0]}}})",
     {711.30685281944005},
     {},
     1.2e-13},
    {"pytorch/pytorch#190058: Gaussian NLL of variance 4",
     R"({"id":"","loss":"gaussian_nll","dtype":"f64","reduction":"none","inputs":{
        "prediction":{"shape":[1],"data":[0]},"target":{"shape":[1],"data":[0]},
        "variance":{"shape":[1],"data":[4]}}})",
     {.693147},
     {},
     5e-7},
    {"tensorflow/probability#241: the entropy of [0, .5, .5] and of a certainty",
     R"({"id":"","loss":"entropy","dtype":"f64","reduction":"none","inputs":{
        "p":{"shape":[2,3],"data":[0,0.5,0.5,0,0,1]}}})",
     {.6931471805599453, 0},
     {},
     5e-17},
    {"pytorch/pytorch#89558: KL divergence where a target is 0",
     R"({"id":"","loss":"kl_divergence","dtype":"f64","reduction":"sum","inputs":{
        "target":{"shape":[1,2],"data":[1,0]},"probability":{"shape":[1,2],"data":[1,0.5]}},"wrt":["probability"]})",
     {0},
     {-1, 0},
     0},
    {"google-research/last#43: the log-sum-exp of 65536 zeros is 16 log 2; here of 16, which is 4 log 2",
     R"({"id":"","loss":"log_sum_exp","dtype":"f64","reduction":"none","inputs":{
        "x":{"shape":[1,16],"data":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}},"wrt":["x"]})",
     {11.090354888959125 / 4},
     {.0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625, .0625,
      .0625},
     5e-16},
    {"torch7-distro#48: the gradient of a distance of [3, 4] is [.6, .8]",
     R"({"id":"","loss":"triplet_margin","dtype":"f64","reduction":"sum","parameters":{"margin":10},"inputs":{
        "anchor":{"shape":[1,2],"data":[0,0]},"positive":{"shape":[1,2],"data":[3,4]},
        "negative":{"shape":[1,2],"data":[0,1]}},"wrt":["positive"]})",
     {14},
     {.6, .8},
     5e-17},
    {"van den Oord et al. 2018, section 2.3: as many equal candidates as rows cost log N",
     R"({"id":"","loss":"info_nce","dtype":"f64","reduction":"mean","inputs":{
        "query":{"shape":[1,2],"data":[1,0]},"positive":{"shape":[1,2],"data":[2,0]},
        "negative":{"shape":[3,2],"data":[3,0,4,0,5,0]}}})",
     {1.3862943611198906},
     {},
     5e-16},
    {"scikit-learn user guide, hinge loss: decisions [-2.18, 2.36, 0.09] for labels [-1, 1, 1] average 0.30",
     R"({"id":"","loss":"hinge","dtype":"f64","reduction":"mean","inputs":{
        "score":{"shape":[3],"data":[-2.18,2.36,0.09]},"target":{"shape":[3],"data":[-1,1,1]}}})",
     {.30},
     {},
     5e-3},
    {"scikit-learn user guide, log loss: probabilities of [0, 0, 1, 1] average 0.1738",
     R"({"id":"","loss":"binary_cross_entropy","dtype":"f64","reduction":"mean","inputs":{
        "probability":{"shape":[4],"data":[0.1,0.2,0.7,0.99]},"target":{"shape":[4],"data":[0,0,1,1]}}})",
     {.1738},
     {},
     5e-5},
    {"Keras documentation, MeanSquaredError: [[0,1],[0,0]] against [[1,1],[1,0]] is 0.5",
     R"({"id":"","loss":"mse","dtype":"f64","reduction":"mean","inputs":{
        "prediction":{"shape":[2,2],"data":[1,1,1,0]},"target":{"shape":[2,2],"data":[0,1,0,0]}}})",
     {.5},
     {},
     0},
    {"Keras documentation, Huber: [[0,1],[0,0]] against [[.6,.4],[.4,.6]] is 0.155",
     R"({"id":"","loss":"huber","dtype":"f64","reduction":"mean","inputs":{
        "prediction":{"shape":[2,2],"data":[0.6,0.4,0.4,0.6]},"target":{"shape":[2,2],"data":[0,1,0,0]}}})",
     {.155},
     {},
     5e-4},
    {"Keras documentation, CategoricalCrossentropy: [[0,1,0],[0,0,1]] against [[.05,.95,0],[.1,.8,.1]] is 1.177",
     R"({"id":"","loss":"categorical_cross_entropy","dtype":"f64","reduction":"mean","inputs":{
        "probability":{"shape":[2,3],"data":[0.05,0.95,0,0.1,0.8,0.1]},
        "target":{"shape":[2,3],"data":[0,1,0,0,0,1]}}})",
     {1.177},
     {},
     5e-4},
};

class WorkedValue : public ::testing::TestWithParam<Worked> {};

void expect(const Worked& w, const Case& c, const Answer& a, const char* who) {
  ASSERT_EQ(a.outcome, Answer::Outcome::answered) << a.reason;
  ASSERT_EQ(a.value.real.size(), w.value.size()) << who;
  for (std::size_t i = 0; i < w.value.size(); ++i)
    EXPECT_NEAR(a.value.real[i], w.value[i], w.tolerance * 1.01) << who << ": " << w.source;
  if (w.gradient.empty()) return;
  const Tensor& g = a.gradient.at(c.wrt.front());
  ASSERT_EQ(g.real.size(), w.gradient.size()) << who;
  for (std::size_t i = 0; i < w.gradient.size(); ++i)
    EXPECT_NEAR(g.real[i], w.gradient[i], w.tolerance * 1.01) << who << ": " << w.source;
}

TEST_P(WorkedValue, ComesBack) {
  const Worked& w = GetParam();
  const Case c = case_from_json(parse_json(w.question));
  ASSERT_EQ(why_invalid(c).value_or(""), "");
  expect(w, c, certified_answer(c), "reference");
  expect(w, c, kernel_answer(c), "kernel");
}

INSTANTIATE_TEST_SUITE_P(FromElsewhere, WorkedValue, ::testing::ValuesIn(worked),
                         [](const auto& each) { return "Number" + std::to_string(each.index); });

}  // namespace
}  // namespace assay::tests
