#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"
#include "tests/witnesses/textbook/ctc.hpp"

namespace assay::tests::mutants {
namespace {

Mutant with(std::string fault, CtcHabits habits) {
  return wrong("ctc", std::move(fault), [habits](const auto& in) { return ctc(in, habits); });
}

}  // namespace

std::vector<Mutant> wrong_sequences() {
  return {
      with("equal labels need no blank between them", {.skips_equal_labels = true}),
      with("the blank is never skipped", {.never_skips = true}),
      with("alignments that end in the last label are left out", {.must_end_in_blank = true}),
      with("input_lengths ignored", {.reads_all_frames = true}),
      with("target_lengths ignored", {.reads_all_labels = true}),
      with("the blank is always 0", {.blank_is_0 = true}),
      with("the mean does not divide by the targets' lengths", {.mean_by_length = false}),
      with("the best alignment alone", {.best_path = true}),
      wrong("ge2e", "own utterance in its own centroid",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const auto& shape = in.shape("embedding");
              const auto speakers = static_cast<std::size_t>(shape[0]),
                         utterances = static_cast<std::size_t>(shape[1]);
              const auto all = in.matrix("embedding");
              const auto me = static_cast<std::size_t>(in.index());
              std::vector<X> scores;
              for (std::size_t k = 0; k < speakers; ++k) {
                std::vector<X> centroid(all[me].size(), X(0));
                for (std::size_t u = 0; u < utterances; ++u)
                  for (std::size_t d = 0; d < centroid.size(); ++d)
                    centroid[d] = centroid[d] + all[k * utterances + u][d] / static_cast<double>(utterances);
                scores.push_back(in.real("w") * cosine(all[me], centroid) + in.real("b"));
              }
              return -log_softmax(scores)[me / utterances];
            }),
  };
}

}  // namespace assay::tests::mutants
