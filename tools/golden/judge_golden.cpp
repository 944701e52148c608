#include "tools/golden/judge_golden.hpp"

#include <algorithm>

namespace assay {
namespace {

void add_count_and_scale(reference::TensorTruth& golden, const reference::TensorTruth& certified) {
  const std::size_t n = std::min(golden.components.size(), certified.components.size());
  for (std::size_t i = 0; i < n; ++i) {
    golden.components[i].input_count = certified.components[i].input_count;
    golden.components[i].scale = certified.components[i].scale;
  }
}

reference::Truth with_count_and_scale(reference::Truth truth, const Case& question) {
  const reference::Truth certified = reference::certify(question);
  add_count_and_scale(truth.value, certified.value);
  for (auto& [name, tensor] : truth.gradient)
    if (const auto found = certified.gradient.find(name); found != certified.gradient.end())
      add_count_and_scale(tensor, found->second);
  return truth;
}

}  // namespace

CaseVerdict judge(const GoldenCase& golden, const Answer& answer) {
  CaseVerdict verdict = judge(golden.question, golden.truth, {}, answer);
  if (verdict.grade <= Grade::stable || !verdict.protocol.empty()) return verdict;
  return judge(golden.question, with_count_and_scale(golden.truth, golden.question), golden.conventions,
               answer);
}

}  // namespace assay
