#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {

std::vector<Entry> activations() {
  return {
      {"sigmoid", [](const auto& in) { return sigmoid(in("x")); }},
      {"log_sigmoid", [](const auto& in) { return -softplus(-in("x")); }},
      {"softplus", [](const auto& in) { return softplus(in("x")); }},
      {"log_sum_exp", [](const auto& in) { return log_sum_exp(in.row("x")); }},
      {"softmax", [](const auto& in) { return Term(softmax(in.row("x"))); }},
      {"log_softmax", [](const auto& in) { return Term(log_softmax(in.row("x"))); }},
  };
}

}  // namespace assay::tests::textbook
