// second_opinion of truth.hpp: the balls against another library, number by number.
#include <algorithm>
#include <cmath>

#include "reference/engines/point_engines.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/limits.hpp"
#include "reference/truth/sensitivity.hpp"
#include "reference/truth/truth.hpp"

namespace assay::reference {
namespace {

// Formulas are naive on purpose, so fixed precision loses digits: log(1 +
// e^-1000) keeps 365 of 800. Agreement is to 300 significant digits,
// measured by A + |v|, or to 480 decimals: the least subnormal is 10^-324.
constexpr ulong significant_digits = 300, decimals = 480;

bool same_special(PointState state, Special special) {
  switch (special) {
    case Special::plus_infinity:
      return state == PointState::plus_infinity;
    case Special::minus_infinity:
      return state == PointState::minus_infinity;
    case Special::nan:
      return state == PointState::nan;
    case Special::unchecked:
    case Special::none:
      return false;
  }
  return false;
}

void parse(arb_ptr ball, const std::string& text, long bits) {
  const std::size_t bar = text.find('/');
  if (bar == std::string::npos) {
    arb_set_str(ball, text.c_str(), bits);
    return;
  }
  Ball divisor;
  arb_set_str(ball, text.substr(0, bar).c_str(), bits);
  arb_set_str(divisor, text.substr(bar + 1).c_str(), bits);
  arb_div(ball, ball, divisor, bits);
}

}  // namespace

SecondOpinion second_opinion(const Case& c, Backend backend) {
  SecondOpinion result;
  if (why_invalid(c)) return result;
  const RecordedGradients r(c);
  const std::vector<std::int32_t>& roots = r.roots.nodes;
  if (has_infinity(c)) {
    result.out_of_range = static_cast<std::int64_t>(roots.size());
    return result;
  }
  if (backend == Backend::rational && !is_rational(r.recorded->graph, roots)) return result;
  const std::vector<Point> points = backend == Backend::mpfr_float ? mpfr_points(r.recorded->graph, roots)
                                    : backend == Backend::cpp_bin_float
                                        ? binary_points(r.recorded->graph, roots)
                                        : rational_points(r.recorded->graph, roots);

  constexpr long bits = 4400;
  BallEngine engine(r.recorded->graph);
  engine.evaluate(bits, needed_for(r.recorded->graph, roots));
  Sensitivity sensitivity(*r.recorded, {});
  Ball other, distance, allowed;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (points[i].state == PointState::out_of_range) {
      ++result.out_of_range;
      continue;
    }
    bool agree = false;
    if (roots[i] < 0) {
      agree = points[i].text == "0";
    } else if (engine.special(roots[i]) == Special::unchecked) {
      agree = true;  // any number passes there
    } else if (engine.special(roots[i]) != Special::none) {
      agree = same_special(points[i].state, engine.special(roots[i]));
    } else if (points[i].state == PointState::number) {
      parse(other, points[i].text, bits);
      arb_sub(distance, engine.ball(roots[i]), other, bits);
      // |v| beside A: A is a double, and 0 where a result lies below every double.
      const double size = sensitivity.of(roots[i]);
      arb_set_d(allowed, std::isfinite(size) ? size : 1);
      arb_abs(other, engine.ball(roots[i]));
      arb_add(allowed, allowed, other, bits);
      arb_set_ui(other, 10);
      arb_pow_ui(other, other, significant_digits, bits);
      arb_div(allowed, allowed, other, bits);
      arb_set_ui(other, 10);
      arb_pow_ui(other, other, decimals, bits);
      arb_inv(other, other, bits);
      arb_add(allowed, allowed, other, bits);
      arb_add_error(distance, allowed);
      agree = arb_contains_zero(distance);
    }
    if (agree) {
      ++result.confirmed;
    } else if (result.disagreement.empty()) {
      char* text = roots[i] < 0 ? nullptr : arb_get_str(engine.ball(roots[i]), 40, 0);
      result.disagreement = r.roots.name(i) + " is " + (text ? text : "0") + " in balls and " +
                            (points[i].text.empty() ? "not a number" : points[i].text.substr(0, 44)) +
                            " elsewhere";
      flint_free(text);
    }
  }
  return result;
}

}  // namespace assay::reference
