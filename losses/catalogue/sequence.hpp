// Losses of sequences whose alignment with their labels is not known.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// -log of the sum over alignments: each is a class a frame, and its probability the product of theirs;
/// taking one of each run of equal classes and then leaving out the blanks gives the labels
struct Ctc {
  std::int64_t blank = 0;      ///< the class that stands for no label
  bool zero_infinity = false;  ///< a sample without a possible alignment counts 0, not +inf
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Ctc>{
    Parameter{"blank", &Ctc::blank, {.kind = Domain::Kind::class_index, .text = "a class index in [0, C)"}},
    Parameter{"zero_infinity", &Ctc::zero_infinity}};
template <>
inline constexpr Facts facts<Ctc>{
    .name = "ctc",
    .type = "Ctc",
    .title = "connectionist temporal classification",
    .formula = "-log of the sum over alignments",
    .kind = Kind::row_wise,
    .inputs = {{.name = "log_probability",
                .axes = "TNC",
                .domain = domain::extended,
                .about = "of each class, frame by frame",
                .lengths = "input_lengths"},
               {.name = "labels",
                .axes = "NS",
                .domain = {.kind = Domain::Kind::class_index,
                           .text = "a class index in [0, C) other than blank",
                           .other_than = "blank"},
                .about = "a sample's labels in order",
                .integer = true,
                .lengths = "target_lengths"},
               {.name = "input_lengths",
                .axes = "N",
                .domain = {.kind = Domain::Kind::length, .text = "a number of frames in [0, T]", .axis = 'T'},
                .about = "how many frames a sample has",
                .integer = true},
               {.name = "target_lengths",
                .axes = "N",
                .domain = {.kind = Domain::Kind::length, .text = "a number of labels in [0, S]", .axis = 'S'},
                .about = "how many labels it has",
                .integer = true}},
    .output = "N",
    .scale = "max(1, loss)",
    .promises = {{Property::concave, "log_probability"},
                 {Property::lipschitz, "log_probability", 1},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "log-softmax-gradient",
                     .about =
                         "the gradient is e^log_probability less the occupancy of a class, as by the logits "
                         "of a log-softmax that made log_probability",
                     .used_by = "torch",
                     .link = "https://github.com/pytorch/pytorch/issues/52241"},
                    {.name = "logits-normalized-first",
                     .about = "log_probability is taken for logits: a log-softmax comes before the loss",
                     .used_by = "optax, keras, tensorflow, paddle",
                     .link = "https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.ctc_loss"}},
    .source = {"Graves, Fernandez, Gomez and Schmidhuber, Connectionist temporal classification, ICML 2006, "
               "equations 2, 3, 6 to 8 and 12",
               2006, "https://doi.org/10.1145/1143844.1143891"},
};

}  // namespace assay
