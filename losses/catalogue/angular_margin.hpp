// Losses of embeddings against a direction a class: cross-entropies of cosines, the true class handicapped by
// a margin.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace angular_margin {
inline constexpr Inputs embeddings_and_classes{
    {.name = "embedding", .axes = "ND", .domain = domain::finite, .about = "embedding"},
    {.name = "weight", .axes = "CD", .domain = domain::finite, .about = "one direction a class"},
    {.name = "labels", .axes = "N", .domain = domain::label, .about = "true class", .integer = true}};
}  // namespace angular_margin

/// Cross-entropy of scale * cos theta_c, theta_c the angle between embedding and weight_c, the label's
/// widened by the margin: scale * cos(theta_y + margin)
struct ArcFace {
  double scale = 64;   ///< > 0
  double margin = .5;  ///< finite, in radians
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<ArcFace>{Parameter{"scale", &ArcFace::scale, domain::positive},
                                                Parameter{"margin", &ArcFace::margin, domain::finite}};
template <>
inline constexpr Facts facts<ArcFace>{
    .name = "arcface",
    .type = "ArcFace",
    .title = "additive angular margin loss",
    .formula = "cross-entropy of s cos theta_c, with s cos(theta_y + m) at the label",
    .kind = Kind::row_wise,
    .inputs = angular_margin::embeddings_and_classes,
    .output = "N",
    .scale = "scale",
    .promises = {{Property::nonnegative},
                 {Property::scale_invariant, "embedding"},
                 {Property::scale_invariant, "weight"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "margin-in-degrees",
                     .about = "the margin is an angle in degrees",
                     .used_by = "pytorch-metric-learning",
                     .link = "https://github.com/KevinMusgrave/pytorch-metric-learning/blob/master/src/"
                             "pytorch_metric_learning/losses/arcface_loss.py"},
                    {.name = "linear-beyond-pi-minus-margin",
                     .about = "cos theta - margin sin(margin) where theta + margin exceeds pi",
                     .used_by = "insightface, voxceleb_trainer",
                     .link =
                         "https://github.com/deepinsight/insightface/blob/master/recognition/arcface_torch/"
                         "losses.py"},
                    {.name = "easy-margin",
                     .about = "no margin where cos theta is not above 0",
                     .used_by = "insightface, voxceleb_trainer",
                     .link = "https://github.com/clovaai/voxceleb_trainer/blob/master/loss/aamsoftmax.py"}},
    .source = {"Deng, Guo, Xue and Zafeiriou, ArcFace, equation 3", 2019, "https://arxiv.org/abs/1801.07698"},
};

/// Cross-entropy of scale * cos(embedding, weight_c), the label's less scale * margin
struct CosFace {
  double scale = 64;    ///< > 0
  double margin = .35;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<CosFace>{Parameter{"scale", &CosFace::scale, domain::positive},
                                                Parameter{"margin", &CosFace::margin, domain::finite}};
template <>
inline constexpr Facts facts<CosFace>{
    .name = "cosface",
    .type = "CosFace",
    .title = "large margin cosine loss",
    .formula = "cross-entropy of s cos theta_c, with s (cos theta_y - m) at the label",
    .kind = Kind::row_wise,
    .inputs = angular_margin::embeddings_and_classes,
    .output = "N",
    .scale = "scale",
    .promises = {{Property::nonnegative},
                 {Property::scale_invariant, "embedding"},
                 {Property::scale_invariant, "weight"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .source = {"Wang et al., CosFace, equation 4", 2018, "https://arxiv.org/abs/1801.09414"},
    .accuracy = declared_norm_wise,
};

}  // namespace assay
