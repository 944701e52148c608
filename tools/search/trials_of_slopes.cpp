// Of trials.hpp: promises about chords, slopes and how fast slopes change.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/search/trials.hpp"

namespace assay::search::trials {
namespace {

/// Two points, and the one between them: by how much the middle may be above the chord and below it, but for
/// errors.
Trial bent(const Promised& p, const Draw& d, bool above, bool below) {
  Case middle = d.base;
  for (const std::string& name : names(p.promise.subject)) {
    std::vector<double>& x = middle.inputs.at(name).real;
    const std::vector<double>& far = d.far.inputs.at(name).real;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = (x[i] + far[i]) / 2;
  }
  std::vector<Case> questions{d.base, std::move(middle), d.far};
  return {questions,
          [p, questions, above, below](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::vector<double>&low = answers[0].value.real, &at = answers[1].value.real,
                  &high = answers[2].value.real;
            for (std::size_t i = 0; i < at.size(); ++i) {
              const double ends = low[i] / 2 + high[i] / 2;
              if (!std::isfinite(ends) || std::isnan(at[i])) continue;
              const auto always = [&](double x) { return p.tolerance.always(p.dtype, x); };
              // Three answers, each within its bound, and two roundings in double.
              double error = always(at[i]) + always(low[i]) / 2 + always(high[i]) / 2 +
                             0x1p-52 * (std::abs(low[i]) + std::abs(high[i]));
              const auto holds = [&] {
                return (above || at[i] <= ends + error) && (below || at[i] >= ends - error);
              };
              if (holds()) continue;
              for (const Case& c : questions) error += p.tolerance.besides(c, i);
              if (!holds())
                return fmt::format(
                    "value[{}] is {:a} and {:a} at two points and {:a} between them, {} their chord", i,
                    low[i], high[i], at[i], at[i] > ends ? "above" : "below");
            }
            return std::nullopt;
          }};
}

/// The constant of the promise as it is in the case.
double constant(const Promised& p, const Case& c) {
  double out = p.promise.constant;
  if (!p.promise.times.empty()) out *= number(c, p.promise.times);
  if (!p.promise.over.empty()) out /= number(c, p.promise.over);
  if (!p.promise.weight.empty()) {
    const auto given = c.inputs.find(std::string(p.promise.weight));
    double largest = given == c.inputs.end() ? 1 : 0;
    if (given != c.inputs.end())
      for (const double w : given->second.real) largest = std::max(largest, w);
    out *= std::max(p.promise.least, largest);
  }
  return out;
}

}  // namespace

Trial convex(const Promised& p, const Draw& d, Random) { return bent(p, d, false, true); }
Trial concave(const Promised& p, const Draw& d, Random) { return bent(p, d, true, false); }
Trial affine(const Promised& p, const Draw& d, Random) { return bent(p, d, false, false); }

Trial lipschitz(const Promised& p, const Draw& d, Random) {
  Case c = d.base;
  c.wrt = names(p.promise.subject);
  return {{c}, [p, c](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::string& by = c.wrt.front();
            const double limit = constant(p, c);
            const std::vector<double>& slopes = answers[0].gradient.at(by).real;
            for (std::size_t i = 0; i < slopes.size(); ++i) {
              double error = p.tolerance.always(p.dtype, limit);
              if (!(std::abs(slopes[i]) > limit + error)) continue;
              error += p.tolerance.besides(c, by, i);
              if (std::abs(slopes[i]) > limit + error)
                return fmt::format("gradient.{}[{}] is {:a}, beyond {:a}", by, i, slopes[i], limit);
            }
            return std::nullopt;
          }};
}

// One number a row is moved, and the slope by that number compared.
Trial smooth(const Promised& p, const Draw& d, Random choices) {
  const std::string by(p.promise.subject);
  Case here = d.base;
  here.wrt = {by};
  const Tensor& subject = here.inputs.at(by);
  const std::size_t width =
      p.record.kind == Kind::element_wise ? 1 : static_cast<std::size_t>(subject.shape.back());
  const std::size_t column = choices.below(width);
  const Domain& domain = p.record.input(by)->domain;
  // Close together too, where a chord of the slope is all but its tangent. Half of a bounded domain is room
  // enough in one direction or the other.
  const double room = (domain.high - domain.low) / 2;
  double step = std::ldexp(1, static_cast<int>(between(choices, -12, 3)));
  while (step > room) step /= 2;
  Case there = here;
  std::vector<double>& moved = there.inputs.at(by).real;
  for (std::size_t i = column; i < moved.size(); i += width)
    moved[i] += domain.contains(moved[i] + step) ? step : -step;
  return {{here, there},
          [p, by, here, there, width, column,
           step](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const double limit = constant(p, here) * step;
            const std::vector<double>&before = answers[0].gradient.at(by).real,
                  &after = answers[1].gradient.at(by).real;
            for (std::size_t i = column; i < before.size(); i += width) {
              double error = p.tolerance.always(p.dtype, before[i]) + p.tolerance.always(p.dtype, after[i]) +
                             0x1p-52 * limit;
              const auto holds = [&] { return std::abs(after[i] - before[i]) <= limit + error; };
              if (holds()) continue;
              error += p.tolerance.besides(here, by, i) + p.tolerance.besides(there, by, i);
              if (!holds())
                return fmt::format(
                    "gradient.{}[{}] goes from {:a} to {:a} over a step of {}, by more than {:a}", by, i,
                    before[i], after[i], step, limit);
            }
            return std::nullopt;
          }};
}

}  // namespace assay::search::trials
