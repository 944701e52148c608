// The search: strands come to the same end in whatever order answers come back, over a pipe too; what they
// find is made simple; and a testee that errs, dies or is off by a little is told from one that is right.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "tests/claims/answers.hpp"
#include "tools/search/climb.hpp"
#include "tools/search/promise_search.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::search {
namespace {

using tests::witness;

const Record& record(std::string_view loss) { return *find(loss); }

const Promise& promised_of(const Record& of, Property property) {
  for (const Promise& each : of.promises)
    if (each.property == property) return each;
  throw std::logic_error("not promised");
}

/// A testee that keeps several cases waiting and answers any of them next, or loses it.
class Shuffled : public Testee {
 public:
  Shuffled(std::function<Answer(const Case&)> answer, std::uint64_t seed)
      : kernels_(kernel_testee()), answer_(std::move(answer)), random_(seed) {}

  const Handshake& handshake() override { return kernels_->handshake(); }
  void ask(Asker& asker) override {
    std::size_t number = 0;
    for (;;) {
      while (waiting_.size() < 20) {
        std::optional<Case> c = asker.next();
        if (!c) break;
        waiting_.emplace_back(number++, std::move(*c));
      }
      most_waiting = std::max(most_waiting, waiting_.size());
      if (waiting_.empty()) return;
      std::swap(waiting_[random_.below(waiting_.size())], waiting_.back());
      auto [which, c] = std::move(waiting_.back());
      waiting_.pop_back();
      if (lose_one_in != 0 && random_.once_in(lose_one_in))
        asker.lost(which, {"protocol/crash", "the testee died"});
      else
        asker.answered(which, answer_(c));
    }
  }
  std::vector<Finding> finish() override { return {}; }

  std::size_t most_waiting = 0;
  std::uint64_t lose_one_in = 0;

 private:
  std::unique_ptr<Testee> kernels_;
  std::function<Answer(const Case&)> answer_;
  Random random_;
  std::vector<std::pair<std::size_t, Case>> waiting_;
};

/// The kernels' answers, each number of a value too large by a factor.
Answer too_large(const Case& c) {
  Answer answer = kernel_answer(c);
  for (double& x : answer.value.real) x = round_to(c.dtype, x * (1 + 0x1p-18));
  return answer;
}

struct Climbed {
  std::vector<std::string> ends;  // of each strand: where it ended, and how high
  double highest = 0;
  std::int64_t judged = 0;
  std::string steepest;  // the case of the highest
  int unanswered = 0;
};

Climbed climb(Testee& testee, std::string_view loss, Tolerance tolerance, int strands, int steps) {
  Climbed out;
  out.ends.resize(static_cast<std::size_t>(strands));
  const Record& of = record(loss);
  Search search(
      [&](std::size_t number) -> std::unique_ptr<Strand> {
        if (std::cmp_equal(number, strands)) return nullptr;
        Random random(seed_for(5, std::to_string(number)));
        const auto start = foothill({of, Dtype::f32, {}, &testee.handshake()}, random);
        return std::make_unique<Climb>(of, tolerance, start.value(), random.bits(), steps);
      },
      [&](std::size_t number, Strand& strand) {
        const auto& end = dynamic_cast<const Climb&>(strand);
        out.ends[number] = fmt::format("{:a} at {}", end.strain().share, witness(end.highest()));
        out.judged += end.judged();
        out.unanswered += end.unanswered() ? 1 : 0;
        if (end.strain().share <= out.highest) return;
        out.highest = end.strain().share;
        out.steepest = witness(end.highest());
      });
  testee.ask(search);
  return out;
}

TEST(Climbs, ComeToTheSameEndInWhateverOrderAnswersCome) {
  const auto tolerance = Tolerance::declared(record("softplus").accuracy[Dtype::f32]);
  const auto kernels = kernel_testee();
  const Climbed in_turn = climb(*kernels, "softplus", tolerance, 30, 20);
  EXPECT_GE(in_turn.judged, 300);
  EXPECT_GT(in_turn.highest, .49);
  EXPECT_LE(in_turn.highest, 1);
  for (const std::uint64_t seed : {1u, 2u}) {
    Shuffled testee(kernel_answer, seed);
    EXPECT_EQ(climb(testee, "softplus", tolerance, 30, 20).ends, in_turn.ends);
    EXPECT_EQ(testee.most_waiting, 20) << "strands wait for each other";
  }
}

TEST(Climbs, GoRoundWhatIsLost) {
  Shuffled testee(kernel_answer, 3);
  testee.lose_one_in = 5;
  const Climbed out = climb(testee, "softplus", Tolerance::stable(), 20, 20);
  EXPECT_GT(out.unanswered, 0);
  EXPECT_GT(out.judged, 100);
  EXPECT_LE(out.highest, 1);
}

// 2^-18 is 32 to 64 ulp of f32: beyond what is declared, and beyond `stable`, which allows 8.
TEST(Climbs, FindWhatIsTooLargeAndMakeItSimple) {
  const auto testee = in_process_testee(everything({"too large", "1", "c++"}), too_large);
  for (const Tolerance& tolerance :
       {Tolerance::declared(record("mse").accuracy[Dtype::f32]), Tolerance::stable()}) {
    const Climbed out = climb(*testee, "mse", tolerance, 8, 30);
    EXPECT_GT(out.highest, 3);
    EXPECT_EQ(out.unanswered, 0);
    EXPECT_LT(out.steepest.size(), 250) << out.steepest;
  }
}

TEST(Climbs, GoOnOverAPipe) {
  const auto tolerance = Tolerance::declared(record("huber").accuracy[Dtype::f32]);
  const auto process = process_testee({.command = {ASSAY_BINARY, "serve", "--engine", "kernels"}, .jobs = 2});
  const auto kernels = kernel_testee();
  EXPECT_EQ(climb(*process, "huber", tolerance, 40, 10).ends,
            climb(*kernels, "huber", tolerance, 40, 10).ends);
  for (const Finding& each : process->finish()) ADD_FAILURE() << each.message;
}

// It answers whatever it likes, and only means; in one order or in the other it is found to do so.
TEST(Climbs, FindTheSameInATesteeThatAnswersInReverse) {
  std::vector<std::vector<std::string>> ends;
  for (const char* behaviour : {"good", "reverse"}) {
    const auto process =
        process_testee({.command = {ASSAY_MISBEHAVING_TESTEE, behaviour}, .answer_seconds = 30});
    const Climbed out = climb(*process, "mse", Tolerance::stable(), 60, 5);
    EXPECT_GT(out.highest, 1) << behaviour;
    ends.push_back(out.ends);
  }
  EXPECT_EQ(ends[0], ends[1]);
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
