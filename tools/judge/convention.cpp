#include "tools/judge/convention.hpp"

#include <algorithm>
#include <string_view>

#include "losses/catalogue/records.hpp"

namespace assay {
namespace {

Tensor rounded(const reference::TensorTruth& truth) {
  Tensor out{.shape = truth.shape, .real = {}, .integer = {}};
  for (const reference::Component& each : truth.components) out.real.push_back(each.rounded);
  return out;
}

/// "torch, jax" in parts.
std::vector<std::string> parts(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    list.remove_prefix(std::min(list.find_first_not_of(' '), list.size()));
  }
  return out;
}

}  // namespace

std::vector<ConventionalAnswer> conventional_answers(const Case& question,
                                                     const std::vector<reference::ConventionTruth>& truths) {
  std::vector<ConventionalAnswer> out;
  for (const reference::ConventionTruth& each : truths) {
    ConventionalAnswer answer{
        .name = each.name, .used_by = {}, .value = rounded(each.truth.value), .gradient = {}};
    for (const Convention& fact : question.record()->conventions)
      if (fact.name == each.name) answer.used_by = parts(fact.used_by);
    for (const auto& [name, tensor] : each.truth.gradient) answer.gradient.emplace(name, rounded(tensor));
    out.push_back(std::move(answer));
  }
  return out;
}

const std::vector<std::string>& declared_conventions(const Handshake& handshake, const Case& question) {
  static const std::vector<std::string> none;
  const Offer* offer = offer_of(handshake, question);
  return offer ? offer->conventions : none;
}

}  // namespace assay
