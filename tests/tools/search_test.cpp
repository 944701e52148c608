// Promises on trial come to the same end in whatever order answers come back, over a pipe too; what breaks
// them is made simple; and a testee that errs or dies is told from one that is right.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "tests/claims/answers.hpp"
#include "tests/tools/shuffled.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/search/promise_search.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::search {
namespace {

using tests::Shuffled;
using tests::witness;

const Record& record(std::string_view loss) { return *find(loss); }

const Promise& promised_of(const Record& of, Property property) {
  for (const Promise& each : of.promises)
    if (each.property == property) return each;
  throw std::logic_error("not promised");
}

std::string told(const PromiseSearch& search) {
  std::string out = fmt::format("kept {}", search.kept());
  if (!search.broken()) return out;
  out = search.broken()->why;
  for (const Case& each : search.broken()->questions) out += "\n" + witness(each);
  return out;
}

PromiseSearch put_to(Testee& testee, std::string_view loss, const Promise& promise, int draws = 100) {
  const Record& of = record(loss);
  PromiseSearch search({of, promise, Dtype::f32, Tolerance::stable(), &testee.handshake()},
                       check_of(promise.property), 9, draws);
  testee.ask(search);
  return search;
}

TEST(Promises, AreBrokenByTheSameDrawInWhateverOrderAnswersCome) {
  static constexpr Promise too_little{Property::at_most, "", 3};
  const auto kernels = kernel_testee();
  const std::string in_turn = told(put_to(*kernels, "softplus", too_little));
  EXPECT_NE(in_turn.find("must be at most 3"), std::string::npos) << in_turn;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Shuffled testee(kernel_answer, seed);
    EXPECT_EQ(told(put_to(testee, "softplus", too_little)), in_turn);
    EXPECT_GT(testee.most_waiting, 1);
  }
}

TEST(Promises, AreBrokenSimply) {
  static constexpr Promise concave{Property::concave, "prediction"}, shifted{Property::shift_invariant, "x"};
  const auto kernels = kernel_testee();
  const PromiseSearch chord = put_to(*kernels, "mse", concave),
                      shift = put_to(*kernels, "log_sum_exp", shifted);
  ASSERT_TRUE(chord.broken() && shift.broken());
  for (const Case& each : chord.broken()->questions) {
    EXPECT_EQ(each.inputs.at("prediction").size(), 1) << told(chord);
    EXPECT_LE(complexity(each.inputs.at("prediction").real[0]), 8) << told(chord);
    EXPECT_EQ(each.inputs.at("target").real, std::vector<double>{0}) << "held, and simple: " << told(chord);
  }
  EXPECT_EQ(shift.broken()->questions[0].inputs.at("x").real, std::vector<double>{0}) << told(shift);
}

TEST(Promises, AreNotBrokenByWhatIsLostOrErrs) {
  const Promise& promise = promised_of(record("softplus"), Property::convex);
  Shuffled dying(kernel_answer, 4);
  dying.lose_one_in = 3;
  const PromiseSearch lost = put_to(dying, "softplus", promise);
  EXPECT_FALSE(lost.broken()) << told(lost);
  EXPECT_GT(lost.unjudged(), 0);
  ASSERT_TRUE(lost.unanswered());
  EXPECT_EQ(lost.unanswered()->reason, "the testee died");

  const auto erring = in_process_testee(everything({"erring", "1", "c++"}),
                                        [](const Case&) -> Answer { throw std::runtime_error("no memory"); });
  const PromiseSearch erred = put_to(*erring, "softplus", promise);
  EXPECT_FALSE(erred.broken());
  EXPECT_EQ(erred.unjudged(), 100);
  EXPECT_EQ(erred.unanswered().value().reason, "errored: no memory");

  const auto shapeless =
      in_process_testee(everything({"shapeless", "1", "c++"}), [](const Case&) { return Answer{}; });
  EXPECT_NE(put_to(*shapeless, "softplus", promise).unanswered().value().reason.find("should have"),
            std::string::npos);
}

// Every promise of three losses of different kinds, over one conversation.
TEST(Promises, AreKeptOverAPipe) {
  const auto process = process_testee({.command = {ASSAY_BINARY, "serve", "--engine", "kernels"}, .jobs = 2});
  std::vector<Promised> all;
  for (const char* loss : {"huber", "softmax", "triplet_margin"})
    for (const Promise& each : record(loss).promises)
      all.push_back({record(loss), each, Dtype::f64, Tolerance::stable(), &process->handshake()});
  std::size_t ended = 0;
  Search search(
      [&](std::size_t number) -> std::unique_ptr<Strand> {
        if (number == all.size()) return nullptr;
        return std::make_unique<PromiseSearch>(all[number], check_of(all[number].promise.property), number,
                                               20);
      },
      [&](std::size_t, Strand& strand) {
        const auto& promise = dynamic_cast<const PromiseSearch&>(strand);
        EXPECT_EQ(promise.kept(), 20) << told(promise);
        ++ended;
      });
  process->ask(search);
  EXPECT_EQ(ended, all.size());
  for (const Finding& each : process->finish()) ADD_FAILURE() << each.message;
}

TEST(Promises, OfWhatIsNotOfferedAreNotJudged) {
  const auto only_means = process_testee({.command = {ASSAY_MISBEHAVING_TESTEE, "good"}});
  const PromiseSearch search =
      put_to(*only_means, "mse", promised_of(record("mse"), Property::nonnegative), 3);
  EXPECT_EQ(search.unjudged(), 3);
  EXPECT_FALSE(search.unanswered());
}

TEST(Draws, ReachWhereNumbersAreSpecial) {
  const Record& of = record("softplus");
  const Format& f = format(Dtype::f32);
  bool subnormal = false, zero = false, infinite = false, largest = false;
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const Case drawn = anywhere({of, Dtype::f32}, random).value();
    for (const double x : drawn.inputs.at("x").real) {
      subnormal = subnormal || (x != 0 && std::abs(x) < f.smallest_normal());
      zero = zero || (x == 0 && std::signbit(x));
      infinite = infinite || std::isinf(x);
      largest = largest || std::abs(x) == f.largest();
    }
  }
  EXPECT_TRUE(subnormal && zero && infinite && largest)
      << subnormal << zero << infinite << largest << ": subnormal, -0, infinite, largest";
}

}  // namespace
}  // namespace assay::search
