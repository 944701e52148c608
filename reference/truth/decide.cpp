#include "reference/truth/decide.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "reference/engines/exact_engine.hpp"
#include "reference/graph/descent.hpp"

namespace assay::reference {
namespace {

double value_of(Special s) {
  if (s == Special::plus_infinity) return infinity;
  if (s == Special::minus_infinity) return -infinity;
  return std::numeric_limits<double>::quiet_NaN();
}

// (ball - rounded) / ulp, for a number that rounds to a finite one or past the largest.
void offset_in_ulps(Ball& t, arb_srcptr ball, double rounded, Dtype dtype, long bits) {
  arb_set_d(t, rounded);
  arb_sub(t, ball, t, bits);
  arb_mul_2exp_si(t, t,
                  arf_is_zero(arb_midref(ball)) ? -format(dtype).least_exponent()
                                                : -ulp_exponent(arb_midref(ball), dtype));
}
double middle(const Ball& ball) { return arf_get_d(arb_midref(static_cast<arb_srcptr>(ball)), ARF_RND_NEAR); }
double offset_of(arb_srcptr ball, double rounded, Dtype dtype, long bits) {
  if (arb_is_zero(ball) || arf_is_zero(arb_midref(ball)) || std::isinf(rounded)) return 0;
  Ball t;
  offset_in_ulps(t, ball, rounded, dtype, bits);
  return middle(t);
}

}  // namespace

std::vector<Decision> decide(BallEngine& engine, std::span<const std::int32_t> roots, Dtype dtype,
                             Precision p, AtKink at_kink, std::span<const std::int8_t> fixed) {
  std::vector<Decision> result(roots.size());
  std::vector<std::int32_t> pending;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (roots[i] < 0)
      result[i].decided = true;
    else
      pending.push_back(roots[i]);
  }
  Descent descent(engine.graph());
  for (long bits = p.start; !pending.empty(); bits = std::min(2 * bits, p.limit)) {
    engine.evaluate(bits, descent.towards(pending), at_kink, fixed);
    pending.clear();
    for (std::size_t i = 0; i < roots.size(); ++i) {
      Decision& d = result[i];
      if (d.decided) continue;
      d.special = engine.special(roots[i]);
      if (d.special != Special::none) {
        d = {true, d.special, value_of(d.special), false, bits};
      } else if (const auto rounded = round_ball(engine.ball(roots[i]), dtype)) {
        d = {true, Special::none, *rounded, false, bits};
      } else {
        pending.push_back(roots[i]);
      }
    }
    if (bits == p.limit) break;
  }
  return result;
}

void decide_exactly(const Graph& graph, std::span<const std::int32_t> roots, std::vector<Decision>& decisions,
                    Dtype dtype) {
  std::vector<std::int32_t> nodes;
  for (std::size_t i = 0; i < decisions.size(); ++i)
    if (!decisions[i].decided) nodes.push_back(roots[i]);
  const auto fractions = exact_fractions(graph, nodes);
  auto next = fractions.begin();
  for (Decision& d : decisions) {
    if (d.decided) continue;
    if (const auto& fraction = *next++)
      d = {true, Special::none, round_fraction(fraction->text, fraction->beside, dtype),
           fraction->text == "0" && fraction->beside == 0};
  }
}

std::vector<double> read_offsets(BallEngine& engine, std::span<const std::int32_t> roots,
                                 std::span<const Decision> decisions, Dtype dtype, Precision p) {
  std::vector<double> result(roots.size(), 0);
  std::vector<std::size_t> pending(roots.size());
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  Descent descent(engine.graph());
  for (long bits = p.start; !pending.empty(); bits = std::min(2 * bits, p.limit)) {
    // What took more bits to decide has its ball of then.
    std::vector<std::int32_t> nodes;
    for (const std::size_t i : pending)
      if (decisions[i].bits < bits) nodes.push_back(roots[i]);
    engine.evaluate(bits, descent.towards(nodes));
    std::erase_if(pending, [&](std::size_t i) {
      if (decisions[i].bits > bits) return false;
      Ball t;
      offset_in_ulps(t, engine.ball(roots[i]), decisions[i].rounded, dtype, std::max(bits, 128L));
      result[i] = middle(t);
      return mag_cmp_2exp_si(arb_radref(static_cast<arb_srcptr>(t)), -14) <= 0;
    });
    if (bits == p.limit) break;
  }
  return result;
}

std::vector<Digits> read_digits(BallEngine& engine, std::span<const std::int32_t> roots,
                                std::span<const Decision> decisions, Dtype dtype, Precision p) {
  std::vector<Digits> result(roots.size());
  std::vector<std::size_t> pending;
  for (std::size_t i = 0; i < roots.size(); ++i)
    if (roots[i] >= 0 && decisions[i].decided && decisions[i].special == Special::none &&
        !decisions[i].vanishes)
      pending.push_back(i);
  // What is 0 this far down has no digits that anyone compares with.
  p.limit = std::min(p.limit, std::max(4400L, 2 * p.start));
  Descent descent(engine.graph());
  for (long bits = std::max(p.start, 256L); !pending.empty(); bits = std::min(2 * bits, p.limit)) {
    std::vector<std::int32_t> nodes;
    for (std::size_t i : pending) nodes.push_back(roots[i]);
    engine.evaluate(bits, descent.towards(nodes));
    std::vector<std::size_t> left;
    for (std::size_t i : pending) {
      arb_srcptr ball = engine.ball(roots[i]);
      std::optional<std::string> digits = decimal(ball);
      if (!digits && bits == p.limit) {
        // 0 as far as anyone can see, or a decimal tie: the midpoint is within 2^-4000 of it.
        Ball middle;
        if (!arb_contains_zero(ball)) arb_get_mid_arb(middle, ball);
        digits = decimal(middle);
        // Beyond 2^(10^9) every format has its infinity, and a 0 in its place would make 0 a good answer.
        if (!digits && std::isinf(decisions[i].rounded))
          digits = decisions[i].rounded > 0 ? "Infinity" : "-Infinity";
      }
      if (!digits) {
        left.push_back(i);
        continue;
      }
      result[i] = {std::move(*digits), offset_of(ball, decisions[i].rounded, dtype, bits)};
      if (arb_contains_zero(ball)) result[i].offset = 0;
    }
    pending = std::move(left);
    if (bits == p.limit) break;
  }
  return result;
}

}  // namespace assay::reference
