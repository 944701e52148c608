// case_source.hpp's classes of cases about shapes and sets: sizes around blocks, ranks, one class, nothing at
// all, ignored rows.
#include <algorithm>
#include <limits>

#include "tools/cases/case_source.hpp"
#include "tools/cases/domain_numbers.hpp"

namespace assay::source {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Letters that count members of a set which stands beside the rows, such as shared negatives: first in an
/// input, no axis of the result.
std::string set_letters(const Record& record) {
  std::string out;
  for (const Input& each : record.inputs) {
    if (each.axes.has_leading() || each.axes.size() < 2) continue;
    const char letter = each.axes.front();
    if (!record.output.contains(letter) && out.find(letter) == std::string::npos) out += letter;
  }
  return out;
}

std::string widths(const Record& record) {
  std::string out;
  for (const char letter : letters(record))
    if (is_width(record, letter)) out += letter;
  return out;
}

void add_sizes(Plan& plan) {
  std::size_t turn = 0;
  for (const std::int64_t n : {1, 7, 8, 9, 17, 33})
    plan.add(plan.builder("rows-" + std::to_string(n)).rows(n).reduce(reductions[turn++ % 3]).fill(),
             {"Size"}, "As many rows as fill a block of a vector kernel, or one more or less.");
  const std::string wide = widths(plan.record);
  for (const char letter : wide)
    for (const std::int64_t n : {1, 7, 8, 9, 17, 33})
      plan.add(plan.builder(std::string("width-") + static_cast<char>(letter - 'A' + 'a') + "-" +
                            std::to_string(n))
                   .rows(2)
                   .extent(letter, n)
                   .reduce(reductions[turn++ % 3])
                   .fill(),
               {"Size"}, "Rows as wide as a block of a vector kernel, or one more or less.");
  const bool two_axes = plan.record.output.size() > 1 && !plan.record.has_leading();  // rows by rows
  CaseBuilder large = plan.builder("thousand")
                          .reduce(Reduction::mean)
                          .rows(wide.empty() ? 1031
                                : two_axes   ? 2
                                             : 4);
  for (const char letter : wide) large.extent(letter, 257);
  large.fill().wrt({});
  for (const Input& each : plan.record.inputs)
    if (each.differentiable() && large.question.wrt.empty()) large.wrt({std::string(each.name)});
  plan.add(large, {"Size"}, "More than a thousand numbers: long sums, the tail of a large block.");
}

void add_ranks(Plan& plan) {
  if (!plan.record.has_leading()) return;
  plan.add(plan.builder("scalar").leading({}).fill(), {"Shape"}, "No leading axis at all.");
  plan.add(plan.builder("scalar-mean").leading({}).reduce(Reduction::mean).fill().cotangent(-.5), {"Shape"},
           "The mean over a single value without axes.");
  plan.add(plan.builder("three-axes").leading({2, 1, 3}).fill().cotangent(), {"Shape"},
           "Three leading axes.");
  plan.add(plan.builder("three-axes-mean").leading({2, 1, 3}).reduce(Reduction::mean).fill(), {"Shape"},
           "The mean over three leading axes.");
  plan.add(plan.builder("two-axes-sum").leading({3, 2}).reduce(Reduction::sum).fill(), {"Shape"},
           "The sum over two leading axes.");
}

void add_degenerate(Plan& plan) {
  for (const Reduction r : reductions) {
    const std::string how(name(r));
    plan.add(plan.builder("empty-" + how).rows(0).reduce(r).fill(), {"EmptySet"},
             r == Reduction::mean ? "No rows: the mean divides by 0 and is NaN."
                                  : "No rows: " + how + " of nothing.");
    if (plan.record.has_leading() && r != Reduction::none)
      plan.add(plan.builder("empty-matrix-" + how).leading({0, 3}).reduce(r).fill(), {"EmptySet"},
               "No rows, though a second axis has an extent.");
    for (const char letter : set_letters(plan.record)) {
      if (letter == 'C') continue;  // there is no loss without a class
      plan.add(plan.builder(std::string("empty-set-") + static_cast<char>(letter - 'A' + 'a') + "-" + how)
                   .extent(letter, 0)
                   .reduce(r)
                   .fill(),
               {"EmptySet"}, "The set beside the rows is empty.");
    }
    std::string seen;  // the first width has the plain name
    for (const char letter : widths(plan.record)) {
      const std::string which =
          seen.empty() ? std::string() : std::string(1, static_cast<char>(letter - 'A' + 'a')) + "-";
      seen += letter;
      if (r != Reduction::sum)
        plan.add(plan.builder(std::string(letter == 'C' ? "one-class-" : "one-feature-") + which + how)
                     .extent(letter, 1)
                     .rows(5)
                     .reduce(r)
                     .fill(),
                 {letter == 'C' ? "SingleClass" : "Shape"}, "Rows of one number.");
    }
  }
  for (const char letter : set_letters(plan.record))
    for (const std::int64_t n : {1, 8, 9})
      plan.add(
          plan.builder(std::string("set-") + static_cast<char>(letter - 'A' + 'a') + "-" + std::to_string(n))
              .extent(letter, n)
              .fill(),
          {"Size"}, "The set beside the rows has this many members.");
}

/// Feature rows with a direction and a length: parallel, opposite, zero.
void add_directions(Plan& plan) {
  const Input& first = plan.record.inputs.front();
  if (first.axes.empty() || first.axes.back() != 'D') return;
  for (const Input& each : plan.record.inputs) {
    if (each.axes.empty() || each.axes.back() != 'D' || !each.domain.contains(0)) continue;
    CaseBuilder zero = plan.builder("zero-row-" + std::string(each.name)).fill();
    std::fill_n(zero.tensor(each).real.begin(), 3, 0.);
    plan.add(zero, {"ZeroVector"}, "The first row of " + std::string(each.name) + " is the zero vector.");
    if (each.name == first.name) continue;
    for (const double factor : {2., -1., 1. + format(plan.dtype).epsilon()}) {
      CaseBuilder builder = plan.builder("parallel-" +
                                         std::string(factor < 0     ? "opposite-"
                                                     : factor > 1.5 ? "longer-"
                                                                    : "nearly-") +
                                         std::string(first.name) + "-" + std::string(each.name));
      builder.fill();
      const std::vector<double> from = builder.tensor(first).real;
      std::vector<double>& to = builder.tensor(each).real;
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = factor < 1.5 && factor > 0
                    ? (i % 3 == 0 ? next_up(plan.dtype, from[i % from.size()]) : from[i % from.size()])
                    : factor * from[i % from.size()];
      plan.add(builder, {"IllConditioned"},
               "Rows of " + std::string(first.name) + " and " + std::string(each.name) +
                   " are parallel, opposite, or nearly so.");
    }
  }
}

}  // namespace

void add_shapes(Plan& plan) {
  add_sizes(plan);
  add_ranks(plan);
  add_degenerate(plan);
  add_directions(plan);
}

void add_ignored_rows(Plan& plan) {
  for (const Input& labels : plan.record.inputs) {
    if (labels.domain.kind != Domain::Kind::class_index_or_ignored) continue;
    const auto* usual = std::get_if<std::int64_t>(&plan.record.parameter("ignore_index")->initial);
    for (const Reduction r : reductions) {
      const std::string how(name(r));
      CaseBuilder some = plan.builder("some-ignored-" + how).rows(5).reduce(r).fill();
      some.label(labels, 1) = some.label(labels, 4) = *usual;
      plan.add(some, {"IgnoredRows"},
               "Two rows of five are ignored: they count neither above nor below the line.");
      CaseBuilder all = plan.builder("all-ignored-" + how).rows(3).reduce(r).fill();
      std::ranges::fill(all.tensor(labels).integer, *usual);
      plan.add(all, {"IgnoredRows", "EmptySet"},
               "Every row is ignored: 0 each, their sum 0, their mean 0/0 = NaN.");
      for (const Input& each : plan.record.inputs) {
        if (each.integer || !some.has_rows(each)) continue;
        CaseBuilder poisoned =
            plan.builder("nan-in-ignored-row-" + std::string(each.name) + "-" + how).rows(4).reduce(r).fill();
        poisoned.label(labels, 2) = *usual;
        for (std::int64_t k = 0; k < poisoned.width(each); ++k)
          poisoned.cell(each, 2, k) = k % 2 == 0 ? nan : infinity;
        plan.add(poisoned, {"IgnoredRows", "NaN"},
                 "NaN and infinity in an ignored row must not leak out of it.");
      }
      CaseBuilder named = plan.builder("ignore-index-is-a-class-" + how)
                              .rows(5)
                              .reduce(r)
                              .parameter("ignore_index", std::int64_t{1});
      named.fill();
      named.label(labels, 0) = named.label(labels, 3) = 1;
      plan.add(named, {"IgnoredRows"}, "ignore_index names a real class: its rows are ignored all the same.");
    }
  }
}

void add_label_lists(Plan& plan) {
  for (const Input& labels : plan.record.inputs) {
    if (labels.domain.kind != Domain::Kind::class_index_or_end) continue;
    const auto lists = [&](const std::string& slug, Reduction r,
                           const std::vector<std::vector<std::int64_t>>& rows) {
      CaseBuilder builder = plan.builder(slug + "-" + std::string(name(r)));
      builder.rows(static_cast<std::int64_t>(rows.size())).reduce(r).fill();
      auto at = builder.tensor(labels).integer.begin();
      for (const auto& row : rows) at = std::ranges::copy(row, at).out;
      return builder;
    };
    for (const Reduction r : reductions) {
      plan.add(lists("list-lengths", r,
                     {{-1, 0, 0, 0}, {2, -1, 0, 0}, {3, 1, -1, 0}, {0, 2, 3, -1}, {3, 2, 1, 0}}),
               {"LabelList"}, "Lists of no, one, two, three and all labels.");
      plan.add(lists("list-order", r, {{0, 3, -1, -1}, {3, 0, -1, -1}}), {"LabelList"},
               "The order of a list means nothing.");
      plan.add(lists("repeated-labels", r, {{1, 1, -1, -1}, {0, 2, 0, -1}, {3, 3, 3, 3}}), {"LabelList"},
               "A label that stands in a list twice counts twice.");
      plan.add(lists("after-the-end", r, {{1, -1, 1, 2}, {0, -1, 4, -7}, {-1, 1, 2, 3}, {-1, -1, 99, -100}}),
               {"LabelList"}, "What stands after the -1 is dropped, whatever it is.");
    }
  }
}

}  // namespace assay::source
