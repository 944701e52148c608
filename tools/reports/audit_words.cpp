#include "tools/reports/audit_words.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "losses/catalogue/records.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report.hpp"
#include "tools/text/printable.hpp"

namespace assay {

reference::Component component_of(const audit::Worst& worst) {
  reference::Component out;
  const bool span = worst.expected.starts_with('[');
  char* end = nullptr;
  out.lower = std::strtod(worst.expected.c_str() + (span ? 1 : 0), &end);
  out.upper = span && *end == ',' ? std::strtod(end + 1, nullptr) : out.lower;
  out.rounded = out.lower;
  return out;
}

std::string failure_text(const audit::Place& place, const audit::Worst& found, const audit::Shrunk* shrunk) {
  const audit::Worst& shown = shrunk ? shrunk->worst : found;
  const auto size = [](const audit::Worst& w) {
    return std::isfinite(w.ulps) ? ulps_text(w.ulps) + " ulp" : std::string("not comparable");
  };
  const std::string at = witness(shown.question, 24, Numerals::decimal);
  std::string line = fmt::format("{} {} {}, {}: {} ({}), {}, at {}: got {}, {}",
                                 title(catalogue()[place.loss].name, place.variant), place.dtype,
                                 place.output, name(place.regime), size(shown), name(shown.grade),
                                 shown.where, at.empty() ? "the case in the JSON report" : at,
                                 number_text(shown.got, shown.question.dtype, Numerals::decimal),
                                 truth_text(component_of(shown), shown.question.dtype, shown.measured_from));
  if (shrunk && found.ulps > 2 * shown.ulps) line += fmt::format("; up to {} elsewhere", size(found));
  if (!shown.convention.empty())
    line +=
        fmt::format("; it follows the convention {}, which the testee does not declare", shown.convention);
  return line;
}

std::string promise_text(const audit::PromiseKept& promise) {
  const audit::StrandResult& strand = *promise.broken;
  std::string out = fmt::format("{} {} {} is broken: {}", title(strand.loss, strand.variant), strand.dtype,
                                promise.sentence, strand.trials->why);
  const char* joint = "; asked at ";
  for (const Case& each : strand.trials->questions) {
    const std::string at = witness(each, 24, Numerals::decimal);
    out += joint + (at.empty() ? "the case in the JSON report" : at);
    joint = ", then at ";
  }
  return out;
}

std::string headline(const audit::Campaign& campaign) {
  const audit::Counts counts = audit::counts(campaign.results);
  const audit::Task& task = campaign.task;
  std::string out = fmt::format("{} {}, audited by assay {}: {} cases and {} numbers in {:.0f} s, seed {}",
                                printable(task.implementation.name), printable(task.implementation.version),
                                task.version, counts.asked, counts.judged, campaign.seconds, task.seed);
  if (task.shard.count > 1) out += fmt::format(", shard {}", shard_text(task.shard));
  if (counts.unjudged > 0) out += fmt::format("; {} cases could not be judged", counts.unjudged);
  if (campaign.interrupted) out += "; interrupted";
  return out;
}

}  // namespace assay
