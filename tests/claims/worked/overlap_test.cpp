// Worked values of overlapping sets.
#include "tests/claims/worked/worked.hpp"

namespace assay::tests {
namespace {

const Worked worked[] = {
    {"keras-team/keras#19637: one Dice loss a sample, not one a batch",
     R"({"id":"","loss":"dice","dtype":"f64","reduction":"none","parameters":{"squared":false},"inputs":{
        "probability":{"shape":[2,4],"data":[0,1,0,1,0.4,0,0,0.9]},
        "target":{"shape":[2,4],"data":[1,1,0,0,1,1,0,0]}}})",
     {.5, .7575757576},
     {},
     5e-11},
    {"keras-team/keras#23322: alpha is the weight of false positives",
     R"({"id":"","loss":"tversky","dtype":"f64","reduction":"none","parameters":{"alpha":0.3,"beta":0.7,"smooth":1},"inputs":{
        "probability":{"shape":[1,6],"data":[1,1,1,1,1,1]},
        "target":{"shape":[1,6],"data":[0,1,0,1,1,1]}}})",
     {.10714285714},
     {},
     5e-12},
    {"keras-team/keras#23322: the value with alpha and beta swapped",
     R"({"id":"","loss":"tversky","dtype":"f64","reduction":"none","parameters":{"alpha":0.7,"beta":0.3,"smooth":1},"inputs":{
        "probability":{"shape":[1,6],"data":[1,1,1,1,1,1]},
        "target":{"shape":[1,6],"data":[0,1,0,1,1,1]}}})",
     {.21875},
     {},
     5e-11},
    {"V-Net, section 3: the slope of Dice is -2 (g (sum p^2 + sum g^2) - 2 p sum p g)/(sum p^2 + sum g^2)^2; "
     "here p = (1, 1), g = (1, 0)",
     R"({"id":"","loss":"dice","dtype":"f64","reduction":"none","inputs":{
        "probability":{"shape":[1,2],"data":[1,1]},
        "target":{"shape":[1,2],"data":[1,0]}},"wrt":["probability"]})",
     {1. / 3},
     {-2. / 9, 4. / 9},
     5e-17},
    {"scikit-learn documentation, jaccard_score: samples of 2/3 and 1/2 average 0.5833",
     R"({"id":"","loss":"jaccard","dtype":"f64","reduction":"mean","inputs":{
        "probability":{"shape":[2,3],"data":[1,1,1,1,0,0]},
        "target":{"shape":[2,3],"data":[0,1,1,1,1,0]}}})",
     {1 - .5833},
     {},
     5e-5},
};

INSTANTIATE_TEST_SUITE_P(Overlap, WorkedValue, ::testing::ValuesIn(worked), by_number);

}  // namespace
}  // namespace assay::tests
