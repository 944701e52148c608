#include "tools/reports/cause_explaining.hpp"

#include <memory>
#include <numeric>
#include <vector>

#include "tools/mechanisms/diagnosis.hpp"
#include "tools/reports/cause.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/search/search.hpp"

namespace assay {
namespace {

std::size_t count_numbers(const Case& c) {
  std::size_t out = 0;
  for (const auto& [name, tensor] : c.inputs) out += tensor.size();
  return out;
}

/// Of the case that is told; null where there is none, or it is too long.
const FailedAnswer* told(const Cause& cause, const FailedAnswers& failed, std::size_t most_numbers) {
  const auto found = failed.find(cause.cases.front());
  return found == failed.end() || count_numbers(found->second.question) > most_numbers ? nullptr
                                                                                       : &found->second;
}

}  // namespace

void diagnose(std::vector<Cause>& causes, const FailedAnswers& failed, Testee& testee, Diagnosed which) {
  std::vector<std::size_t> places = told_at_length(causes);
  if (which == Diagnosed::all) {
    places.resize(causes.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
  }
  struct Task {
    Cause* cause;
    const FailedAnswer* witness;
  };
  std::vector<Task> tasks;
  for (const std::size_t i : places) {
    const FailedAnswer* witness = told(causes[i], failed, most_diagnosed_numbers);
    if (witness && witness->answer.outcome == Answer::Outcome::answered)
      tasks.push_back({&causes[i], witness});
  }
  if (tasks.empty()) return;
  const Handshake& handshake = testee.handshake();
  search::Search all(
      [&](std::size_t number) -> std::unique_ptr<search::Strand> {
        if (number >= tasks.size()) return nullptr;
        const FailedAnswer& w = *tasks[number].witness;
        return std::make_unique<mechanisms::Diagnosing>(w.question, w.answer, &handshake, diagnosis_seed);
      },
      [&](std::size_t number, search::Strand& strand) {
        const auto found = dynamic_cast<mechanisms::Diagnosing&>(strand).diagnosis();
        if (!found) return;
        Cause& cause = *tasks[number].cause;
        cause.mechanism = found->mechanism;
        cause.sentence = found->sentence;
        cause.evidence = found->evidence;
        cause.confident = found->confident;
      });
  testee.ask(all);
}

void add_snippets(std::span<Cause> causes, const FailedAnswers& failed, Testee& testee) {
  const Handshake& handshake = testee.handshake();
  if (!handshake.snippets) return;
  for (Cause& cause : causes)
    if (const FailedAnswer* witness = told(cause, failed, most_reproduced_numbers))
      if (auto snippet = testee.snippet(witness->question)) {
        cause.language = handshake.implementation.language;
        cause.snippet = *std::move(snippet);
      }
}

}  // namespace assay
