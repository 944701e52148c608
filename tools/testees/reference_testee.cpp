// The certified reference as a testee.
#include <fmt/format.h>

#include "reference/truth/truth.hpp"
#include "tools/testees/in_process.hpp"

namespace assay {
namespace {

Tensor rounded(const reference::TensorTruth& truth) {
  Tensor out;
  out.shape = truth.shape;
  for (const reference::Component& each : truth.components) out.real.push_back(each.rounded);
  return out;
}

Answer certified(const Case& c) {
  reference::Effort effort;
  effort.details = false;
  const reference::Truth truth = reference::certify(c, effort);
  Answer answer;
  if (!truth.error.empty() || !truth.undecided.empty()) {
    answer.outcome = Answer::Outcome::errored;
    answer.reason = !truth.error.empty()
                        ? truth.error
                        : fmt::format("undecided at {} bits: {}", effort.max_bits, truth.undecided);
    return answer;
  }
  answer.value = rounded(truth.value);
  for (const auto& [name, tensor] : truth.gradient) answer.gradient.emplace(name, rounded(tensor));
  return answer;
}

}  // namespace

std::unique_ptr<Testee> reference_testee() {
  return in_process_testee({"assay-reference", ASSAY_VERSION, "c++"}, certified);
}

}  // namespace assay
