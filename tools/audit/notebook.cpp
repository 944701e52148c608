#include "tools/audit/notebook.hpp"

#include <fmt/format.h>

#include "tools/judge/judge.hpp"

namespace assay::audit {

const Tensor* output_of(const Answer& answer, const std::string& by) {
  if (by.empty()) return &answer.value;
  const auto found = answer.gradient.find(by);
  return found == answer.gradient.end() ? nullptr : &found->second;
}

const reference::TensorTruth& output_of(const reference::Truth& truth, const std::string& by) {
  return by.empty() ? truth.value : truth.gradient.at(by);
}

bool fits(const Answer& answer, const std::string& by, const reference::Truth& truth) {
  const Tensor* got = output_of(answer, by);
  const reference::TensorTruth& expected = output_of(truth, by);
  return got && got->shape == expected.shape && got->real.size() == expected.components.size();
}

Worst verdict(const Cell& cell, const Bar& bar, const Handshake& handshake, const Case& question,
              const Answer& answer) {
  reference::Truth truth = reference::certify(question);
  const auto conventional = conventional_answers(question, reference::conventions(question, truth));
  Worst out;
  out.question = question;
  out.regime = regime_of(question, truth);
  if (!cell.by.empty())  // the value has a cell of its own
    for (reference::Component& each : truth.value.components) each.checked = false;
  const CaseVerdict v =
      judge(question, truth, conventional, answer, declared_conventions(handshake, question));
  out.grade = v.grade;
  out.ulps = v.ulps;
  out.where = v.protocol.empty() ? v.where : v.protocol;
  out.got = v.got;
  out.condition = condition(v.truth);
  out.expected = v.truth.lower < v.truth.upper ? fmt::format("[{:a}, {:a}]", v.truth.lower, v.truth.upper)
                                               : fmt::format("{:a}", v.truth.rounded);
  out.digits = v.truth.digits;
  out.measured_from = v.measured_from;
  out.height = infinity;
  if (fits(answer, cell.by, truth)) {
    Case copy = question;
    out.height = 0;
    for (const Sight& each : sights(bar, Groups(question, cell.by), copy, cell.by,
                                    *output_of(answer, cell.by), output_of(truth, cell.by)))
      out.height = std::max(out.height, each.height);
  }
  out.conforms = bar.declared() ? out.height <= 1 : v.protocol.empty() && v.grade <= bar.required();
  if (out.conforms == v.declared) out.convention = v.convention;
  // The judge's word is the last: an error beyond the bar is beyond it by more than nothing.
  if (!out.conforms && out.height <= 1) out.height = std::nextafter(1., 2.);
  return out;
}

std::vector<Sight> Notebook::note(Case& question, const Answer& answer, const reference::Truth& truth,
                                  const Groups& groups) {
  const Tensor& got = *output_of(answer, cell_.by);
  const reference::TensorTruth& expected = output_of(truth, cell_.by);
  std::vector<Sight> all = sights(bar_, groups, question, cell_.by, got, expected);
  judged_ += static_cast<std::int64_t>(expected.components.size());
  std::optional<bool> conforms;  // asked at most once a case
  for (std::size_t g = 0; g < all.size(); ++g) {
    Sight& sight = all[g];
    const auto known = best_.find(sight.regime);
    const bool rises = known == best_.end() || sight.height > known->second.sight.height;
    if (rises && sight.height > 1 && !bar_.declared() && !cell_.record->conventions.empty()) {
      if (!conforms) conforms = verdict(cell_, bar_, handshake_, question, answer).conforms;
      if (*conforms) {
        sight.height = 0;
        ++excused_;
        continue;
      }
    }
    const auto [binade, is_new] = binades_.try_emplace({sight.regime, groups.exponent(question, g)});
    if (!expected.components.empty() && (is_new || sight.ulps > binade->second.ulps)) {
      const reference::Component& v = expected.components[sight.at];
      binade->second = {sight.ulps, bar_.allowed(question.dtype, expected, sight.at, !cell_.by.empty()),
                        condition(v), judge(got.real[sight.at], v, question.dtype).grade};
    }
    if (rises) best_.insert_or_assign(sight.regime, Best{question, answer, g, sight});
  }
  return all;
}

}  // namespace assay::audit
