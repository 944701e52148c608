// Worked values of scores and margins.
#include "tests/claims/worked/worked.hpp"

namespace assay::tests {
namespace {

const Worked worked[] = {
    {"scikit-learn user guide, hinge loss: decisions [-2.18, 2.36, 0.09] for labels [-1, 1, 1] average 0.30",
     R"({"id":"","loss":"hinge","dtype":"f64","reduction":"mean","inputs":{
        "score":{"shape":[3],"data":[-2.18,2.36,0.09]},"target":{"shape":[3],"data":[-1,1,1]}}})",
     {.30},
     {},
     5e-3},
    {"pytorch/pytorch#77529: soft margin of a score of -100",
     R"({"id":"","loss":"soft_margin","dtype":"f64","reduction":"none",
        "inputs":{"score":{"shape":[1],"data":[-100]},"target":{"shape":[1],"data":[1]}},"wrt":["score"]})",
     {100},
     {-1},
     5e-14},
    {"Keras documentation, SquaredHinge: [[0,1],[0,0]], which count as -1 and 1, against [[.6,.4],[.4,.6]] "
     "is 1.86",
     R"({"id":"","loss":"squared_hinge","dtype":"f64","reduction":"mean",
        "inputs":{"score":{"shape":[4],"data":[0.6,0.4,0.4,0.6]},
        "target":{"shape":[4],"data":[-1,1,-1,-1]}}})",
     {1.86},
     {},
     5e-3},
    {"Paddle documentation, hinge_embedding_loss: [[1,-2,3],[0,-1,2],[1,0,1]] against "
     "[[-1,1,-1],[1,1,1],[1,-1,1]]",
     R"({"id":"","loss":"hinge_embedding","dtype":"f64","reduction":"none",
        "inputs":{"distance":{"shape":[9],"data":[1,-2,3,0,-1,2,1,0,1]},
        "target":{"shape":[9],"data":[-1,1,-1,1,1,1,1,-1,1]}}})",
     {0, -2, 0, 0, -1, 2, 1, 1, 1},
     {},
     0},
    {"Paddle documentation, margin_ranking_loss: [[1,2],[3,4]] and [[2,1],[2,4]] against [[1,-1],[-1,-1]] is "
     "0.75",
     R"({"id":"","loss":"margin_ranking","dtype":"f64","reduction":"mean",
        "inputs":{"x1":{"shape":[4],"data":[1,2,3,4]},
        "x2":{"shape":[4],"data":[2,1,2,4]},
        "target":{"shape":[4],"data":[1,-1,-1,-1]}}})",
     {.75},
     {},
     0},
    {"PyTorch documentation, MultiMarginLoss: [.1,.2,.4,.8] of class 3 costs (.3 + .4 + .6) / 4",
     R"({"id":"","loss":"multi_margin","dtype":"f64","reduction":"mean","inputs":{
        "score":{"shape":[1,4],"data":[0.1,0.2,0.4,0.8]},"labels":{"shape":[1],"data":[3]}},"wrt":["score"]})",
     {.325},
     {.25, .25, .25, -.75},
     5e-16},
    {"PyTorch documentation, MultiLabelMarginLoss: classes 3 and 0 of [.1,.2,.4,.8], what follows -1 not "
     "read: 0.85",
     R"({"id":"","loss":"multilabel_margin","dtype":"f64","reduction":"mean","inputs":{
        "score":{"shape":[1,4],"data":[0.1,0.2,0.4,0.8]},"labels":{"shape":[1,4],"data":[3,0,-1,1]}}})",
     {.85},
     {},
     5e-16},
    {"TensorFlow documentation, CategoricalHinge, first row: class 1 of [.6,.4] costs 1.2",
     R"({"id":"","loss":"categorical_hinge","dtype":"f64","reduction":"none","inputs":{
        "score":{"shape":[1,2],"data":[0.6,0.4]},"target":{"shape":[1,2],"data":[0,1]}},"wrt":["score"]})",
     {1.2},
     {1, -1},
     5e-16},
    {"by hand: log(1 + 1/e) for two classes, each a distance of 1 on the right side",
     R"({"id":"","loss":"multilabel_soft_margin","dtype":"f64","reduction":"mean","inputs":{
        "logits":{"shape":[1,2],"data":[1,-1]},"target":{"shape":[1,2],"data":[1,0]}}})",
     {.3132616875182228},
     {},
     5e-17},
};

INSTANTIATE_TEST_SUITE_P(Margin, WorkedValue, ::testing::ValuesIn(worked), by_number);

}  // namespace
}  // namespace assay::tests
