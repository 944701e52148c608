// Of table.hpp: a constant that somebody put into the formula, an epsilon or a bound.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/mechanisms/arithmetic.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/rewriting.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::mechanisms {
namespace {

using Rewritings = std::vector<Rewriter::Replace>;

/// A constant that somebody put into a formula.
struct Constant {
  const char* mechanism;
  const char* words;  ///< {} is the constant
  Rewritings rewritings;
  double low, high;
};
const std::vector<Constant>& constants() {
  namespace r = rewritings;
  constexpr double least = 0x1p-120;
  static const std::vector<Constant> all{
      {"additive-epsilon", "{} is added inside the logarithms", {r::added_in_log}, least, 1},
      {"clamped-intermediate", "arguments of logarithms are held above {}", {r::floor_in_log}, least, 1},
      {"clamped-intermediate", "logarithms are held above -{}", {r::floor_of_log}, 1, 0x1p12},
      {"additive-epsilon", "{} is added to denominators", {r::added_below}, least, 1},
      {"additive-epsilon", "{} is added to the sum of shifted exponentials", {r::added_to_shifted}, least, 1},
      {"clamped-intermediate", "denominators are held above {}", {r::floor_below}, least, 1},
      {"additive-epsilon", "{} is added to each difference", {r::added_in_differences}, least, 1},
      {"additive-epsilon", "{} is added under the root", {r::added_under_root}, least, 1},
      {"additive-epsilon",
       "{} is added under the root of a square that stands for an absolute value",
       {r::smoothed_size},
       least,
       1},
      {"clamped-intermediate", "exponents are held below {}", {r::capped_exponent}, 1, 0x1p12},
  };
  return all;
}

std::optional<Expected> with_constant(const Case& c, const Part& part, const Constant& kind,
                                      double constant) {
  const std::unique_ptr<Written> formula = written(asking(c, part), kind.rewritings, constant);
  const std::vector<std::int32_t>& roots = formula->roots(part);
  const Habits careful{.log1p = true, .careful_norm = true};
  const std::vector<long double> exact = in_many_digits(formula->graph, roots, careful);
  Habits nudged = careful;
  nudged.nudge = Habits::Nudge::by_turns;
  nudged.nudges_everything = true;
  const std::vector<double> roundings = in_dtype(c.dtype, formula->graph, roots, nudged);
  Expected out;
  for (const std::int32_t root : roots) {
    const auto i = static_cast<std::size_t>(std::max(root, 0));
    const double rounded = root < 0 ? 0 : roundings[i];
    double m = root < 0 ? 0 : static_cast<double>(exact[i]);
    // What overflows on the way does so in the dtype alone.
    if (std::isfinite(m) && !std::isfinite(rounded)) m = rounded;
    out.numbers.push_back(round_to(c.dtype, m));
    out.slack.push_back(4 * search::ulp(c.dtype, m) + (std::isfinite(m) ? 4 * std::abs(rounded - m) : 0));
  }
  return out;
}

/// What constants make the formula give the first wrong answers.
std::vector<double> fitted(const Constant& kind, const std::vector<Observation>& seen, const Part& part) {
  std::vector<double> out;
  int tried = 0;
  for (const Observation& each : seen) {
    const Tensor* got = numbers(each.answer, part);
    if (!got) continue;
    for (std::size_t i = 0; i < got->real.size(); ++i) {
      if (!wrong(each, part, i) || !std::isfinite(got->real[i])) continue;
      if (++tried > 3) return out;
      const std::unique_ptr<Written> formula = written(asking(each.question, part), kind.rewritings, 1);
      const std::int32_t root = formula->roots(part).at(i);
      if (!formula->changed || root < 0 || formula->constant < 0) return out;
      const std::array<std::int32_t, 1> roots{root};
      const auto above = [&](double c) {
        formula->graph.nodes[static_cast<std::size_t>(formula->constant)].number = c;
        const std::vector<long double> all = in_many_digits(formula->graph, roots, {});
        return static_cast<double>(all[static_cast<std::size_t>(root)] -
                                   static_cast<long double>(got->real[i]));
      };
      if (const auto c = crossing(kind.low, kind.high, above))
        for (const double constant : written(*c)) out.push_back(constant);
      break;
    }
  }
  return out;
}

void constant_put_in(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  for (const Constant& kind : constants()) {
    std::vector<double> done;
    for (const double c : fitted(kind, seen, part)) {
      if (std::ranges::find(done, c) != done.end() || done.size() > 8) continue;
      done.push_back(c);
      models.push_back({kind.mechanism, fmt::format(fmt::runtime(kind.words), constant_text(c)), 2,
                        [&kind, c](const Observation& o, const Part& p, bool) {
                          return with_constant(o.question, p, kind, c);
                        }});
    }
  }
}

constexpr Mechanism insertions_table[]{
    {"constant-put-in", "an epsilon or a bound inside the formula", constant_put_in},
};

}  // namespace

std::span<const Mechanism> insertions() { return insertions_table; }

}  // namespace assay::mechanisms
