// Of trials.hpp: promises that two questions have one answer, where the numbers of the inputs change.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/search/trials.hpp"

namespace assay::search::trials {
namespace {

/// 1, 3, 5 or 7 times a power of two: exact on the grid.
double factor(Random& random, int least_exponent, int exponent_end) {
  return static_cast<double>(2 * random.below(4) + 1) *
         std::ldexp(1, static_cast<int>(between(random, least_exponent, exponent_end)));
}

/// A multiple of 8 between -512 and 512.
double shift(Random& random) { return 8 * static_cast<double>(between(random, -64, 65)); }

std::size_t width_of(const Tensor& t) { return static_cast<std::size_t>(t.shape.back()); }

}  // namespace

Trial same_values(const Promised& p, Case a, Case b,
                  std::function<std::vector<double>(std::vector<double>)> expected, double bounds) {
  std::vector<Case> questions{std::move(a), b};
  return {std::move(questions),
          [p, b = std::move(b), expected = std::move(expected),
           bounds](const std::vector<Answer>& answers) -> std::optional<std::string> {
            const std::vector<double> of_a = expected(answers[0].value.real);
            const std::vector<double>& of_b = answers[1].value.real;
            if (of_a.size() != of_b.size())
              return fmt::format("{} values became {}", of_a.size(), of_b.size());
            for (std::size_t i = 0; i < of_a.size(); ++i) {
              const double x = of_a[i], y = of_b[i];
              if (x == y || (std::isnan(x) && std::isnan(y))) continue;
              const double apart = std::abs(x - y), larger = std::max(std::abs(x), std::abs(y)),
                           errors = bounds * p.tolerance.always(p.dtype, larger);
              if (apart <= errors) continue;
              // Of the same numbers, the two cases' A are alike. Where squares of the largest numbers cancel,
              // what is left may reach overflow or not: infinite are then both the distance and what is
              // excused.
              if (!(apart <= errors + 4 * p.tolerance.besides(b, i)))
                return fmt::format("value[{}] is {:a}, must be {:a} as that of the first question is", i, y,
                                   x);
            }
            return std::nullopt;
          }};
}

Trial same_values(const Promised& p, Case a, Case b, double factor) {
  // A factor whose significand is nearly 2 makes as much of an ulp, and its product is rounded.
  int exponent = 0;
  const bool power_of_two = std::frexp(factor, &exponent) == .5;
  return same_values(
      p, std::move(a), std::move(b),
      [factor](std::vector<double> values) {
        for (double& x : values) x *= factor;
        return values;
      },
      power_of_two ? 2 : 4);
}

Trial symmetric(const Promised& p, const Draw& d, Random) {
  Case exchanged = d.base;
  std::swap(exchanged.inputs.at(std::string(p.record.inputs[0].name)),
            exchanged.inputs.at(std::string(p.record.inputs[1].name)));
  if (why_invalid(exchanged)) return {};  // an infinity where only finite numbers go
  return same_values(p, d.base, std::move(exchanged));
}

Trial shift_invariant(const Promised& p, const Draw& d, Random choices) {
  Case shifted = d.base;
  Tensor& subject = shifted.inputs.at(std::string(p.promise.subject));
  double by = 0;
  for (std::size_t i = 0; i < subject.real.size(); ++i) {
    if (i % width_of(subject) == 0) by = shift(choices);
    subject.real[i] += by;
  }
  return same_values(p, d.base, std::move(shifted));
}

Trial scale_invariant(const Promised& p, const Draw& d, Random choices) {
  Case scaled = d.base;
  Tensor& subject = scaled.inputs.at(std::string(p.promise.subject));
  const int far = PerDtype<int>{.f32 = 60, .f64 = 400}[p.dtype];
  double by = 1;
  for (std::size_t i = 0; i < subject.real.size(); ++i) {
    if (i % width_of(subject) == 0) by = factor(choices, -far, far);
    subject.real[i] *= by;
  }
  return same_values(p, d.base, std::move(scaled));
}

Trial homogeneous(const Promised& p, const Draw& d, Random choices) {
  Case scaled = d.base;
  // Parameters have all their digits, and powers of two alone keep them; probabilities may only shrink.
  bool exact = true, bounded = false;
  for (const std::string& name : names(p.promise.subject)) {
    const Input* input = p.record.input(name);
    exact = exact && input;
    bounded = bounded || (input && input->domain.high == 1);
  }
  const double by = exact && !bounded
                        ? factor(choices, -8, 9)
                        : std::ldexp(1, static_cast<int>(between(choices, -8, bounded ? 1 : 9)));
  for (const std::string& name : names(p.promise.subject))
    if (p.record.input(name))
      for (double& x : scaled.inputs.at(name).real) x *= by;
    else
      scaled.parameters.at(name) = number(d.base, name) * by;
  return same_values(p, d.base, std::move(scaled), std::pow(by, p.promise.constant));
}

Trial translation_invariant(const Promised& p, const Draw& d, Random choices) {
  Case moved = d.base;
  const std::vector<std::string> subjects = names(p.promise.subject);
  for (std::size_t i = 0; i < d.base.inputs.at(subjects.front()).real.size(); ++i) {
    const double by = shift(choices);
    for (const std::string& name : subjects) moved.inputs.at(name).real.at(i) += by;
  }
  return same_values(p, d.base, std::move(moved));
}

// By the angle whose cosine is 3/5 in the plane of two features, and all is five times as long: exact.
Trial rotation_invariant(const Promised& p, const Draw& d, Random choices) {
  Case c = d.base;
  const char features = p.record.inputs[0].axes.back();
  const std::size_t width = width_of(c.inputs.at(std::string(p.record.inputs[0].name)));
  if (width < 2) return {};
  const std::size_t one = choices.below(width), two = (one + 1 + choices.below(width - 1)) % width;
  Case turned = c;
  for (const Input& input : p.record.inputs) {
    if (input.integer || input.axes.back() != features) continue;
    std::vector<double>&longer = c.inputs.at(std::string(input.name)).real,
    &other = turned.inputs.at(std::string(input.name)).real;
    for (double& x : longer) x *= 5;
    for (std::size_t row = 0; row < other.size(); row += width) {
      const double a = other[row + one], b = other[row + two];
      for (std::size_t k = row; k < row + width; ++k) other[k] *= 5;
      other[row + one] = 3 * a - 4 * b;
      other[row + two] = 4 * a + 3 * b;
    }
  }
  return same_values(p, std::move(c), std::move(turned));
}

}  // namespace assay::search::trials
