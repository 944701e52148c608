#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"
#include "tools/tolerances/tolerance_report.hpp"

namespace assay::tolerances {
namespace {

/// Of so many losses the limits of each are told, not those of all together alone.
constexpr std::size_t few_losses = 4;

/// Three digits of it that are not above it.
std::string rounded_down(double x) {
  std::string out = fmt::format("{:.2e}", x);
  for (double below = x; std::stod(out) > x; out = fmt::format("{:.2e}", below)) below -= std::fabs(x) * 1e-3;
  return out;
}

std::string limit_text(const Limit& limit) {
  if (std::isinf(limit.lets_pass)) return "any";  // nothing is wrong that a number can show
  if (const auto largest = limit.largest()) return rounded_down(*largest);
  return "none";
}

std::string heading(const Question& question, const LetPass& result) {
  std::vector<std::string> each;
  for (const Dtype dtype : question.dtypes)
    each.push_back(fmt::format("{}: rtol {}, atol {}", name(dtype), question.tolerance[dtype].rtol,
                               question.tolerance[dtype].atol));
  std::string out =
      fmt::format("A test passes where abs(answer - exact) <= atol + rtol abs({}).\n{}\n",
                  question.operand == Operand::expected ? "exact" : "answer", fmt::join(each, "; "));
  if (question.like)
    out += fmt::format("as {} has it ({} {}, {}; {}, commit {})\n", question.like->function,
                       question.like->repository, question.like->file, question.like->place,
                       question.like->version, question.like->commit.substr(0, 12));
  const int seen = result.implementations - static_cast<int>(result.unseen.size());
  return out + fmt::format(
                   "Of {} known wrong implementations {} are wrong on everyday and tail cases, in their "
                   "values or their gradients;\nno tolerance sees the other {} there. Told are those that "
                   "pass, of those that are wrong.\n\n",
                   result.implementations, seen, result.unseen.size());
}

struct Column {
  Dtype dtype;
  Part part;

  [[nodiscard]] std::string title() const { return fmt::format("{} {}s", name(dtype), name(part)); }
};

std::vector<Column> columns(const Question& question) {
  std::vector<Column> out;
  for (const Dtype dtype : question.dtypes)
    for (const Part part : parts) out.push_back({dtype, part});
  return out;
}

const Row* find_row(const std::vector<const Row*>& of_loss, const Column& column) {
  for (const Row* row : of_loss)
    if (row->dtype == column.dtype && row->part == column.part) return row;
  return nullptr;
}

std::string cell(std::size_t passed, int wrong) {
  return wrong == 0 ? "" : fmt::format("{} of {}", passed, wrong);
}

/// Of a loss, where there is any.
const Row* with_worst(const std::vector<const Row*>& of_loss) {
  const Row* out = nullptr;
  for (const Row* row : of_loss)
    if (!row->passed.empty() &&
        (!out || is_worse((*row->passed[0])[row->part], (*out->passed[0])[out->part])))
      out = row;
  return out;
}

using Grouped = std::vector<std::pair<std::string, std::vector<const Row*>>>;

Grouped by_loss(const LetPass& result) {
  Grouped out;
  for (const Row& row : result.rows) {
    if (out.empty() || out.back().first != row.loss) out.push_back({row.loss, {}});
    out.back().second.push_back(&row);
  }
  return out;
}

std::string line(const std::string& loss, std::size_t width, const std::vector<std::string>& cells,
                 const std::string& worst) {
  std::string out = fmt::format("{:<{}}", loss, width);
  for (const std::string& each : cells) out += fmt::format("  {:>13}", each);
  if (!worst.empty()) out += "  " + worst;
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

std::string table(const Question& question, const Grouped& losses) {
  const std::vector<Column> all = columns(question);
  std::size_t width = 4;
  for (const auto& [loss, rows] : losses) width = std::max(width, loss.size());
  std::vector<std::string> cells;
  for (const Column& each : all) cells.push_back(each.title());
  std::string out = line("loss", width, cells, "the worst that passes");
  std::vector<std::pair<std::size_t, int>> sums(all.size());
  for (const auto& [loss, rows] : losses) {
    cells.clear();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Row* row = find_row(rows, all[i]);
      cells.push_back(row ? cell(row->passed.size(), row->wrong) : "");
      if (!row) continue;
      sums[i].first += row->passed.size();
      sums[i].second += row->wrong;
    }
    const Row* worst = with_worst(rows);
    out += line(loss, width, cells,
                worst ? fmt::format("{} {}: {}", name(worst->dtype), name(worst->part),
                                    printable(worst->passed[0]->name))
                      : "");
  }
  if (losses.size() == 1) return out;
  cells.clear();
  for (const auto& [passed, wrong] : sums) cells.push_back(cell(passed, wrong));
  return out + line("all", width, cells, "");
}

/// One number of it, as it came and as it should have.
std::string shown(const Measured& m, Part part) {
  if (!m[part].example) return "";
  const Example& e = *m[part].example;
  return fmt::format("; {} is {}, should be {}, in {} ({})", e.where, shortest(m.dtype, e.got),
                     shortest(m.dtype, e.expected), printable(e.slug), e.id);
}

/// What is wrong with those that pass, by kind, the kind with the worst of them first.
std::string by_kind(const LetPass& result) {
  struct Kind {
    const Measured* worst = nullptr;
    Part part = Part::value;
    Count count{};
  };
  std::map<std::string, Kind> kinds;
  for (const Row& row : result.rows) {
    for (const auto& [what, count] : row.kinds) {
      kinds[what].count.wrong += count.wrong;
      kinds[what].count.passed += count.passed;
    }
    for (const Measured* each : row.passed) {
      Kind& kind = kinds[kind_of(*each)];
      if (kind.worst && !is_worse((*each)[row.part], (*kind.worst)[kind.part])) continue;
      kind.worst = each;
      kind.part = row.part;
    }
  }
  std::vector<std::pair<std::string, Kind>> sorted;
  for (const auto& each : kinds)
    if (each.second.worst) sorted.push_back(each);
  if (sorted.empty()) return "\nNone of them passes.\n";
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) {
    return is_worse((*a.second.worst)[a.second.part], (*b.second.worst)[b.second.part]);
  });
  std::string out = "\nWhat is wrong with those that pass, the worst first:\n";
  for (const auto& [what, kind] : sorted) {
    const MeasuredPart& measured = (*kind.worst)[kind.part];
    out += fmt::format("  {}: {} of {} pass; {} {} {}: {}: {} in {} of {} cases{}\n", what, kind.count.passed,
                       kind.count.wrong, kind.worst->loss, name(kind.worst->dtype), name(kind.part),
                       printable(kind.worst->name), name(measured.grade), measured.wrong, measured.cases,
                       shown(*kind.worst, kind.part));
  }
  return out;
}

std::string limit_line(const std::string& loss, std::size_t width, const std::string& what,
                       const std::string& rtol, const std::string& atol, const std::string& losses) {
  std::string out = fmt::format("{:<{}}  {:<13}  {:>12}  {:>12}", loss, width, what, rtol, atol);
  if (!losses.empty()) out += "  " + losses;
  return out + "\n";
}

std::string limits(const Question& question, const LetPass& result, const Grouped& losses) {
  const bool single = losses.size() == 1, each_told = losses.size() <= few_losses;
  std::size_t width = 3;
  for (const auto& [loss, rows] : losses)
    if (each_told) width = std::max(width, loss.size());
  std::string out =
      "\nThe largest tolerance that lets none pass; none: a sound implementation, in the dtype's own "
      "arithmetic, would fail, too.\n" +
      limit_line("", width, "", "rtol, atol 0", "atol, rtol 0", single ? "" : "losses that have one");
  for (const Column& column : columns(question)) {
    Limit rtol{0, infinity}, atol{0, infinity};
    int with_rtol = 0, with_atol = 0, all = 0;
    for (const auto& [loss, rows] : losses) {
      const Row* row = find_row(rows, column);
      if (!row || row->wrong == 0) continue;
      ++all;
      with_rtol += row->rtol.largest() ? 1 : 0;
      with_atol += row->atol.largest() ? 1 : 0;
      rtol.also(row->rtol);
      atol.also(row->atol);
      if (each_told)
        out += limit_line(loss, width, column.title(), limit_text(row->rtol), limit_text(row->atol), "");
    }
    if (all > 0 && !single)
      out += limit_line("all", width, column.title(), limit_text(rtol), limit_text(atol),
                        fmt::format("{} and {} of {}", with_rtol, with_atol, all));
  }
  std::set<std::string> failing;
  for (const Row& row : result.rows)
    if (!row.sound_passes) failing.insert(row.loss);
  if (!failing.empty())
    out += fmt::format("The sound implementation itself fails this test of {}.\n", fmt::join(failing, ", "));
  return out;
}

}  // namespace

std::string text_of(const Question& question, const LetPass& result) {
  const Grouped losses = by_loss(result);
  return heading(question, result) + table(question, losses) + by_kind(result) +
         limits(question, result, losses);
}

}  // namespace assay::tolerances
