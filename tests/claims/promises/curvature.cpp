// Promises about chords, slopes and how fast slopes change.
#include <algorithm>
#include <cmath>

#include "tests/claims/promises/promises.hpp"

namespace assay::tests {
namespace {

/// Two points of the grid and the one between them, which is exact.
struct Chord {
  Case low, middle, high;
};

Chord chord(const Promised& p) {
  const Case c = drawn_on_grid(p);
  Chord out{c, c, c};
  for (const std::string& name : names(p.promise.subject)) {
    const Domain domain = under_parameters(p.record, *p.record.input(name), c).domain;
    const double scale = grid_scale();
    for (std::size_t i = 0; i < c.inputs.at(name).real.size(); ++i) {
      const double a = on_grid(domain, scale), b = on_grid(domain, scale);
      out.low.inputs[name].real[i] = a;
      out.high.inputs[name].real[i] = b;
      out.middle.inputs[name].real[i] = (a + b) / 2;
    }
  }
  return out;
}

/// By how much the middle may be above the chord (`above`) and below it, but for errors.
void expect_bent(const Promised& p, bool above, bool below) {
  const Chord at = chord(p);
  const auto low = p.values(at.low), middle = p.values(at.middle), high = p.values(at.high);
  for (std::size_t i = 0; i < middle.size(); ++i) {
    const double ends = low[i] / 2 + high[i] / 2;
    if (!std::isfinite(ends) || std::isnan(middle[i])) continue;
    // Three answers, each within its bound, and two roundings in double.
    double error = p.error(middle[i]) + p.error(low[i]) / 2 + p.error(high[i]) / 2 +
                   0x1p-52 * (std::abs(low[i]) + std::abs(high[i]));
    const auto holds = [&] {
      return (above || middle[i] <= ends + error) && (below || middle[i] >= ends - error);
    };
    if (!holds()) {
      for (const Case* c : {&at.low, &at.middle, &at.high}) error += p.excuse(*c, i);
      if (!holds()) RC_LOG() << witness(at.low) << witness(at.middle) << witness(at.high);
    }
    RC_ASSERT(holds());
  }
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

void is_convex(const Promised& p) { expect_bent(p, false, true); }
void is_concave(const Promised& p) { expect_bent(p, true, false); }
void is_affine(const Promised& p) { expect_bent(p, false, false); }

void is_lipschitz(const Promised& p) {
  Case c = drawn(p);
  c.wrt = names(p.promise.subject);
  const double limit = constant(p, c);
  const Answer answer = p.answer(c);
  for (const double slope : answer.gradient.at(c.wrt.front()).real) {
    const bool holds = !(std::abs(slope) > limit + p.error(limit));
    if (!holds) RC_LOG() << witness(c) << " " << slope << " beyond " << limit;
    RC_ASSERT(holds);
  }
}

// One number a row is moved, and the slope by that number compared.
void is_smooth(const Promised& p) {
  Case here = drawn_on_grid(p);
  const std::string name(p.promise.subject);
  here.wrt = {name};
  Tensor& subject = here.inputs[name];
  const std::size_t width =
      p.record.kind == Kind::element_wise ? 1 : static_cast<std::size_t>(subject.shape.back());
  const auto column = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(width)));
  // Close together too, where a chord of the slope is all but its tangent.
  const double step = std::ldexp(1, *rc::gen::inRange(-12, 3));
  Case there = here;
  for (std::size_t i = column; i < subject.real.size(); i += width) there.inputs[name].real[i] += step;
  const double limit = constant(p, here) * step;
  const auto before = p.answer(here).gradient.at(name).real, after = p.answer(there).gradient.at(name).real;
  for (std::size_t i = column; i < before.size(); i += width) {
    const double error = p.error(before[i]) + p.error(after[i]) + 0x1p-52 * limit;
    const bool holds = std::abs(after[i] - before[i]) <= limit + error;
    if (!holds) RC_LOG() << witness(here) << witness(there) << before[i] << " to " << after[i];
    RC_ASSERT(holds);
  }
}

}  // namespace assay::tests
