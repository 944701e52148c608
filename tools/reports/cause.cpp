#include "tools/reports/cause.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "tools/reports/describe.hpp"

namespace assay {
namespace {

/// Where an answer is of the right kind and off by a factor, that says more than the kind.
bool may_have_factor(ErrorKind kind) {
  return kind == ErrorKind::wrong_sign || kind == ErrorKind::lost_digits || kind == ErrorKind::other_number;
}

/// Kinds that one cause brings about together.
ErrorKind family(ErrorKind kind) {
  return kind == ErrorKind::nan_for_infinity ? ErrorKind::nan_for_number : kind;
}

bool is_no_number(ErrorKind kind) {
  return family(kind) == ErrorKind::nan_for_number || kind == ErrorKind::infinity_for_number;
}

bool has_flag(const ReportedCase& c, std::string_view flag) {
  return std::ranges::find(c.flags, flag) != c.flags.end();
}

/// What an answer has to do with NaN and infinity among the inputs.
enum class Beside : std::uint8_t { numbers, special, dropped };
Beside beside(const ReportedCase& c) {
  if (!is_no_number(c.told.kind) || !c.told.special_inputs) return Beside::numbers;
  return has_flag(c, "ZeroCoefficient") ? Beside::dropped : Beside::special;
}

/// Errors differ by the numbers in their text: an index, a shape.
std::string without_numbers(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c < '0' || c > '9')
      out += c;
    else if (!out.ends_with('#'))
      out += '#';
  return out;
}

/// A mechanism's sentence without what is the case's own: the places of numbers in its inputs, and its dtype.
std::string without_places(std::string_view sentence) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const bool digit = sentence[i] >= '0' && sentence[i] <= '9';
    const char before = out.empty() ? ' ' : out.back();
    if (!digit || (before != '[' && before != '#')) {
      out += sentence[i];
      continue;
    }
    out += before == '[' ? "#" : "";
  }
  for (const Dtype d : dtypes) {
    const std::string in = fmt::format(" in {}", name(d));
    if (const std::size_t at = out.find(in); at != std::string::npos) out.erase(at, in.size());
  }
  return out;
}

/// What cases of one cause have in common.
struct Key {
  std::string loss, variant, reason, convention, finding, text;
  bool known = false;
  std::string output{};
  ErrorKind kind = ErrorKind::none;
  Beside inputs = Beside::numbers;
  int factor = 0;  ///< 0: none; else one of those that several cases share

  friend auto operator<=>(const Key&, const Key&) = default;
};

/// Factors of the failing cases of one loss and output that more than one case has: what one case says, or
/// the same case in two dtypes, may be chance.
class SharedFactors {
 public:
  explicit SharedFactors(const Report& report) {
    for (const ReportedCase& c : report.cases)
      if (counts(c)) add(all_[place(c)], c);
  }

  /// Its number among them, from 1; 0 where the case has none.
  [[nodiscard]] int number(const ReportedCase& c) const {
    if (!counts(c)) return 0;
    const std::vector<Shared>& here = all_.at(place(c));
    for (std::size_t i = 0; i < here.size(); ++i)
      if (same(here[i].factor, c.told.factor.factor))
        return here[i].slugs.size() > 1 && here[i].numbers > 2 ? static_cast<int>(i) + 1 : 0;
    return 0;
  }

 private:
  struct Shared {
    double factor = 0;
    int numbers = 0;
    std::set<std::string> slugs{};
  };
  using Place = std::tuple<std::string, std::string, std::string_view>;

  static bool same(double a, double b) { return std::fabs(a - b) <= 2e-3 * std::fabs(a); }
  static bool counts(const ReportedCase& c) {
    return fails(c) && may_have_factor(c.told.kind) && std::isfinite(c.told.factor.factor) &&
           !same(1, c.told.factor.factor);
  }
  static Place place(const ReportedCase& c) { return {c.loss, c.variant, output_of(c.where)}; }
  static void add(std::vector<Shared>& here, const ReportedCase& c) {
    auto found =
        std::ranges::find_if(here, [&](const Shared& s) { return same(s.factor, c.told.factor.factor); });
    if (found == here.end()) found = here.insert(here.end(), {c.told.factor.factor});
    found->numbers += c.told.factor.numbers;
    found->slugs.insert(c.slug);
  }

  std::map<Place, std::vector<Shared>> all_;
};

/// What leaks through a dropped term, or is lost on the way, may reach the value and the gradient alike.
bool shows_in_both(const Key& key) {
  return key.inputs == Beside::dropped || key.kind == ErrorKind::number_for_nan;
}

Key key_of(const ReportedCase& c, const SharedFactors& factors) {
  Key key{.loss = c.loss, .variant = c.variant, .reason = {}, .convention = {}, .finding = {}, .text = {}};
  key.known = c.status == ReportedCase::Status::known;
  if (key.known && !c.reason.empty()) {
    key.reason = c.reason;
    return key;
  }
  if (!c.convention.empty()) {
    key.convention = c.convention;
    return key;
  }
  if (!c.told.mechanism.empty()) {
    key.text = without_places(c.told.mechanism);
    return key;
  }
  key.kind = family(c.told.kind);
  if (key.kind == ErrorKind::broken_promise) {
    key.text = c.told.said;
    return key;
  }
  if (!c.grade) {
    key.finding = c.finding;
    key.text = without_numbers(c.told.said);
    return key;
  }
  key.inputs = beside(c);
  if (shows_in_both(key)) return key;
  key.output = output_of(c.where);
  key.factor = factors.number(c);
  if (key.factor != 0) key.kind = ErrorKind::other_number;
  return key;
}

/// The case to tell first: ordinary, then small.
auto plainness(const ReportedCase& c) {
  return std::tuple(c.regime, c.told.inputs.empty(), c.told.numbers, c.told.inputs.size(),
                    has_flag(c, "Random"));
}

std::string kinds(const std::vector<const ReportedCase*>& cases) {
  std::set<ErrorKind> all;
  for (const ReportedCase* c : cases) all.insert(c->told.kind);
  if (all == std::set{ErrorKind::nan_for_number, ErrorKind::nan_for_infinity})
    return "is NaN where a number or an infinity is due";
  return std::string(words(cases.front()->told.kind));
}

/// "value", "gradient", "value or gradient": where the cases are worst.
std::string outputs(const std::vector<const ReportedCase*>& cases) {
  std::set<std::string_view, std::greater<>> all;
  for (const ReportedCase* c : cases) all.insert(output_of(c->where));
  return fmt::format("{}", fmt::join(all, " or "));
}

/// The kind of error, in a few words. The first case is the one that is told.
std::string what(const Key& key, const std::vector<const ReportedCase*>& cases) {
  const ReportedCase& first = *cases.front();
  if (!key.convention.empty())
    return fmt::format("follows the convention {}, which the testee does not declare", key.convention);
  if (first.told.kind == ErrorKind::broken_promise) return fmt::format("{} is broken", first.told.said);
  if (!first.grade) {
    const std::string kind = first.finding.empty() ? std::string(words(first.told.kind)) : first.finding;
    return first.told.said.empty() ? kind : fmt::format("{}: {}", kind, first.told.said);
  }
  const std::string_view output = output_of(first.where);
  if (key.factor != 0) return fmt::format("{} {}", output, factor_words(first.told.factor.factor));
  if (!key.reason.empty() || !first.told.mechanism.empty())
    return fmt::format("{} {}", output, words(first.told.kind));
  std::string out = fmt::format("{} {}", outputs(cases), kinds(cases));
  switch (key.inputs) {
    case Beside::numbers:
      break;
    case Beside::special:
      out += ", beside NaN or infinite inputs";
      break;
    case Beside::dropped:
      out += ", though a coefficient of 0 drops the term";
      break;
  }
  return out;
}

void tell(Cause& cause, const ReportedCase& first) {
  cause.regime = first.regime;
  cause.convention = first.convention;
  cause.inputs = first.told.inputs;
  cause.inputs_hex = first.told.inputs_hex;
  cause.got = first.told.got;
  cause.expected = first.told.expected;
}

void sort(std::vector<Cause>& all, const Report& report) {
  std::ranges::stable_sort(all, {}, [&](const Cause& c) {
    const auto so_ordinary =
        std::ranges::count(c.cases, c.regime, [&](std::size_t i) { return report.cases[i].regime; });
    const bool digits = report.cases[c.cases.front()].told.kind == ErrorKind::lost_digits;
    return std::tuple(c.regime, digits, -so_ordinary, -static_cast<std::ptrdiff_t>(c.cases.size()),
                      c.cases.front());
  });
}

std::vector<std::string> dtypes_of(const std::vector<std::size_t>& places, const Report& report) {
  std::vector<std::string> out;
  for (const Dtype d : dtypes)
    if (std::ranges::any_of(places, [&](std::size_t i) { return report.cases[i].dtype == name(d); }))
      out.emplace_back(name(d));
  return out;
}

}  // namespace

void add_witness(ReportedCase& c, const Case& question) {
  const Excerpt shown = c.grade ? excerpt(question, c.where) : Excerpt{question};
  for (const auto& [name, tensor] : shown.question.inputs) {
    c.told.numbers += tensor.size();
    for (const double x : tensor.real) c.told.special_inputs |= !std::isfinite(x);
  }
  const std::string row = shown.row.empty() ? "" : fmt::format(" ({})", shown.row);
  const std::string inputs = witness(shown.question, 12, Numerals::decimal);
  if (inputs.empty()) return;
  c.told.inputs = inputs + row;
  c.told.inputs_hex = witness(shown.question, 12, Numerals::hex) + row;
}

std::vector<Cause> causes(const Report& report) {
  const SharedFactors factors(report);
  std::map<Key, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < report.cases.size(); ++i)
    if (fails(report.cases[i])) groups[key_of(report.cases[i], factors)].push_back(i);

  std::vector<Cause> out;
  for (auto& [key, places] : groups) {
    std::ranges::stable_sort(places, {}, [&](std::size_t i) { return plainness(report.cases[i]); });
    std::vector<const ReportedCase*> cases;
    for (const std::size_t i : places) cases.push_back(&report.cases[i]);
    Cause cause{.loss = key.loss, .variant = key.variant, .dtypes = dtypes_of(places, report)};
    cause.what = what(key, cases);
    cause.known = key.known;
    cause.reason = key.reason;
    tell(cause, *cases.front());
    cause.cases = std::move(places);
    out.push_back(std::move(cause));
  }
  sort(out, report);
  return out;
}

std::vector<std::size_t> told_at_length(const std::vector<Cause>& causes) {
  std::vector<std::size_t> places;
  std::vector<int> turn(causes.size());  // among the causes of its regime and loss
  std::map<std::pair<Regime, std::string_view>, int> seen;
  for (std::size_t i = 0; i < causes.size(); ++i) {
    if (causes[i].known) continue;
    turn[i] = seen[{causes[i].regime, causes[i].loss}]++;
    places.push_back(i);
  }
  std::ranges::stable_sort(places, {},
                           [&](std::size_t i) { return std::pair(causes[i].regime, turn[i] > 0); });
  places.resize(std::min(places.size(), most_told_at_length));
  std::ranges::sort(places);
  return places;
}

void join_by_mechanism(std::vector<Cause>& all, const Report& report) {
  const auto same = [](const Cause& a, const Cause& b) {
    return !a.sentence.empty() && a.confident == b.confident &&
           std::tie(a.loss, a.variant, a.mechanism, a.known, a.reason) ==
               std::tie(b.loss, b.variant, b.mechanism, b.known, b.reason) &&
           without_places(a.sentence) == without_places(b.sentence);
  };
  std::vector<Cause> out;
  for (Cause& each : all) {
    const auto first = std::ranges::find_if(out, [&](const Cause& c) { return same(c, each); });
    if (first == out.end()) {
      out.push_back(std::move(each));
      continue;
    }
    // The more ordinary of the two is told, and stands first already.
    first->cases.insert(first->cases.end(), each.cases.begin(), each.cases.end());
    first->dtypes = dtypes_of(first->cases, report);
  }
  sort(out, report);
  all = std::move(out);
}

}  // namespace assay
