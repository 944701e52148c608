// case_source.hpp's classes of cases about single numbers: how large, how special, how near to each other.
#include <algorithm>
#include <array>
#include <optional>

#include "tools/cases/case_source.hpp"
#include "tools/cases/domain_numbers.hpp"

namespace assay::source {
namespace {

std::string text(const Input& input) { return std::string(input.name); }

/// The inputs that hold a number of a range in every row.
std::vector<const Input*> swept(const CaseBuilder& builder) {
  std::vector<const Input*> out;
  for (const Input& each : builder.record.inputs)
    if (is_continuous(each) && builder.has_rows(each)) out.push_back(&each);
  return out;
}

void set_row(CaseBuilder& builder, const Input& input, std::int64_t row, double value) {
  for (std::int64_t k = 0; k < builder.width(input); ++k) builder.cell(input, row, k) = value;
}

/// Where the formula meets `input` only in a difference, the other side of it becomes 0.
void clear_partners(CaseBuilder& builder, const Input& input) {
  for (const Input& each : builder.record.inputs)
    if (each.name == input.partner || (each.partner == input.name && !each.partner.empty()))
      if (builder.has(each) && each.domain.contains(0)) std::ranges::fill(builder.tensor(each).real, 0.);
}

/// Inputs of one shape whose numbers can be compared, as pairs in the record's order.
std::vector<std::pair<const Input*, const Input*>> comparable(const Record& record) {
  std::vector<std::pair<const Input*, const Input*>> out;
  for (std::size_t i = 0; i < record.inputs.size(); ++i)
    for (std::size_t j = i + 1; j < record.inputs.size(); ++j) {
      const Input &a = record.inputs[i], &b = record.inputs[j];
      if (a.axes == b.axes && is_continuous(a) && !b.integer && b.domain.kind != Domain::Kind::one_hot)
        out.emplace_back(&a, &b);
    }
  return out;
}

/// `wrt` keeps the inputs that have rows: what all rows share would meet every NaN.
void keep_rowwise_gradients(CaseBuilder& builder) {
  std::erase_if(builder.question.wrt,
                [&](const std::string& name) { return !builder.has_rows(*builder.record.input(name)); });
}

/// A builder with one row for each number, set in the first cell of `input`; the targets point at `which`.
std::optional<CaseBuilder> rows_of(const Plan& plan, const std::string& slug, const Input& input,
                                   const std::vector<double>& numbers, std::optional<int> which) {
  CaseBuilder builder = plan.builder(slug).rows(static_cast<std::int64_t>(numbers.size())).fill();
  if (numbers.empty() || !builder.has(input)) return std::nullopt;
  if (which && !builder.point_targets(*which)) return std::nullopt;
  for (std::size_t r = 0; r < numbers.size(); ++r)
    builder.cell(input, static_cast<std::int64_t>(r), 0) = numbers[r];
  keep_rowwise_gradients(builder);
  return builder;
}

void add_sweeps(Plan& plan, const Input& input) {
  for (const bool negative : {false, true})
    for (const std::optional<int> which :
         {std::optional<int>{}, std::optional<int>{0}, std::optional<int>{1}}) {
      if (is_target(input) && which) continue;  // pointing would overwrite the sweep
      const std::string slug = "sweep-" + std::string(negative ? "negative-" : "") + text(input) +
                               (which ? *which == 0 ? "-target-low" : "-target-high" : "");
      auto builder = rows_of(plan, slug, input, magnitude_sweep(input.domain, plan.dtype, negative), which);
      if (!builder) continue;
      clear_partners(*builder, input);
      plan.add(*builder, {"MagnitudeSweep"},
               text(input) + " from nothing to the end of the range, past every point where an exponential " +
                   "overflows, underflows or drowns.");
    }
}

void add_thresholds(Plan& plan, const Input& input) {
  const std::vector<double> numbers = exponential_thresholds(input.domain, plan.dtype);
  for (const int which : {0, 1}) {
    CaseBuilder builder =
        plan.builder("thresholds-" + text(input) + (which == 0 ? "-target-low" : "-target-high"))
            .rows(static_cast<std::int64_t>(numbers.size()))
            .fill();
    if (numbers.empty() || (!builder.point_targets(which) && which == 1)) return;
    clear_partners(builder, input);
    for (std::size_t r = 0; r < numbers.size(); ++r) {
      set_row(builder, input, static_cast<std::int64_t>(r), 0);
      builder.cell(input, static_cast<std::int64_t>(r), 0) = numbers[r];
    }
    keep_rowwise_gradients(builder);
    plan.add(builder, {"ExponentialThreshold"},
             "The neighbours of the arguments where e^x overflows, becomes subnormal, vanishes or drowns "
             "beside 1.");
  }
}

void add_special_numbers(Plan& plan, const Input& input) {
  const std::vector<NamedNumber> all = special_numbers(input.domain, plan.dtype);
  CaseBuilder batch =
      plan.builder("special-" + text(input)).rows(static_cast<std::int64_t>(all.size())).fill();
  if (batch.has_rows(input)) {
    for (std::size_t r = 0; r < all.size(); ++r)
      batch.cell(input, static_cast<std::int64_t>(r), batch.width(input) - 1) = all[r].value;
    keep_rowwise_gradients(batch);
    plan.add(batch, {"SpecialValue"}, "Every special number that " + text(input) + " admits, one a row.");
  } else {
    for (const NamedNumber& each : few_special_numbers(input.domain, plan.dtype)) {
      CaseBuilder builder = plan.builder("special-" + text(input) + "-" + each.name).fill();
      builder.tensor(input).real.front() = each.value;
      plan.add(builder, {"SpecialValue"}, "One special number, " + each.name + ", in " + text(input) + ".");
    }
  }
  for (const NamedNumber& each : all) {
    if (each.value - each.value == 0) continue;
    for (const Reduction r : {Reduction::mean, Reduction::sum}) {
      CaseBuilder builder =
          plan.builder(each.name + "-in-" + text(input) + "-" + std::string(name(r))).reduce(r).fill();
      builder.tensor(input).real.front() = each.value;
      plan.add(builder, {each.value != each.value ? "NaN" : "Infinity"},
               "One " + each.name + " in " + text(input) + " reaches the " + std::string(name(r)) + ".");
    }
  }
}

/// Every pair of a handful of specials, one a row: 0 times infinity, 0 log 0, opposite infinities and all
/// that.
void add_special_pairs(Plan& plan) {
  const CaseBuilder probe = plan.builder("probe");
  for (std::size_t i = 0; i < plan.record.inputs.size(); ++i)
    for (std::size_t j = i + 1; j < plan.record.inputs.size(); ++j) {
      const Input &a = plan.record.inputs[i], &b = plan.record.inputs[j];
      if (a.integer || b.integer || !probe.has_rows(a) || !probe.has_rows(b)) continue;
      if (a.domain.kind == Domain::Kind::one_hot || b.domain.kind == Domain::Kind::one_hot) continue;
      const auto left = few_special_numbers(a.domain, plan.dtype),
                 right = few_special_numbers(b.domain, plan.dtype);
      CaseBuilder builder = plan.builder("special-pairs-" + text(a) + "-" + text(b));
      builder.rows(static_cast<std::int64_t>(left.size() * right.size()));
      for (const char letter : letters(plan.record))
        if (is_width(plan.record, letter)) builder.extent(letter, 2);
      builder.fill();
      std::int64_t row = 0;
      for (const NamedNumber& x : left)
        for (const NamedNumber& y : right) {
          builder.cell(a, row, 0) = x.value;
          builder.cell(b, row++, 0) = y.value;
        }
      keep_rowwise_gradients(builder);
      plan.add(builder, {"SpecialPair"},
               "Special numbers of " + text(a) + " beside those of " + text(b) +
                   ": 0 log 0, 0 times infinity, opposite infinities, NaN under a coefficient of 0.");
    }
}

void add_special_row(Plan& plan, const Input& input) {
  const auto few = few_special_numbers(input.domain, plan.dtype);
  CaseBuilder builder = plan.builder("special-rows-" + text(input));
  builder.rows(static_cast<std::int64_t>(few.size() * (few.size() + 1) / 2))
      .extent(input.axes.back(), 2)
      .fill();
  std::int64_t row = 0;
  for (std::size_t i = 0; i < few.size(); ++i)
    for (std::size_t j = i; j < few.size(); ++j, ++row) {
      builder.cell(input, row, row % 2) = few[i].value;
      builder.cell(input, row, 1 - row % 2) = few[j].value;
    }
  keep_rowwise_gradients(builder);
  plan.add(builder, {"SpecialPair"}, "Special numbers of " + text(input) + " beside each other in a row.");
}

/// Rows of nothing but subnormal numbers, other multiples in each cell.
void add_subnormal_rows(Plan& plan, const Input& input) {
  if (input.axes.size() < 2 || !input.domain.contains(-1)) return;
  CaseBuilder builder = plan.builder("subnormal-rows-" + text(input)).fill();
  clear_partners(builder, input);
  const double unit = format(plan.dtype).smallest_normal() / 16;
  std::vector<double>& numbers = builder.tensor(input).real;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<double>(1 + i * 7 % 13) * (i % 3 == 1 ? -unit : unit);
  plan.add(builder, {"MagnitudeSweep"},
           text(input) + " of subnormal numbers alone: flushed to 0 it has no length and no direction.");
}

}  // namespace

void add_magnitudes(Plan& plan) {
  const CaseBuilder probe = plan.builder("probe");
  for (const Input* each : swept(probe)) add_sweeps(plan, *each);
  for (const Input& each : plan.record.inputs)
    if (is_continuous(each) && !each.optional) add_subnormal_rows(plan, each);
  for (const Input* each : swept(probe))
    if (each->domain.infinities) add_thresholds(plan, *each);
}

void add_specials(Plan& plan) {
  const CaseBuilder probe = plan.builder("probe");
  for (const Input& each : plan.record.inputs)
    if (!each.integer && each.domain.kind != Domain::Kind::one_hot) add_special_numbers(plan, each);
  add_special_pairs(plan);
  for (const Input* each : swept(probe))
    if (each->axes.size() == 2) add_special_row(plan, *each);

  const Input& first = plan.record.inputs.front();
  if (!first.integer && probe.has_rows(first)) {
    CaseBuilder builder = plan.builder("nan-under-zero-cotangent").rows(3).fill().cotangent(1);
    builder.cell(first, 1, 0) = special_numbers(first.domain, plan.dtype).back().value;
    std::vector<double>& weights = builder.question.inputs.at("cotangent").real;
    const std::size_t a_row = weights.size() / 3;
    std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(a_row), a_row, 0.);
    plan.add(builder, {"ZeroCoefficient", "NaN"},
             "The value of this row is NaN; a cotangent of exactly 0 drops its term from the gradient.");
  }
}

void add_coincidences(Plan& plan) {
  const double eps = format(plan.dtype).epsilon();
  for (const auto& [first, second] : comparable(plan.record)) {
    const Input &a = *first, &b = *second;
    const std::string pair = text(a) + "-" + text(b);
    const auto alike = [&](const std::string& slug, double scale, auto change, const std::string& flag,
                           const std::string& comment) {
      CaseBuilder builder = plan.builder(slug + "-" + pair).rows(6).fill();
      std::vector<double>&x = builder.tensor(a).real, &y = builder.tensor(b).real;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (b.domain.contains(y[i] * scale)) y[i] *= scale;
        const double wanted = change(y[i], i);
        if (a.domain.contains(wanted)) x[i] = wanted;
      }
      plan.add(builder, {flag}, comment);
    };
    alike(
        "equal", 1, [](double y, std::size_t) { return y; }, "Tie",
        text(a) + " and " + text(b) +
            " are equal: the minimum of many losses, a kink of some, 0/0 of others.");
    alike(
        "opposite", 1, [](double y, std::size_t) { return -y; }, "Tie",
        text(a) + " is the negative of " + text(b) + ".");
    alike(
        "neighbours", 1,
        [&](double y, std::size_t i) { return i % 2 ? next_up(plan.dtype, y) : next_down(plan.dtype, y); },
        "IllConditioned", text(a) + " is one unit in the last place from " + text(b) + ".");
    alike(
        "far-neighbours", 1 / eps / 8,
        [&](double y, std::size_t i) { return i % 3 ? next_up(plan.dtype, y) : next_down(plan.dtype, y); },
        "IllConditioned", "Large numbers, one unit in the last place apart: the difference is a small one.");
  }

  const CaseBuilder probe = plan.builder("probe");
  for (const Input* input : swept(probe)) {
    if (input->axes.size() < 2) continue;
    CaseBuilder tied = plan.builder("tied-row-" + text(*input)).rows(4).fill();
    for (std::int64_t row = 0; row < 4; ++row) set_row(tied, *input, row, tied.cell(*input, row, 0));
    if (input->domain.contains(0)) set_row(tied, *input, 3, 0);
    plan.add(tied, {"Tie"}, "All numbers of a row of " + text(*input) + " are the same; the last row is 0.");
    if (!input->domain.infinities && input->domain.contains(-1)) continue;
    const std::vector<double> offsets =
        input->domain.infinities
            ? std::vector{1024., 0x1p20, 1 / eps, -1 / eps, format(plan.dtype).largest() / 2}
            : std::vector{.5, .25, 1 - eps};
    CaseBuilder far = plan.builder("neighbours-in-row-" + text(*input))
                          .rows(static_cast<std::int64_t>(offsets.size()))
                          .fill();
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(offsets.size()); ++row) {
      double x = offsets[static_cast<std::size_t>(row)];
      for (std::int64_t k = 0; k < far.width(*input); ++k, x = next_up(plan.dtype, x)) {
        if (input->domain.contains(x)) far.cell(*input, row, k) = x;
      }
    }
    plan.add(far, {"IllConditioned"}, "Numbers of a row differ in their last place only, far from 0.");
  }

  for (const ParameterFacts& parameter : plan.record.parameters) {
    const auto* initial = std::get_if<double>(&parameter.initial);
    if (!initial) continue;
    for (const Input& input : plan.record.inputs) {
      if (input.origin != Origin::partner) continue;
      const Input& partner = *plan.record.input(input.partner);
      for (const double value : {round_to(plan.dtype, *initial), .75, round_to(plan.dtype, .1)}) {
        if (!parameter.domain.contains(value) || value <= 0) continue;
        CaseBuilder builder = plan.builder("at-" + std::string(parameter.name) +
                                           (value == .75 ? "-three-quarters"
                                            : value < .5 ? "-tenth"
                                                         : "") +
                                           "-" + text(input));
        builder.rows(10).parameter(parameter.name, value).fill();
        builder.tensor(input) = builder.tensor(partner);
        const std::array<std::pair<double, double>, 10> points{{{value, 0},
                                                                {-value, 0},
                                                                {next_up(plan.dtype, value), 0},
                                                                {next_down(plan.dtype, value), 0},
                                                                {-next_up(plan.dtype, value), 0},
                                                                {-next_down(plan.dtype, value), 0},
                                                                {2 * value, value},
                                                                {-2 * value, -value},
                                                                {0, value},
                                                                {0, -value}}};
        for (std::int64_t row = 0; row < 10; ++row) {
          builder.cell(input, row, 0) = points[static_cast<std::size_t>(row)].first;
          builder.cell(partner, row, 0) = points[static_cast<std::size_t>(row)].second;
        }
        plan.add(builder, {"Kink"},
                 "The difference is exactly the parameter " + std::string(parameter.name) +
                     ", or one unit beside it.");
      }
    }
  }
}

}  // namespace assay::source
