// Losses of class probabilities or scores against binary, soft or integer labels. Values are in nats.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace classification {
inline constexpr Input probability{.name = "probability",
                                   .axes = ".",
                                   .domain = domain::unit,
                                   .origin = Origin::nearer_end,
                                   .about = "of the class"};
inline constexpr Input soft_target{.name = "target",
                                   .axes = ".",
                                   .domain = domain::unit,
                                   .origin = Origin::nearer_end,
                                   .about = "probability that the class is true"};
inline constexpr Input log_odds{
    .name = "logits", .axes = ".", .domain = domain::extended, .about = "log-odds of the class"};
inline constexpr Input row_probability{.name = "probability",
                                       .axes = ".C",
                                       .domain = domain::unit,
                                       .origin = Origin::nearer_end,
                                       .about = "of each of the C classes"};
inline constexpr Input row_target{.name = "target",
                                  .axes = ".C",
                                  .domain = domain::unit,
                                  .origin = Origin::nearer_end,
                                  .about = "probability that each of the C classes is true"};
inline constexpr Input row_logits{.name = "logits",
                                  .axes = ".C",
                                  .domain = domain::extended,
                                  .origin = Origin::row_maximum,
                                  .about = "unnormalised log-probabilities of the C classes"};
inline constexpr Input label_or_ignored{.name = "labels",
                                        .axes = ".",
                                        .domain = domain::label_or_ignored,
                                        .about = "true class",
                                        .integer = true};
inline constexpr Input class_weight{
    .name = "weight", .axes = "C", .domain = domain::nonnegative, .about = "one a class", .optional = true};
inline constexpr Convention normalized_and_clipped{
    .name = "normalized-then-clipped-1e-7",
    .about =
        "a row is divided by its sum, then each number becomes the nearest in [1e-7, 1 - 1e-7]; outside it "
        "the gradient is 0",
    .used_by = "keras, tfjs",
    .link = "https://keras.io/api/losses/probabilistic_losses/"};
inline constexpr Convention clipped_at_epsilon{
    .name = "probabilities-clipped-epsilon",
    .about = "a probability becomes the nearest in [e, 1 - e], e the machine epsilon of the dtype",
    .used_by = "scikit-learn",
    .link = "https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html"};
}  // namespace classification

/// -(t log p + (1-t) log(1-p))
struct BinaryCrossEntropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<BinaryCrossEntropy>{
    .name = "binary_cross_entropy",
    .type = "BinaryCrossEntropy",
    .title = "binary cross-entropy of probabilities",
    .formula = "-(t log p + (1-t) log(1-p))",
    .kind = Kind::element_wise,
    .inputs = {classification::probability, classification::soft_target},
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative}, {Property::convex, "probability"}, {Property::affine, "target"}},
    .conventions =
        {{.name = "log-clamped-100",
          .about = "each logarithm is max(log p, -100); the gradient is (p-t)/max(p(1-p), 1e-12)",
          .used_by = "torch, burn, mlx, paddle",
          .link = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html"},
         {.name = "probabilities-clipped-1e-7",
          .about = "a probability becomes the nearest in [1e-7, 1 - 1e-7]; outside it the gradient is 0",
          .used_by = "keras, tfjs",
          .link = "https://keras.io/api/losses/probabilistic_losses/"},
         classification::clipped_at_epsilon,
         {.name = "logarithms-of-p-plus-1e-7",
          .about = "1e-7 is added to p and to 1-p before the logarithm is taken",
          .used_by = "tfjs, tensorflow",
          .link = "https://js.tensorflow.org/api/latest/#losses.logLoss"},
         {.name = "logarithms-of-p-plus-1e-10",
          .about = "1e-10 is added to p and to 1-p before the logarithm is taken",
          .used_by = "mlpack",
          .link = "https://github.com/mlpack/mlpack/blob/master/src/mlpack/methods/ann/loss_functions/"
                  "binary_cross_entropy_loss.hpp"}},
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"},
};

/// The binary cross-entropy divided by log(base).
struct LogLoss {
  double base = 2;  ///< > 0 and not 1; 2 for bits
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<LogLoss>{
    Parameter{"base",
              &LogLoss::base,
              {.low = 0, .low_open = true, .text = "positive and finite, and not 1", .except = 1}}};
template <>
inline constexpr Facts facts<LogLoss>{
    .name = "log_loss",
    .type = "LogLoss",
    .title = "logarithmic loss of a binary event in units of log(base)",
    .formula = "-(t log p + (1-t) log(1-p)) / log(base)",
    .kind = Kind::element_wise,
    .inputs = {classification::probability, classification::soft_target},
    .output = ".",
    .scale = "1/abs(log(base))",
    .promises = {{.property = Property::nonnegative, .where = {{"base", 1, infinity}}},
                 {.property = Property::convex, .subject = "probability", .where = {{"base", 1, infinity}}},
                 {.property = Property::at_most, .constant = 0, .where = {{"base", 0, 1}}},
                 {.property = Property::concave, .subject = "probability", .where = {{"base", 0, 1}}},
                 {Property::affine, "target"}},
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"},
};

/// t w softplus(-x) + (1-t) softplus(x), w the class's pos_weight or 1
struct BinaryCrossEntropyWithLogits {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<BinaryCrossEntropyWithLogits>{
    .name = "binary_cross_entropy_with_logits",
    .type = "BinaryCrossEntropyWithLogits",
    .title = "binary cross-entropy of logits",
    .formula = "t w softplus(-x) + (1-t) softplus(x)",
    .kind = Kind::element_wise,
    .inputs = {classification::log_odds,
               classification::soft_target,
               {.name = "pos_weight",
                .axes = "C",
                .domain = domain::nonnegative,
                .about = "weight of the positive term, one a class",
                .optional = true}},
    .output = ".",
    .scale = "t w + (1-t)",
    .promises = {{Property::nonnegative},
                 {Property::convex, "logits"},
                 {Property::affine, "target"},
                 {.property = Property::lipschitz,
                  .subject = "logits",
                  .constant = 1,
                  .weight = "pos_weight",
                  .least = 1},
                 {.property = Property::smooth,
                  .subject = "logits",
                  .constant = .25,
                  .weight = "pos_weight",
                  .least = 1}},
    .source = {"Cox, The regression analysis of binary sequences", 1958,
               "https://doi.org/10.1111/j.2517-6161.1958.tb00292.x"},
};

/// alpha_t (1-p_t)^gamma (t softplus(-x) + (1-t) softplus(x)), p_t = p t + (1-p)(1-t), p = sigmoid(x),
/// alpha_t likewise of alpha; 1 where alpha is -1
struct BinaryFocalWithLogits {
  double alpha = .25;  ///< the positive term's weight, in [0, 1], or -1 for none
  double gamma = 2;    ///< >= 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<BinaryFocalWithLogits>{
    Parameter{"alpha",
              &BinaryFocalWithLogits::alpha,
              {.low = 0, .high = 1, .text = "in [0, 1], or -1", .also = -1}},
    Parameter{"gamma", &BinaryFocalWithLogits::gamma, domain::nonnegative}};
template <>
inline constexpr Facts facts<BinaryFocalWithLogits>{
    .name = "binary_focal_with_logits",
    .type = "BinaryFocalWithLogits",
    .title = "sigmoid focal loss",
    .formula =
        "alpha_t (1-p_t)^gamma (t softplus(-x) + (1-t) softplus(x)); p_t = p t + (1-p)(1-t), p = sigmoid(x), "
        "alpha_t = alpha t + (1-alpha)(1-t), or 1 where alpha is -1",
    .kind = Kind::element_wise,
    .inputs = {classification::log_odds, classification::soft_target},
    .output = ".",
    .scale = "alpha_t",
    .promises = {{Property::nonnegative},
                 {.property = Property::convex, .subject = "logits", .where = {{"gamma", 0, 0}}}},
    .conventions = {{.name = "probabilities-clipped-1e-7",
                     .about = "p is sigmoid(x); in the logarithms it becomes the nearest in [1e-7, 1 - 1e-7]",
                     .used_by = "keras",
                     .link =
                         "https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class"}},
    .source = {"Lin et al., Focal loss for dense object detection, equation 5", 2017,
               "https://arxiv.org/abs/1708.02002"},
};

/// -sum_c t_c log p_c over the last axis
struct CategoricalCrossEntropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<CategoricalCrossEntropy>{
    .name = "categorical_cross_entropy",
    .type = "CategoricalCrossEntropy",
    .title = "categorical cross-entropy of probabilities",
    .formula = "-sum_c t_c log p_c",
    .kind = Kind::row_wise,
    .inputs = {classification::row_probability, classification::row_target},
    .output = ".",
    .scale = "sum_c t_c",
    .promises = {{Property::nonnegative},
                 {Property::convex, "probability"},
                 {Property::affine, "target"},
                 {Property::permutation_invariant}},
    .conventions = {classification::normalized_and_clipped},
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"},
};

/// sum_c (p_c - t_c)^2 over the last axis: in [0, 2] where rows sum to one. scikit-learn's score of two
/// classes is half of it.
struct Brier {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Brier>{
    .name = "brier",
    .type = "Brier",
    .title = "multi-class Brier score",
    .formula = "sum_c (p_c - t_c)^2",
    .kind = Kind::row_wise,
    .inputs = {{.name = "probability",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::partner,
                .partner = "target",
                .about = "of each of the C classes"},
               {.name = "target",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::counted,
                .about = "probability that each of the C classes is true"}},
    .output = ".",
    .scale = "0",
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "probability,target"},
                 {Property::lipschitz, "probability", 2},
                 {Property::smooth, "probability", 2},
                 {Property::permutation_invariant}},
    .source = {"Brier, Verification of forecasts expressed in terms of probability, equation 2", 1950,
               "https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2"},
};

/// -sum_c t'_c log_softmax(x)_c over the last axis, t' = (1-s) t + s/C
struct CategoricalCrossEntropyWithLogits {
  double label_smoothing = 0;  ///< s, in [0, 1]
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<CategoricalCrossEntropyWithLogits>{
    Parameter{"label_smoothing", &CategoricalCrossEntropyWithLogits::label_smoothing, domain::unit}};
template <>
inline constexpr Facts facts<CategoricalCrossEntropyWithLogits>{
    .name = "categorical_cross_entropy_with_logits",
    .type = "CategoricalCrossEntropyWithLogits",
    .title = "softmax cross-entropy against soft targets",
    .formula = "-sum_c t'_c log_softmax(x)_c; t' = (1-s) t + s/C",
    .kind = Kind::row_wise,
    .inputs = {classification::row_logits, classification::row_target},
    .output = ".",
    .scale = "sum_c t'_c",
    .promises = {{Property::nonnegative},
                 {Property::convex, "logits"},
                 {Property::affine, "target"},
                 {Property::shift_invariant, "logits"},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "targets-sum-to-one",
                     .about = "lse(x) - sum_c t'_c x_c, with the gradient softmax(x) - t' by the logits",
                     .used_by = "tensorflow, tfjs, mlx",
                     .link = "https://www.tensorflow.org/api_docs/python/tf/nn/"
                             "softmax_cross_entropy_with_logits"}},
    .source = {"Szegedy et al., Rethinking the Inception architecture for computer vision, section 7", 2016,
               "https://arxiv.org/abs/1512.00567"},
};

/// -(1-s) w_y l_y - (s/C) sum_c w_c l_c over the last axis, l = log_softmax(x). The mean divides by the sum
/// of w_y over the rows that are not ignored.
struct SparseCategoricalCrossEntropyWithLogits {
  double label_smoothing = 0;        ///< s, in [0, 1]
  std::int64_t ignore_index = -100;  ///< rows with this label are 0, with gradient 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<SparseCategoricalCrossEntropyWithLogits>{
    Parameter{"label_smoothing", &SparseCategoricalCrossEntropyWithLogits::label_smoothing, domain::unit},
    Parameter{"ignore_index", &SparseCategoricalCrossEntropyWithLogits::ignore_index}};
template <>
inline constexpr Facts facts<SparseCategoricalCrossEntropyWithLogits>{
    .name = "sparse_categorical_cross_entropy_with_logits",
    .type = "SparseCategoricalCrossEntropyWithLogits",
    .title = "softmax cross-entropy against class labels",
    .formula = "-(1-s) w_y l_y - (s/C) sum_c w_c l_c; l = log_softmax(x)",
    .kind = Kind::row_wise,
    .inputs = {classification::row_logits, classification::label_or_ignored, classification::class_weight},
    .output = ".",
    .scale = "(1-s) w_y + (s/C) sum_c w_c",
    .promises = {{Property::nonnegative},
                 {Property::convex, "logits"},
                 {.property = Property::lipschitz, .subject = "logits", .constant = 1, .weight = "weight"},
                 {.property = Property::smooth, .subject = "logits", .constant = .25, .weight = "weight"},
                 {Property::shift_invariant, "logits"},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "probability-floored-1e-10",
                     .about = "the logarithm is at least that of 1e-10; the gradient is not cut",
                     .used_by = "dlib",
                     .link = "https://github.com/davisking/dlib/blob/master/dlib/dnn/loss.h"}},
    .source = {"Bridle, Probabilistic interpretation of feedforward classification network outputs", 1990,
               "https://doi.org/10.1007/978-3-642-76153-9_28"},
};

}  // namespace assay
