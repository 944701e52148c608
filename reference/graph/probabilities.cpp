#include "reference/graph/probabilities.hpp"

namespace assay::reference {

Shares softmax_shares(const Vector& logits, std::size_t label) {
  Vector powers, others;
  for (Real each : logits) powers.push_back(exp(each));
  for (std::size_t c = 0; c < powers.size(); ++c)
    if (c != label) others.push_back(powers[c]);
  const Real total = sum(powers);
  return {powers[label] / total, sum(others) / total};
}

Real clipped(const Row& in, Real probability) {
  return minimum({maximum({probability, in.rounded(1, 10'000'000)}), in.rounded(9'999'999, 10'000'000)});
}

}  // namespace assay::reference
