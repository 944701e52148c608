// The claim that every record makes: how far a kernel may be off, held from both sides.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "losses/catalogue/catalogue.hpp"
#include "tests/claims/answers.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/judge/judge.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::tests {

struct Worst {
  double ulps = 0;  ///< beyond what conditioning excuses
};

/// Checks every component of one answer against the record's bound; adds a failure for the first that breaks
/// it.
///
/// Gradients by shared inputs are held on the systematic cases alone. Numbers drawn from the whole range put
/// rows of 1e308 beside rows of 1, and what such rows leave of each other in a quotient of sums lies beyond
/// the digits that the kernels carry: 2 of 800 draws for the class weights of
/// sparse_categorical_cross_entropy_with_logits.
inline void hold(const Record& record, const Case& c, const Answer& answer, const reference::Truth& truth,
                 bool with_shared, Worst& worst) {
  const Accuracy bound = record.accuracy[c.dtype];
  const auto tolerance = search::Tolerance::declared(bound);
  auto check = [&](const std::string& where, const Tensor& got, const reference::TensorTruth& expected) {
    ASSERT_EQ(got.shape, expected.shape) << where << " of " << witness(c);
    for (std::size_t i = 0; i < expected.components.size(); ++i) {
      const reference::Component& v = expected.components[i];
      const double g = got.real[i];
      if (!v.checked || (v.lower < v.upper && g >= v.lower && g <= v.upper)) continue;
      const double e = judge(g, v, c.dtype).ulps;
      const double excused = tolerance.excused_units(c.dtype, expected, i, where != "value");
      ASSERT_LE(e, bound.ulp + excused)
          << fmt::format("{} {}: {} ulp, declared {}, at {}[{}] of {}: got {:a}, true {}", c.loss.name(),
                         name(c.dtype), e, bound.ulp, where, i, witness(c), g, v.digits);
      if (excused < .01) worst.ulps = std::max(worst.ulps, e);
    }
  };
  check("value", answer.value, truth.value);
  for (const auto& [name, expected] : truth.gradient) {
    if (::testing::Test::HasFatalFailure()) return;
    if (!with_shared && search::is_shared(record, name)) continue;
    const auto got = answer.gradient.find(name);
    ASSERT_NE(got, answer.gradient.end()) << name << " of " << witness(c);
    check("gradient." + name, got->second, expected);
  }
}

/// Whether every component that is checked is the truth, rounded: then nothing needs to be excused.
inline bool is_rounded_truth(const Answer& answer, const reference::Truth& truth) {
  auto same = [](const Tensor& got, const reference::TensorTruth& expected) {
    if (got.shape != expected.shape) return false;
    for (std::size_t i = 0; i < expected.components.size(); ++i) {
      const reference::Component& v = expected.components[i];
      const double g = got.real[i];
      if (v.checked && !(g == v.rounded || (std::isnan(g) && std::isnan(v.rounded)))) return false;
    }
    return true;
  };
  return same(answer.value, truth.value) && std::ranges::all_of(truth.gradient, [&](const auto& each) {
           const auto got = answer.gradient.find(each.first);
           return got != answer.gradient.end() && same(got->second, each.second);
         });
}

/// Holds the kernel to its record on one case; false where nobody knows the truth. Sensitivities cost the
/// reference more than the truth does: they are asked for where an answer is not the truth rounded, and until
/// an error has been seen that is as large as the record says.
inline bool hold_case(const Record& record, const Case& c, bool with_shared, Worst& worst) {
  const Accuracy bound = record.accuracy[c.dtype];
  const bool seen = worst.ulps >= bound.ulp / 4;
  reference::Truth truth = reference::certify(c, {.details = !seen});
  if (!truth.undecided.empty()) return false;
  const Answer answer = kernel_answer(c);
  EXPECT_EQ(answer.outcome, Answer::Outcome::answered) << answer.reason << ": " << witness(c);
  if (seen && is_rounded_truth(answer, truth)) return true;
  if (seen) truth = reference::certify(c);
  hold(record, c, answer, truth, with_shared, worst);
  return true;
}

struct Draws {
  bool systematic;  ///< the systematic cases too
  std::int64_t
      drawn;  ///< a tenth as many where rows meet each other: each costs the reference ten times as much
  std::uint64_t seed;
};

inline void hold_declared_accuracy(const Record& record, Dtype dtype, const Draws& draws) {
  auto [systematic, drawn, seed] = draws;
  Worst worst;
  if (record.rows_depend) drawn = std::max<std::int64_t>(5, drawn / 10);
  std::int64_t judged = 0;
  auto judge_case = [&](const AnnotatedCase& planned, bool with_shared) {
    if (planned.error || why_invalid(planned.question)) return;
    judged += hold_case(record, planned.question, with_shared, worst);
  };
  if (systematic)
    for (const AnnotatedCase& each : systematic_cases(record, dtype, seed)) {
      judge_case(each, true);
      if (::testing::Test::HasFailure()) return;
    }
  for (std::int64_t i = 0; i < drawn; ++i) {
    judge_case(random_case(record, dtype, seed, i), false);
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GE(judged, drawn * 9 / 10) << "of the others the truth is undecided";
  const Accuracy bound = record.accuracy[dtype];
  EXPECT_GE(worst.ulps, bound.ulp / 4) << record.name << " " << name(dtype) << ": declared " << bound.ulp
                                       << " ulp, measured " << worst.ulps << ": slack";
}

/// Registers one test a loss and dtype; true, so that it can initialise a static.
inline bool register_accuracy(const char* suite, const Draws& draws) {
  class Claim : public ::testing::Test {
   public:
    Claim(const Record& record, Dtype dtype, const Draws& draws)
        : record_(record), dtype_(dtype), draws_(draws) {}
    void TestBody() override { hold_declared_accuracy(record_, dtype_, draws_); }

   private:
    const Record& record_;
    Dtype dtype_;
    Draws draws_;
  };
  for (const Record& record : catalogue())
    for (Dtype dtype : dtypes)
      ::testing::RegisterTest(
          (std::string(suite) + "/" + std::string(record.name)).c_str(),
          ("HoldsItsBoundIn" + in_capitals(dtype)).c_str(), nullptr, nullptr, __FILE__, __LINE__,
          [&record, dtype, draws]() -> ::testing::Test* { return new Claim(record, dtype, draws); });
  return true;
}

}  // namespace assay::tests
