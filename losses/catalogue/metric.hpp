// Losses of a pair or a triplet of embeddings: rows of D features, compared by distance or cosine.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace metric {
inline constexpr Input first{.name = "x1", .axes = ".D", .domain = domain::finite, .about = "embedding"};
inline constexpr Input second{.name = "x2", .axes = ".D", .domain = domain::finite, .about = "embedding"};
inline constexpr Convention shifted_differences{
    .name = "differences-plus-1e-6",
    .about = "1e-6 is added to each difference of two numbers before its absolute value is taken",
    .used_by = "torch, sentence-transformers",
    .link = "https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html"};
}  // namespace metric

/// 1 - cos(x1, x2); the cosine with a row of zeros is 0
struct CosineDistance {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<CosineDistance>{
    .name = "cosine_distance",
    .type = "CosineDistance",
    .title = "cosine distance",
    .formula = "1 - cos(x1,x2)",
    .kind = Kind::row_wise,
    .inputs = {metric::first, metric::second},
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative},
                 {Property::at_most, "", 2},
                 {Property::symmetric},
                 {Property::scale_invariant, "x1"},
                 {Property::scale_invariant, "x2"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "negated-cosine",
                     .about = "-cos(x1,x2), with norms of at least 1e-7",
                     .used_by = "keras",
                     .link = "https://keras.io/api/losses/regression_losses/#cosinesimilarity-class"},
                    {.name = "negated-cosine-squares-floored-1e-7",
                     .about = "-cos(x1,x2), with sums of squares of at least 1e-7",
                     .used_by = "tfjs",
                     .link = "https://github.com/tensorflow/tfjs/blob/master/tfjs-layers/src/losses.ts"},
                    {.name = "cosine",
                     .about = "cos(x1,x2), with a product of norms of at least 1e-8",
                     .used_by = "mlx",
                     .link = "https://ml-explore.github.io/mlx/build/html/python/nn/_autosummary_functions/"
                             "mlx.nn.losses.cosine_similarity_loss.html"},
                    {.name = "rows-of-length-one",
                     .about = "1 - x1.x2: rows are taken as normalised already",
                     .used_by = "tfjs, tensorflow",
                     .link =
                         "https://www.tensorflow.org/api_docs/python/tf/compat/v1/losses/cosine_distance"}},
    .source = {"Salton, Wong and Yang, A vector space model for automatic indexing", 1975,
               "https://doi.org/10.1145/361219.361220"},
};

/// 1 - cos(x1, x2) for target 1, max(0, cos(x1, x2) - margin) for -1; the cosine with a row of zeros is 0
struct CosineEmbedding {
  double margin = 0;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<CosineEmbedding>{
    Parameter{"margin", &CosineEmbedding::margin, domain::finite}};
template <>
inline constexpr Facts facts<CosineEmbedding>{
    .name = "cosine_embedding",
    .type = "CosineEmbedding",
    .title = "cosine embedding loss",
    .formula = "1-cos, or max(0, cos-margin)",
    .kind = Kind::row_wise,
    .inputs =
        {metric::first,
         metric::second,
         {.name = "target", .axes = ".", .domain = domain::sign, .about = "1 for alike rows, -1 for others"}},
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::scale_invariant, "x1"},
                 {Property::scale_invariant, "x2"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "squares-plus-1e-12",
                     .about = "1e-12 is added to each sum of squares under the root of the cosine",
                     .used_by = "torch, paddle",
                     .link = "https://github.com/pytorch/pytorch/blob/main/aten/src/ATen/native/Loss.cpp"}},
    .source = {"PyTorch documentation, CosineEmbeddingLoss; Collobert, Kavukcuoglu and Farabet, Torch7", 2011,
               "https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html"},
};

/// (1-Y) D^2/2 + Y max(0, margin-D)^2/2, D the Euclidean distance, Y the target: 0 similar, 1 dissimilar
struct Contrastive {
  double margin = 1;  ///< finite, in the unit of D
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Contrastive>{
    Parameter{"margin", &Contrastive::margin, domain::finite}};
template <>
inline constexpr Facts facts<Contrastive>{
    .name = "contrastive",
    .type = "Contrastive",
    .title = "contrastive loss",
    .formula = "(1-Y) D^2/2 + Y max(0, margin-D)^2/2",
    .kind = Kind::row_wise,
    .inputs = {{.name = "x1",
                .axes = ".D",
                .domain = domain::finite,
                .origin = Origin::partner,
                .partner = "x2",
                .about = "embedding"},
               {.name = "x2",
                .axes = ".D",
                .domain = domain::finite,
                .origin = Origin::counted,
                .about = "embedding"},
               {.name = "target",
                .axes = ".",
                .domain = {.kind = domain::points, .low = 0, .high = 1, .text = "0 or 1"},
                .about = "0 for similar rows, 1 for dissimilar ones"}},
    .output = ".",
    .scale = "(1-Y) D^2/2 + Y max(D, abs(margin))^2/2",
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::homogeneous, "x1,x2,margin", 2},
                 {Property::translation_invariant, "x1,x2"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .conventions = {metric::shifted_differences},
    .source =
        {"Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, equation 4",
         2006, "https://doi.org/10.1109/CVPR.2006.100"},
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
template <>
inline constexpr std::array parameters<TripletMargin>{
    Parameter{"margin", &TripletMargin::margin, domain::finite},
    Parameter{"p", &TripletMargin::p, domain::one_or_two}, Parameter{"squared", &TripletMargin::squared},
    Parameter{"swap", &TripletMargin::swap}};
template <>
inline constexpr Facts facts<TripletMargin>{
    .name = "triplet_margin",
    .type = "TripletMargin",
    .title = "triplet margin loss",
    .formula = "max(0, d(a,p)-d(a,n)+margin)",
    .kind = Kind::row_wise,
    .inputs = {{.name = "anchor",
                .axes = ".D",
                .domain = domain::finite,
                .origin = Origin::counted,
                .about = "embedding"},
               {.name = "positive",
                .axes = ".D",
                .domain = domain::finite,
                .origin = Origin::partner,
                .partner = "anchor",
                .about = "embedding of the anchor's class"},
               {.name = "negative",
                .axes = ".D",
                .domain = domain::finite,
                .origin = Origin::partner,
                .partner = "anchor",
                .about = "embedding of another class"}},
    .output = ".",
    .scale = "max(d(a,p), d(a,n), abs(margin))",
    .promises = {{Property::nonnegative},
                 {.property = Property::homogeneous,
                  .subject = "anchor,positive,negative,margin",
                  .constant = 1,
                  .where = {{"squared", 0, 0}}},
                 {Property::translation_invariant, "anchor,positive,negative"},
                 {.property = Property::rotation_invariant, .where = {{"p", 2, 2}}},
                 {Property::permutation_invariant}},
    .conventions =
        {metric::shifted_differences,
         {.name = "sums-plus-1e-6",
          .about = "1e-6 is added to each sum of powers under the p-th root",
          .used_by = "optax, mlx",
          .link = "https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.triplet_margin_loss"}},
    .source = {"Schroff, Kalenichenko and Philbin, FaceNet, equation 3; swap: Balntas et al., BMVC 2016",
               2015, "https://arxiv.org/abs/1503.03832"},
};

}  // namespace assay
