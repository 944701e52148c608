#include "tools/mechanisms/blame.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

namespace assay::mechanisms {
namespace {

using reference::Node;
using reference::Op;

class Inquiry {
 public:
  Inquiry(Dtype dtype, const Written& formula, std::int32_t root, double truth, const Habits& habits)
      : dtype_(dtype), formula_(formula), graph_(formula.graph), root_(root), habits_(habits), roots_{root} {
    computed_ = in_dtype(dtype, graph_, roots_, habits);
    exact_ = in_many_digits(graph_, roots_, habits);
    exact_[index(root)] = truth;
  }

  std::optional<Blame> inquire() {
    if (fine(root_, computed_)) return std::nullopt;
    const std::vector<std::uint8_t> needed = reference::needed_for(graph_, roots_);
    if (std::isnan(computed_[index(root_)]))
      if (const auto first = first_nan(needed)) return first;
    std::vector<std::int32_t> suspects;
    for (std::size_t i = 0; i < needed.size(); ++i)
      if (needed[i] && spoils(static_cast<std::int32_t>(i))) suspects.push_back(static_cast<std::int32_t>(i));
    for (const std::int32_t each : suspects)
      if (cleared_by({{each, exact_[index(each)]}})) return told(each);
    // Several of one kind, as the exponentials of a row.
    for (const std::int32_t each : suspects) {
      std::map<std::int32_t, long double> alike;
      for (const std::int32_t other : suspects)
        if (node(other).op == node(each).op) alike[other] = exact_[index(other)];
      if (cleared_by(alike)) return told(each);
    }
    std::map<std::int32_t, long double> all;
    for (const std::int32_t each : suspects) all[each] = exact_[index(each)];
    if (!suspects.empty() && cleared_by(all)) return told(suspects.front());
    return suspects.empty() ? std::nullopt : told(suspects.front());
  }

 private:
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] const Node& node(std::int32_t i) const { return graph_.nodes[index(i)]; }

  /// Whether a node is right to within some roundings.
  [[nodiscard]] bool fine(std::int32_t i, const std::vector<double>& computed) const {
    return near(computed[index(i)], exact_[index(i)]);
  }
  [[nodiscard]] bool near(long double x, long double exact) const {
    if (std::isnan(x) || std::isnan(exact)) return std::isnan(x) && std::isnan(exact);
    if (x == exact) return true;
    if (std::isinf(x) || std::isinf(exact)) return false;
    return std::abs(x - exact) <= std::ldexp(std::abs(exact), 5 - format(dtype_).precision);
  }
  /// Where NaN comes from that no operand was, though nothing was rounded wrongly before: from infinite
  /// inputs, of which the formula has no limit.
  [[nodiscard]] std::optional<Blame> first_nan(const std::vector<std::uint8_t>& needed) const {
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i] || !std::isnan(computed_[i]) || is_leaf(graph_.nodes[i].op)) continue;
      bool made_here = true, from_infinities = true;
      graph_.each_operand(static_cast<std::int32_t>(i), [&](std::int32_t o) {
        made_here &= !std::isnan(computed_[index(o)]);
        from_infinities &= fine(o, computed_);
      });
      if (!made_here) continue;
      if (!from_infinities) return std::nullopt;
      const std::string formula = formula_text(formula_, static_cast<std::int32_t>(i));
      const Op op = graph_.nodes[i].op;
      if (op == Op::mul || op == Op::weigh || op == Op::chain || op == Op::xlogy || op == Op::divergence)
        return Blame{"zero-times-infinity", fmt::format("{} is 0 times infinity", formula)};
      return Blame{"indeterminate-infinity",
                   fmt::format("{} has no value for infinite inputs, but a limit", formula)};
    }
    return std::nullopt;
  }
  [[nodiscard]] bool spoils(std::int32_t i) const {
    if (is_leaf(node(i).op) || fine(i, computed_)) return false;
    bool sound = true;
    graph_.each_operand(i, [&](std::int32_t o) { sound &= fine(o, computed_); });
    return sound;
  }
  /// Beyond the dtype's range a node that is known better is still lost.
  [[nodiscard]] bool cleared_by(const std::map<std::int32_t, long double>& known) const {
    Habits better = habits_;
    better.given = known;
    if (fine(root_, in_dtype(dtype_, graph_, roots_, better))) return true;
    // In a wider range all but these are computed as before: what else they spoil is on their account.
    Habits others = habits_;
    for (const auto& [i, value] : known) others.given[i] = computed_[index(i)];
    return !near(in_many_digits(graph_, roots_, others)[index(root_)], exact_[index(root_)]);
  }

  [[nodiscard]] std::optional<Blame> told(std::int32_t i) const {
    const Node& n = node(i);
    const long double x = computed_[index(i)], exact = exact_[index(i)];
    const std::string formula = formula_text(formula_, i);
    const bool overflows = std::isinf(x),
               vanishes = std::abs(x) < std::abs(exact) && std::abs(x) < format(dtype_).smallest_normal();
    switch (n.op) {
      case Op::exp:
      case Op::cosh:
      case Op::sinh:
        if (overflows) return Blame{"overflowing-exponential", formula + " overflows"};
        if (vanishes) return Blame{"vanished-probability", formula + " becomes 0"};
        return std::nullopt;
      case Op::log:
      case Op::xlogy:
      case Op::divergence:
      case Op::log_ratio:
        return Blame{
            "missing-log1p",
            fmt::format("{} is taken of a number that is 1 after rounding: log1p is missing", formula)};
      case Op::mul:
      case Op::weigh:
      case Op::chain:
        if (std::isnan(x))
          return Blame{"zero-times-infinity", fmt::format("{} is 0 times infinity", formula)};
        [[fallthrough]];
      case Op::norm:
      case Op::power:
      case Op::div:
      case Op::unit:
      case Op::normal:
      case Op::normal_slope:
      case Op::mean_slope:
      case Op::mean:
      case Op::overlap: {
        const bool square = n.op == Op::norm || (n.op == Op::mul && n.a == n.b);
        const bool share = n.op == Op::div && made_of_exponentials(n.b);
        if (overflows)
          return Blame{square ? "overflowing-square" : "overflowing-product", formula + " overflows"};
        if (vanishes)
          return Blame{share    ? "vanished-probability"
                       : square ? "vanishing-square"
                                : "vanishing-product",
                       formula + " becomes 0"};
        return std::nullopt;
      }
      case Op::add:
      case Op::sub: {
        if (overflows && made_of_exponentials(i))
          return Blame{"overflowing-exponential", formula + " overflows"};
        if (overflows) return Blame{"overflowing-product", formula + " overflows"};
        const bool grows = (computed_[index(n.a)] < 0) == (computed_[index(n.b)] < 0);
        if (n.op == Op::add && grows)
          return Blame{"running-sum", "the terms of a sum are added one after the other"};
        const Node &a = node(n.a), &b = node(n.b);
        const bool from_one =
            (a.op == Op::exp && b.op == Op::whole) || (b.op == Op::exp && a.op == Op::whole);
        if (from_one && n.op == Op::sub)
          return Blame{"missing-expm1", fmt::format("{} cancels: expm1 is missing", formula)};
        return Blame{"cancellation", fmt::format("the two terms of {} cancel", formula)};
      }
      case Op::whole:
      case Op::number:
      case Op::stand_in:
      case Op::pi:
      case Op::neg:
      case Op::stop_gradient:
      case Op::sqrt:
      case Op::cos:
      case Op::sin:
      case Op::abs:
      case Op::sign:
      case Op::positive:
      case Op::step:
      case Op::maximum:
      case Op::share:
      case Op::where:
        break;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool made_of_exponentials(std::int32_t i) const {
    for (const std::int32_t each : summands(graph_, i))
      if (node(each).op == Op::exp) return true;
    return false;
  }

  Dtype dtype_;
  const Written& formula_;
  const reference::Graph& graph_;
  std::int32_t root_;
  Habits habits_;
  std::array<std::int32_t, 1> roots_;
  std::vector<double> computed_;
  std::vector<long double> exact_;
};

}  // namespace

std::optional<Blame> blame(Dtype dtype, const Written& formula, std::int32_t root, double truth,
                           const Habits& habits) {
  if (root < 0) return std::nullopt;
  return Inquiry(dtype, formula, root, truth, habits).inquire();
}

}  // namespace assay::mechanisms
