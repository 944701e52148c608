// Of table.hpp: the formula in the arithmetic of the dtype, as the paper has it or as implementations write
// it. Which operation spoils the result gives the mechanism its name.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/mechanisms/arithmetic.hpp"
#include "tools/mechanisms/blame.hpp"
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
      {"by logarithms of a sigmoid that is split at 0", {r::log_of_split_sigmoid}, {}},
      {"with e^x / (1 + e^x)", {r::quotient_sigmoid}, {}},
      {"with 1 - sigmoid", {r::complement_sigmoid}, {}},
      {"with 1 - p", {r::complement_share, r::shifted, r::softplus}, {.log1p = true}},
      {"with 1 - p of a logarithm",
       {r::complement_log_share, r::shifted_less_log, r::softplus},
       {.log1p = true}},
      {"with 1 - (p t + (1 - p)(1 - t))", {r::complement_mixture, r::softplus}, {.log1p = true}},
      {"as a + softplus(-2a) - log 2", {r::log_cosh}, {.log1p = true}},
      {"as |a| + log(1 + e^-2|a|) - log 2", {r::log_cosh_of_size}, {.log1p = true}},
      {"with its square multiplied out", {r::expanded_square}, {}},
      {"with its square multiplied out", {r::expanded_square_last}, {}},
      {"with roots of squares for absolute values", {r::root_of_square}, {}},
      {"with one division after the other", {r::divided_twice}, {}},
      {"with zeros that multiply what they should drop", {}, {.log1p = true, .drops_zeros = false}},
      {"with zeros that multiply what they should drop, shifted",
       {r::shifted_less_log, r::softplus},
       {.log1p = true, .drops_zeros = false}},
  };
  return all;
}

/// One part of the answer by the recipe: as this machine's library has it, to a few units; with care, and
/// what libraries may differ by.
std::optional<Expected> computed(const Case& c, const Part& part, const Recipe& recipe, bool careful) {
  const std::unique_ptr<Written> formula = written(asking(c, part), recipe.rewritings);
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
  if (!careful) return out;
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
  for (const Recipe& recipe : recipes()) {
    const std::unique_ptr<Written> formula = written(asking(witness.question, part), recipe.rewritings);
    if (!recipe.rewritings.empty() && !formula->changed) continue;
    const std::optional<Expected> here = computed(witness.question, part, recipe, true);
    const std::optional<std::size_t> at = here ? reproduced(witness, part, *here) : std::nullopt;
    if (!at) continue;
    const std::optional<Blame> cause =
        blame(witness.question.dtype, *formula, formula->roots(part)[*at],
              truth_of(witness.truth, part)->components[*at].rounded, recipe.habits);
    if (!cause) continue;
    models.push_back({cause->mechanism,
                      fmt::format("{}: the answers are those of the formula written {} and computed in {}",
                                  cause->sentence, recipe.words, name(witness.question.dtype)),
                      0,
                      [&recipe](const Observation& o, const Part& p, bool careful) {
                        return computed(o.question, p, recipe, careful);
                      },
                      true});
  }
}

constexpr Mechanism computations_table[]{
    {"formula-as-written", "an operation overflows, vanishes or cancels", written_down},
};

}  // namespace

std::span<const Mechanism> computations() { return computations_table; }

}  // namespace assay::mechanisms
