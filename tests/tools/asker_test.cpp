// Cases that are not known before: what asks decides the next one from an answer, and the testee is kept
// busy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/testee.hpp"

namespace assay {
namespace {

/// Its loss is x itself, for what computes it and for the testee of these tests, which reads it.
Case positive(double x, std::string id = "") {
  Case c;
  c.id = std::move(id);
  c.loss = "mae";
  c.dtype = Dtype::f64;
  Tensor prediction, target;
  prediction.shape = target.shape = {1};
  prediction.real = {x};
  target.real = {0};
  c.inputs = {{"prediction", prediction}, {"target", target}};
  return c;
}

/// The Collatz sequences of several numbers at once: every case but the first of each is made from an answer.
class Collatz : public Asker {
 public:
  explicit Collatz(const std::vector<double>& starts) {
    for (std::size_t i = 0; i < starts.size(); ++i) ready_.emplace_back(i, starts[i]);
    steps.resize(starts.size());
  }

  std::optional<Case> next() override {
    if (ready_.empty()) return std::nullopt;
    const auto [sequence, x] = ready_.back();
    ready_.pop_back();
    sequence_of_.push_back(sequence);
    return positive(x);
  }
  void answered(std::size_t number, Answer answer) override {
    const std::size_t sequence = sequence_of_.at(number);
    const double x = answer.value.real.at(0);
    if (x == 1) return;
    ++steps[sequence];
    ready_.emplace_back(sequence, std::fmod(x, 2) == 0 ? x / 2 : 3 * x + 1);
  }
  void lost(std::size_t, Finding finding) override { ADD_FAILURE() << finding.message; }

  std::vector<int> steps;

 private:
  std::vector<std::pair<std::size_t, double>> ready_;
  std::vector<std::size_t> sequence_of_;
};

std::unique_ptr<Testee> program(std::vector<std::string> command, int jobs = 1) {
  ProcessOptions options;
  options.command = std::move(command);
  options.jobs = jobs;
  return process_testee(std::move(options));
}
std::unique_ptr<Testee> misbehaving(const std::string& behaviour, int jobs = 1) {
  return program({ASSAY_MISBEHAVING_TESTEE, behaviour}, jobs);
}

TEST(Asker, TheNextCaseMayDependOnAnAnswer) {
  const auto counted = [](const std::unique_ptr<Testee>& testee) {
    Collatz asker({1, 27, 97, 871, 6171});
    testee->ask(asker);
    for (const Finding& each : testee->finish()) ADD_FAILURE() << each.message;
    return asker.steps;
  };
  const std::vector<int> steps{0, 111, 118, 178, 261};
  EXPECT_EQ(counted(kernel_testee()), steps);
  EXPECT_EQ(counted(program({ASSAY_BINARY, "serve", "--engine", "kernels"})), steps);
  EXPECT_EQ(counted(misbehaving("good")), steps);
  EXPECT_EQ(counted(misbehaving("reverse", 2)), steps);
}

/// So many cases, and what it saw of them.
class Counting : public Asker {
 public:
  explicit Counting(std::size_t count) : count_(count) {}

  std::optional<Case> next() override {
    if (given == count_ || over) return std::nullopt;
    most_under_way = std::max(most_under_way, given + 1 - settled());
    const std::size_t number = given++;
    return positive(static_cast<double>(number) + 1, "case-" + std::to_string(number));
  }
  void answered(std::size_t number, Answer answer) override {
    if (given < count_) least_under_way = std::min(least_under_way, given - settled());
    EXPECT_EQ(answer.value.real, std::vector<double>{static_cast<double>(number) + 1});
    EXPECT_FALSE(lost_for.contains(number));
    EXPECT_TRUE(order.empty() || order.back() != number);
    order.push_back(number);
  }
  void lost(std::size_t number, Finding finding) override {
    if (finding.id == "protocol/not-reached") over = true;
    EXPECT_TRUE(lost_for.emplace(number, finding.id).second);
  }
  [[nodiscard]] std::size_t settled() const { return order.size() + lost_for.size(); }

  std::size_t given = 0, most_under_way = 0, least_under_way = 1'000'000;
  std::vector<std::size_t> order;
  std::map<std::size_t, std::string> lost_for;
  bool over = false;

 private:
  std::size_t count_;
};

TEST(Asker, AProgramHasSeveralCasesAtOnce) {
  const auto testee = misbehaving("reverse");  // takes what there is, and answers the last first
  Counting asker(200);
  testee->ask(asker);
  EXPECT_EQ(asker.order.size(), 200u);
  EXPECT_NE(asker.order.front(), 0u);
}

TEST(Asker, AProgramIsGivenMoreBeforeItHasAnsweredAll) {
  const auto testee = misbehaving("good");
  Counting asker(2'000);
  testee->ask(asker);
  EXPECT_EQ(asker.order.size(), 2'000u);
  EXPECT_GE(asker.least_under_way, 32u);
  EXPECT_LE(asker.most_under_way, 65u);  // and not without bound
}

TEST(Asker, ACrashCostsTheCaseThatIsBlamedAlone) {
  for (const int jobs : {1, 2}) {
    const auto testee = misbehaving("crash-on-one", jobs);
    Counting asker(300);
    testee->ask(asker);
    EXPECT_EQ(asker.order.size(), 299u);
    EXPECT_EQ(asker.lost_for, (std::map<std::size_t, std::string>{{3, "protocol/crash"}}));
    EXPECT_TRUE(testee->finish().empty());
  }
}

TEST(Asker, ThatGoesOnForEverIsToldThatTheTesteeIsGone) {
  const auto testee = misbehaving("crash-always");
  Counting asker(1'000'000'000);
  testee->ask(asker);
  EXPECT_TRUE(asker.over);
  EXPECT_EQ(asker.settled(), asker.given);
  EXPECT_LE(asker.given, 100u);
}

TEST(Asker, ThatHasNothingEndsAtOnce) {
  for (const auto& testee : {kernel_testee(), misbehaving("good")}) {
    Counting nothing(0), one(1);
    testee->ask(nothing);
    testee->ask(one);
    testee->ask(nothing);
    EXPECT_EQ(one.order, std::vector<std::size_t>{0});
    EXPECT_TRUE(testee->finish().empty());
  }
}

}  // namespace
}  // namespace assay
