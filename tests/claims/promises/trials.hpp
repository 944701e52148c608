// Promises of tools/search, each draw a case of RapidCheck's: its seed and its count drive them (RC_PARAMS).
#pragma once

#include <fmt/format.h>
#include <rapidcheck.h>

#include <string>

#include "tests/claims/answers.hpp"
#include "tools/search/promise_search.hpp"

namespace assay::tests {

/// A counterexample, one question a line, and how it breaks the promise.
inline std::string in_words(const search::Counterexample& found) {
  std::string out = found.why;
  for (const Case& each : found.questions) out += "\n" + witness(each);
  return out;
}

/// Whether a testee keeps a promise in every draw. RapidCheck's result says of which seed it does not.
inline rc::detail::TestResult kept(Testee& testee, const search::Promised& promised,
                                   const search::Check& check) {
  return rc::detail::checkTestable([&] {
    // All 64 bits from the first draw on; what is found is made simple by the search, which knows what it is.
    const auto seed =
        *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
    search::PromiseSearch one(promised, check, seed, 1);
    testee.ask(one);
    if (one.broken()) RC_LOG() << in_words(*one.broken());
    if (one.unanswered()) RC_LOG() << one.unanswered()->reason << "\n" << witness(one.unanswered()->question);
    RC_ASSERT(!one.broken());
    RC_ASSERT(one.unjudged() == 0);
  });
}

}  // namespace assay::tests
