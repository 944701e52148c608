// Functions that losses are made of and that frameworks export beside them: sigmoid, softplus, log-sum-exp,
// softmax and its logarithm.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// 1 / (1 + e^-x), element by element.
struct Sigmoid {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -log(1 + e^-x), element by element.
struct LogSigmoid {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// log(1 + e^x), element by element.
struct Softplus {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// log sum_c e^{x_c} over the last axis.
struct LogSumExp {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// e^{x_c} / sum_k e^{x_k} over the last axis; the unreduced value has x's shape.
struct Softmax {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// x_c - log sum_k e^{x_k} over the last axis; the unreduced value has x's shape.
struct LogSoftmax {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace activation {
inline constexpr std::array element{
    Input{.name = "x", .axes = ".", .domain = domain::extended, .about = "score"}};
inline constexpr std::array row{
    Input{.name = "x", .axes = ".C", .domain = domain::extended, .about = "scores of the C classes"}};
inline constexpr std::array shifted_row{Input{.name = "x",
                                              .axes = ".C",
                                              .domain = domain::extended,
                                              .origin = Origin::row_maximum,
                                              .about = "scores of the C classes"}};
inline constexpr std::array sigmoid_promises{Promise{Property::nonnegative}, Promise{Property::unit_range},
                                             Promise{Property::lipschitz, "x", .25}};
inline constexpr std::array log_sigmoid_promises{
    Promise{Property::at_most, "", 0}, Promise{Property::concave, "x"}, Promise{Property::lipschitz, "x", 1},
    Promise{Property::smooth, "x", .25}};
inline constexpr std::array softplus_promises{Promise{Property::nonnegative}, Promise{Property::convex, "x"},
                                              Promise{Property::lipschitz, "x", 1},
                                              Promise{Property::smooth, "x", .25}};
inline constexpr std::array log_sum_exp_promises{
    Promise{Property::convex, "x"}, Promise{Property::lipschitz, "x", 1}, Promise{Property::smooth, "x", .25},
    Promise{Property::permutation_invariant}};
inline constexpr std::array softmax_promises{
    Promise{Property::nonnegative}, Promise{Property::unit_range}, Promise{Property::sums_to_one},
    Promise{Property::shift_invariant, "x"}, Promise{Property::permutation_invariant}};
inline constexpr std::array log_softmax_promises{
    Promise{Property::at_most, "", 0}, Promise{Property::concave, "x"},
    Promise{Property::shift_invariant, "x"}, Promise{Property::permutation_invariant}};
}  // namespace activation

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
    .promises = activation::sigmoid_promises,
    .conventions = {},
    .source = {"Verhulst, Recherches mathematiques sur la loi d'accroissement de la population", 1845,
               "https://eudml.org/doc/182533"}};

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
    .promises = activation::log_sigmoid_promises,
    .conventions = {},
    .source = {"Maechler, Accurately computing log(1 - exp(-|a|)), section 3", 2012,
               "https://cran.r-project.org/web/packages/Rmpfr/vignettes/log1mexp-note.pdf"}};

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
    .promises = activation::softplus_promises,
    .conventions = {},
    .source = {
        "Dugas et al., Incorporating second-order functional knowledge for better option pricing", 2000,
        "https://proceedings.neurips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html"}};

template <>
inline constexpr Facts facts<LogSumExp>{
    .name = "log_sum_exp",
    .type = "LogSumExp",
    .title = "log-sum-exp",
    .formula = "log sum_c e^{x_c}",
    .kind = Kind::row_wise,
    .inputs = activation::row,
    .output = ".",
    .scale = "1",
    .promises = activation::log_sum_exp_promises,
    .conventions = {},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"}};

template <>
inline constexpr Facts facts<Softmax>{
    .name = "softmax",
    .type = "Softmax",
    .title = "softmax",
    .formula = "e^{x_c} / sum_k e^{x_k}",
    .kind = Kind::row_wise,
    .inputs = activation::shifted_row,
    .output = ".C",
    .scale = "1",
    .promises = activation::softmax_promises,
    .conventions = {},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"}};

template <>
inline constexpr Facts facts<LogSoftmax>{
    .name = "log_softmax",
    .type = "LogSoftmax",
    .title = "logarithm of the softmax",
    .formula = "x_c - log sum_k e^{x_k}",
    .kind = Kind::row_wise,
    .inputs = activation::shifted_row,
    .output = ".C",
    .scale = "1",
    .promises = activation::log_softmax_promises,
    .conventions = {},
    .source = {"Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions",
               2021, "https://doi.org/10.1093/imanum/draa038"}};

}  // namespace assay
