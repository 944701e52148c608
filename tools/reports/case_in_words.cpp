#include "tools/reports/case_in_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "tools/reports/describe.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// Longer tensors are shown by their first numbers.
constexpr std::size_t shown = 8;

/// In decimals, with the bits beside them where decimals hide any.
std::string both(double x, Dtype dtype) {
  return std::isfinite(x) ? fmt::format("{} ({})", shortest(dtype, x), hex(x)) : shortest(dtype, x);
}

std::string tensor_line(const Tensor& t, Dtype dtype) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < std::min(t.size(), shown); ++i)
    numbers.push_back(t.is_integer ? fmt::format("{}", t.integer[i]) : both(t.real[i], dtype));
  if (t.size() > shown) numbers.push_back(fmt::format("... {} more", t.size() - shown));
  return fmt::format("[{}]: {}", fmt::join(t.shape, ", "), fmt::join(numbers, ", "));
}

std::string exact_text(const reference::Component& c, Dtype dtype) {
  if (!c.checked) return "any number, the contract leaves it open";
  if (c.lower < c.upper)
    return fmt::format("anything in [{}, {}], a kink; {} by the contract's rule", shortest(dtype, c.lower),
                       shortest(dtype, c.upper), shortest(dtype, c.rounded));
  if (!std::isfinite(c.rounded) &&
      (c.digits.empty() || std::isalpha(static_cast<unsigned char>(c.digits.back()))))
    return shortest(dtype, c.rounded);
  if (!c.digits.empty()) return fmt::format("{}, rounds to {}", c.digits, hex(c.rounded));
  if (c.offset == 0) return both(c.rounded, dtype);
  return fmt::format("{} {} {:.4f} ulp", both(c.rounded, dtype), c.offset < 0 ? '-' : '+',
                     std::fabs(c.offset));
}

std::string condition_words(const reference::Component& c) {
  const double k = condition(c);
  return std::isnan(k) ? "" : fmt::format(", condition {:.3g}", k);
}

/// A number of an answer as it was judged.
struct Judged {
  double got;
  ComponentVerdict verdict;
  std::string measured_from;
  std::optional<reference::Component> expected;  ///< by that convention
};
using JudgedOutputs = std::map<std::string, std::vector<Judged>, std::less<>>;

/// The lines of one component.
std::string component_lines(const std::string& label, const reference::Component& truth, const Judged* got,
                            Dtype dtype) {
  const bool conventional = got && got->expected;
  std::string out = fmt::format("  {}true {}{}\n", label, exact_text(truth, dtype),
                                conventional ? "" : condition_words(truth));
  if (!got) return out;
  const std::string margin(label.size() + 2, ' ');
  if (conventional)
    out += fmt::format("{}by the convention {} {}{}\n", margin, got->measured_from,
                       both(got->expected->rounded, dtype), condition_words(*got->expected));
  return out + fmt::format("{}got  {}, {} ulp{}\n", margin, both(got->got, dtype),
                           ulps_text(got->verdict.ulps), conventional ? " from the convention" : "");
}

std::string output_lines(std::string_view where, const reference::TensorTruth& truth, const Tensor* came,
                         const std::vector<Judged>* judged, Dtype dtype) {
  std::string out = fmt::format("\n{} [{}]\n", where, fmt::join(truth.shape, ", "));
  if (came && !judged)
    out += fmt::format("  came back with shape [{}] and {} numbers\n", fmt::join(came->shape, ", "),
                       came->size());
  std::vector<bool> picked(truth.components.size(), false);
  std::size_t farthest = 0, count = 0;
  double most = -1;
  for (std::size_t i = 0; i < picked.size(); ++i) {
    const ComponentVerdict verdict = judged ? (*judged)[i].verdict : ComponentVerdict{};
    picked[i] = i < shown || (verdict.grade > Grade::stable && count < 4 * shown);
    count += picked[i];
    if (verdict.ulps > most) most = verdict.ulps, farthest = i;
  }
  if (!picked.empty() && !picked[farthest]) picked[farthest] = true, ++count;
  for (std::size_t i = 0; i < picked.size(); ++i)
    if (picked[i])
      out += component_lines(truth.shape.empty() ? "" : fmt::format("[{}] ", i), truth.components[i],
                             judged ? &(*judged)[i] : nullptr, dtype);
  if (count < picked.size()) out += fmt::format("  and {} more\n", picked.size() - count);
  return out;
}

std::string about(std::string_view convention, const Record* record) {
  if (!record) return "";
  for (const Convention& each : record->conventions)
    if (convention == each.name) return fmt::format("  {} ({}): {}\n", each.about, each.used_by, each.link);
  return "";
}

}  // namespace

std::string question_in_words(const GoldenCase& golden, const GoldenFile& file) {
  const Case& c = golden.question;
  std::string out =
      fmt::format("{}{}{}\n", printable(c.id), golden.slug.empty() ? "" : "  ", printable(golden.slug));
  if (const Record* record = c.record())
    out += fmt::format("{}: {}\nsource: {} ({}), {}\n", record->title, record->formula,
                       record->source.citation, record->source.year, record->source.link);
  out +=
      fmt::format("\nregime {}; reduction {}; gradient with respect to {}\n", name(golden.regime),
                  name(c.reduction), c.wrt.empty() ? "nothing" : fmt::format("{}", fmt::join(c.wrt, ", ")));
  Case parameters_only = c;
  parameters_only.inputs.clear();
  if (!c.parameters.empty()) out += fmt::format("parameters: {}\n", witness(parameters_only));
  for (const auto& [name, tensor] : c.inputs)
    out += fmt::format("{} {}\n", printable(name), tensor_line(tensor, c.dtype));

  if (!golden.comment.empty()) out += fmt::format("\n{}\n", printable(golden.comment));
  for (const std::string& flag : golden.flags) {
    const auto note = file.notes.find(flag);
    if (note == file.notes.end()) continue;
    out += fmt::format("\n{} ({}): {} {}\n", printable(flag), printable(note->second.kind),
                       printable(note->second.description), printable(note->second.effect));
    for (const std::string& link : note->second.links) out += fmt::format("  {}\n", printable(link));
  }
  return out;
}

std::string numbers_in_words(const GoldenCase& golden, const Answer* answer,
                             std::span<const std::string> declared) {
  const Dtype dtype = golden.question.dtype;
  JudgedOutputs outputs;
  if (answer)
    judge(golden.question, golden.truth, golden.conventions, *answer, declared,
          [&](const JudgedComponent& each) {
            auto& all = outputs.try_emplace(std::string(each.output)).first->second;
            all.push_back({each.got, each.verdict, std::string(each.measured_from), {}});
            if (!each.measured_from.empty()) all.back().expected = each.expected;
          });
  const auto lines = [&](const std::string& where, const reference::TensorTruth& truth, const Tensor* came) {
    const auto judged = outputs.find(where);
    return output_lines(where, truth, came, judged == outputs.end() ? nullptr : &judged->second, dtype);
  };
  std::string out = lines("value", golden.truth.value, answer ? &answer->value : nullptr);
  for (const auto& [name, truth] : golden.truth.gradient) {
    const Tensor* came = nullptr;
    if (answer)
      if (const auto got = answer->gradient.find(name); got != answer->gradient.end()) came = &got->second;
    out += lines("gradient." + name, truth, came);
  }
  return out;
}

std::string verdict_in_words(const GoldenCase& golden, const CaseVerdict& verdict) {
  if (!verdict.protocol.empty()) return fmt::format("wrong: {}\n", verdict.protocol);
  const Record* record = golden.question.record();
  std::string out(name(verdict.grade));
  if (!verdict.where.empty()) out += fmt::format(": {} ulp at {}", ulps_text(verdict.ulps), verdict.where);
  if (!verdict.measured_from.empty())
    out += fmt::format(", measured from the convention {}", verdict.measured_from);
  if (verdict.truth.input_count > 1) out += fmt::format("; {} numbers reach it", verdict.truth.input_count);
  if (verdict.truth.scale > 0) out += fmt::format("; intrinsic scale {:.6g}", verdict.truth.scale);
  out += "\n";
  if (!verdict.measured_from.empty() && verdict.convention != verdict.measured_from)
    out += about(verdict.measured_from, record);
  if (!verdict.convention.empty())
    out += fmt::format("the answer follows the convention {}, which the testee {}\n", verdict.convention,
                       verdict.declared ? "declares" : "does not declare") +
           about(verdict.convention, record);
  return out;
}

}  // namespace assay
