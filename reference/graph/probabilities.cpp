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

Real clipped_at_epsilon(const Row& in, Real probability) {
  const Real least = in.number(in.format().epsilon());
  return minimum({maximum({probability, least}), 1 - least});
}

}  // namespace assay::reference
