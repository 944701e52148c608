// Losses of speakers: several utterances each, compared with what the speakers have in common.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// softmax: -S_j + lse_k S_k; contrast: 1 - sigmoid(S_j) + max_{k!=j} sigmoid(S_k); S_k = w cos(e, c_k) + b,
/// c_k the mean of speaker k's utterances, an utterance left out of its own speaker's
struct Ge2e {
  double w = 10;                         ///< > 0
  double b = -5;                         ///< finite; drops out of the softmax variant
  std::string_view variant = "softmax";  ///< or "contrast"
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Ge2e>{
    Parameter{"w", &Ge2e::w, domain::positive}, Parameter{"b", &Ge2e::b, domain::finite},
    Parameter{"variant", &Ge2e::variant, {}, {"softmax", "contrast"}}};
template <>
inline constexpr Facts facts<Ge2e>{
    .name = "ge2e",
    .type = "Ge2e",
    .title = "generalized end-to-end loss",
    .formula =
        "softmax: -S_j + lse_k S_k; contrast: 1 - sigmoid(S_j) + max_{k!=j} sigmoid(S_k); "
        "S_k = w cos(e, c_k) + b, own utterance excluded from its own centroid",
    .kind = Kind::row_wise,
    .inputs = {{.name = "embedding",
                .axes = "SUD",
                .domain = domain::finite,
                .about = "embeddings by speaker and utterance"}},
    .axis_rules = {{.axis = 'U', .least = 2, .text = "at least 2"}},
    .output = "SU",
    .rows_depend = true,
    .scale = "w",
    .promises = {{Property::nonnegative},
                 {Property::homogeneous, "embedding", 0},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .source = {"Wan, Wang, Papir and Lopez Moreno, Generalized end-to-end loss for speaker verification, "
               "equations 1 and 5 to 9",
               2018, "https://arxiv.org/abs/1710.10467"},
    .accuracy = declared_norm_wise,
};

}  // namespace assay
