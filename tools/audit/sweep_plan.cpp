#include "tools/audit/sweep_plan.hpp"

#include <fmt/format.h>

#include <optional>
#include <span>

#include "losses/catalogue/records.hpp"

namespace assay::audit {
namespace {

bool can_be_swept(Dtype dtype) { return format(dtype).bytes <= 4; }

/// The values that an input may be held at; nothing where there are more than a few, or where they depend on
/// other extents than an element's.
std::optional<std::vector<double>> few_values(const Domain& domain) {
  switch (domain.kind) {
    case Domain::Kind::points:
      return std::vector{domain.high, domain.low};
    case Domain::Kind::interval:
    case Domain::Kind::nonzero:
    case Domain::Kind::one_hot:
    case Domain::Kind::class_index:
    case Domain::Kind::class_index_or_ignored:
    case Domain::Kind::class_index_or_end:
    case Domain::Kind::length:
    case Domain::Kind::group:
      return std::nullopt;
  }
  return std::nullopt;
}

using Held = std::vector<std::pair<std::string, double>>;

/// Every combination of the values of the inputs from `first` on.
void combine(std::span<const std::pair<std::string, std::vector<double>>> inputs, Held& chosen,
             std::vector<Held>& out) {
  if (chosen.size() == inputs.size()) {
    out.push_back(chosen);
    return;
  }
  const auto& [input, values] = inputs[chosen.size()];
  for (const double each : values) {
    chosen.emplace_back(input, each);
    combine(inputs, chosen, out);
    chosen.pop_back();
  }
}

void add_plans(const Record& record, Dtype dtype, std::vector<SweepPlan>& plans) {
  if (record.kind != Kind::element_wise || record.rows_depend) return;
  Case defaults;
  defaults.loss = std::string(record.name);
  defaults.dtype = dtype;
  std::vector<std::string> continuous;
  std::vector<std::pair<std::string, std::vector<double>>> labels;
  for (const Input& each : record.inputs) {
    if (each.optional) continue;
    const Domain domain = under_parameters(record, each, defaults).domain;
    if (!domain.discrete()) {
      continuous.emplace_back(each.name);
    } else {
      const auto values = few_values(domain);
      if (!values || each.integer) return;
      labels.emplace_back(each.name, *values);
    }
  }
  if (continuous.size() != 1) return;
  std::vector<Held> combinations;
  Held chosen;
  combine(labels, chosen, combinations);
  for (const Held& held : combinations)
    plans.push_back(sweep_of(std::string(record.name), dtype, continuous.front(), held));
}

}  // namespace

std::string SweepPlan::text() const {
  return fmt::format("{}{}{} {}{}{}", one.loss.name(), one.variant.empty() ? "" : "@", one.variant,
                     name(one.dtype), held.empty() ? "" : ", ", held);
}

std::vector<SweepPlan> sweep_plans(const Selection& selection) {
  std::vector<SweepPlan> plans;
  for (const std::string& loss : selection.losses)
    for (const Dtype dtype : selection.dtypes)
      if (can_be_swept(dtype)) add_plans(*find(loss), dtype, plans);
  return plans;
}

SweepPlan sweep_of(std::string loss, Dtype dtype, const std::string& swept, const Held& held) {
  SweepPlan plan;
  plan.one.loss = std::move(loss);
  plan.one.dtype = dtype;
  plan.one.reduction = Reduction::none;
  plan.one.wrt = {swept};
  plan.swept = swept;
  plan.one.inputs[swept] = Tensor{{1}, {1}, {}, false};
  for (const auto& [input, value] : held) {
    plan.one.inputs[input] = Tensor{{1}, {value}, {}, false};
    plan.held += fmt::format("{}{} {}", plan.held.empty() ? "" : ", ", input, shortest_decimal(dtype, value));
  }
  return plan;
}

std::uint64_t last_pattern(Dtype dtype) { return 2 * format(dtype).sign_bit() - 1; }

void numbers_of(const SweepPlan& plan, std::uint64_t first, std::uint64_t last, std::vector<double>& out) {
  const Record& record = *plan.one.record();
  const Domain domain = under_parameters(record, *record.input(plan.swept), plan.one).domain;
  out.clear();
  for (std::uint64_t pattern = first; pattern <= last; ++pattern)
    if (const double x = from_pattern(plan.one.dtype, pattern); domain.contains(x) || x != x)
      out.push_back(x);
}

}  // namespace assay::audit
