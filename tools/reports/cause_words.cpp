#include "tools/reports/cause_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "tools/text/printable.hpp"

namespace assay {
namespace {

std::string place(const Cause& cause) {
  const std::string loss = printable(title(cause.loss, cause.variant));
  return cause.dtypes.empty() ? loss : fmt::format("{} {}", loss, fmt::join(cause.dtypes, " "));
}

}  // namespace

std::string counted(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string cause_headline(const Cause& cause, const Report& report) {
  const auto ordinary = static_cast<std::size_t>(std::ranges::count(
      cause.cases, cause.regime, [&](std::size_t i) { return report.cases.at(i).regime; }));
  std::string count = counted(cause.cases.size(), report.unit);
  if (ordinary < cause.cases.size()) count += fmt::format(", {} {}", ordinary, name(cause.regime));
  return fmt::format("{}: {}: {}", place(cause), count, printable(cause.what));
}

std::string cause_example(const Cause& cause, const Report& report, Numerals numerals) {
  const ReportedCase& c = report.cases.at(cause.cases.front());
  // What breaks a promise are several answers: the message has them all.
  if (c.told.kind == ErrorKind::broken_promise) return printable(c.message);
  const bool decimal = numerals == Numerals::decimal;
  const std::string& inputs = decimal ? cause.inputs : cause.inputs_hex;
  std::string out = inputs.empty() ? fmt::format("case {}", printable(c.slug)) : printable(inputs);
  if (!c.grade) return out;
  out += fmt::format(": {} {}, expected {}", printable(c.where), printable(decimal ? cause.got : c.got),
                     printable(decimal ? cause.expected : c.expected));
  if (!std::isfinite(c.ulps)) return out;
  double worst = c.ulps;
  for (const std::size_t i : cause.cases)
    if (const double each = report.cases.at(i).ulps; std::isfinite(each)) worst = std::max(worst, each);
  const std::string elsewhere =
      worst > 2 * c.ulps ? fmt::format("; up to {} elsewhere", ulps_text(worst)) : "";
  return fmt::format("{} ({} ulp{})", out, ulps_text(c.ulps), elsewhere);
}

std::string cause_mechanism(const Cause& cause) {
  // "3 of 3 fresh inputs match": of so few, unless nothing else does as well, it is no more than a guess.
  int matched = 0;
  std::from_chars(cause.evidence.data(), cause.evidence.data() + cause.evidence.size(), matched);
  if (cause.mechanism.empty() || (!cause.confident && matched < 5)) return "";
  // How many fresh inputs match; how far the truth is from them the case shows already.
  const std::string evidence = cause.evidence.substr(0, cause.evidence.find("; "));
  return fmt::format("{}{}; {} ({})", cause.confident ? "" : "perhaps ", printable(cause.mechanism),
                     printable(cause.sentence), printable(evidence));
}

std::vector<KindOfCause> by_kind(const std::vector<const Cause*>& causes, std::size_t shared) {
  std::map<std::pair<Regime, std::string_view>, std::size_t> sharing;
  for (const Cause* each : causes) ++sharing[{each->regime, each->what}];
  std::map<std::pair<Regime, std::string_view>, std::size_t> places;
  std::vector<KindOfCause> out;
  for (const Cause* each : causes) {
    const std::pair<Regime, std::string_view> kind{each->regime, each->what};
    const bool several = sharing.at(kind) >= shared;
    const auto [place, is_new] =
        several ? places.try_emplace(kind, out.size()) : std::pair(places.end(), true);
    if (is_new) out.push_back({each->regime, each->what, {}, 0});
    KindOfCause& here = several ? out[place->second] : out.back();
    here.causes.push_back(each);
    here.cases += each->cases.size();
  }
  return out;
}

std::string kind_line(const KindOfCause& kind, const Report& report) {
  if (kind.causes.size() == 1) return cause_headline(*kind.causes.front(), report);
  std::vector<std::pair<std::string, std::vector<std::string>>> losses;
  for (const Cause* each : kind.causes) {
    auto found = std::ranges::find(losses, each->loss, [](const auto& loss) { return loss.first; });
    if (found == losses.end()) found = losses.insert(losses.end(), {each->loss, {}});
    if (!each->variant.empty()) found->second.push_back(each->variant);
  }
  constexpr std::size_t named = 12;
  std::vector<std::string> names;
  for (const auto& [loss, variants] : std::span(losses).first(std::min(named, losses.size())))
    names.push_back(title(loss, fmt::format("{}", fmt::join(variants, ", "))));
  if (losses.size() > named) names.push_back(fmt::format("{} more", losses.size() - named));
  return printable(
      fmt::format("{}: {}: {}", counted(kind.cases, report.unit), kind.what, fmt::join(names, ", ")));
}

std::string wrapped(std::string_view text, std::string_view indent, std::string_view hanging) {
  constexpr std::size_t width = 110;
  std::string out(indent);
  std::size_t column = indent.size();
  bool at_start = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!at_start && column + 1 + word.size() > width) {
      out += fmt::format("\n{}{}", indent, hanging);
      column = indent.size() + hanging.size();
      at_start = true;
    }
    if (!at_start) out += ' ';
    out += word;
    column += word.size() + (at_start ? 0 : 1);
    at_start = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

}  // namespace assay
