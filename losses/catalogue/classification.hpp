// Losses of class probabilities or scores against binary, soft or integer labels. Values are in nats.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// -(t log p + (1-t) log(1-p))
struct BinaryCrossEntropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// The binary cross-entropy divided by log(base).
struct LogLoss {
  double base = 2;  ///< > 0 and not 1; 2 for bits
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// t w softplus(-x) + (1-t) softplus(x), w the class's pos_weight or 1
struct BinaryCrossEntropyWithLogits {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// alpha_t (1-p_t)^gamma (t softplus(-x) + (1-t) softplus(x)), p_t = p t + (1-p)(1-t), p = sigmoid(x),
/// alpha_t likewise of alpha; 1 where alpha is -1
struct BinaryFocalWithLogits {
  double alpha = .25;  ///< the positive term's weight, in [0, 1], or -1 for none
  double gamma = 2;    ///< >= 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -sum_c t_c log p_c over the last axis
struct CategoricalCrossEntropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -sum_c t'_c log_softmax(x)_c over the last axis, t' = (1-s) t + s/C
struct CategoricalCrossEntropyWithLogits {
  double label_smoothing = 0;  ///< s, in [0, 1]
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -(1-s) w_y l_y - (s/C) sum_c w_c l_c over the last axis, l = log_softmax(x). The mean divides by the sum
/// of w_y over the rows that are not ignored.
struct SparseCategoricalCrossEntropyWithLogits {
  double label_smoothing = 0;        ///< s, in [0, 1]
  std::int64_t ignore_index = -100;  ///< rows with this label are 0, with gradient 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

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
inline constexpr std::array binary{probability, soft_target};
inline constexpr std::array binary_with_logits{
    Input{.name = "logits", .axes = ".", .domain = domain::extended, .about = "log-odds of the class"},
    soft_target,
    Input{.name = "pos_weight",
          .axes = "C",
          .domain = domain::nonnegative,
          .about = "weight of the positive term, one a class",
          .optional = true}};
inline constexpr std::array focal{
    Input{.name = "logits", .axes = ".", .domain = domain::extended, .about = "log-odds of the class"},
    soft_target};
inline constexpr std::array categorical{row_probability, row_target};
inline constexpr std::array categorical_with_logits{row_logits, row_target};
inline constexpr std::array sparse_with_logits{row_logits,
                                               Input{.name = "labels",
                                                     .axes = ".",
                                                     .domain = domain::label_or_ignored,
                                                     .about = "true class",
                                                     .integer = true},
                                               Input{.name = "weight",
                                                     .axes = "C",
                                                     .domain = domain::nonnegative,
                                                     .about = "one a class",
                                                     .optional = true}};

inline constexpr std::array binary_promises{Promise{Property::nonnegative},
                                            Promise{Property::convex, "probability"},
                                            Promise{Property::affine, "target"}};
inline constexpr std::array base_above_1{While{"base", 1, infinity}};
inline constexpr std::array base_below_1{While{"base", 0, 1}};
inline constexpr std::array log_loss_promises{
    Promise{.property = Property::nonnegative, .where = base_above_1},
    Promise{.property = Property::convex, .subject = "probability", .where = base_above_1},
    Promise{.property = Property::at_most, .constant = 0, .where = base_below_1},
    Promise{.property = Property::concave, .subject = "probability", .where = base_below_1},
    Promise{Property::affine, "target"}};
inline constexpr std::array binary_with_logits_promises{
    Promise{Property::nonnegative}, Promise{Property::convex, "logits"}, Promise{Property::affine, "target"},
    Promise{.property = Property::lipschitz,
            .subject = "logits",
            .constant = 1,
            .weight = "pos_weight",
            .least = 1},
    Promise{.property = Property::smooth,
            .subject = "logits",
            .constant = .25,
            .weight = "pos_weight",
            .least = 1}};
inline constexpr std::array unfocused{While{"gamma", 0, 0}};
inline constexpr std::array focal_promises{
    Promise{Property::nonnegative},
    Promise{.property = Property::convex, .subject = "logits", .where = unfocused}};
inline constexpr std::array categorical_promises{
    Promise{Property::nonnegative}, Promise{Property::convex, "probability"},
    Promise{Property::affine, "target"}, Promise{Property::permutation_invariant}};
inline constexpr std::array categorical_with_logits_promises{
    Promise{Property::nonnegative}, Promise{Property::convex, "logits"}, Promise{Property::affine, "target"},
    Promise{Property::shift_invariant, "logits"}, Promise{Property::permutation_invariant}};
inline constexpr Promise slope_at_most_weight{
    .property = Property::lipschitz, .subject = "logits", .constant = 1, .weight = "weight"};
inline constexpr Promise curvature_at_most_quarter_weight{
    .property = Property::smooth, .subject = "logits", .constant = .25, .weight = "weight"};
inline constexpr std::array sparse_with_logits_promises{Promise{Property::nonnegative},
                                                        Promise{Property::convex, "logits"},
                                                        slope_at_most_weight,
                                                        curvature_at_most_quarter_weight,
                                                        Promise{Property::shift_invariant, "logits"},
                                                        Promise{Property::permutation_invariant}};

inline constexpr Convention normalized_and_clipped{
    .name = "normalized-then-clipped-1e-7",
    .about =
        "a row is divided by its sum, then each number becomes the nearest in [1e-7, 1 - 1e-7]; outside it "
        "the "
        "gradient is 0",
    .used_by = "keras",
    .link = "https://keras.io/api/losses/probabilistic_losses/"};
inline constexpr std::array normalized{normalized_and_clipped};
inline constexpr std::array clamped{
    Convention{.name = "log-clamped-100",
               .about = "each logarithm is max(log p, -100); the gradient is (p-t)/max(p(1-p), 1e-12)",
               .used_by = "torch",
               .link = "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html"},
    Convention{.name = "probabilities-clipped-1e-7",
               .about = "a probability becomes the nearest in [1e-7, 1 - 1e-7]; outside it the gradient is 0",
               .used_by = "keras",
               .link = "https://keras.io/api/losses/probabilistic_losses/"}};
}  // namespace classification

template <>
inline constexpr std::array parameters<LogLoss>{
    Parameter<LogLoss>{"base",
                       &LogLoss::base,
                       {.low = 0, .low_open = true, .text = "positive and finite, and not 1", .except = 1}}};
template <>
inline constexpr std::array parameters<BinaryFocalWithLogits>{
    Parameter<BinaryFocalWithLogits>{"alpha",
                                     &BinaryFocalWithLogits::alpha,
                                     {.low = 0, .high = 1, .text = "in [0, 1], or -1", .also = -1}},
    Parameter<BinaryFocalWithLogits>{"gamma", &BinaryFocalWithLogits::gamma, domain::nonnegative}};
template <>
inline constexpr std::array parameters<CategoricalCrossEntropyWithLogits>{
    Parameter<CategoricalCrossEntropyWithLogits>{
        "label_smoothing", &CategoricalCrossEntropyWithLogits::label_smoothing, domain::unit}};
template <>
inline constexpr std::array parameters<SparseCategoricalCrossEntropyWithLogits>{
    Parameter<SparseCategoricalCrossEntropyWithLogits>{
        "label_smoothing", &SparseCategoricalCrossEntropyWithLogits::label_smoothing, domain::unit},
    Parameter<SparseCategoricalCrossEntropyWithLogits>{
        "ignore_index", &SparseCategoricalCrossEntropyWithLogits::ignore_index}};

template <>
inline constexpr Facts facts<BinaryCrossEntropy>{
    .name = "binary_cross_entropy",
    .type = "BinaryCrossEntropy",
    .title = "binary cross-entropy of probabilities",
    .formula = "-(t log p + (1-t) log(1-p))",
    .kind = Kind::element_wise,
    .inputs = classification::binary,
    .output = ".",
    .scale = "1",
    .promises = classification::binary_promises,
    .conventions = classification::clamped,
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"}};

template <>
inline constexpr Facts facts<LogLoss>{.name = "log_loss",
                                      .type = "LogLoss",
                                      .title = "logarithmic loss of a binary event in units of log(base)",
                                      .formula = "-(t log p + (1-t) log(1-p)) / log(base)",
                                      .kind = Kind::element_wise,
                                      .inputs = classification::binary,
                                      .output = ".",
                                      .scale = "1/abs(log(base))",
                                      .promises = classification::log_loss_promises,
                                      .conventions = {},
                                      .source = {"Good, Rational decisions, section 8", 1952,
                                                 "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"}};

template <>
inline constexpr Facts facts<BinaryCrossEntropyWithLogits>{
    .name = "binary_cross_entropy_with_logits",
    .type = "BinaryCrossEntropyWithLogits",
    .title = "binary cross-entropy of logits",
    .formula = "t w softplus(-x) + (1-t) softplus(x)",
    .kind = Kind::element_wise,
    .inputs = classification::binary_with_logits,
    .output = ".",
    .scale = "t w + (1-t)",
    .promises = classification::binary_with_logits_promises,
    .conventions = {},
    .source = {"Cox, The regression analysis of binary sequences", 1958,
               "https://doi.org/10.1111/j.2517-6161.1958.tb00292.x"}};

template <>
inline constexpr Facts facts<BinaryFocalWithLogits>{
    .name = "binary_focal_with_logits",
    .type = "BinaryFocalWithLogits",
    .title = "sigmoid focal loss",
    .formula =
        "alpha_t (1-p_t)^gamma (t softplus(-x) + (1-t) softplus(x)); p_t = p t + (1-p)(1-t), p = sigmoid(x), "
        "alpha_t = alpha t + (1-alpha)(1-t), or 1 where alpha is -1",
    .kind = Kind::element_wise,
    .inputs = classification::focal,
    .output = ".",
    .scale = "alpha_t",
    .promises = classification::focal_promises,
    .conventions = {},
    .source = {"Lin et al., Focal loss for dense object detection, equation 5", 2017,
               "https://arxiv.org/abs/1708.02002"}};

template <>
inline constexpr Facts facts<CategoricalCrossEntropy>{
    .name = "categorical_cross_entropy",
    .type = "CategoricalCrossEntropy",
    .title = "categorical cross-entropy of probabilities",
    .formula = "-sum_c t_c log p_c",
    .kind = Kind::row_wise,
    .inputs = classification::categorical,
    .output = ".",
    .scale = "sum_c t_c",
    .promises = classification::categorical_promises,
    .conventions = classification::normalized,
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"}};

template <>
inline constexpr Facts facts<CategoricalCrossEntropyWithLogits>{
    .name = "categorical_cross_entropy_with_logits",
    .type = "CategoricalCrossEntropyWithLogits",
    .title = "softmax cross-entropy against soft targets",
    .formula = "-sum_c t'_c log_softmax(x)_c; t' = (1-s) t + s/C",
    .kind = Kind::row_wise,
    .inputs = classification::categorical_with_logits,
    .output = ".",
    .scale = "sum_c t'_c",
    .promises = classification::categorical_with_logits_promises,
    .conventions = {},
    .source = {"Szegedy et al., Rethinking the Inception architecture for computer vision, section 7", 2016,
               "https://arxiv.org/abs/1512.00567"}};

template <>
inline constexpr Facts facts<SparseCategoricalCrossEntropyWithLogits>{
    .name = "sparse_categorical_cross_entropy_with_logits",
    .type = "SparseCategoricalCrossEntropyWithLogits",
    .title = "softmax cross-entropy against class labels",
    .formula = "-(1-s) w_y l_y - (s/C) sum_c w_c l_c; l = log_softmax(x)",
    .kind = Kind::row_wise,
    .inputs = classification::sparse_with_logits,
    .output = ".",
    .scale = "(1-s) w_y + (s/C) sum_c w_c",
    .promises = classification::sparse_with_logits_promises,
    .conventions = {},
    .source = {"Bridle, Probabilistic interpretation of feedforward classification network outputs", 1990,
               "https://doi.org/10.1007/978-3-642-76153-9_28"}};

}  // namespace assay
