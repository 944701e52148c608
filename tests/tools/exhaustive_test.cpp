// Sweeps over ranges of numbers: what is counted, what is kept, and how parts come together.
#include "tools/audit/exhaustive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/random.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::tests {
namespace {

using audit::SweepCampaign;
using audit::SweepPlan;
using audit::SweepStatement;
using audit::SweepTally;

SweepPlan softplus() { return audit::sweep_of("softplus", Dtype::f32, "x", {}); }
SweepPlan hinge() { return audit::sweep_of("hinge", Dtype::f32, "score", {{"target", 1}}); }

/// Four blocks that begin a little after the first's start: [1/2 + 2^-8, ...].
constexpr audit::PatternRange range{0x3f000100, 0x3f033333};

SweepCampaign run(Testee& testee, const std::vector<SweepPlan>& plans, Shard shard = {},
                  audit::PatternRange numbers = range) {
  SweepCampaign campaign = audit::new_campaign(plans, testee.handshake(), numbers, shard);
  Testee* one[] = {&testee};
  audit::run_exhaustively(campaign, one, {});
  return campaign;
}
std::string dumped(const SweepCampaign& campaign) { return dump_json(audit::to_json(campaign)); }

/// The kernels, but for what `change` does to each of their answers.
std::unique_ptr<Testee> changed(std::function<void(const Case&, Answer&)> change) {
  return in_process_testee(everything({"changed", "1", "c++"}), [change = std::move(change)](const Case& c) {
    Answer answer = kernel_answer(c);
    change(c, answer);
    return answer;
  });
}

TEST(SweepPlans, AreOfTheElementWiseLossesWithOneContinuousInput) {
  std::set<std::string> expected;
  for (const Record& record : catalogue()) {
    std::size_t continuous = 0, labels = 0;
    for (const Input& each : record.inputs)
      if (!each.optional) ++(each.domain.discrete() ? labels : continuous);
    if (record.kind != Kind::element_wise || continuous != 1) continue;
    if (labels == 0) expected.insert(std::string(record.name) + " f32");
    for (const char* target : {", target 1", ", target -1"})
      if (labels == 1) expected.insert(std::string(record.name) + " f32" + target);
  }
  std::set<std::string> found;
  for (const SweepPlan& each : audit::sweep_plans(select({}, {}))) {
    EXPECT_FALSE(why_invalid(each.one));
    EXPECT_TRUE(found.insert(each.text()).second) << each.text();
  }
  EXPECT_EQ(found, expected);
  EXPECT_GE(found.size(), 13u);
}

TEST(SweepPlans, LeaveOutWhatLiesOutsideTheDomain) {
  std::vector<double> x;
  audit::numbers_of(softplus(), 0x7f7ffffe, 0x7f800002, x);
  EXPECT_THAT(x,
              testing::ElementsAre(testing::_, 0x1.fffffep127, infinity, testing::IsNan(), testing::IsNan()));
  const SweepPlan distance = audit::sweep_of("hinge_embedding", Dtype::f32, "distance", {{"target", 1}});
  audit::numbers_of(distance, 0x7f7fffff, 0x7f800001, x);
  EXPECT_THAT(x, testing::ElementsAre(0x1.fffffep127, testing::IsNan()));
}

TEST(Exhaustive, CountsEveryNumberOfTheRangeOnce) {
  std::vector<int> seen(range.to - range.from + 1, 0);
  const auto testee = changed([&](const Case& c, Answer&) {
    for (const double x : c.inputs.at("x").real) ++seen[pattern(Dtype::f32, x) - range.from];
  });
  const SweepCampaign campaign = run(*testee, {softplus()});
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(seen.size()));
  const SweepTally& value = campaign.sweeps[0].value;
  EXPECT_EQ(value.inputs, seen.size());
  EXPECT_EQ(value.correctly_rounded + value.faithful + value.beyond, seen.size());
  EXPECT_EQ(campaign.blocks_done(), 4u);
  EXPECT_TRUE(audit::missing(campaign).empty());
}

// Tallies take the quick way, the judge the certified one: on answers of all kinds they say the same.
TEST(Exhaustive, GradesAsTheJudgeDoes) {
  for (const SweepPlan& plan :
       {softplus(), hinge(), audit::sweep_of("exponential", Dtype::f32, "score", {{"target", -1}}),
        audit::sweep_of("sigmoid", Dtype::f32, "x", {})}) {
    reference::Sweep sweep(plan.one, plan.swept);
    Random random(3);
    for (const std::uint64_t start : {0x3f7ffff0U, 0x42aeac40U, 0x42b17180U, 0xc2aeac00U, 0xc2cff000U,
                                      0x00000000U, 0x41800000U, 0x7f7ffff8U, 0xbf000000U, 0x44800000U}) {
      std::vector<double> x;
      audit::numbers_of(plan, start, start + 15, x);
      sweep.evaluate(x);
      for (const bool gradient : {false, true})
        for (std::size_t i = 0; i < x.size(); ++i) {
          const reference::Component truth = sweep.certified(x[i])[gradient ? 1 : 0];
          double got = truth.rounded;
          for (std::uint64_t k = random.below(4); k > 0; --k) got = next_up(Dtype::f32, got);
          for (std::uint64_t k = random.below(4); k > 0; --k) got = next_down(Dtype::f32, got);
          if (random.once_in(8)) got = random.once_in(2) ? infinity : std::nan("");
          std::vector<double> answers(x.size(), std::nan(""));
          answers[i] = got;
          const reference::Sweep::Output& known = gradient ? sweep.gradient() : sweep.value();
          for (std::size_t k = 0; k < x.size(); ++k)
            if (k != i) answers[k] = known.rounded[k];
          SweepTally tally;
          audit::count(tally, sweep, gradient, Dtype::f32, x, answers);
          const ComponentVerdict verdict = judge(got, truth, Dtype::f32);
          ASSERT_EQ(tally.faithful, verdict.grade == Grade::faithful ? 1u : 0u)
              << plan.text() << std::hexfloat << " at " << x[i] << " got " << got << " true " << truth.digits;
          ASSERT_EQ(tally.beyond, verdict.grade > Grade::faithful ? 1u : 0u)
              << plan.text() << std::hexfloat << " at " << x[i] << " got " << got << " true " << truth.digits;
          ASSERT_EQ(tally.correctly_rounded + tally.faithful + tally.beyond, x.size());
          if (verdict.ulps <= .5 || !std::isfinite(truth.rounded) || !std::isfinite(got)) continue;
          double most = 0;
          for (const auto& [binade, worst] : tally.worst) most = std::max(most, worst.error);
          ASSERT_NEAR(most * 0x1p-20, verdict.ulps, 0x1p-19)
              << plan.text() << std::hexfloat << " at " << x[i];
        }
    }
  }
}

TEST(Exhaustive, FindsTheOneWrongNumber) {
  static constexpr double x = 0x1.02469p-1;
  const auto testee = changed([](const Case& c, Answer& answer) {
    const std::vector<double>& asked = c.inputs.at("x").real;
    const auto found = std::find(asked.begin(), asked.end(), x);
    if (found == asked.end()) return;
    double& slope = answer.gradient.at("x").real[static_cast<std::size_t>(found - asked.begin())];
    for (int k = 0; k < 20; ++k) slope = next_up(Dtype::f32, slope);
  });
  const std::vector<SweepStatement> all = audit::statements(run(*testee, {softplus()}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].output, "value");
  EXPECT_EQ(all[0].beyond, 0u);
  EXPECT_LE(all[0].worst_ulps, .501);
  EXPECT_EQ(all[1].output, "gradient.x");
  EXPECT_EQ(all[1].beyond, 1u);
  EXPECT_EQ(all[1].worst_input, x);
  EXPECT_NEAR(all[1].worst_ulps, 20, .5);
  EXPECT_EQ(all[1].grade, Grade::inaccurate);
  EXPECT_THAT(audit::text(all[1]), testing::HasSubstr("at 0x1.02469p-1 (got "));
  EXPECT_THAT(audit::text(all[1]), testing::HasSubstr("beyond 0.0005 %"));
}

TEST(Exhaustive, PartsMergeToTheWholeInAnyOrder) {
  const auto testee = kernel_testee();
  const std::vector<SweepPlan> plans{softplus(), hinge()};
  const SweepCampaign whole = run(*testee, plans);
  std::vector<SweepCampaign> parts;
  for (int i = 1; i <= 3; ++i) parts.push_back(run(*testee, plans, {i, 3}));
  for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2}, {2, 0, 1}}) {
    SweepCampaign merged = parts[order[0]];
    audit::merge(merged, parts[order[1]]);
    EXPECT_THAT(audit::missing(merged), testing::SizeIs(2));
    audit::merge(merged, parts[order[2]]);
    EXPECT_THAT(audit::missing(merged), testing::IsEmpty());
    merged.shard = {};
    EXPECT_EQ(dumped(merged), dumped(whole));
    EXPECT_THROW(audit::merge(merged, parts[0]), UsageError);
  }
  SweepCampaign other = run(*testee, {softplus()}, {1, 3});
  EXPECT_THROW(audit::merge(other, parts[1]), UsageError);
}

TEST(Exhaustive, GoesOnFromWhatWasSaved) {
  const auto testee = kernel_testee();
  SweepCampaign campaign = audit::new_campaign({softplus(), hinge()}, testee->handshake(), range, {});
  std::vector<std::string> saved;
  Testee* one[] = {testee.get()};
  audit::run_exhaustively(
      campaign, one,
      {.save = [&](const SweepCampaign& c) { saved.push_back(dumped(c)); }, .save_seconds = 0});
  ASSERT_GE(saved.size(), 8u);
  SweepCampaign resumed = audit::campaign_from(parse_json(saved[4]));
  EXPECT_EQ(resumed.blocks_done(), 5u);
  audit::run_exhaustively(resumed, one, {});
  EXPECT_EQ(dumped(resumed), dumped(campaign));
}

TEST(Exhaustive, SeveralTesteesShareTheBlocks) {
  const auto first = kernel_testee(), second = kernel_testee();
  SweepCampaign campaign = audit::new_campaign({softplus()}, first->handshake(), range, {});
  Testee* both[] = {first.get(), second.get()};
  audit::run_exhaustively(campaign, both, {});
  EXPECT_EQ(dumped(campaign), dumped(run(*first, {softplus()})));
}

TEST(Exhaustive, KeepsWhatATesteeDoesNotAnswer) {
  const auto testee = changed([](const Case& c, Answer& answer) {
    if (c.inputs.at("x").real.front() < 0x1.02p-1) answer = Answer::error("no such number");
  });
  const SweepCampaign campaign = run(*testee, {softplus()});
  ASSERT_EQ(campaign.findings.size(), 1u);
  EXPECT_EQ(campaign.findings[0].id, "exhaustive/softplus/f32");
  EXPECT_THAT(campaign.findings[0].message, testing::HasSubstr("no such number"));
  const SweepTally& value = campaign.sweeps[0].value;
  EXPECT_GT(value.unanswered, 0u);
  EXPECT_EQ(value.unanswered + value.inputs, range.to - range.from + 1);
  EXPECT_THAT(audit::text(audit::statements(campaign).front()), testing::HasSubstr("without an answer"));
}

TEST(Exhaustive, AsksForNoGradientThatIsNotOffered) {
  Handshake values = everything({"values", "1", "c++"});
  values.losses.at("softplus").any_gradient = false;
  values.losses.at("softplus").gradient.clear();
  values.losses.erase("hinge");
  const auto testee = in_process_testee(values, kernel_answer);
  const SweepCampaign campaign = run(*testee, {softplus(), hinge()});
  ASSERT_EQ(campaign.sweeps.size(), 1u);
  EXPECT_EQ(campaign.sweeps[0].gradient.inputs, 0u);
  EXPECT_EQ(audit::statements(campaign).size(), 1u);
  EXPECT_EQ(dumped(audit::campaign_from(audit::to_json(campaign))), dumped(campaign));
}

TEST(Exhaustive, RefusesWhatIsNoPart) {
  const auto testee = kernel_testee();
  const std::string good = dumped(run(*testee, {hinge()}));
  EXPECT_EQ(dumped(audit::campaign_from(parse_json(good))), good);
  const std::vector<std::pair<std::string, std::string>> faults{
      {"assay-sweeps-v1", "assay-golden-v1"},  {"\"hinge\"", "\"hubber\""},
      {"\"done\":[[", "\"done\":[[99999999,"}, {"\"inputs\":", "\"inputs\":-"},
      {"\"shard\":[1,", "\"shard\":[2,"},      {"\"score\"", "\"store\""}};
  for (const auto& [from, to] : faults) {
    std::string bad = good;
    const std::size_t at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    EXPECT_THROW(audit::campaign_from(parse_json(bad)), UsageError) << to;
  }
}

}  // namespace
}  // namespace assay::tests
