// Losses of a row of probabilities, their logarithms or logits against the label of the true class.
#pragma once

#include "losses/catalogue/classification.hpp"
#include "losses/spec/record.hpp"

namespace assay {

namespace multiclass {
inline constexpr std::array first_order{1.};
inline constexpr Input label{
    .name = "labels", .axes = ".", .domain = domain::label, .about = "true class", .integer = true};
}  // namespace multiclass

/// -log p_y over the last axis. The mean divides by the number of rows that are not ignored.
struct SparseCategoricalCrossEntropy {
  std::int64_t ignore_index = -100;  ///< rows with this label are 0, with gradient 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<SparseCategoricalCrossEntropy>{
    Parameter{"ignore_index", &SparseCategoricalCrossEntropy::ignore_index}};
template <>
inline constexpr Facts facts<SparseCategoricalCrossEntropy>{
    .name = "sparse_categorical_cross_entropy",
    .type = "SparseCategoricalCrossEntropy",
    .title = "cross-entropy of probabilities against class labels",
    .formula = "-log p_y",
    .kind = Kind::row_wise,
    .inputs = {classification::row_probability, classification::label_or_ignored},
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative},
                 {Property::convex, "probability"},
                 {Property::permutation_invariant}},
    .conventions =
        {classification::normalized_and_clipped,
         {.name = "clipped-1e-7-then-normalized",
          .about = "each number becomes the nearest in [1e-7, 1 - 1e-7], with gradient 0 outside it, then a "
                   "row is divided by its sum",
          .used_by = "keras on tensorflow",
          .link = "https://github.com/keras-team/keras/blob/master/keras/src/backend/tensorflow/nn.py"},
         {.name = "clipped-1e-7-normalized-clipped-1e-7",
          .about = "the same, and clipped again once the row is divided by its sum",
          .used_by = "tfjs",
          .link = "https://github.com/tensorflow/tfjs/blob/master/tfjs-layers/src/losses.ts"},
         classification::clipped_at_epsilon,
         {.name = "probability-floored-sqrt-tiny",
          .about = "a probability is at least the root of the least normal number of the dtype",
          .used_by = "burn",
          .link = "https://github.com/tracel-ai/burn/blob/main/crates/burn-nn/src/loss/cross_entropy.rs"}},
    .source = {"Good, Rational decisions, section 8", 1952,
               "https://doi.org/10.1111/j.2517-6161.1952.tb00104.x"},
};

/// -w_y l_y over the last axis, l the logarithms of probabilities. The mean divides by the sum of w_y over
/// the rows that are not ignored.
struct Nll {
  std::int64_t ignore_index = -100;  ///< rows with this label are 0, with gradient 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Nll>{Parameter{"ignore_index", &Nll::ignore_index}};
template <>
inline constexpr Facts facts<Nll>{
    .name = "nll",
    .type = "Nll",
    .title = "negative log-likelihood of a class label",
    .formula = "-w_y l_y",
    .kind = Kind::row_wise,
    .inputs = {{.name = "log_probability",
                .axes = ".C",
                .domain = domain::extended,
                .about = "of each of the C classes; free numbers"},
               classification::label_or_ignored,
               classification::class_weight},
    .output = ".",
    .scale = "abs(w_y l_y)",
    .promises =
        {{Property::affine, "log_probability"},
         {.property = Property::lipschitz, .subject = "log_probability", .constant = 1, .weight = "weight"},
         {Property::permutation_invariant}},
    .source = {"Fisher, On the mathematical foundations of theoretical statistics", 1922,
               "https://doi.org/10.1098/rsta.1922.0009"},
};

/// -w_y (1-p_y)^gamma log p_y over the last axis, p = softmax(x)
struct FocalWithLogits {
  double gamma = 2;  ///< focusing parameter, >= 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<FocalWithLogits>{
    Parameter{"gamma", &FocalWithLogits::gamma, domain::nonnegative}};
template <>
inline constexpr Facts facts<FocalWithLogits>{
    .name = "focal_with_logits",
    .type = "FocalWithLogits",
    .title = "focal loss of a softmax",
    .formula = "-w_y (1-p_y)^gamma log p_y; p = softmax(x)",
    .kind = Kind::row_wise,
    .inputs = {classification::row_logits, multiclass::label, classification::class_weight},
    .output = ".",
    .scale = "w_y",
    .promises = {{Property::nonnegative},
                 {.property = Property::convex, .subject = "logits", .where = {{"gamma", 0, 0}}},
                 {Property::shift_invariant, "logits"},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "probabilities-clipped-1e-7",
                     .about = "p becomes the nearest in [1e-7, 1 - 1e-7]; outside it the gradient is 0",
                     .used_by = "keras",
                     .link = "https://keras.io/api/losses/probabilistic_losses/"
                             "#categoricalfocalcrossentropy-class"}},
    .source = {"Lin et al., Focal loss for dense object detection, equation 4", 2017,
               "https://arxiv.org/abs/1708.02002"},
};

/// -log p_y + sum_i epsilon_i (1-p_y)^i over the last axis, i from 1, p = softmax(x); with `divide_by_degree`
/// each term over i, so that epsilon shifts the coefficients of the Taylor series -log p = sum_i (1-p)^i / i
struct PolyCrossEntropyWithLogits {
  std::span<const double> epsilon =
      multiclass::first_order;    ///< finite; a view: the numbers stay where they are
  bool divide_by_degree = false;  ///< epsilon_i / i in place of epsilon_i
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<PolyCrossEntropyWithLogits>{
    Parameter{"epsilon", &PolyCrossEntropyWithLogits::epsilon, domain::finite},
    Parameter{"divide_by_degree", &PolyCrossEntropyWithLogits::divide_by_degree}};
template <>
inline constexpr Facts facts<PolyCrossEntropyWithLogits>{
    .name = "poly_cross_entropy_with_logits",
    .type = "PolyCrossEntropyWithLogits",
    .title = "PolyLoss: cross-entropy with a polynomial in 1-p",
    .formula = "-log p_y + sum_i epsilon_i (1-p_y)^i; p = softmax(x); divide_by_degree: each term over i",
    .kind = Kind::row_wise,
    .inputs = {classification::row_logits, multiclass::label},
    .output = ".",
    .scale = "1 + sum_i abs(epsilon_i), or over i",
    .promises = {{Property::shift_invariant, "logits"}, {Property::permutation_invariant}},
    .source = {"Leng et al., PolyLoss: a polynomial expansion perspective of classification loss functions, "
               "section 4",
               2022, "https://arxiv.org/abs/2204.12511"},
};

}  // namespace assay
