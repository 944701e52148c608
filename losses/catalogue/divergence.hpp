// Entropy and divergences between rows of probabilities, in nats. Rows need not sum to one.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// -sum_c p_c log p_c over the last axis
struct Entropy {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// sum_c P_c log(P_c/Q_c) over the last axis; P is `target`, Q is `probability`
struct KlDivergence {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// KL(p,m)/2 + KL(q,m)/2 over the last axis, m = (p+q)/2
struct JsDivergence {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace divergence {
inline constexpr std::array one{Input{.name = "p",
                                      .axes = ".C",
                                      .domain = domain::unit,
                                      .origin = Origin::nearer_end,
                                      .about = "probability of each of the C outcomes"}};
inline constexpr std::array target_and_probability{Input{.name = "target",
                                                         .axes = ".C",
                                                         .domain = domain::unit,
                                                         .origin = Origin::nearer_end,
                                                         .about = "P, the true probabilities"},
                                                   Input{.name = "probability",
                                                         .axes = ".C",
                                                         .domain = domain::unit,
                                                         .origin = Origin::nearer_end,
                                                         .about = "Q, the model's probabilities"}};
inline constexpr std::array two{Input{.name = "p",
                                      .axes = ".C",
                                      .domain = domain::unit,
                                      .origin = Origin::nearer_end,
                                      .about = "probability of each of the C outcomes"},
                                Input{.name = "q",
                                      .axes = ".C",
                                      .domain = domain::unit,
                                      .origin = Origin::nearer_end,
                                      .about = "the same, by another account"}};
inline constexpr std::array entropy_promises{Promise{Property::nonnegative}, Promise{Property::concave, "p"},
                                             Promise{Property::permutation_invariant}};
inline constexpr std::array kl_promises{
    Promise{Property::zero_at_match}, Promise{Property::convex, "target,probability"},
    Promise{Property::homogeneous, "target,probability", 1}, Promise{Property::permutation_invariant}};
inline constexpr std::array js_promises{Promise{Property::nonnegative},
                                        Promise{Property::zero_at_match},
                                        Promise{Property::symmetric},
                                        Promise{Property::convex, "p,q"},
                                        Promise{Property::homogeneous, "p,q", 1},
                                        Promise{Property::permutation_invariant}};
inline constexpr std::array kl_conventions{
    Convention{.name = "mean-over-elements",
               .about = "a mean divides by the number of classes too, not by that of rows alone",
               .used_by = "torch",
               .link = "https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html"},
    Convention{.name = "inputs-clipped-1e-7",
               .about = "both inputs become the nearest in [1e-7, 1]; outside it the gradient is 0",
               .used_by = "keras",
               .link = "https://keras.io/api/losses/probabilistic_losses/"}};
}  // namespace divergence

template <>
inline constexpr Facts facts<Entropy>{.name = "entropy",
                                      .type = "Entropy",
                                      .title = "Shannon entropy",
                                      .formula = "-sum_c p_c log p_c",
                                      .kind = Kind::row_wise,
                                      .inputs = divergence::one,
                                      .output = ".",
                                      .scale = "sum_c p_c",
                                      .promises = divergence::entropy_promises,
                                      .conventions = {},
                                      .source = {"Shannon, A mathematical theory of communication, section 6",
                                                 1948, "https://doi.org/10.1002/j.1538-7305.1948.tb01338.x"}};

template <>
inline constexpr Facts facts<KlDivergence>{.name = "kl_divergence",
                                           .type = "KlDivergence",
                                           .title = "Kullback-Leibler divergence",
                                           .formula = "sum_c P_c log(P_c/Q_c)",
                                           .kind = Kind::row_wise,
                                           .inputs = divergence::target_and_probability,
                                           .output = ".",
                                           .scale = "sum_c P_c",
                                           .promises = divergence::kl_promises,
                                           .conventions = divergence::kl_conventions,
                                           .source = {"Kullback and Leibler, On information and sufficiency",
                                                      1951, "https://doi.org/10.1214/aoms/1177729694"}};

template <>
inline constexpr Facts facts<JsDivergence>{
    .name = "js_divergence",
    .type = "JsDivergence",
    .title = "Jensen-Shannon divergence",
    .formula = "KL(p,m)/2 + KL(q,m)/2, m=(p+q)/2",
    .kind = Kind::row_wise,
    .inputs = divergence::two,
    .output = ".",
    .scale = "sum_c (p_c + q_c)/2",
    .promises = divergence::js_promises,
    .conventions = {},
    .source = {"Lin, Divergence measures based on the Shannon entropy, section IV", 1991,
               "https://doi.org/10.1109/18.61115"}};

}  // namespace assay
