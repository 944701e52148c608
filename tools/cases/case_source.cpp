#include "tools/cases/case_source.hpp"

#include <algorithm>
#include <array>

#include "tools/cases/domain_numbers.hpp"

namespace assay {
namespace source {

void add_ordinary(Plan& plan) {
  for (const Reduction r : reductions) {
    const std::string how(name(r));
    plan.add(plan.builder("ordinary-" + how).rows(5).reduce(r).fill(), {"Ordinary"},
             "Moderate numbers; reduction " + how + ", every gradient.");
    plan.add(plan.builder("cotangent-" + how).rows(7).reduce(r).fill().cotangent(), {"Cotangent"},
             "The gradient is multiplied by a cotangent that is not all ones; reduction " + how + ".");
  }
  plan.add(plan.builder("value-only").rows(6).reduce(Reduction::sum).fill().wrt({}), {"ValueOnly"},
           "No gradient is asked for.");
  std::size_t turn = 0;
  for (const Input& each : plan.record.inputs)
    if (each.differentiable())
      plan.add(plan.builder("wrt-" + std::string(each.name))
                   .rows(4)
                   .reduce(reductions[turn++ % 3])
                   .fill()
                   .wrt({std::string(each.name)}),
               {"SingleGradient"}, "The gradient with respect to this input alone.");
  for (const Input& each : plan.record.inputs)
    if (each.optional)
      for (const Reduction r : reductions)
        plan.add(plan.builder("without-" + std::string(each.name) + "-" + std::string(name(r)))
                     .rows(4)
                     .without(each.name)
                     .reduce(r)
                     .fill(),
                 {"OptionalInput"}, "Without the optional input " + std::string(each.name) + ".");

  plan.add(plan.builder("cotangent-zero").rows(3).fill().cotangent(0), {"Cotangent"},
           "A cotangent of zero drops every term of the gradient.");
  plan.add(plan.builder("cotangent-negative-sum").rows(3).reduce(Reduction::sum).fill().cotangent(-2.5),
           {"Cotangent"}, "One negative cotangent of the sum.");
  CaseBuilder extremes = plan.builder("cotangent-extremes").rows(5).fill().cotangent();
  const double big = format(plan.dtype).largest(), least = format(plan.dtype).smallest_subnormal();
  std::vector<double>& weights = extremes.question.inputs.at("cotangent").real;
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = std::array{big, least, -big / 2,
                            -next_down(plan.dtype, format(plan.dtype).smallest_normal()), -0.}[i % 5];
  plan.add(extremes, {"Cotangent"},
           "Cotangents at the ends of the range, where a product may overflow or vanish.");
}

namespace {

/// A value of the parameter that is not its default, the `turn`-th one; nothing when there is none.
std::vector<std::pair<std::string, ParameterValue>> other_values(const ParameterFacts& facts, Dtype dtype) {
  std::vector<std::pair<std::string, ParameterValue>> out;
  if (const auto* real = std::get_if<double>(&facts.initial)) {
    for (const NamedNumber& each : parameter_values(facts.domain, dtype))
      if (each.value != round_to(dtype, *real)) out.emplace_back(each.name, each.value);
  } else if (const auto* yes = std::get_if<bool>(&facts.initial)) {
    out.emplace_back(*yes ? "false" : "true", !*yes);
  } else if (const auto* whole = std::get_if<std::int64_t>(&facts.initial)) {
    for (const std::int64_t each : {1, 2, 0, -1})
      if (each != *whole && facts.domain.contains(static_cast<double>(each)))
        out.emplace_back(each < 0 ? "minus-" + std::to_string(-each) : std::to_string(each), each);
  } else if (const auto* text = std::get_if<std::string_view>(&facts.initial)) {
    for (const std::string_view each : facts.choices)
      if (each != *text) out.emplace_back(each, std::string(each));
  } else {
    out.emplace_back("two-values", std::vector{round_to(dtype, .5), -.25});
    out.emplace_back("three-values", std::vector{1., 0., 2.});
    out.emplace_back("no-value", std::vector<double>{});
  }
  return out;
}

}  // namespace

void add_parameters(Plan& plan) {
  std::size_t turn = 0;
  for (const ParameterFacts& each : plan.record.parameters) {
    const std::string name(each.name);
    const auto values = other_values(each, plan.dtype);
    for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 6); ++i)
      plan.add(plan.builder("parameter-" + name + "-" + values[i].first)
                   .rows(5)
                   .reduce(reductions[turn++ % 3])
                   .parameter(each.name, values[i].second)
                   .fill(),
               {"Parameter"}, "The parameter " + name + " away from its default, the others at theirs.");
    if (std::holds_alternative<double>(each.initial))
      for (const NamedNumber& value : extreme_parameter_values(each.domain, plan.dtype))
        plan.add(plan.builder("parameter-" + name + "-" + value.name)
                     .rows(4)
                     .parameter(each.name, value.value)
                     .fill(),
                 {"ExtremeParameter"}, "The parameter " + name + " at the edge of what it may be.");
  }
  if (plan.record.parameters.size() < 2) return;
  for (std::size_t k = 0; k < 4; ++k) {
    CaseBuilder joint =
        plan.builder("parameters-jointly-" + std::to_string(k + 1)).rows(4).reduce(reductions[k % 3]);
    for (const ParameterFacts& each : plan.record.parameters) {
      const auto values = other_values(each, plan.dtype);
      if (!values.empty())
        joint.parameter(each.name, values[(k + joint.question.parameters.size()) % values.size()].second);
    }
    plan.add(joint.fill(), {"Parameter"}, "Every parameter away from its default at once.");
  }
}

}  // namespace source

std::vector<AnnotatedCase> systematic_cases(const Record& record, Dtype dtype, std::uint64_t seed) {
  source::Plan plan{record, dtype, seed};
  source::add_ordinary(plan);
  source::add_parameters(plan);
  source::add_magnitudes(plan);
  source::add_specials(plan);
  source::add_coincidences(plan);
  source::add_shapes(plan);
  source::add_ignored_rows(plan);
  source::add_label_lists(plan);
  source::add_errors(plan);
  return std::move(plan.cases);
}

AnnotatedCase random_case(const Record& record, Dtype dtype, std::uint64_t seed, std::int64_t index) {
  CaseBuilder builder(record, dtype, seed, "random-" + std::to_string(index + 1));
  Random& random = builder.random;
  const auto small = [&](std::uint64_t n) { return static_cast<std::int64_t>(1 + random.below(n)); };
  builder.reduce(reductions[random.below(3)]);
  if (record.has_leading() && random.once_in(3))
    builder.leading({small(2), small(4)});
  else
    builder.rows(small(6));
  for (const char letter : letters(record))
    if (!record.along_last_leading(letter) && (record.has_leading() || letter != record.output.front()))
      builder.extent(letter, letter == 'U' ? 1 + small(2) : small(5));
  for (const Input& each : record.inputs)
    if (each.optional && random.once_in(2)) builder.without(each.name);
  for (const ParameterFacts& each : record.parameters) {
    if (random.once_in(2)) continue;
    const auto values = source::other_values(each, dtype);
    if (!values.empty()) builder.parameter(each.name, values[random.below(values.size())].second);
  }
  if (random.once_in(3))
    builder.fill();
  else
    builder.fill_with_anything();
  if (random.once_in(3)) builder.cotangent();
  std::vector<std::string>& wrt = builder.question.wrt;
  if (wrt.size() > 1 && random.once_in(4))
    wrt.erase(wrt.begin() + static_cast<std::ptrdiff_t>(random.below(wrt.size())));
  return builder.annotated(
      {"Random"}, "Drawn from bits: shape, parameters, reduction and numbers from everywhere in the domain.");
}

}  // namespace assay
