// Worked values of activations, entropy and divergences.
#include "tests/claims/worked/worked.hpp"

namespace assay::tests {
namespace {

const Worked worked[] = {
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
    {"pytorch/pytorch#1835: the log-sigmoid of -300",
     R"({"id":"","loss":"log_sigmoid","dtype":"f64","reduction":"none",
        "inputs":{"x":{"shape":[1],"data":[-300]}},"wrt":["x"]})",
     {-300},
     {1},
     0},
    {"tracel-ai/burn#5373: softplus of 100",
     R"({"id":"","loss":"softplus","dtype":"f64","reduction":"none",
        "inputs":{"x":{"shape":[1],"data":[100]}},"wrt":["x"]})",
     {100},
     {1},
     5e-14},
    {"pytorch/pytorch#11752: the log-softmax of two equal scores of 1e8",
     R"({"id":"","loss":"log_softmax","dtype":"f64","reduction":"none","inputs":{
        "x":{"shape":[2],"data":[1e8,1e8]}}})",
     {-.6931471805599453, -.6931471805599453},
     {},
     5e-17},
    {"drostlab/philentropy#1: a zero in one of the distributions",
     R"({"id":"","loss":"js_divergence","dtype":"f64","reduction":"none","inputs":{
        "p":{"shape":[1,3],"data":[0.3,0.3,0.4]},
        "q":{"shape":[1,3],"data":[0.5,0.5,0]}}})",
     {.16389659003355966},
     {},
     5e-17},
    {"drostlab/philentropy#2: zeros in both, a quarter of log 2",
     R"({"id":"","loss":"js_divergence","dtype":"f64","reduction":"none","inputs":{
        "p":{"shape":[1,6],"data":[0,0.25,0.25,0,0.25,0.25]},
        "q":{"shape":[1,6],"data":[0,0,0.25,0.25,0.25,0.25]}}})",
     {.17328679513998633},
     {},
     5e-17},
    {"SciPy documentation, jensenshannon([1, 0], [.5, .5]) = 0.46450140402245893, the root of the divergence",
     R"({"id":"","loss":"js_divergence","dtype":"f64","reduction":"none","inputs":{
        "p":{"shape":[1,2],"data":[1,0]},
        "q":{"shape":[1,2],"data":[0.5,0.5]}}})",
     {.46450140402245893 * .46450140402245893},
     {},
     2e-16},
    {"SciPy documentation, jensenshannon([1, 0, 0], [0, 1, 0], 2) = 1: log 2 in nats",
     R"({"id":"","loss":"js_divergence","dtype":"f64","reduction":"none","inputs":{
        "p":{"shape":[1,3],"data":[1,0,0]},
        "q":{"shape":[1,3],"data":[0,1,0]}}})",
     {.6931471805599453},
     {},
     6e-17},
};

INSTANTIATE_TEST_SUITE_P(Divergence, WorkedValue, ::testing::ValuesIn(worked), by_number);

}  // namespace
}  // namespace assay::tests
