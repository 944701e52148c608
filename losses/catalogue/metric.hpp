// Losses of embeddings: rows of D features, compared by distance or cosine.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// 1 - cos(x1, x2); the cosine with a row of zeros is 0
struct CosineDistance {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// 1 - cos(x1, x2) for target 1, max(0, cos(x1, x2) - margin) for -1; the cosine with a row of zeros is 0
struct CosineEmbedding {
  double margin = 0;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// (1-Y) D^2/2 + Y max(0, margin-D)^2/2, D the Euclidean distance, Y the target: 0 similar, 1 dissimilar
struct Contrastive {
  double margin = 1;  ///< finite, in the unit of D
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// max(0, d(a,p) - d(a,n) + margin), d the p-norm of the difference; swap takes min(d(a,n), d(p,n)) for
/// d(a,n), squared takes d^2 for d
struct TripletMargin {
  double margin = 1;     ///< finite, in the unit of d
  std::int64_t p = 2;    ///< norm degree, 1 or 2
  bool squared = false;  ///< squared distances
  bool swap = false;     ///< distance swap
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -log of the positive's share of e^{s/temperature} among itself and the negatives, which all rows share;
/// s is the cosine, or the dot product without `normalize`
struct InfoNce {
  double temperature = .1;  ///< > 0
  bool normalize = true;    ///< cosines instead of dot products
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// Cross-entropy of scale * cos(anchor_i, positive_j) at j = i: the positives of the other rows are negatives
struct MultipleNegativesRanking {
  double scale = 20;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// Cross-entropy of scale * cos theta_c, theta_c the angle between embedding and weight_c, the label's
/// widened by the margin: scale * cos(theta_y + margin)
struct ArcFace {
  double scale = 64;   ///< > 0
  double margin = .5;  ///< finite, in radians
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// Cross-entropy of scale * cos(embedding, weight_c), the label's less scale * margin
struct CosFace {
  double scale = 64;    ///< > 0
  double margin = .35;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// Rows i and i+N are a pair: -log of the pair's share of e^{cos/temperature} among all other rows
struct NtXent {
  double temperature = .5;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// log(1 + sum_j e^{scale an_j (sn_j - margin)} sum_i e^{-scale ap_i (sp_i - 1 + margin)}) with
/// ap = max(0, 1+margin-sp) and an = max(0, sn+margin), both constants for the gradient
struct Circle {
  double scale = 256;   ///< > 0
  double margin = .25;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// The mean, over the other rows of a row's label, of -log of their share of e^{cos/temperature} among all
/// other rows; a row alone with its label is 0 and does not count
struct SupCon {
  double temperature = .1;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace metric {
inline constexpr Input first{.name = "x1", .axes = ".D", .domain = domain::finite, .about = "embedding"};
inline constexpr Input second{.name = "x2", .axes = ".D", .domain = domain::finite, .about = "embedding"};
inline constexpr std::array pair{first, second};
inline constexpr std::array signed_pair{
    first, second,
    Input{.name = "target", .axes = ".", .domain = domain::sign, .about = "1 for alike rows, -1 for others"}};
inline constexpr std::array labelled_pair{
    Input{.name = "x1",
          .axes = ".D",
          .domain = domain::finite,
          .origin = Origin::partner,
          .partner = "x2",
          .about = "embedding"},
    Input{.name = "x2",
          .axes = ".D",
          .domain = domain::finite,
          .origin = Origin::counted,
          .about = "embedding"},
    Input{.name = "target",
          .axes = ".",
          .domain = {.kind = domain::points, .low = 0, .high = 1, .text = "0 or 1"},
          .about = "0 for similar rows, 1 for dissimilar ones"}};
inline constexpr std::array triplet{Input{.name = "anchor",
                                          .axes = ".D",
                                          .domain = domain::finite,
                                          .origin = Origin::counted,
                                          .about = "embedding"},
                                    Input{.name = "positive",
                                          .axes = ".D",
                                          .domain = domain::finite,
                                          .origin = Origin::partner,
                                          .partner = "anchor",
                                          .about = "embedding of the anchor's class"},
                                    Input{.name = "negative",
                                          .axes = ".D",
                                          .domain = domain::finite,
                                          .origin = Origin::partner,
                                          .partner = "anchor",
                                          .about = "embedding of another class"}};
inline constexpr std::array shared_negatives{
    Input{.name = "query", .axes = "ND", .domain = domain::finite, .about = "embedding"},
    Input{.name = "positive",
          .axes = "ND",
          .domain = domain::finite,
          .about = "embedding that matches the query's"},
    Input{.name = "negative",
          .axes = "MD",
          .domain = domain::finite,
          .about = "embeddings that match no query's"}};
inline constexpr std::array anchors_and_positives{
    Input{.name = "anchor", .axes = "ND", .domain = domain::finite, .about = "embedding"},
    Input{.name = "positive",
          .axes = "ND",
          .domain = domain::finite,
          .about = "embedding that matches the anchor's"}};
inline constexpr std::array classes{
    Input{.name = "embedding", .axes = "ND", .domain = domain::finite, .about = "embedding"},
    Input{.name = "weight", .axes = "CD", .domain = domain::finite, .about = "one direction a class"},
    Input{.name = "labels", .axes = "N", .domain = domain::label, .about = "true class", .integer = true}};
inline constexpr std::array pairs_of_rows{
    Input{.name = "z",
          .axes = "ND",
          .domain = domain::finite,
          .about = "embeddings, the second half paired with the first"}};
inline constexpr std::array labelled_rows{
    Input{.name = "z", .axes = "ND", .domain = domain::finite, .about = "embeddings"},
    Input{.name = "labels",
          .axes = "N",
          .domain = domain::any_label,
          .about = "rows of one label are each other's positives",
          .integer = true}};
inline constexpr std::array two_halves{
    AxisRule{.axis = 'N', .multiple = 2, .text = "even: rows i and i+N/2 are a pair"}};
inline constexpr std::array similarities{Input{.name = "score_positive",
                                               .axes = "NP",
                                               .domain = domain::finite,
                                               .about = "similarities within the class"},
                                         Input{.name = "score_negative",
                                               .axes = "NQ",
                                               .domain = domain::finite,
                                               .about = "similarities to other classes"}};
inline constexpr std::array ranking_promises{
    Promise{Property::nonnegative}, Promise{Property::scale_invariant, "anchor"},
    Promise{Property::scale_invariant, "positive"}, Promise{Property::rotation_invariant},
    Promise{Property::permutation_invariant}};
inline constexpr std::array class_promises{
    Promise{Property::nonnegative}, Promise{Property::scale_invariant, "embedding"},
    Promise{Property::scale_invariant, "weight"}, Promise{Property::rotation_invariant},
    Promise{Property::permutation_invariant}};
inline constexpr std::array pair_promises{
    Promise{Property::nonnegative}, Promise{Property::scale_invariant, "z"},
    Promise{Property::rotation_invariant}, Promise{Property::permutation_invariant}};
inline constexpr std::array circle_promises{Promise{Property::nonnegative},
                                            Promise{Property::permutation_invariant}};
inline constexpr std::array cosine_promises{Promise{Property::nonnegative},
                                            Promise{Property::at_most, "", 2},
                                            Promise{Property::symmetric},
                                            Promise{Property::scale_invariant, "x1"},
                                            Promise{Property::scale_invariant, "x2"},
                                            Promise{Property::rotation_invariant},
                                            Promise{Property::permutation_invariant}};
inline constexpr std::array cosine_embedding_promises{
    Promise{Property::nonnegative},           Promise{Property::symmetric},
    Promise{Property::scale_invariant, "x1"}, Promise{Property::scale_invariant, "x2"},
    Promise{Property::rotation_invariant},    Promise{Property::permutation_invariant}};
inline constexpr std::array contrastive_promises{Promise{Property::nonnegative},
                                                 Promise{Property::symmetric},
                                                 Promise{Property::homogeneous, "x1,x2,margin", 2},
                                                 Promise{Property::translation_invariant, "x1,x2"},
                                                 Promise{Property::rotation_invariant},
                                                 Promise{Property::permutation_invariant}};
inline constexpr std::array squares_with_epsilon{
    Convention{.name = "squares-plus-1e-12",
               .about = "1e-12 is added to each sum of squares under the root of the cosine",
               .used_by = "torch",
               .link = "https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/Loss.cpp"}};
inline constexpr std::array angular_margins{
    Convention{.name = "margin-in-degrees",
               .about = "the margin is an angle in degrees",
               .used_by = "pytorch-metric-learning",
               .link = "https://github.com/KevinMusgrave/pytorch-metric-learning/blob/master/src/"
                       "pytorch_metric_learning/losses/arcface_loss.py"},
    Convention{.name = "linear-beyond-pi-minus-margin",
               .about = "cos theta - margin sin(margin) where theta + margin exceeds pi",
               .used_by = "insightface, voxceleb_trainer",
               .link = "https://github.com/deepinsight/insightface/blob/master/recognition/arcface_torch/"
                       "losses.py"},
    Convention{.name = "easy-margin",
               .about = "no margin where cos theta is not above 0",
               .used_by = "insightface, voxceleb_trainer",
               .link = "https://github.com/clovaai/voxceleb_trainer/blob/master/loss/aamsoftmax.py"}};
inline constexpr std::array lone_rows{
    Convention{.name = "lone-rows-counted",
               .about = "the mean counts rows alone with their label, as 0",
               .used_by = "SupContrast",
               .link = "https://github.com/HobbitLong/SupContrast/blob/master/losses.py"}};
inline constexpr std::array distances{While{"squared", 0, 0}};
inline constexpr std::array euclidean{While{"p", 2, 2}};
inline constexpr std::array triplet_promises{
    Promise{Property::nonnegative},
    Promise{.property = Property::homogeneous,
            .subject = "anchor,positive,negative,margin",
            .constant = 1,
            .where = distances},
    Promise{Property::translation_invariant, "anchor,positive,negative"},
    Promise{.property = Property::rotation_invariant, .where = euclidean},
    Promise{Property::permutation_invariant}};
inline constexpr std::array cosines{While{"normalize", 1, 1}};
inline constexpr std::array info_nce_promises{
    Promise{Property::nonnegative},
    Promise{.property = Property::scale_invariant, .subject = "query", .where = cosines},
    Promise{.property = Property::scale_invariant, .subject = "positive", .where = cosines},
    Promise{.property = Property::scale_invariant, .subject = "negative", .where = cosines},
    Promise{Property::rotation_invariant},
    Promise{Property::permutation_invariant}};
}  // namespace metric

template <>
inline constexpr std::array parameters<CosineEmbedding>{
    Parameter<CosineEmbedding>{"margin", &CosineEmbedding::margin, domain::finite}};
template <>
inline constexpr std::array parameters<Contrastive>{
    Parameter<Contrastive>{"margin", &Contrastive::margin, domain::finite}};
template <>
inline constexpr std::array parameters<MultipleNegativesRanking>{
    Parameter<MultipleNegativesRanking>{"scale", &MultipleNegativesRanking::scale, domain::positive}};
template <>
inline constexpr std::array parameters<ArcFace>{
    Parameter<ArcFace>{"scale", &ArcFace::scale, domain::positive},
    Parameter<ArcFace>{"margin", &ArcFace::margin, domain::finite}};
template <>
inline constexpr std::array parameters<CosFace>{
    Parameter<CosFace>{"scale", &CosFace::scale, domain::positive},
    Parameter<CosFace>{"margin", &CosFace::margin, domain::finite}};
template <>
inline constexpr std::array parameters<NtXent>{
    Parameter<NtXent>{"temperature", &NtXent::temperature, domain::positive}};
template <>
inline constexpr std::array parameters<Circle>{Parameter<Circle>{"scale", &Circle::scale, domain::positive},
                                               Parameter<Circle>{"margin", &Circle::margin, domain::finite}};
template <>
inline constexpr std::array parameters<SupCon>{
    Parameter<SupCon>{"temperature", &SupCon::temperature, domain::positive}};
template <>
inline constexpr std::array parameters<TripletMargin>{
    Parameter<TripletMargin>{"margin", &TripletMargin::margin, domain::finite},
    Parameter<TripletMargin>{"p", &TripletMargin::p, domain::one_or_two},
    Parameter<TripletMargin>{"squared", &TripletMargin::squared},
    Parameter<TripletMargin>{"swap", &TripletMargin::swap}};
template <>
inline constexpr std::array parameters<InfoNce>{
    Parameter<InfoNce>{"temperature", &InfoNce::temperature, domain::positive},
    Parameter<InfoNce>{"normalize", &InfoNce::normalize}};

template <>
inline constexpr Facts facts<CosineDistance>{
    .name = "cosine_distance",
    .type = "CosineDistance",
    .title = "cosine distance",
    .formula = "1 - cos(x1,x2)",
    .kind = Kind::row_wise,
    .inputs = metric::pair,
    .output = ".",
    .scale = "1",
    .promises = metric::cosine_promises,
    .conventions = {},
    .source = {"Salton, Wong and Yang, A vector space model for automatic indexing", 1975,
               "https://doi.org/10.1145/361219.361220"}};

template <>
inline constexpr Facts facts<CosineEmbedding>{
    .name = "cosine_embedding",
    .type = "CosineEmbedding",
    .title = "cosine embedding loss",
    .formula = "1-cos, or max(0, cos-margin)",
    .kind = Kind::row_wise,
    .inputs = metric::signed_pair,
    .output = ".",
    .scale = "1",
    .promises = metric::cosine_embedding_promises,
    .conventions = metric::squares_with_epsilon,
    .source = {"PyTorch documentation, CosineEmbeddingLoss; Collobert, Kavukcuoglu and Farabet, Torch7", 2011,
               "https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html"}};

template <>
inline constexpr Facts facts<Contrastive>{
    .name = "contrastive",
    .type = "Contrastive",
    .title = "contrastive loss",
    .formula = "(1-Y) D^2/2 + Y max(0, margin-D)^2/2",
    .kind = Kind::row_wise,
    .inputs = metric::labelled_pair,
    .output = ".",
    .scale = "(1-Y) D^2/2 + Y max(D, abs(margin))^2/2",
    .promises = metric::contrastive_promises,
    .conventions = {},
    .source = {
        "Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, equation 4",
        2006, "https://doi.org/10.1109/CVPR.2006.100"}};

template <>
inline constexpr Facts facts<TripletMargin>{
    .name = "triplet_margin",
    .type = "TripletMargin",
    .title = "triplet margin loss",
    .formula = "max(0, d(a,p)-d(a,n)+margin)",
    .kind = Kind::row_wise,
    .inputs = metric::triplet,
    .output = ".",
    .scale = "max(d(a,p), d(a,n), abs(margin))",
    .promises = metric::triplet_promises,
    .conventions = {},
    .source = {"Schroff, Kalenichenko and Philbin, FaceNet, equation 3; swap: Balntas et al., BMVC 2016",
               2015, "https://arxiv.org/abs/1503.03832"}};

template <>
inline constexpr Facts facts<InfoNce>{.name = "info_nce",
                                      .type = "InfoNce",
                                      .title = "InfoNCE",
                                      .formula = "-log of the positive's share of e^{s/temperature}",
                                      .kind = Kind::row_wise,
                                      .inputs = metric::shared_negatives,
                                      .output = "N",
                                      .scale = "1/temperature",
                                      .promises = metric::info_nce_promises,
                                      .conventions = {},
                                      .source = {"van den Oord, Li and Vinyals, Representation learning with "
                                                 "contrastive predictive coding, equation 4",
                                                 2018, "https://arxiv.org/abs/1807.03748"}};

template <>
inline constexpr Facts facts<NtXent>{
    .name = "nt_xent",
    .type = "NtXent",
    .title = "normalised temperature-scaled cross-entropy",
    .formula = "-log of the pair's share of e^{cos/temperature} among all other rows",
    .kind = Kind::row_wise,
    .inputs = metric::pairs_of_rows,
    .axis_rules = metric::two_halves,
    .output = "N",
    .rows_depend = true,
    .scale = "1/temperature",
    .promises = metric::pair_promises,
    .conventions = {},
    .source = {"Chen, Kornblith, Norouzi and Hinton, A simple framework for contrastive learning, equation 1",
               2020, "https://arxiv.org/abs/2002.05709"}};

template <>
inline constexpr Facts facts<MultipleNegativesRanking>{
    .name = "multiple_negatives_ranking",
    .type = "MultipleNegativesRanking",
    .title = "multiple negatives ranking loss",
    .formula = "cross-entropy of scale*cos(anchor_i, positive_j) at j=i",
    .kind = Kind::row_wise,
    .inputs = metric::anchors_and_positives,
    .output = "N",
    .rows_depend = true,
    .scale = "scale",
    .promises = metric::ranking_promises,
    .conventions = {},
    .source =
        {"Henderson et al., Efficient natural language response suggestion for Smart Reply, section 4.4",
         2017, "https://arxiv.org/abs/1705.00652"},
    .accuracy = {.f32 = {.501, -49, true}, .f64 = {1, -92, true}}};

template <>
inline constexpr Facts facts<ArcFace>{
    .name = "arcface",
    .type = "ArcFace",
    .title = "additive angular margin loss",
    .formula = "cross-entropy of s cos theta_c, with s cos(theta_y + m) at the label",
    .kind = Kind::row_wise,
    .inputs = metric::classes,
    .output = "N",
    .scale = "scale",
    .promises = metric::class_promises,
    .conventions = metric::angular_margins,
    .source = {"Deng, Guo, Xue and Zafeiriou, ArcFace, equation 3", 2019,
               "https://arxiv.org/abs/1801.07698"}};

template <>
inline constexpr Facts facts<CosFace>{
    .name = "cosface",
    .type = "CosFace",
    .title = "large margin cosine loss",
    .formula = "cross-entropy of s cos theta_c, with s (cos theta_y - m) at the label",
    .kind = Kind::row_wise,
    .inputs = metric::classes,
    .output = "N",
    .scale = "scale",
    .promises = metric::class_promises,
    .conventions = {},
    .source = {"Wang et al., CosFace, equation 4", 2018, "https://arxiv.org/abs/1801.09414"},
    .accuracy = {.f32 = {.501, -49, true}, .f64 = {1, -92, true}}};

template <>
inline constexpr Facts facts<Circle>{
    .name = "circle",
    .type = "Circle",
    .title = "circle loss",
    .formula = "log(1 + sum_j e^{scale an_j (sn_j - margin)} sum_i e^{-scale ap_i (sp_i - 1 + margin)})",
    .kind = Kind::row_wise,
    .inputs = metric::similarities,
    .output = "N",
    .scale = "scale",
    .promises = metric::circle_promises,
    .conventions = {},
    .source = {"Sun et al., Circle loss, equations 4 to 6", 2020, "https://arxiv.org/abs/2002.10857"}};

template <>
inline constexpr Facts facts<SupCon>{
    .name = "supcon",
    .type = "SupCon",
    .title = "supervised contrastive loss",
    .formula = "-(1/|P|) sum_p log of p's share of e^{cos/temperature} among all other rows",
    .kind = Kind::row_wise,
    .inputs = metric::labelled_rows,
    .output = "N",
    .rows_depend = true,
    .scale = "1/temperature",
    .promises = metric::pair_promises,
    .conventions = metric::lone_rows,
    .source = {"Khosla et al., Supervised contrastive learning, equation 2", 2020,
               "https://arxiv.org/abs/2004.11362"}};

}  // namespace assay
