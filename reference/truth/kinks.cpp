#include "reference/truth/kinks.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::reference {
namespace {

constexpr std::size_t most_choices = 12;  // 4096 sweeps; beyond, every open slope is an interval by itself

}  // namespace

Kinks::Kinks(const RecordedCase& recorded, Sensitivity& sensitivity, Precision precision)
    : recorded_(recorded),
      graph_(recorded.graph),
      sensitivity_(sensitivity),
      precision_(precision),
      engine_(graph_),
      descent_(graph_),
      any_(std::ranges::any_of(graph_.nodes, [](const Node& n) { return facts_of(n.op).kink_slope; })) {}

double Kinks::unit_roundoff() const { return std::ldexp(1, -format(recorded_.question.dtype).precision); }

// How many times u A_h the kink's argument h is away from 0. The norm's kink is only at the origin itself.
double Kinks::nearness(std::int32_t slope) {
  if (const auto known = nearness_.find(slope); known != nearness_.end()) return known->second;
  const Node& n = graph_.nodes[static_cast<std::size_t>(slope)];
  double result = infinity;
  if (n.op == Op::unit) {
    if (sensitivity_.magnitude(n.b) == 0) result = 0;
  } else if (n.op == Op::share) {
    result = nearness_to_win(n.a, n.whole);
  } else {
    const std::pair<std::int32_t, int> h{n.a, 1};
    result = sensitivity_.relative_size({&h, 1}) / unit_roundoff();
  }
  nearness_.emplace(slope, result);
  return result;
}

double Kinks::gap(std::int32_t a, std::int32_t b) {
  if (graph_.identical(a, b)) return 0;
  const std::pair<std::int32_t, int> difference[] = {{a, 1}, {b, -1}};
  return sensitivity_.relative_size(difference);
}

const std::vector<std::uint8_t>& Kinks::winners(std::int32_t maximum) {
  std::vector<std::uint8_t>& wins = winners_[maximum];
  const Node& top = graph_.nodes[static_cast<std::size_t>(maximum)];
  for (std::int32_t k = static_cast<std::int32_t>(wins.size()); k < top.b; ++k)
    wins.push_back(gap(maximum, graph_.operands[static_cast<std::size_t>(top.a + k)]) == 0);
  return wins;
}

// A loser is as near as it is to the winner, the winner as it is to the best of the losers.
double Kinks::nearness_to_win(std::int32_t maximum, std::int64_t which) {
  const Node& top = graph_.nodes[static_cast<std::size_t>(maximum)];
  auto operand = [&](std::int64_t k) { return graph_.operands[static_cast<std::size_t>(top.a + k)]; };
  const std::vector<std::uint8_t>& wins = winners(maximum);
  double result = infinity;
  for (std::int32_t k = 0; k < top.b; ++k)
    if (k != which && (wins[static_cast<std::size_t>(which)] || wins[static_cast<std::size_t>(k)]))
      result = std::min(result, gap(operand(k), operand(which)) / unit_roundoff());
  return result;
}

Kinks::Open Kinks::open(std::int32_t root, double bound) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::int32_t>> groups;  // by kink
  for (std::int32_t slope : descent_.towards({&root, 1})) {
    if (!facts_of(graph_.nodes[static_cast<std::size_t>(slope)].op).kink_slope || nearness(slope) > bound)
      continue;
    const Node& n = graph_.nodes[static_cast<std::size_t>(slope)];
    // Slopes of one argument turn together, and so do those of one norm.
    groups[{n.op == Op::unit ? n.b : n.a, -static_cast<std::int32_t>(n.op) - 1}].push_back(slope);
  }
  Open result;
  for (const auto& [kink, slopes] : groups) {
    Choice choice;
    const Op op = graph_.nodes[static_cast<std::size_t>(slopes.front())].op;
    if (op == Op::unit && slopes.size() > 1) {
      result.norms.push_back(slopes);
      continue;
    }
    if (op == Op::share) {
      // Somebody whose slope is not in this gradient may win as well: then all of these are 0.
      const std::int32_t maximum = graph_.nodes[static_cast<std::size_t>(slopes.front())].a;
      std::set<std::int64_t> present;
      for (std::int32_t s : slopes) present.insert(graph_.nodes[static_cast<std::size_t>(s)].whole);
      for (std::int32_t k = 0; k < graph_.nodes[static_cast<std::size_t>(maximum)].b; ++k) {
        if (present.contains(k) || nearness_to_win(maximum, k) > bound) continue;
        choice.emplace_back();
        for (std::int32_t s : slopes) choice.back().emplace_back(s, std::int8_t{0});
        break;
      }
      for (std::int32_t winner : slopes) {
        choice.emplace_back();
        for (std::int32_t s : slopes) {
          const bool same = graph_.nodes[static_cast<std::size_t>(s)].whole ==
                            graph_.nodes[static_cast<std::size_t>(winner)].whole;
          choice.back().emplace_back(s, same ? std::int8_t{1} : std::int8_t{0});
        }
      }
    } else {
      for (const std::int8_t member : {op == Op::step ? std::int8_t{0} : std::int8_t{-1}, std::int8_t{1}}) {
        choice.emplace_back();
        for (std::int32_t s : slopes) choice.back().emplace_back(s, member);
      }
    }
    result.choices.push_back(std::move(choice));
  }
  return result;
}

// The root is g + sum over the norms of c u, affine in each
// norm's u with |u| <= 1: its ends are g -+ sum |c|.
std::optional<std::pair<double, double>> Kinks::over_directions(std::int32_t root,
                                                                const std::vector<Directions>& norms,
                                                                std::vector<std::int8_t> fixed) {
  const auto needed = descent_.towards({&root, 1});
  auto evaluate = [&](long bits) {
    engine_.evaluate(bits, needed, AtKink::constructive, fixed);
    return engine_.special(root) == Special::none;
  };
  for (const Directions& norm : norms)
    for (std::int32_t slope : norm) fixed[static_cast<std::size_t>(slope)] = 0;
  for (long bits = precision_.start;; bits = std::min(2 * bits, precision_.limit)) {
    Ball middle, reach, squares, size;
    if (!evaluate(bits)) return std::nullopt;
    arb_set(middle, engine_.ball(root));
    for (const Directions& norm : norms) {
      arb_zero(squares);
      for (std::int32_t slope : norm) {
        fixed[static_cast<std::size_t>(slope)] = 1;
        if (!evaluate(bits)) return std::nullopt;
        fixed[static_cast<std::size_t>(slope)] = 0;
        arb_sub(size, engine_.ball(root), middle, bits);
        arb_addmul(squares, size, size, bits);
      }
      arb_sqrtpos(size, squares, bits);
      arb_add(reach, reach, size, bits);
    }
    arb_sub(size, middle, reach, bits);
    arb_add(middle, middle, reach, bits);
    const auto low = round_ball(size, recorded_.question.dtype),
               high = round_ball(middle, recorded_.question.dtype);
    if (low && high) return std::pair(*low, *high);
    if (bits == precision_.limit) return std::nullopt;
  }
}

std::optional<std::pair<double, double>> Kinks::hull(std::int32_t root, std::int64_t input_count) {
  if (root < 0 || !any_) return std::nullopt;
  const Open open_slopes = open(root, kink_reach(input_count));
  const std::vector<Choice>& choices = open_slopes.choices;
  const std::vector<Directions>& norms = open_slopes.norms;
  if (choices.empty() && norms.empty()) return std::nullopt;

  // The gradient is affine in each kink's member, so its extremes are at the corners. Beyond the most choices
  // that corners are tried for, the later ones are taken one at a time around each other's first members,
  // which is exact for a gradient that is their sum.
  std::pair<double, double> ends{infinity, -infinity};
  auto try_corner = [&](const std::vector<std::size_t>& corner) {
    std::vector<std::int8_t> fixed(graph_.nodes.size(), BallEngine::free_slope);
    for (std::size_t k = 0; k < choices.size(); ++k)
      for (const auto& [slope, member] : choices[k][corner[k]])
        fixed[static_cast<std::size_t>(slope)] = member;
    if (!norms.empty()) {
      const auto reached = over_directions(root, norms, std::move(fixed));
      if (!reached) return 0.;
      ends.first = std::min(ends.first, reached->first);
      ends.second = std::max(ends.second, reached->second);
      return reached->first;
    }
    const Decision d =
        decide(engine_, {{root}}, recorded_.question.dtype, precision_, AtKink::constructive, fixed).front();
    if (!d.decided || std::isnan(d.rounded)) return 0.;
    ends.first = std::min(ends.first, d.rounded);
    ends.second = std::max(ends.second, d.rounded);
    return d.rounded;
  };
  std::vector<std::size_t> corner(choices.size(), 0);
  if (choices.size() > most_choices) {
    std::vector<std::size_t> low(choices.size(), 0), high(choices.size(), 0);
    const double base = try_corner(corner);
    for (std::size_t k = 0; k < choices.size(); ++k) {
      double least = base, most = base;
      for (std::size_t m = 1; m < choices[k].size(); ++m) {
        corner[k] = m;
        const double g = try_corner(corner);
        if (g < least) least = g, low[k] = m;
        if (g > most) most = g, high[k] = m;
      }
      corner[k] = 0;
    }
    try_corner(low);
    try_corner(high);
    return ends;
  }
  for (;;) {
    try_corner(corner);
    std::size_t k = 0;
    while (k < choices.size() && ++corner[k] == choices[k].size()) corner[k++] = 0;
    if (k == choices.size()) break;
  }
  if (ends.first > ends.second) return std::nullopt;
  return ends;
}

}  // namespace assay::reference
