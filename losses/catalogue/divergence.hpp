// Entropy and divergences between rows of probabilities, in nats. Rows need not sum to one.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// -sum_c p_c log p_c over the last axis
struct Entropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Entropy>{
    .name = "entropy",
    .type = "Entropy",
    .title = "Shannon entropy",
    .formula = "-sum_c p_c log p_c",
    .kind = Kind::row_wise,
    .inputs = {{.name = "p",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::nearer_end,
                .about = "probability of each of the C outcomes"}},
    .output = ".",
    .scale = "sum_c p_c",
    .promises = {{Property::nonnegative}, {Property::concave, "p"}, {Property::permutation_invariant}},
    .source = {"Shannon, A mathematical theory of communication, section 6", 1948,
               "https://doi.org/10.1002/j.1538-7305.1948.tb01338.x"},
};

/// sum_c P_c log(P_c/Q_c) over the last axis; P is `target`, Q is `probability`
struct KlDivergence {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<KlDivergence>{
    .name = "kl_divergence",
    .type = "KlDivergence",
    .title = "Kullback-Leibler divergence",
    .formula = "sum_c P_c log(P_c/Q_c)",
    .kind = Kind::row_wise,
    .inputs = {{.name = "target",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::nearer_end,
                .about = "P, the true probabilities"},
               {.name = "probability",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::nearer_end,
                .about = "Q, the model's probabilities"}},
    .output = ".",
    .scale = "sum_c P_c",
    .promises = {{Property::zero_at_match},
                 {Property::convex, "target,probability"},
                 {Property::homogeneous, "target,probability", 1},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "mean-over-elements",
                     .about = "a mean divides by the number of classes too, not by that of rows alone",
                     .used_by = "torch, paddle",
                     .link = "https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html"},
                    {.name = "inputs-clipped-1e-7",
                     .about = "both inputs become the nearest in [1e-7, 1]; outside it the gradient is 0",
                     .used_by = "keras",
                     .link = "https://keras.io/api/losses/probabilistic_losses/"},
                    {.name = "logarithms-of-clipped-1e-7",
                     .about = "sum_c P_c log(P'_c/Q'_c), P' and Q' the nearest to P and Q in [1e-7, 1]",
                     .used_by = "tfjs",
                     .link = "https://github.com/tensorflow/tfjs/blob/master/tfjs-layers/src/losses.ts"}},
    .source = {"Kullback and Leibler, On information and sufficiency", 1951,
               "https://doi.org/10.1214/aoms/1177729694"},
};

/// KL(p,m)/2 + KL(q,m)/2 over the last axis, m = (p+q)/2
struct JsDivergence {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<JsDivergence>{
    .name = "js_divergence",
    .type = "JsDivergence",
    .title = "Jensen-Shannon divergence",
    .formula = "KL(p,m)/2 + KL(q,m)/2, m=(p+q)/2",
    .kind = Kind::row_wise,
    .inputs = {{.name = "p",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::nearer_end,
                .about = "probability of each of the C outcomes"},
               {.name = "q",
                .axes = ".C",
                .domain = domain::unit,
                .origin = Origin::nearer_end,
                .about = "the same, by another account"}},
    .output = ".",
    .scale = "sum_c (p_c + q_c)/2",
    .promises = {{Property::nonnegative},
                 {Property::zero_at_match},
                 {Property::symmetric},
                 {Property::convex, "p,q"},
                 {Property::homogeneous, "p,q", 1},
                 {Property::permutation_invariant}},
    .source = {"Lin, Divergence measures based on the Shannon entropy, section IV", 1991,
               "https://doi.org/10.1109/18.61115"},
};

}  // namespace assay
