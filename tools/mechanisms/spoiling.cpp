#include "tools/mechanisms/spoiling.hpp"

#include <utility>

#include "losses/spec/dtype.hpp"

namespace assay::mechanisms {

Model spoilt_answer(std::string mechanism, std::string sentence, int generality, Spoil spoil) {
  const auto expected = [spoil = std::move(spoil)](const Observation& seen, const Part& part,
                                                   bool) -> std::optional<Expected> {
    const reference::TensorTruth& truth = *truth_of(seen.truth, part);
    Expected out;
    for (std::size_t i = 0; i < truth.components.size(); ++i) {
      const Spoilt m = spoil(seen, i, truth.components[i].rounded, allowance(seen.question.dtype, truth, i));
      out.numbers.push_back(round_to(seen.question.dtype, m.number));
      out.slack.push_back(m.slack);
    }
    return out;
  };
  return {std::move(mechanism), std::move(sentence), generality, expected};
}

}  // namespace assay::mechanisms
