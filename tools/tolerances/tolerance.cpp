#include "tools/tolerances/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::tolerances {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool allows(const Tolerance& tolerance, const Error& error) {
  // An infinite rtol says nothing of an expected zero.
  const double relative = error.size == 0 ? 0 : tolerance.rtol * error.size;
  return error.distance <= tolerance.atol + relative;
}

double slope(const Error& from, const Error& to) {
  return (to.distance - from.distance) / (to.size - from.size);
}

}  // namespace

std::string_view name(Operand operand) {
  switch (operand) {
    case Operand::expected:
      return "expected";
    case Operand::answer:
      break;
  }
  return "answer";
}

void Needs::add(double answer, double expected, Operand operand) {
  if (answer == expected || (std::isnan(answer) && std::isnan(expected))) return;
  if (!std::isfinite(answer) || !std::isfinite(expected)) return fail();
  add({std::fabs(operand == Operand::expected ? expected : answer), std::fabs(answer - expected)});
}

void Needs::add(const Error& error) {
  errors_.push_back(error);
  // Now and then, so that a hundred thousand errors never lie here at once.
  if (errors_.size() >= 2 * pruned_ + 256) prune();
}

void Needs::merge(const Needs& other) {
  hopeless_ = hopeless_ || other.hopeless_;
  for (const Error& each : other.errors()) add(each);
}

const std::vector<Error>& Needs::errors() const {
  prune();
  return errors_;
}

void Needs::prune() const {
  if (errors_.size() == pruned_) return;
  std::ranges::sort(errors_, [](const Error& a, const Error& b) {
    return a.size != b.size ? a.size < b.size : a.distance > b.distance;
  });
  // In the plane of size and distance a tolerance is a line that rises, and all has to lie below it: what
  // counts is the rising part of the upper hull.
  std::vector<Error> hull;
  for (const Error& each : errors_) {
    if (!hull.empty() && each.distance <= hull.back().distance) continue;
    while (hull.size() > 1 && slope(hull[hull.size() - 2], hull.back()) <= slope(hull.back(), each))
      hull.pop_back();
    hull.push_back(each);
  }
  errors_ = std::move(hull);
  pruned_ = errors_.size();
}

bool Needs::within(const Tolerance& tolerance) const {
  if (hopeless_) return false;
  return std::ranges::all_of(errors(), [&](const Error& each) { return allows(tolerance, each); });
}

double Needs::least_rtol() const {
  if (hopeless_) return infinity;
  double least = 0;
  for (const Error& each : errors()) {
    if (each.size == 0) return infinity;
    double needed = each.distance / each.size;
    if (needed * each.size < each.distance) needed = std::nextafter(needed, infinity);
    least = std::max(least, needed);
  }
  return least;
}

double Needs::least_atol() const {
  if (hopeless_) return infinity;
  return errors().empty() ? 0 : errors().back().distance;
}

}  // namespace assay::tolerances
