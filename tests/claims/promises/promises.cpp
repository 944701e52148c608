#include "tests/claims/promises/promises.hpp"

#include <algorithm>
#include <cmath>

#include "tools/cases/case_source.hpp"

namespace assay::tests {

Answer Promised::answer(const Case& c) const {
  Answer out = ask(c);
  RC_ASSERT(out.outcome == Answer::Outcome::answered);
  return out;
}

double Promised::excuse(const Case& c, std::size_t component) const {
  const double share = std::ldexp(1, accuracy.conditioned);
  return share == 0 ? 0 : share * reference::certify(c).value.components[component].sensitivity;
}

std::vector<std::string> names(std::string_view list) {
  std::vector<std::string> out;
  each_name(list, [&](std::string_view each) { out.emplace_back(each); });
  return out;
}

double number(const Case& c, std::string_view parameter) {
  const ParameterValue& value = c.parameters.at(std::string(parameter));
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<bool>(value) ? 1 : 0;
}

namespace {

/// Puts the parameter where the promise holds, unless it is there.
void keep(Case& c, const While& each) {
  const double now = number(c, each.parameter);
  if (now >= each.low && now <= each.high) return;
  const double at = *rc::gen::element(each.low, each.high);
  ParameterValue& value = c.parameters.at(std::string(each.parameter));
  if (std::holds_alternative<double>(value))
    value = at;
  else if (std::holds_alternative<bool>(value))
    value = at != 0;
  else
    value = static_cast<std::int64_t>(at);
}

}  // namespace

Case drawn(const Promised& p) {
  for (auto seed = *rc::gen::arbitrary<std::uint64_t>();; ++seed) {
    Case c = complete(random_case(p.record, p.dtype, seed, 0).question);
    c.reduction = Reduction::none;
    c.wrt.clear();
    c.inputs.erase("cotangent");
    for (const While& each : p.promise.where) keep(c, each);
    // Numbers drawn for one parameter need not be admissible under another, nor an open end.
    if (!why_invalid(c)) return c;
  }
}

double on_grid(const Domain& domain, double scale) {
  if (domain.low == 0 && domain.high == 1) return *rc::gen::inRange(0, 513) / 512.;
  const int m = *rc::gen::inRange(-512, 513);
  if (m == 0 && domain.kind == Domain::Kind::nonzero) return scale;
  return (domain.low == 0 ? std::abs(m) + 2 : m * 2) / 128. * scale;
}

double grid_scale() { return std::ldexp(1, *rc::gen::inRange(-4, 5)); }

Case drawn_on_grid(const Promised& p) {
  Case c = drawn(p);
  for (const Input& input : p.record.inputs) {
    const auto given = c.inputs.find(std::string(input.name));
    if (given == c.inputs.end() || input.integer || input.domain.discrete()) continue;
    const double scale = grid_scale();
    const Domain domain = under_parameters(p.record, input, c).domain;
    for (double& x : given->second.real) x = on_grid(domain, scale);
  }
  return c;
}

void expect_same(const Promised& p, const Case& a, const std::vector<double>& of_a, const Case& b,
                 const std::vector<double>& of_b, double bounds) {
  RC_ASSERT(of_a.size() == of_b.size());
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    const double x = of_a[i], y = of_b[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double apart = std::abs(x - y), errors = bounds * p.error(std::max(std::abs(x), std::abs(y)));
    if (apart <= errors) continue;
    // Of the same numbers, the two cases' A are alike. Where squares of the largest numbers cancel, what is
    // left may reach overflow or not: infinite are then both the distance and what is excused.
    const double excused = 4 * p.excuse(b, i);
    const bool holds = apart <= errors + excused;
    if (!holds) RC_LOG() << witness(a) << " " << x << "\n" << witness(b) << " " << y << "\n";
    RC_ASSERT(holds);
  }
}

void expect_same(const Promised& p, const Case& a, const Case& b, double factor) {
  std::vector<double> expected = p.values(a);
  for (double& x : expected) x *= factor;
  // A factor whose significand is nearly 2 makes as much of an ulp, and its product is rounded.
  int exponent = 0;
  const bool shift = std::frexp(factor, &exponent) == .5;
  expect_same(p, a, expected, b, p.values(b), shift ? 2 : 4);
}

}  // namespace assay::tests
