// Functions that losses are made of and that frameworks export beside them: sigmoid, softplus, log-sum-exp,
// softmax and its logarithm.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace activation {
inline constexpr Inputs element{{.name = "x", .axes = ".", .domain = domain::extended, .about = "score"}};
inline constexpr Inputs row{{.name = "x",
                             .axes = ".C",
                             .domain = domain::extended,
                             .origin = Origin::row_maximum,
                             .about = "scores of the C classes"}};
}  // namespace activation

/// 1 / (1 + e^-x), element by element.
struct Sigmoid {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Sigmoid>{
    .name = "sigmoid",
    .type = "Sigmoid",
    .title = "logistic sigmoid",
    .formula = "1/(1+e^-x)",
    .kind = Kind::element_wise,
    .inputs = activation::element,
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative}, {Property::unit_range}, {Property::lipschitz, "x", .25}},
    .source = {"Verhulst, Recherches mathematiques sur la loi d'accroissement de la population", 1845,
               "https://eudml.org/doc/182533"},
};

/// -log(1 + e^-x), element by element.
struct LogSigmoid {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<LogSigmoid>{
    .name = "log_sigmoid",
    .type = "LogSigmoid",
    .title = "logarithm of the logistic sigmoid",
    .formula = "-log(1+e^-x)",
    .kind = Kind::element_wise,
    .inputs = activation::element,
    .output = ".",
    .scale = "1",
    .promises = {{Property::at_most, "", 0},
                 {Property::concave, "x"},
                 {Property::lipschitz, "x", 1},
                 {Property::smooth, "x", .25}},
    .source = {"Maechler, Accurately computing log(1 - exp(-|a|)), section 3", 2012,
               "https://cran.r-project.org/web/packages/Rmpfr/vignettes/log1mexp-note.pdf"},
};

/// log(1 + e^x), element by element.
struct Softplus {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Softplus>{
    .name = "softplus",
    .type = "Softplus",
    .title = "softplus",
    .formula = "log(1+e^x)",
    .kind = Kind::element_wise,
    .inputs = activation::element,
    .output = ".",
    .scale = "1",
    .promises = {{Property::nonnegative},
                 {Property::convex, "x"},
                 {Property::lipschitz, "x", 1},
                 {Property::smooth, "x", .25}},
    .source =
        {"Dugas et al., Incorporating second-order functional knowledge for better option pricing", 2000,
         "https://proceedings.neurips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html"},
};

/// log sum_c e^{x_c} over the last axis.
struct LogSumExp {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<LogSumExp>{
    .name = "log_sum_exp",
    .type = "LogSumExp",
    .title = "log-sum-exp",
    .formula = "log sum_c e^{x_c}",
    .kind = Kind::row_wise,
    .inputs = {{.name = "x", .axes = ".C", .domain = domain::extended, .about = "scores of the C classes"}},
    .output = ".",
    .scale = "1",
    .promises = {{Property::convex, "x"},
                 {Property::lipschitz, "x", 1},
                 {Property::smooth, "x", .25},
                 {Property::permutation_invariant}},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"},
};

/// e^{x_c} / sum_k e^{x_k} over the last axis; the unreduced value has x's shape.
struct Softmax {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Softmax>{
    .name = "softmax",
    .type = "Softmax",
    .title = "softmax",
    .formula = "e^{x_c} / sum_k e^{x_k}",
    .kind = Kind::row_wise,
    .inputs = activation::row,
    .output = ".C",
    .scale = "1",
    .promises = {{Property::nonnegative},
                 {Property::unit_range},
                 {Property::sums_to_one},
                 {Property::shift_invariant, "x"},
                 {Property::permutation_invariant}},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"},
};

/// x_c - log sum_k e^{x_k} over the last axis; the unreduced value has x's shape.
struct LogSoftmax {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<LogSoftmax>{
    .name = "log_softmax",
    .type = "LogSoftmax",
    .title = "logarithm of the softmax",
    .formula = "x_c - log sum_k e^{x_k}",
    .kind = Kind::row_wise,
    .inputs = activation::row,
    .output = ".C",
    .scale = "1",
    .promises = {{Property::at_most, "", 0},
                 {Property::concave, "x"},
                 {Property::shift_invariant, "x"},
                 {Property::permutation_invariant}},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"},
};

}  // namespace assay
