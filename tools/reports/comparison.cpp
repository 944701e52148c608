#include "tools/reports/comparison.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "losses/catalogue/records.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

/// Losses in the catalogue's order; those that it does not know, from another version, behind them.
std::size_t order_of(const std::string& loss) {
  const Record* record = find(loss);
  return record ? static_cast<std::size_t>(record - catalogue().data()) : catalogue().size();
}

/// Whether the case counts: an invalid request that was answered neither conforms nor fails.
bool counts(const ReportedCase& c) {
  return c.status != Status::not_offered && c.status != Status::unchecked_domain;
}

/// A case as its part of the value, of the gradients, or as a promise.
struct CountedPart {
  Part part = Part::value;
  std::optional<ComponentVerdict> verdict{};
};

/// An audit's case is a place, "huber/f32/gradient.prediction/everyday", or a promise.
std::vector<CountedPart> audited_parts(const ReportedCase& c) {
  if (c.slug.find("/promise/") != std::string::npos) return {{Part::promise}};
  const Part part = c.slug.find("/gradient.") == std::string::npos ? Part::value : Part::gradient;
  if (!c.grade) return {{part}};
  return {{part, c.value ? *c.value : c.gradient ? *c.gradient : ComponentVerdict{*c.grade, c.ulps}}};
}

std::vector<CountedPart> parts(const ReportedCase& c, bool audit) {
  if (audit) return audited_parts(c);
  std::vector<CountedPart> all;
  if (c.value || !c.grade) all.push_back({Part::value, c.value});
  if (c.gradient || c.gradient_asked) all.push_back({Part::gradient, c.gradient});
  if (!all.empty()) return all;
  // Written before reports told the two apart: of the part that is the worse, no more is known.
  const Part part = c.where.starts_with("gradient") ? Part::gradient : Part::value;
  return {{part, ComponentVerdict{*c.grade, c.ulps}}};
}

bool worse(const ComponentVerdict& a, const ComponentVerdict& b) {
  return std::tuple(a.grade, a.ulps) > std::tuple(b.grade, b.ulps);
}

/// Which parts of a case conform. Of one that fails they do that reach the grade, but not all of them.
std::vector<bool> conforming(const ReportedCase& c, const std::vector<CountedPart>& all, Grade require) {
  std::vector<bool> out(all.size(), !fails(c));
  if (!fails(c) || all.size() < 2) return out;
  for (std::size_t i = 0; i < all.size(); ++i) out[i] = all[i].verdict && all[i].verdict->grade <= require;
  if (std::ranges::find(out, false) != out.end()) return out;
  const Part worst = c.where.starts_with("gradient") ? Part::gradient : Part::value;
  for (std::size_t i = 0; i < all.size(); ++i) out[i] = all[i].part != worst;
  return out;
}

using RowKey = std::tuple<Regime, std::size_t, std::string, std::string, Part>;

std::vector<ComparisonRow> rows(const std::vector<ComparedReport>& reports) {
  std::map<RowKey, ComparisonRow> all;
  for (std::size_t column = 0; column < reports.size(); ++column) {
    const Report& report = reports[column].report;
    for (std::size_t i = 0; i < report.cases.size(); ++i) {
      const ReportedCase& c = report.cases[i];
      if (!counts(c)) continue;
      const std::vector<CountedPart> counted = parts(c, reports[column].audit);
      const std::vector<bool> good = conforming(c, counted, report.require);
      for (std::size_t k = 0; k < counted.size(); ++k) {
        const std::string loss = title(c.loss, c.variant);
        ComparisonRow& row = all[{c.regime, order_of(c.loss), loss, c.dtype, counted[k].part}];
        if (row.cells.empty())
          row = {loss, c.dtype, c.regime, counted[k].part, std::vector<Tally>(reports.size())};
        Tally& cell = row.cells[column];
        ++cell.offered;
        cell.conforming += good[k];
        cell.unanswered += !good[k] && !counted[k].verdict;
        if (counted[k].verdict && (!cell.worst || worse(*counted[k].verdict, *cell.worst))) {
          cell.worst = counted[k].verdict;
          cell.worst_case = i;
        }
      }
    }
  }
  std::vector<ComparisonRow> out;
  for (auto& [key, row] : all) out.push_back(std::move(row));
  return out;
}

std::vector<ComparedCause> causes(const std::vector<ComparedReport>& reports) {
  std::vector<ComparedCause> all;
  for (std::size_t column = 0; column < reports.size(); ++column)
    for (std::size_t i = 0; i < reports[column].report.causes.size(); ++i) {
      const Cause& each = reports[column].report.causes[i];
      const std::string loss = title(each.loss, each.variant);
      auto same = std::ranges::find_if(all, [&](const ComparedCause& known) {
        return known.loss == loss && known.what == each.what && !known.causes[column];
      });
      if (same == all.end()) {
        all.push_back(
            {loss, each.regime, each.what, std::vector<std::optional<std::size_t>>(reports.size())});
        same = all.end() - 1;
      }
      same->regime = std::min(same->regime, each.regime);
      same->causes[column] = i;
    }
  std::ranges::stable_sort(all, {}, &ComparedCause::regime);
  return all;
}

/// What a case is known by in another report: a golden case by its id, which an audit finds anew each time.
std::string identity(const ReportedCase& c, bool audit) { return (audit ? c.slug : c.id) + "\n" + c.variant; }

Changes changes(const std::vector<ComparedReport>& reports, std::size_t before, std::size_t after) {
  Changes out{.before = before, .after = after};
  const bool audit = reports[after].audit;
  const auto &old = reports[before].report.cases, &now = reports[after].report.cases;
  std::map<std::string, std::size_t> earlier;
  for (std::size_t i = 0; i < old.size(); ++i)
    if (old[i].status != Status::not_offered) earlier.emplace(identity(old[i], audit), i);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].status == Status::not_offered) continue;
    const auto found = earlier.find(identity(now[i], audit));
    if (found == earlier.end()) {
      out.added.push_back({std::nullopt, i});
      out.added_failing += fails(now[i]);
      continue;
    }
    const std::size_t was = found->second;
    earlier.erase(found);
    if (fails(old[was]) && now[i].status == Status::conforming) out.fixed.push_back({was, i});
    if (!fails(old[was]) && fails(now[i])) out.broken.push_back({was, i});
  }
  for (const auto& [unused, was] : earlier) out.gone.push_back({was, std::nullopt});
  const auto by_place = [](const Changes::Pair& pair) { return pair.before; };
  std::ranges::sort(out.gone, {}, by_place);
  const auto ordinary_first = [&](std::vector<Changes::Pair>& pairs) {
    std::ranges::stable_sort(pairs, {}, [&](const Changes::Pair& pair) { return now[*pair.after].regime; });
  };
  ordinary_first(out.fixed);
  ordinary_first(out.broken);
  return out;
}

std::vector<Changes> changes(const std::vector<ComparedReport>& reports) {
  std::vector<Changes> all;
  for (std::size_t after = 1; after < reports.size(); ++after)
    for (std::size_t before = after; before-- > 0;) {
      const ComparedReport &a = reports[before], &b = reports[after];
      if (a.audit != b.audit || a.report.implementation.name != b.report.implementation.name) continue;
      all.push_back(changes(reports, before, after));
      break;
    }
  return all;
}

/// Labels that several columns share get what tells these apart, as little as will do.
template <class Tell>
void tell_apart(std::vector<ComparedReport>& reports, Tell tell) {
  std::map<std::string, int> count;
  for (const ComparedReport& each : reports) ++count[each.label];
  for (ComparedReport& each : reports)
    if (count[each.label] > 1)
      if (const std::string by = tell(each); !by.empty()) each.label += " (" + by + ")";
}

void label(std::vector<ComparedReport>& reports) {
  for (ComparedReport& each : reports) {
    const Implementation& who = each.report.implementation;
    each.label = who.name.empty() ? "no name" : who.name;
    if (!who.version.empty()) each.label += " " + who.version;
  }
  tell_apart(reports, [](const ComparedReport& each) { return each.audit ? "audit" : ""; });
  tell_apart(reports,
             [](const ComparedReport& each) { return std::filesystem::path(each.path).filename().string(); });
  tell_apart(reports, [](const ComparedReport& each) { return each.path; });
  tell_apart(reports, [count = 0](const ComparedReport&) mutable { return std::to_string(++count); });
}

void add(Tally& to, const Tally& other) {
  to.offered += other.offered;
  to.conforming += other.conforming;
  to.unanswered += other.unanswered;
  if (other.worst && (!to.worst || worse(*other.worst, *to.worst))) {
    to.worst = other.worst;
    to.worst_case = other.worst_case;
  }
}

}  // namespace

std::string_view name(Part part) {
  switch (part) {
    case Part::value:
      return "value";
    case Part::gradient:
      return "gradient";
    case Part::promise:
      break;
  }
  return "promise";
}

Comparison compare(std::vector<ComparedReport> reports) {
  Comparison out;
  label(reports);
  out.reports = std::move(reports);
  out.rows = rows(out.reports);
  out.causes = causes(out.reports);
  out.changes = changes(out.reports);
  return out;
}

std::vector<ComparisonRow> together(std::span<const ComparisonRow> rows, bool losses_too) {
  std::vector<ComparisonRow> out;
  for (const ComparisonRow& row : rows) {
    const std::string loss = losses_too ? "" : row.loss;
    auto same = std::ranges::find_if(out, [&](const ComparisonRow& known) {
      return known.loss == loss && known.regime == row.regime && known.part == row.part;
    });
    if (same == out.end()) {
      out.push_back({loss, "", row.regime, row.part, std::vector<Tally>(row.cells.size())});
      same = out.end() - 1;
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) add(same->cells[i], row.cells[i]);
  }
  return out;
}

}  // namespace assay
