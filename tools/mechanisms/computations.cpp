// Of table.hpp: the formula in the arithmetic of the dtype, as the paper has it or as implementations write
// it. Which operation spoils the result gives the mechanism its name.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "losses/catalogue/catalogue.hpp"
#include "tools/mechanisms/arithmetic.hpp"
#include "tools/mechanisms/blame.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/rewriting.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::mechanisms {
namespace {

using Rewritings = std::vector<Rewriter::Replace>;

/// A way of writing formulas down.
struct Recipe {
  const char* words;  ///< how it is written
  Rewritings rewritings;
  Habits habits{};
};
const std::vector<Recipe>& recipes() {
  namespace r = rewritings;
  static const std::vector<Recipe> all{
      {"as it stands", {}, {}},
      {"as it stands, with log1p", {}, {.log1p = true}},
      {"with its largest exponent subtracted first", {r::shifted, r::softplus}, {}},
      {"as log softmax = x - (m + log of the sum)",
       {r::less_log_sum, r::shifted, r::softplus},
       {.log1p = true}},
      {"as log softmax = (x - m) - log of the sum", {r::shifted_less_log, r::shifted, r::softplus}, {}},
      {"by logarithms of a sigmoid", {r::log_of_sigmoid, r::quotient_sigmoid}, {}},
      {"as log of a sigmoid, shifted", {r::log_of_sigmoid, r::shifted}, {}},
      {"with e^x / (1 + e^x)", {r::quotient_sigmoid}, {}},
      {"with 1 - sigmoid", {r::complement_sigmoid}, {}},
      {"with 1 - p", {r::complement_share, r::shifted, r::softplus}, {.log1p = true}},
      {"with 1 - p of a logarithm", {r::complement_share, r::less_log_sum, r::softplus}, {.log1p = true}},
      {"as a + softplus(-2a) - log 2", {r::log_cosh}, {.log1p = true}},
      {"as |a| + log(1 + e^-2|a|) - log 2", {r::log_cosh_of_size}, {.log1p = true}},
      {"with its square multiplied out", {r::expanded_square}, {}},
      {"with its square multiplied out", {r::expanded_square_last}, {}},
      {"with roots of squares for absolute values", {r::root_of_square}, {}},
      {"with one division after the other", {r::divided_twice}, {}},
  };
  return all;
}

/// One part of the answer by the recipe, and what libraries may differ by.
std::optional<Expected> computed(const Case& c, const Part& part, const Recipe& recipe, bool careful) {
  Case asked = c;
  asked.wrt.clear();
  if (!part.empty()) asked.wrt.push_back(part);
  const std::unique_ptr<Written> formula = written(asked, recipe.rewritings);
  const std::vector<std::int32_t>& roots = formula->roots(part);
  const auto numbers_with = [&](Habits::Nudge nudge) {
    Habits habits = recipe.habits;
    habits.nudge = nudge;
    habits.nudges_everything = careful;
    const std::vector<double> all = in_dtype(c.dtype, formula->graph, roots, habits);
    std::vector<double> out;
    for (const std::int32_t root : roots) out.push_back(root < 0 ? 0 : all[static_cast<std::size_t>(root)]);
    return out;
  };
  Expected out{numbers_with(Habits::Nudge::none), {}};
  for (const double m : out.numbers) out.slack.push_back(4 * search::ulp(c.dtype, m));
  for (const Habits::Nudge nudge : {Habits::Nudge::up, Habits::Nudge::down, Habits::Nudge::by_turns}) {
    const std::vector<double> others = numbers_with(nudge);
    for (std::size_t i = 0; i < others.size(); ++i) {
      const double apart = 2 * std::abs(others[i] - out.numbers[i]);
      if (apart > out.slack[i])
        out.slack[i] = std::isfinite(apart) ? apart : std::numeric_limits<double>::quiet_NaN();
    }
  }
  return out;
}

/// The witness's numbers that are wrong, and whether the model has them so.
std::optional<std::size_t> reproduced(const Observation& witness, const Part& part, const Expected& model) {
  const Tensor& got = *numbers(witness.answer, part);
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < got.real.size(); ++i) {
    if (!wrong(witness, part, i)) continue;
    if (!std::isnan(model.slack[i]) && !alike(got.real[i], model.numbers[i], model.slack[i]))
      return std::nullopt;
    if (!first) first = i;
  }
  return first;
}

void written_down(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  const Observation& witness = seen.front();
  Case asked = witness.question;
  asked.wrt.clear();
  if (!part.empty()) asked.wrt.push_back(part);
  for (const Recipe& recipe : recipes()) {
    const std::unique_ptr<Written> formula = written(asked, recipe.rewritings);
    if (!recipe.rewritings.empty() && !formula->changed) continue;
    const std::optional<Expected> here = computed(witness.question, part, recipe, false);
    const std::optional<std::size_t> at = here ? reproduced(witness, part, *here) : std::nullopt;
    if (!at) continue;
    const std::optional<Blame> cause =
        blame(witness.question.dtype, *formula, formula->roots(part)[*at], recipe.habits);
    if (!cause) continue;
    models.push_back({cause->mechanism,
                      fmt::format("{}: the answers are those of the formula written {} and computed in {}",
                                  cause->sentence, recipe.words, name(witness.question.dtype)),
                      0, [&recipe](const Observation& o, const Part& p, bool careful) {
                        return computed(o.question, p, recipe, careful);
                      }});
  }
}

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
  Case asked = c;
  asked.wrt.clear();
  if (!part.empty()) asked.wrt.push_back(part);
  const std::unique_ptr<Written> formula = written(asked, kind.rewritings, constant);
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
    const double m = root < 0 ? 0 : static_cast<double>(exact[i]),
                 apart = root < 0 ? 0 : std::abs(roundings[i] - m);
    out.numbers.push_back(round_to(c.dtype, m));
    out.slack.push_back(4 * search::ulp(c.dtype, m) + (std::isfinite(apart) ? 4 * apart : 0));
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
      Case asked = each.question;
      asked.wrt.clear();
      if (!part.empty()) asked.wrt.push_back(part);
      const std::unique_ptr<Written> formula = written(asked, kind.rewritings, 1);
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
      models.push_back({kind.mechanism, fmt::format(fmt::runtime(kind.words), constant_text(c)), 1,
                        [&kind, c](const Observation& o, const Part& p, bool) {
                          return with_constant(o.question, p, kind, c);
                        }});
    }
  }
}

constexpr Mechanism table[]{
    {"formula-as-written", "an operation overflows, vanishes or cancels", written_down},
    {"constant-put-in", "an epsilon or a bound inside the formula", constant_put_in},
};

}  // namespace

std::span<const Mechanism> computations() { return table; }

}  // namespace assay::mechanisms
