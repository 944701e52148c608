// What more can be found out of a cause while the testee is there: the mechanism behind the case that is
// told, and that case in the testee's language.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "tools/reports/report.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

/// A failed case as it was asked, and what came back.
struct FailedAnswer {
  Case question;
  Answer answer;
};
/// By their places in Report::cases.
using FailedAnswers = std::map<std::size_t, FailedAnswer>;

/// A hypothesis is tried on dozens of cases of a witness's size, each certified: of more numbers than these
/// one would wait.
inline constexpr std::size_t most_diagnosed_numbers = 512;
/// Of every diagnosis, so that one says the same wherever it is made.
inline constexpr std::uint64_t diagnosis_seed = 1;

/// A diagnosis costs a quarter of a second or two. Those that are told at length, which people read, take no
/// longer than the verification itself: a number of causes and not a time, so that two runs say the same.
enum class Diagnosed : std::uint8_t {
  told_at_length,
  all,  ///< those, too, that known failures excuse, and so explain
};

/// Diagnoses the causes whose told case came back with an answer, and is not long. All fresh inputs share one
/// conversation.
void diagnose(std::vector<Cause>& causes, const FailedAnswers& failed, Testee& testee, Diagnosed which);

/// The told cases in the testee's language, where it writes any.
void add_snippets(std::span<Cause> causes, const FailedAnswers& failed, Testee& testee);

}  // namespace assay
