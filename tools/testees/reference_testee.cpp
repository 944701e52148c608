// Of testee.hpp, reference_testee(), and of in_process_testee.hpp, certified_answer().
#include <fmt/format.h>

#include "reference/truth/truth.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay {
namespace {

Tensor rounded(const reference::TensorTruth& truth) {
  Tensor out;
  out.shape = truth.shape;
  for (const reference::Component& each : truth.components) out.real.push_back(each.rounded);
  return out;
}

Answer certified(const Case& c, const reference::Effort& effort) {
  reference::Truth truth = reference::certify(c, effort);
  if (!truth.error.empty()) return Answer::error(truth.error);
  if (!truth.undecided.empty())
    return Answer::error(fmt::format("undecided at {} bits: {}", effort.max_bits, truth.undecided));
  Answer answer;
  answer.value = rounded(truth.value);
  for (const auto& [name, tensor] : truth.gradient) answer.gradient.emplace(name, rounded(tensor));
  if (effort.details) answer.truth = std::make_shared<const reference::Truth>(std::move(truth));
  return answer;
}

}  // namespace

Answer certified_answer(const Case& c) { return certified(c, {.details = false}); }

std::unique_ptr<Testee> reference_testee() {
  return in_process_testee(everything({"assay-reference", ASSAY_VERSION, "c++"}),
                           [](const Case& c) { return certified(c, {.details = true}); });
}

}  // namespace assay
