// Of table.hpp: sound formulas that are rounded where they should not be.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/mechanisms/arithmetic.hpp"
#include "tools/mechanisms/rewriting.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

using Rewritings = std::vector<Rewriter::Replace>;

/// The terms added one after the other in the dtype, each sum rounded.
std::optional<Expected> run(const Observation& o, double nudge) {
  Case terms = o.question;
  if (terms.reduction == Reduction::none) return std::nullopt;
  terms.reduction = Reduction::none;
  terms.wrt.clear();
  terms.inputs.erase("cotangent");
  const Answer each = certified_answer(terms);
  if (each.outcome != Answer::Outcome::answered || each.value.real.size() < 32) return std::nullopt;
  const Dtype dtype = terms.dtype;
  double running = 0;
  long double exact = 0;
  for (std::size_t i = 0; i < each.value.real.size(); ++i) {
    const double x = each.value.real[i];
    running =
        round_to(dtype, running + round_to(dtype, x + (i % 2 == 0 ? nudge : -nudge) * search::ulp(dtype, x)));
    exact += x;
  }
  // What a mean divides by is the contract's affair.
  const double divided = exact == 0 ? 1 : static_cast<double>(o.truth.value.components.at(0).rounded / exact);
  const double m = round_to(dtype, running * divided);
  return Expected{{m}, {4 * search::ulp(dtype, m)}};
}

void running_sum(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  if (!part.empty() || seen.front().question.reduction == Reduction::none) return;
  models.push_back(
      {"running-sum",
       fmt::format("the terms are added one after the other in {}", name(seen.front().question.dtype)), 0,
       [](const Observation& o, const Part&, bool careful) {
         std::optional<Expected> out = run(o, 0);
         if (const auto other = out && careful ? run(o, 1) : std::nullopt)
           out->slack[0] += 2 * std::abs(other->numbers[0] - out->numbers[0]);
         return out;
       }});
}

/// A way of writing a formula whose last operation is a sum or a difference.
struct Form {
  const char* words;
  Rewritings rewritings;
};
const std::vector<Form>& forms() {
  namespace r = rewritings;
  static const std::vector<Form> all{{"as it stands", {}},
                                     {"as x - (m + log of the sum)", {r::less_log_sum}},
                                     {"as (x - m) - log of the sum", {r::shifted_less_log}},
                                     {"as |a| + log(1 + e^-2|a|) - log 2", {r::log_cosh_of_size}},
                                     {"with 1 - p", {r::complement_share, r::complement_sigmoid}}};
  return all;
}

/// Computed well and rounded to the dtype once too early: before the last sum or difference.
std::optional<Expected> rounded_terms(const Observation& o, const Part& part, const Form& form) {
  const std::unique_ptr<Written> formula = written(asking(o.question, part), form.rewritings);
  if (!form.rewritings.empty() && !formula->changed) return std::nullopt;
  const std::vector<std::int32_t>& roots = formula->roots(part);
  Habits habits;
  const std::vector<long double> exact = in_many_digits(formula->graph, roots, habits);
  habits.rounds_before_last = o.question.dtype;
  const std::vector<long double> all = in_many_digits(formula->graph, roots, habits);
  const reference::TensorTruth& truth = *truth_of(o.truth, part);
  Expected out;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const auto at = static_cast<std::size_t>(std::max(roots[i], 0));
    const double m = roots[i] < 0 ? 0 : static_cast<double>(all[at]), v = truth.components[i].rounded;
    // Where the formula loses more than its digits, an infinity say, another mechanism is at work.
    const bool sound =
        roots[i] < 0 || alike(static_cast<double>(exact[at]), v, search::ulp(o.question.dtype, v));
    out.numbers.push_back(round_to(o.question.dtype, m));
    out.slack.push_back(sound ? 4 * search::ulp(o.question.dtype, m) : std::nan(""));
  }
  return out;
}

void rounded_early(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  for (const Form& form : forms())
    models.push_back(
        {"rounded-before-last-subtraction",
         fmt::format("the terms of the last subtraction are exact but for their rounding to {}, the "
                     "formula being written {}",
                     name(seen.front().question.dtype), form.words),
         1, [&form](const Observation& o, const Part& p, bool) { return rounded_terms(o, p, form); }});
}

constexpr Mechanism roundings_table[]{
    {"running-sum", "each partial sum is rounded to the dtype", running_sum},
    {"rounded-before-last-subtraction", "terms that cancel are rounded first", rounded_early},
};

}  // namespace

std::span<const Mechanism> roundings() { return roundings_table; }

}  // namespace assay::mechanisms
