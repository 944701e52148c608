// Of exhaustive.hpp: what a campaign comes to, in numbers and in words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/audit/bar.hpp"
#include "tools/audit/exhaustive.hpp"

namespace assay::audit {
namespace {

bool complete(const SweepCampaign& campaign, const SweepState& sweep) {
  return campaign.range.from == 0 && campaign.range.to >= last_pattern(sweep.plan.one.dtype) &&
         std::all_of(sweep.done.begin(), sweep.done.end(), [](bool done) { return done; });
}

bool conforms(const Bar& bar, const ComponentVerdict& verdict, const reference::Component& truth, Dtype dtype,
              bool gradient) {
  if (verdict.grade == Grade::correctly_rounded) return true;
  if (!bar.declared()) return verdict.grade <= bar.required();
  return verdict.ulps <= bar.allowed(dtype, {{1}, {truth}}, 0, gradient);
}

/// The truth is certified anew: a tally's errors are good to a millionth of an ulp, a statement's to all
/// digits.
SweepStatement statement(const SweepState& sweep, const SweepTally& tally, bool gradient,
                         const reference::Sweep& truth, const SweepBar& bar) {
  const Dtype dtype = sweep.plan.one.dtype;
  SweepStatement out;
  out.loss = sweep.plan.one.loss.name();
  out.dtype = dtype;
  out.output = gradient ? "gradient." + sweep.plan.swept : "value";
  out.held = sweep.plan.held;
  out.inputs = tally.inputs;
  out.correctly_rounded = tally.correctly_rounded;
  out.faithful = tally.faithful;
  out.beyond = tally.beyond;
  out.undecided = tally.undecided;
  out.unanswered = tally.unanswered;
  out.conforms = tally.unanswered == 0;
  out.question = sweep.plan.one;
  const Bar held = bar.declared ? Bar(*sweep.plan.one.record(), dtype, gradient ? sweep.plan.swept : "")
                                : Bar(bar.required);
  SweepTally::Worst worst;
  for (const auto& [binade, each] : tally.worst) {
    const double x = from_pattern(dtype, each.pattern);
    const reference::Component component = truth.certified(x)[gradient ? 1 : 0];
    const ComponentVerdict verdict = judge(each.got, component, dtype);
    out.binades.push_back({x, each.got, verdict.ulps, verdict.grade});
    out.grade = std::max(out.grade, verdict.grade);
    out.conforms = out.conforms && conforms(held, verdict, component, dtype, gradient);
    if (!worst.yields_to(each)) continue;
    worst = each;
    out.worst_ulps = verdict.ulps;
    out.worst_input = x;
    out.got = each.got;
    out.truth = component;
    out.question.inputs.at(sweep.plan.swept).real = {x};
  }
  return out;
}

/// 4,294,967,296
std::string grouped(std::uint64_t n) {
  std::string out = fmt::format("{}", n);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

/// Never 100 or 0 for what is not all or nothing.
std::string percent(std::uint64_t part, std::uint64_t all) {
  const double share = 100 * static_cast<double>(part) / static_cast<double>(all);
  if (part < all && share > 99.99995) return "more than 99.9999 %";
  if (part > 0 && share < .00005) return fmt::format("{} of them", grouped(part));
  return fmt::format("{:.4f} %", share);
}

std::string ulps_text(double ulps) {
  return std::isinf(ulps) ? "not comparable" : fmt::format("{:.7g} ulp", ulps);
}

Json number(double x) {
  if (std::isnan(x)) return Json::string("NaN");
  if (std::isinf(x)) return Json::string(x > 0 ? "Infinity" : "-Infinity");
  return Json::number(fmt::format("{:.17g}", x));
}
Json counted(std::uint64_t n) { return Json::integer(static_cast<std::int64_t>(n)); }

}  // namespace

std::vector<SweepStatement> statements(const SweepCampaign& campaign, const SweepBar& bar) {
  std::vector<SweepStatement> out;
  for (const SweepState& sweep : campaign.sweeps) {
    if (sweep.value.inputs + sweep.value.unanswered == 0) continue;
    const reference::Sweep truth(sweep.plan.one, sweep.plan.swept);
    out.push_back(statement(sweep, sweep.value, false, truth, bar));
    out.back().all = complete(campaign, sweep);
    if (sweep.plan.one.wrt.empty()) continue;
    out.push_back(statement(sweep, sweep.gradient, true, truth, bar));
    out.back().all = complete(campaign, sweep);
  }
  return out;
}

std::string text(const SweepStatement& s) {
  const std::string variant = s.question.variant.empty() ? "" : fmt::format(" ({})", s.question.variant);
  std::string out = fmt::format("{}{} {} {}{}{}: {}{} inputs", s.loss, variant, name(s.dtype), s.output,
                                s.held.empty() ? "" : ", ", s.held, s.all ? "all " : "", grouped(s.inputs));
  if (s.inputs > 0) {
    out += fmt::format(": worst {} at {:a}", ulps_text(s.worst_ulps), s.worst_input);
    if (!(s.worst_ulps <= .5)) out += fmt::format(" (got {:a}, true {:a})", s.got, s.truth.rounded);
    out += fmt::format("; correctly rounded {}",
                       s.correctly_rounded == s.inputs ? "100 %" : percent(s.correctly_rounded, s.inputs));
    if (s.faithful > 0) out += fmt::format(", faithful {}", percent(s.faithful, s.inputs));
    if (s.beyond > 0) out += fmt::format(", beyond {}", percent(s.beyond, s.inputs));
  }
  if (s.undecided > 0) out += fmt::format("; undecided {}", grouped(s.undecided));
  if (s.unanswered > 0) out += fmt::format("; without an answer {}", grouped(s.unanswered));
  return out;
}

Json to_json(const SweepStatement& s) {
  Json binades = Json::array();
  for (const SweepStatement::Binade& each : s.binades)
    binades.items.push_back(Json::object({{"input", number(each.input)},
                                          {"got", number(each.got)},
                                          {"ulps", number(each.ulps)},
                                          {"grade", Json::string(name(each.grade))}}));
  Json out = Json::object();
  if (!s.question.variant.empty()) out.add("variant", Json::string(s.question.variant));
  out.add("loss", Json::string(s.loss))
      .add("dtype", Json::string(name(s.dtype)))
      .add("output", Json::string(s.output))
      .add("held", Json::string(s.held))
      .add("all", Json::boolean(s.all))
      .add("inputs", counted(s.inputs))
      .add("correctly_rounded", counted(s.correctly_rounded))
      .add("faithful", counted(s.faithful))
      .add("beyond", counted(s.beyond))
      .add("undecided", counted(s.undecided))
      .add("unanswered", counted(s.unanswered))
      .add("grade", Json::string(name(s.grade)))
      .add("conforms", Json::boolean(s.conforms))
      .add("worst", Json::object({{"input", number(s.worst_input)},
                                  {"got", number(s.got)},
                                  {"ulps", number(s.worst_ulps)},
                                  {"digits", Json::string(s.truth.digits)}}))
      .add("binades", std::move(binades));
  return out;
}

}  // namespace assay::audit
