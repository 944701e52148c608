#include "reference/engines/ball_engine.hpp"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace assay::reference {
namespace {

// Balls outlive engines, a pool a thread: initialising thousands of them costs more than a small case.
class Pool {
 public:
  ~Pool() {
    for (const auto& [balls, size] : free_) _arb_vec_clear(balls, static_cast<slong>(size));
    flint_cleanup();  // this thread's caches of constants
  }
  std::pair<arb_ptr, std::size_t> take(std::size_t size) {
    for (auto each = free_.begin(); each != free_.end(); ++each) {
      if (each->second < size) continue;
      const auto found = *each;
      free_.erase(each);
      return found;
    }
    const std::size_t rounded = std::max<std::size_t>(256, size + size / 2);
    return {_arb_vec_init(static_cast<slong>(rounded)), rounded};
  }
  void give(arb_ptr balls, std::size_t size) {
    constexpr std::size_t kept = 4, largest = 1 << 16;
    if (free_.size() < kept && size <= largest)
      free_.emplace_back(balls, size);
    else
      _arb_vec_clear(balls, static_cast<slong>(size));
  }

 private:
  std::vector<std::pair<arb_ptr, std::size_t>> free_;
};
thread_local Pool pool;

}  // namespace

BallEngine::BallEngine(const Graph& graph) : graph_(graph) {}
BallEngine::~BallEngine() {
  if (values_) pool.give(values_, size_);
}

void BallEngine::evaluate(long bits, std::span<const std::uint8_t> needed, AtKink at_kink,
                          std::span<const std::int8_t> fixed) {
  if (size_ < graph_.nodes.size()) {
    if (values_) pool.give(values_, size_);
    std::tie(values_, size_) = pool.take(graph_.nodes.size());
  }
  if (specials_.size() < graph_.nodes.size()) specials_.assign(graph_.nodes.size(), Special::none);
  any_special_ =
      std::any_of(specials_.begin(), specials_.end(), [](Special s) { return s != Special::none; });
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    const auto node = static_cast<std::int32_t>(i);
    specials_[i] = Special::none;
    if (!fixed.empty() && fixed[i] != free_slope)
      arb_set_si(values_ + i, fixed[i]);
    else if (any_special_ && any_special_operand(node))
      step_special(node, bits);
    else
      step(node, bits, at_kink);
    any_special_ |= specials_[i] != Special::none;
  }
}

bool BallEngine::any_special_operand(std::int32_t node) const {
  bool any = false;
  graph_.each_operand(node, [&](std::int32_t o) { any |= special(o) != Special::none; });
  return any;
}

void BallEngine::step(std::int32_t node, long bits, AtKink at_kink) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  arb_srcptr a = n.a >= 0 ? values_ + n.a : nullptr;
  arb_srcptr b = n.b >= 0 ? values_ + n.b : nullptr;
  Special& special_of_z = specials_[static_cast<std::size_t>(node)];
  const bool largest = at_kink == AtKink::largest;
  switch (n.op) {
    case Op::whole:
      arb_set_si(z, n.whole);
      break;
    case Op::number:
      if (n.number != n.number) {
        special_of_z = Special::nan;
      } else {
        arf_set_d(arb_midref(z), n.number);
        mag_zero(arb_radref(z));
      }
      break;
    case Op::stand_in:
      arf_set_d(arb_midref(z), n.number);
      mag_zero(arb_radref(z));
      arb_mul_2exp_si(z, z, n.whole);
      break;
    case Op::pi:
      arb_const_pi(z, bits);
      break;
    case Op::add:
      arb_add(z, a, b, bits);
      break;
    case Op::sub:
      arb_sub(z, a, b, bits);
      // A difference of equal expressions never gets narrower than its ball: look at the expressions.
      if (bits > 256 && arb_contains_zero(z) && !arb_is_zero(z) &&
          (graph_.identical(n.a, n.b) || equal_norms(n.a, n.b, bits)))
        arb_zero(z);
      break;
    case Op::mul:
      arb_mul(z, a, b, bits);
      break;
    case Op::weigh:
    case Op::chain:
      if (arb_is_zero(a) || (n.op == Op::chain && arb_is_zero(b)))
        arb_zero(z);
      else
        arb_mul(z, a, b, bits);
      break;
    case Op::div:
    case Op::unit:
      if (const Node& d = graph_.nodes[static_cast<std::size_t>(n.b)]; d.op == Op::whole && d.whole > 0) {
        const auto divisor = static_cast<std::uint64_t>(d.whole);
        if (std::has_single_bit(divisor))
          arb_mul_2exp_si(z, a, -std::countr_zero(divisor));
        else
          arb_div_ui(z, a, divisor, bits);
      } else if (!arb_is_zero(b)) {
        arb_div(z, a, b, bits);
      } else if (n.op == Op::unit) {
        arb_set_si(z, largest ? 1 : 0);
      } else if (arb_is_zero(a)) {
        special_of_z = Special::nan;
      } else if (arb_is_positive(a) || arb_is_negative(a)) {
        // Whatever may be exactly 0 below a fraction bar here is a probability or 1 less it: 0 from above.
        special_of_z = infinity_of(arb_is_positive(a) ? 1 : -1);
      } else {
        arb_zero_pm_inf(z);
      }
      break;
    case Op::neg:
      arb_neg(z, a);
      break;
    case Op::stop_gradient:
      arb_set(z, a);
      break;
    case Op::exp:
      arb_exp(z, a, bits);
      break;
    case Op::log:
      if (arb_is_zero(a))
        special_of_z = Special::minus_infinity;
      else if (const std::int32_t beside = beside_one(n.a); beside >= 0 && special(beside) == Special::none)
        arb_log1p(z, values_ + beside, bits);
      else
        arb_log(z, a, bits);
      break;
    case Op::sqrt:
      arb_sqrt(z, a, bits);
      break;
    case Op::cosh:
      arb_cosh(z, a, bits);
      break;
    case Op::sinh:
      arb_sinh(z, a, bits);
      break;
    case Op::cos:
      arb_cos(z, a, bits);
      break;
    case Op::sin:
      arb_sin(z, a, bits);
      break;
    case Op::abs:
      arb_abs(z, a);
      break;
    case Op::sign:
      if (arb_is_zero(a))
        arb_set_si(z, largest ? 1 : 0);
      else
        arb_sgn(z, a);
      break;
    case Op::positive:
      if (arb_is_nonpositive(a)) {
        arb_zero(z);
      } else if (arb_is_nonnegative(a)) {
        arb_set(z, a);
      } else {
        arb_nonnegative_part(z, a);
      }
      break;
    case Op::step:
      if (arb_is_positive(a) || (largest && arb_is_zero(a))) {
        arb_one(z);
      } else if (arb_is_nonpositive(a)) {
        arb_zero(z);
      } else {
        arb_unit_interval(z);
      }
      break;
    case Op::maximum:
      step_maximum(node, bits);
      break;
    case Op::share:
      step_share(node, at_kink);
      break;
    case Op::norm:
      step_norm(node, bits);
      break;
    case Op::where:
      step_where(node, bits);
      break;
    case Op::power:
      step_power(node, bits);
      break;
    case Op::xlogy:
      if (arb_is_zero(a)) {
        arb_zero(z);
      } else if (arb_is_zero(b)) {
        special_of_z = infinity_of(arb_is_positive(a) ? -1 : 1);
      } else {
        Ball t;
        arb_log(t, b, bits);
        arb_mul(z, a, t, bits);
      }
      break;
    case Op::divergence:
    case Op::log_ratio:
      if (n.op == Op::divergence && arb_is_zero(a)) {
        arb_zero(z);
      } else if (arb_is_zero(b)) {
        special_of_z = Special::plus_infinity;
      } else if (arb_is_zero(a)) {
        special_of_z = Special::minus_infinity;
      } else {
        Ball t;
        arb_div(t, a, b, bits);
        arb_log(t, t, bits);
        if (n.op == Op::divergence)
          arb_mul(z, a, t, bits);
        else
          arb_set(z, t);
      }
      break;
    case Op::mean:
      if (arb_is_zero(b))
        special_of_z = Special::nan;
      else
        arb_div(z, a, b, bits);
      break;
    case Op::normal:
    case Op::overlap:
      if (arb_is_zero(b))
        arb_set_si(z, n.op == Op::overlap ? 1 : 0);
      else
        arb_div(z, a, b, bits);
      break;
    case Op::mean_slope:
    case Op::normal_slope:
      if (arb_is_zero(a))
        special_of_z = Special::unchecked;
      else
        arb_inv(z, a, bits);
      break;
  }
}

// x of a node 1 + x, else -1: its logarithm has all of x's digits, however small x is beside the 1.
std::int32_t BallEngine::beside_one(std::int32_t node) const {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  if (n.op != Op::add) return -1;
  const Node& first = graph_.nodes[static_cast<std::size_t>(n.a)];
  return first.op == Op::whole && first.whole == 1 ? n.b : -1;
}

// A base whose ball reaches below 0 is at least 0 all the same.
void BallEngine::step_power(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  arb_srcptr base = values_ + n.a, exponent = values_ + n.b;
  if (arb_is_zero(exponent)) {
    arb_one(z);
  } else if (arb_is_positive(base)) {
    arb_pow(z, base, exponent, bits);
  } else if (arb_is_zero(base) && arb_is_negative(exponent)) {
    specials_[static_cast<std::size_t>(node)] = Special::plus_infinity;
  } else if (!arb_is_positive(exponent)) {
    arb_zero_pm_inf(z);
  } else if (arb_is_zero(base)) {
    arb_zero(z);
  } else {
    Ball largest, nothing;
    arb_get_ubound_arf(arb_midref(static_cast<arb_ptr>(largest)), base, bits);
    arb_pow(largest, largest, exponent, bits);
    arb_union(z, nothing, largest, bits);
  }
}

void BallEngine::step_maximum(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  for (std::int32_t k = 0; k < n.b; ++k) {
    arb_srcptr x = values_ + graph_.operands[static_cast<std::size_t>(n.a + k)];
    if (k == 0)
      arb_set(z, x);
    else
      arb_max(z, z, x, bits);
  }
}

void BallEngine::step_share(std::int32_t node, AtKink at_kink) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  const Node& top = graph_.nodes[static_cast<std::size_t>(n.a)];
  const std::int32_t* others = graph_.operands.data() + top.a;
  const std::int32_t self = others[n.whole];
  bool certain = true;
  slong ties = 0;
  for (std::int32_t k = 0; k < top.b; ++k) {
    if (arb_gt(values_ + others[k], values_ + self)) {
      arb_zero(z);
      return;
    }
    if (arb_lt(values_ + others[k], values_ + self)) continue;
    if ((arb_is_exact(values_ + others[k]) && arb_equal(values_ + others[k], values_ + self)) ||
        graph_.identical(others[k], self))
      ++ties;
    else
      certain = false;
  }
  if (!certain) {
    arb_unit_interval(z);
  } else if (at_kink == AtKink::largest) {
    arb_one(z);
  } else {
    arb_one(z);
    arb_div_si(z, z, ties, 128);
  }
}

// Roots of one number, whatever it was summed from.
bool BallEngine::equal_norms(std::int32_t a, std::int32_t b, long bits) const {
  Ball squares[2];
  for (int which = 0; which < 2; ++which) {
    const Node& n = graph_.nodes[static_cast<std::size_t>(which == 0 ? a : b)];
    if (n.op != Op::norm) return false;
    for (std::int32_t k = 0; k < n.b; ++k) {
      arb_srcptr x = values_ + graph_.operands[static_cast<std::size_t>(n.a + k)];
      arb_addmul(squares[which], x, x, bits);
    }
  }
  return arb_is_exact(squares[0]) && arb_equal(squares[0], squares[1]);
}

void BallEngine::step_norm(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  arb_zero(z);
  for (std::int32_t k = 0; k < n.b; ++k) {
    arb_srcptr x = values_ + graph_.operands[static_cast<std::size_t>(n.a + k)];
    arb_addmul(z, x, x, bits);
  }
  arb_sqrtpos(z, z, bits);
}

void BallEngine::step_where(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  const std::int32_t* o = graph_.operands.data() + n.a;
  arb_srcptr left = values_ + o[0], right = values_ + o[1];
  if (arb_is_exact(left) && arb_is_exact(right))  // as most are: compared ten times sooner
    arb_set(z, values_ + (arf_cmp(arb_midref(left), arb_midref(right)) <= 0 ? o[2] : o[3]));
  else if (arb_le(left, right))
    arb_set(z, values_ + o[2]);
  else if (arb_gt(left, right))
    arb_set(z, values_ + o[3]);
  else
    arb_union(z, values_ + o[2], values_ + o[3], bits);
}

}  // namespace assay::reference
