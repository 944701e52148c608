// Worked values of embeddings.
#include "tests/claims/worked/worked.hpp"

namespace assay::tests {
namespace {

const Worked worked[] = {
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
    {"Keras documentation, CosineSimilarity: [[0,1],[1,1]] against [[1,0],[1,1]] is -0.5, a distance of 1 "
     "less",
     R"({"id":"","loss":"cosine_distance","dtype":"f64","reduction":"mean","inputs":{
        "x1":{"shape":[2,2],"data":[0,1,1,1]},
        "x2":{"shape":[2,2],"data":[1,0,1,1]}}})",
     {.5},
     {},
     0},
    {"by hand: cos of [3,4] and [4,3] is 24/25; by the first, ([4,3]/5 - 24/25 [3,4]/5)/5 = [28,-21]/625",
     R"({"id":"","loss":"cosine_embedding","dtype":"f64","reduction":"none","parameters":{"margin":0.5},"inputs":{
        "x1":{"shape":[2,2],"data":[3,4,3,4]},
        "x2":{"shape":[2,2],"data":[4,3,4,3]},
        "target":{"shape":[2],"data":[1,-1]}},"wrt":["x1"]})",
     {.04, .46},
     {-28. / 625, 21. / 625, 28. / 625, -21. / 625},
     6e-17},
    {"BVLC/caffe#2308: (margin - D)^2, not margin - D^2: D = 5, margin 7",
     R"({"id":"","loss":"contrastive","dtype":"f64","reduction":"none","parameters":{"margin":7},"inputs":{
        "x1":{"shape":[1,2],"data":[0,0]},
        "x2":{"shape":[1,2],"data":[3,4]},
        "target":{"shape":[1],"data":[1]}},"wrt":["x1"]})",
     {2},
     {2 * .6, 2 * .8},
     3e-16},
    {"Hadsell, Chopra and LeCun 2006, equation 4: similar points, D = 5",
     R"({"id":"","loss":"contrastive","dtype":"f64","reduction":"none","inputs":{
        "x1":{"shape":[1,2],"data":[0,0]},
        "x2":{"shape":[1,2],"data":[3,4]},
        "target":{"shape":[1],"data":[0]}},"wrt":["x1"]})",
     {12.5},
     {-3, -4},
     0},
    {"Chen et al. 2020, equation 1, by hand: two pairs on two axes, log(1 + 2 e^-2) at temperature 1/2",
     R"({"id":"","loss":"nt_xent","dtype":"f64","reduction":"none","inputs":{
        "z":{"shape":[4,2],"data":[1,0,0,1,2,0,0,3]}}})",
     {.2395447662218845, .2395447662218845, .2395447662218845, .2395447662218845},
     {},
     5e-17},
    {"PML, NTXentLoss: opposite pairs, equal strangers: 200 at temperature 1/100, beyond its cap of 87.3",
     R"({"id":"","loss":"nt_xent","dtype":"f64","reduction":"none","parameters":{"temperature":0.01},"inputs":{
        "z":{"shape":[4,2],"data":[1,0,-1,0,-1,0,1,0]}}})",
     {200, 200, 200, 200},
     {},
     5e-14},
    {"sentence-transformers#3189: two equal positives cost log 2",
     R"({"id":"","loss":"multiple_negatives_ranking","dtype":"f64","reduction":"mean","inputs":{
        "anchor":{"shape":[2,2],"data":[1,0,1,1]},
        "positive":{"shape":[2,2],"data":[1,2,1,2]}}})",
     {.6931471805599453},
     {},
     6e-17},
    {"Henderson et al. 2017, section 4.4, by hand: two pairs on two axes, log(1 + e^-20)",
     R"({"id":"","loss":"multiple_negatives_ranking","dtype":"f64","reduction":"mean","inputs":{
        "anchor":{"shape":[2,2],"data":[1,0,0,1]},
        "positive":{"shape":[2,2],"data":[3,0,0,2]}}})",
     {2.0611536203143808e-09},
     {},
     5e-25},
    {"Wang et al. 2018, equation 4, by hand: s = 4, m = 1/2 on two axes, log(1 + e^-2) and log(1 + e^6)",
     R"({"id":"","loss":"cosface","dtype":"f64","reduction":"none","parameters":{"scale":4,"margin":0.5},"inputs":{
        "embedding":{"shape":[2,2],"data":[2,0,2,0]},
        "weight":{"shape":[2,2],"data":[3,0,0,1]},
        "labels":{"shape":[2],"data":[0,1]}}})",
     {.12692801104297249, 6.0024756851377301},
     {},
     9e-16},
    {"Deng et al. 2019, equation 3, by hand: cos theta = 3/5, sin theta = 4/5, s = 1, m = 1/2; slopes "
     "p_2 ([-12,9]/125 - sin(theta + m)/sin theta [16,-12]/125)",
     R"({"id":"","loss":"arcface","dtype":"f64","reduction":"none","parameters":{"scale":1},"inputs":{
        "embedding":{"shape":[1,2],"data":[3,4]},
        "weight":{"shape":[2,2],"data":[1,0,0,1]},
        "labels":{"shape":[1],"data":[0]}},"wrt":["embedding"]})",
     {1.0746539286657312},
     {-.16751443788555276, .12563582841416457},
     3e-16},
    {"pytorch-metric-learning#537: theta = pi and m = 1/2, cos(pi + 1/2) = -.8775826; theta = 0, cos 1/2",
     R"({"id":"","loss":"arcface","dtype":"f64","reduction":"none","parameters":{"scale":1},"inputs":{
        "embedding":{"shape":[1,2],"data":[2,0]},
        "weight":{"shape":[2,2],"data":[-3,0,0,1]},
        "labels":{"shape":[1],"data":[0]}}})",
     {1.2252680067576234},
     {},
     3e-16},
    {"Deng et al. 2019, by hand: theta = 0 under s = 2, log(1 + e^{-2 cos(1/2)}); a right angle, rival "
     "equal, "
     "log(1 + e^{2 (1 + sin(1/2))})",
     R"({"id":"","loss":"arcface","dtype":"f64","reduction":"none","parameters":{"scale":2},"inputs":{
        "embedding":{"shape":[2,2],"data":[2,0,2,0]},
        "weight":{"shape":[2,2],"data":[3,0,0,1]},
        "labels":{"shape":[2],"data":[0,1]}}})",
     {.15946114876625254, 3.0094286785045479},
     {},
     5e-16},
    {"Khosla et al. 2020, equation 2, by hand: two pairs on two axes at temperature 1/2, log(1 + 2 e^-2)",
     R"({"id":"","loss":"supcon","dtype":"f64","reduction":"none","parameters":{"temperature":0.5},"inputs":{
        "z":{"shape":[4,2],"data":[1,0,2,0,0,1,0,3]},
        "labels":{"shape":[4],"data":[0,0,1,1]}}})",
     {.2395447662218845, .2395447662218845, .2395447662218845, .2395447662218845},
     {},
     5e-17},
    {"Khosla et al. 2020, L_out, by hand: one positive equal, one across, 1/2 + log(1 + 1/e); both across, "
     "log 2",
     R"({"id":"","loss":"supcon","dtype":"f64","reduction":"none","parameters":{"temperature":1},"inputs":{
        "z":{"shape":[3,2],"data":[1,0,2,0,0,1]},
        "labels":{"shape":[3],"data":[4,4,4]}}})",
     {.81326168751822283, .81326168751822283, .69314718055994531},
     {},
     2e-16},
    {"HobbitLong/SupContrast#142: labels 0, 1, 1, 3: what is alone with its label is 0 and not NaN",
     R"({"id":"","loss":"supcon","dtype":"f64","reduction":"none","parameters":{"temperature":1},"inputs":{
        "z":{"shape":[4,2],"data":[3,4,4,3,0,1,1,0]},
        "labels":{"shape":[4],"data":[0,1,1,3]}}})",
     {0, 1.2960228135594016, 1.0189247158518506, 0},
     {},
     3e-16},
    {"HobbitLong/SupContrast#141: their mean is over the two that have a positive",
     R"({"id":"","loss":"supcon","dtype":"f64","reduction":"mean","parameters":{"temperature":1},"inputs":{
        "z":{"shape":[4,2],"data":[3,4,4,3,0,1,1,0]},
        "labels":{"shape":[4],"data":[0,1,1,3]}}})",
     {(1.2960228135594016 + 1.0189247158518506) / 2},
     {},
     3e-16},
    {"Sun et al. 2020, equation 6, by hand: sp = 1 and sn = 0 under scale 8, softplus(-1), slopes "
     "-sigmoid(-1) 8/4",
     R"({"id":"","loss":"circle","dtype":"f64","reduction":"none","parameters":{"scale":8},"inputs":{
        "score_positive":{"shape":[1,1],"data":[1]},
        "score_negative":{"shape":[1,1],"data":[0]}},"wrt":["score_positive"]})",
     {.31326168751822286},
     {-2 * .26894142136999512},
     5e-16},
    {"Sun et al. 2020, section 3.3, by hand: at sp = 1 - m, sn = m both exponents are 0",
     R"({"id":"","loss":"circle","dtype":"f64","reduction":"none","inputs":{
        "score_positive":{"shape":[1,1],"data":[0.75]},
        "score_negative":{"shape":[1,1],"data":[0.25]}}})",
     {.6931471805599453},
     {},
     6e-17},
};

INSTANTIATE_TEST_SUITE_P(Metric, WorkedValue, ::testing::ValuesIn(worked), by_number);

}  // namespace
}  // namespace assay::tests
