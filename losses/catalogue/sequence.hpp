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

namespace sequence {
inline constexpr Domain blank{.kind = Domain::Kind::class_index, .text = "a class index in [0, C)"};
inline constexpr Domain label_but_blank{.kind = Domain::Kind::class_index,
                                        .text = "a class index in [0, C) other than blank",
                                        .other_than = "blank"};
inline constexpr Domain frames{
    .kind = Domain::Kind::length, .text = "a number of frames in [0, T]", .axis = 'T'};
inline constexpr Domain letters{
    .kind = Domain::Kind::length, .text = "a number of labels in [0, S]", .axis = 'S'};
inline constexpr std::array ctc{Input{.name = "log_probability",
                                      .axes = "TNC",
                                      .domain = domain::extended,
                                      .about = "of each class, frame by frame",
                                      .lengths = "input_lengths"},
                                Input{.name = "labels",
                                      .axes = "NS",
                                      .domain = label_but_blank,
                                      .about = "a sample's labels in order",
                                      .integer = true,
                                      .lengths = "target_lengths"},
                                Input{.name = "input_lengths",
                                      .axes = "N",
                                      .domain = frames,
                                      .about = "how many frames a sample has",
                                      .integer = true},
                                Input{.name = "target_lengths",
                                      .axes = "N",
                                      .domain = letters,
                                      .about = "how many labels it has",
                                      .integer = true}};
inline constexpr std::array ctc_conventions{
    Convention{"log-softmax-gradient",
               "the gradient is e^log_probability less the occupancy of a class, as by the logits "
               "of a log-softmax that made log_probability",
               "torch", "https://github.com/pytorch/pytorch/issues/52241"}};
inline constexpr std::array ctc_promises{Promise{Property::concave, "log_probability"},
                                         Promise{Property::lipschitz, "log_probability", 1},
                                         Promise{Property::permutation_invariant}};
}  // namespace sequence

template <>
inline constexpr std::array parameters<Ctc>{Parameter<Ctc>{"blank", &Ctc::blank, sequence::blank},
                                            Parameter<Ctc>{"zero_infinity", &Ctc::zero_infinity}};

template <>
inline constexpr Facts facts<Ctc>{.name = "ctc",
                                  .type = "Ctc",
                                  .title = "connectionist temporal classification",
                                  .formula = "-log of the sum over alignments",
                                  .kind = Kind::row_wise,
                                  .inputs = sequence::ctc,
                                  .output = "N",
                                  .scale = "max(1, loss)",
                                  .promises = sequence::ctc_promises,
                                  .conventions = sequence::ctc_conventions,
                                  .source = {"Graves, Fernandez, Gomez and Schmidhuber, Connectionist "
                                             "temporal classification, ICML 2006, equations 2, "
                                             "3, 6 to 8 and 12",
                                             2006, "https://doi.org/10.1145/1143844.1143891"}};

}  // namespace assay
