#include "tools/golden/make_golden.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "tools/golden/golden_file.hpp"
#include "tools/golden/plan_file.hpp"
#include "tools/text/progress.hpp"

namespace assay {
namespace {

using reference::Backend;
using reference::SecondOpinion;

/// Every so many cases a third library is asked as well, where they have no more numbers than this: a power
/// or a logarithm takes it some milliseconds.
constexpr std::size_t sample = 16, most_numbers = 40;
bool is_sample(const Case& c, std::size_t index) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : c.inputs) numbers += tensor.size();
  return index % sample == 0 && numbers <= most_numbers;
}

/// The truth about one case and what other libraries say of it.
struct Outcome {
  GoldenCase golden;
  SecondOpinion opinion;
  std::string trouble;  ///< not empty: a disagreement or an exception
};

Outcome settle(const AnnotatedCase& planned, std::size_t index, const Oracle& oracle) {
  Outcome out{.golden = {planned, {}, {}, {}}, .opinion = {}, .trouble = {}};
  if (planned.error) {
    out.golden.truth.error = *why_invalid(planned.question);
    out.golden.regime = Regime::invalid;
    return out;
  }
  out.golden.truth = oracle.certify(planned.question);
  if (!out.golden.truth.error.empty()) out.trouble = "the reference refuses it: " + out.golden.truth.error;
  if (!out.golden.truth.undecided.empty() || !out.trouble.empty()) return out;
  out.golden.regime = regime_of(planned.question, out.golden.truth);
  out.golden.conventions =
      conventional_answers(planned.question, oracle.conventions(planned.question, out.golden.truth));
  out.opinion = oracle.second_opinion(planned.question, Backend::mpfr_float);
  out.trouble = out.opinion.disagreement;
  for (const Backend third : {Backend::rational, Backend::cpp_bin_float}) {
    if (!out.trouble.empty() || (third == Backend::cpp_bin_float && !is_sample(planned.question, index)))
      continue;
    out.trouble = oracle.second_opinion(planned.question, third).disagreement;
  }
  return out;
}

/// Settles every case on as many threads as the machine has; the result does not depend on how many.
std::vector<Outcome> settle_all(const std::vector<AnnotatedCase>& cases, const GoldenRecipe& recipe,
                                const Oracle& oracle) {
  std::vector<Outcome> out(cases.size());
  Progress progress(fmt::format("{} {}", recipe.record.name, name(recipe.dtype)), cases.size(), false);
  std::atomic<std::size_t> next{0};
  std::mutex shown;
  const auto work = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) {
      try {
        out[i] = settle(cases[i], i, oracle);
      } catch (const std::exception& e) {
        out[i].trouble = e.what();
      }
      const std::lock_guard lock(shown);
      progress.step();
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < std::min<std::size_t>(std::thread::hardware_concurrency(), cases.size()); ++i)
    workers.emplace_back(work);
  work();
  workers.clear();  // joins
  return out;
}

}  // namespace

Oracle certified_reference() {
  return {[](const Case& c) { return reference::certify(c); },
          [](const Case& c, const reference::Truth& truth) { return reference::conventions(c, truth); },
          [](const Case& c, Backend backend) { return reference::second_opinion(c, backend); }};
}

MadeGolden make_golden(const GoldenRecipe& recipe, const Oracle& oracle) {
  FilePlan plan = plan_file(recipe.record, recipe.dtype, recipe.seed, recipe.count, recipe.handpicked);
  GoldenFile file{.loss = std::string(recipe.record.name),
                  .dtype = recipe.dtype,
                  .seed = recipe.seed,
                  .version = ASSAY_VERSION,
                  .notes = std::move(plan.notes),
                  .cases = {}};
  MadeGolden out;
  std::string undecided;
  std::vector<Outcome> outcomes = settle_all(plan.cases, recipe, oracle);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Outcome& each = outcomes[i];
    const AnnotatedCase& planned = plan.cases[i];
    if (!each.trouble.empty())
      throw NotGenerated(fmt::format("{} ({}): {}", planned.question.id, planned.slug, each.trouble));
    if (!each.golden.truth.undecided.empty())
      undecided += fmt::format("{}{} ({}, {})", undecided.empty() ? "" : ", ", planned.question.id,
                               planned.slug, each.golden.truth.undecided);
    out.errors += each.golden.error ? 1 : 0;
    out.confirmed += each.opinion.confirmed;
    out.out_of_range += each.opinion.out_of_range;
    file.cases.push_back(std::move(each.golden));
  }
  if (!undecided.empty())
    throw NotGenerated(fmt::format("undecided at the precision bound, no file written: {}", undecided));
  out.cases = file.cases.size();
  out.text = write_golden(file);
  return out;
}

}  // namespace assay
