// The search for the worst case: a strand comes to the same end in whatever order answers come back; it finds
// what is planted, makes it simple and says where; a sound testee is left alone; one that dies, errs or
// answers as it likes takes no finding with it.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "tests/claims/answers.hpp"
#include "tests/tools/shuffled.hpp"
#include "tools/audit/bar.hpp"
#include "tools/audit/drawing.hpp"
#include "tools/audit/run.hpp"
#include "tools/audit/summary.hpp"
#include "tools/judge/judge.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::audit {
namespace {

using tests::Shuffled;
using tests::witness;

RunOptions options(const std::string& loss, std::int64_t cases, Dtype dtype = Dtype::f32) {
  RunOptions out;
  out.selection = {{loss}, {dtype}};
  out.budget = {.cases = cases, .seconds = 0};
  out.at_once = 8;
  return out;
}

std::unique_ptr<Testee> answering(std::function<Answer(const Case&)> answer) {
  return in_process_testee(everything({"planted", "1", "c++"}), std::move(answer));
}

Campaign audited(const RunOptions& how, const std::function<Answer(const Case&)>& answer) {
  return run(how, [&] { return answering(answer); });
}

/// All that a campaign says, but for its times.
std::string told(Campaign campaign) {
  campaign.seconds = 0;
  for (auto& [number, result] : campaign.results) result.seconds = 0;
  return dump_json(to_json(campaign));
}

/// The kernel's answer, its value changed where the first number of the first input makes it so.
std::function<Answer(const Case&)> spoilt(std::function<double(double x, double value)> change) {
  return [change = std::move(change)](const Case& c) {
    Answer answer = kernel_answer(c);
    const std::vector<double>& x = c.inputs.at(std::string(c.record()->inputs[0].name)).real;
    for (std::size_t i = 0; i < answer.value.real.size() && answer.value.real.size() == x.size(); ++i)
      answer.value.real[i] = round_to(c.dtype, change(x[i], answer.value.real[i]));
    return answer;
  };
}

const WorstOfAll* failure(const std::map<Place, WorstOfAll>& all, std::string_view output, Regime regime) {
  for (const auto& [place, worst] : all)
    if (place.output == output && place.regime == regime && !worst.worst->conforms) return &worst;
  return nullptr;
}

TEST(Strands, ComeToTheSameEndInWhateverOrderAnswersCome) {
  const RunOptions how = options("softplus", 1200);
  const std::string in_turn = told(audited(how, kernel_answer));
  for (const std::uint64_t seed : {1u, 2u}) {
    Campaign shuffled = run(how, [&] { return std::make_unique<Shuffled>(kernel_answer, seed); });
    shuffled.task.implementation = {"planted", "1", "c++"};
    EXPECT_EQ(told(std::move(shuffled)), in_turn);
  }
  RunOptions other = how;
  other.seed = 2;
  EXPECT_NE(told(audited(other, kernel_answer)), in_turn);
}

TEST(Strands, ComeToTheSameOnSeveralThreads) {
  RunOptions how = options("huber", 1500);
  const std::string alone = told(audited(how, kernel_answer));
  how.jobs = 3;
  EXPECT_EQ(told(audited(how, kernel_answer)), alone);
}

// The kernels are within half an ulp; held to what they declare, nothing is found, and the climb comes near.
TEST(Strands, FindNothingInTheKernels) {
  for (const char* loss : {"softplus", "mse", "softmax", "triplet_margin", "nt_xent"}) {
    RunOptions how = options(loss, 400);
    how.declared = true;
    double highest = 0;
    const Campaign campaign = run(how, [] { return kernel_testee(); });
    for (const auto& [place, worst] : worst_found(campaign.results)) {
      EXPECT_TRUE(worst.worst->conforms) << text(place) << " " << witness(worst.worst->question);
      highest = std::max(highest, worst.worst->height);
    }
    for (const auto& [key, promise] : promises(campaign.results))
      EXPECT_FALSE(promise.broken) << promise.sentence << " " << promise.broken->trials->why;
    EXPECT_GT(highest, .9) << loss << ": a climb that stays below a rounding does not climb";
    EXPECT_GT(counts(campaign.results).judged, 1000) << loss;
  }
}

// 2^-18 is 32 to 64 ulp of f32; `stable` allows 8.
TEST(Strands, FindWhatIsTooLargeAndMakeItSimple) {
  const Campaign campaign =
      audited(options("mse", 1000), spoilt([](double, double v) { return v * (1 + 0x1p-18); }));
  const auto found = worst_found(campaign.results);
  const WorstOfAll* worst = failure(found, "value", Regime::everyday);
  ASSERT_TRUE(worst);
  EXPECT_GT(worst->worst->ulps, 40);
  EXPECT_LT(worst->worst->ulps, 65);
  EXPECT_FALSE(failure(found, "gradient.prediction", Regime::everyday)) << "the gradient is right";
  bool simple = false;
  for (const auto& [place, strand] : worst_shrunk(campaign.results)) {
    const Case& c = campaign.results.at(strand).shrunk->worst.question;
    if (place.regime == Regime::everyday && place.output == "value")
      simple = c.inputs.at("prediction").size() == 1 &&
               (c.inputs.at("target").real[0] == 0 || c.inputs.at("prediction").real[0] == 0);
  }
  EXPECT_TRUE(simple);
}

// Wrong between 16 and 17 alone, by 1/8: no golden case need lie there.
TEST(Strands, FindANarrowFault) {
  const Campaign campaign = audited(
      options("softplus", 3000), spoilt([](double x, double v) { return x > 16 && x < 17 ? v + .125 : v; }));
  const auto found = worst_found(campaign.results);
  const WorstOfAll* worst = failure(found, "value", Regime::everyday);
  ASSERT_TRUE(worst);
  const double x = worst->worst->question.inputs.at("x").real.at(0);
  EXPECT_GT(x, 16);
  EXPECT_LT(x, 17);
}

// A climb brings an error from what is excused to what is not: here it grows towards x = 3 exactly.
TEST(Strands, ClimbToWhereAnErrorGrows) {
  const auto peak = spoilt([](double x, double v) {
    const double near = std::max(0., 1 - std::abs(x - 3));
    return v * (1 + 0x1p-19 * near * near);
  });
  const Campaign campaign = audited(options("softplus", 4000), peak);
  double most = 0;
  for (const auto& [place, worst] : worst_found(campaign.results))
    if (place.output == "value") most = std::max(most, worst.worst->ulps);
  // At the peak it is 2^-19 relative: 16 to 32 ulp.
  EXPECT_GT(most, 20);
}

TEST(Strands, FindAFaultOfTheLastRowsOfALongBatch) {
  const auto forgets = [](const Case& c) {
    Answer answer = kernel_answer(c);
    std::vector<double>& all = answer.value.real;
    if (c.reduction == Reduction::none)
      for (std::size_t i = 256; i < all.size(); ++i) all[i] = 0;
    return answer;
  };
  const Campaign campaign = audited(options("mse", 4000), forgets);
  const auto found = worst_found(campaign.results);
  const WorstOfAll* worst = failure(found, "value", Regime::everyday);
  ASSERT_TRUE(worst) << "it takes a batch of more than 256 to see";
  EXPECT_GT(worst->worst->question.inputs.at("prediction").size(), 256);
}

TEST(Strands, HoldAnAnswerToTheGradeThatIsRequired) {
  RunOptions how = options("mse", 600);
  const auto slightly = spoilt([](double, double v) { return v * (1 + 0x1p-22); });  // 2 to 4 ulp
  EXPECT_FALSE(failure(worst_found(audited(how, slightly).results), "value", Regime::everyday));
  how.required = Grade::faithful;
  EXPECT_TRUE(failure(worst_found(audited(how, slightly).results), "value", Regime::everyday));
}

TEST(Strands, LookWhereTheyAreTold) {
  RunOptions how = options("softplus", 800);
  how.regimes = {Regime::tail};
  const Campaign campaign = audited(how, kernel_answer);
  ASSERT_FALSE(campaign.results.empty());
  for (const auto& [number, result] : campaign.results) {
    EXPECT_NE(result.cell.find("/tail"), std::string::npos) << result.cell;
    EXPECT_FALSE(result.trials) << "promises are of no regime";
  }
}

TEST(Strands, SaySoWhereTheSameQuestionHasTwoAnswers) {
  int count = 0;
  const Campaign campaign = audited(options("mse", 200), [&count](const Case& c) {
    Answer answer = kernel_answer(c);
    for (double& x : answer.value.real)
      if (++count % 2 == 0) x = next_up(c.dtype, x);
    return answer;
  });
  int unsteady = 0;
  for (const auto& [number, result] : campaign.results)
    if (result.unsteady) {
      ++unsteady;
      EXPECT_NE(result.unsteady->message.find("when it was asked again"), std::string::npos);
    }
  EXPECT_GT(unsteady, 0);
}

TEST(Strands, GoRoundWhatIsLostAndWhatErrs) {
  const Campaign dying = run(options("softplus", 800), [] {
    auto testee = std::make_unique<Shuffled>(spoilt([](double, double v) { return v * (1 + 0x1p-18); }), 3);
    testee->lose_one_in = 5;
    return testee;
  });
  EXPECT_TRUE(failure(worst_found(dying.results), "value", Regime::everyday));
  bool silent = false;
  for (const auto& [number, result] : dying.results)
    silent = silent || (result.silence && result.silence->finding == "protocol/crash");
  EXPECT_TRUE(silent);

  const Campaign erring =
      audited(options("softplus", 200), [](const Case&) { return Answer::error("no memory"); });
  EXPECT_EQ(counts(erring.results).judged, 0);
  for (const auto& [number, result] : erring.results)
    EXPECT_TRUE(result.silence && result.silence->message.find("no memory") != std::string::npos)
        << result.cell;

  const Campaign shapeless = audited(options("softplus", 200), [](const Case&) { return Answer{}; });
  for (const auto& [number, result] : shapeless.results) EXPECT_TRUE(result.silence) << result.cell;
}

// A program that ends after so many questions, again and again, and one that answers no more: what they
// answered before is judged.
TEST(Strands, KeepWhatADyingProgramAnswered) {
  const std::string serve = std::string(ASSAY_BINARY) + " serve --engine kernels";
  for (const auto& [program, finding] : {std::pair{"sed -u 60q | " + serve, "protocol/crash"},
                                         {"(sed -u 60q; sleep 100) | " + serve, "protocol/timeout"}}) {
    const Campaign campaign = run(options("mse", 300), [&, &line = program] {
      return process_testee({.command = {"/bin/sh", "-c", line}, .answer_seconds = .5});
    });
    EXPECT_GT(counts(campaign.results).judged, 50) << program;
    EXPECT_FALSE(worst_found(campaign.results).empty()) << program;
    // Of one case, or of several of which none did it alone.
    bool told = std::ranges::any_of(campaign.findings, [&](const Finding& f) { return f.id == finding; });
    for (const auto& [number, result] : campaign.results)
      told = told || (result.silence && result.silence->finding.starts_with(finding));
    EXPECT_TRUE(told) << program << ": " << finding;
    EXPECT_EQ(campaign.results.size(), campaign.task.strands) << "every strand comes to an end";
  }
}

// What judges a million answers in doubles has to agree with the judge, who takes forty digits.
TEST(Bars, MeasureAsTheJudgeDoes) {
  Random random(5);
  int compared = 0;
  for (const char* loss : {"softplus", "mse", "log_softmax", "huber"}) {
    const Record& record = *find(loss);
    for (int k = 0; k < 60; ++k) {
      const Cell cell{.record = &record, .dtype = k % 2 == 0 ? Dtype::f32 : Dtype::f64, .aim = Aim::extreme};
      const Handshake all = everything({"x", "1", "c++"});
      const auto c = drawn(cell, all, static_cast<Structure>(k % structures), {6, 2}, random);
      ASSERT_TRUE(c);
      const reference::Truth full = reference::certify(*c);
      const reference::Truth quick = reference::certify(*c, {.digits = false});
      for (std::size_t i = 0; i < full.value.components.size(); ++i) {
        const double v = full.value.components[i].rounded;
        for (const double answer : {v, next_up(c->dtype, v), v * (1 + 0x1p-12), -v, 0., infinity}) {
          const double g = round_to(c->dtype, answer);
          const double exact = judge(g, full.value.components[i], c->dtype).ulps;
          const double found = ulps_off(g, quick.value.components[i], c->dtype);
          if (std::isinf(v) && std::isfinite(g)) continue;  // which the decimals alone tell
          int exponent = 0;
          if (std::abs(std::frexp(v, &exponent)) == .5)
            continue;  // beside it units differ by a factor of two
          if (std::isinf(exact) || std::isinf(g)) {
            EXPECT_TRUE(std::isinf(found) || exact < 1e6) << witness(*c) << " " << g;
          } else {
            EXPECT_NEAR(found, exact, 1e-3 + exact * 1e-6) << witness(*c) << " " << i << " " << g;
          }
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(GroupsOfRows, AreTakenApartAndPutTogether) {
  Case c;
  c.loss = "sparse_categorical_cross_entropy_with_logits";
  c.reduction = Reduction::none;
  c.inputs["logits"] = tests::reals({2, 3}, {1, 2, 3, 4, 5, 6});
  c.inputs["labels"] = tests::labels({2}, {0, 2});
  c.inputs["weight"] = tests::reals({3}, {1, 2, 3});
  ASSERT_FALSE(why_invalid(c));
  const Groups groups(c, "logits");
  ASSERT_EQ(groups.count(), 2u);
  EXPECT_EQ(Groups(c, "weight").count(), 1u) << "a sum over rows";
  const Case second = groups.alone(c, 1);
  EXPECT_FALSE(why_invalid(second));
  EXPECT_EQ(second.inputs.at("logits").real, (std::vector<double>{4, 5, 6}));
  EXPECT_EQ(second.inputs.at("labels").integer, std::vector<std::int64_t>{2});
  EXPECT_EQ(second.inputs.at("weight").real, c.inputs.at("weight").real);
  EXPECT_EQ(groups.numbers(c, 1).size(), 3u) << "what rows share stays as it is";
  Case both = c;
  groups.copy(c, 1, both, 0);
  EXPECT_EQ(both.inputs.at("logits").real, (std::vector<double>{4, 5, 6, 4, 5, 6}));
  EXPECT_EQ(both.inputs.at("labels").integer, (std::vector<std::int64_t>{2, 2}));
  c.reduction = Reduction::mean;
  EXPECT_EQ(Groups(c, "logits").count(), 1u);
}

// Every structure gives cases of every loss, of the size and in the regime that is aimed at.
TEST(DrawnCases, ComeInEveryStructureOfEveryLoss) {
  const Handshake all = everything({"x", "1", "c++"});
  for (const Record& record : catalogue())
    for (int s = 0; s < structures; ++s)
      for (const Aim aim : {Aim::everyday, Aim::tail, Aim::extreme, Aim::special}) {
        const Cell cell{.record = &record, .dtype = Dtype::f32, .aim = aim, .other_parameters = s % 2 == 0};
        Random random(seed_for(static_cast<std::uint64_t>(s), record.name));
        const auto c = drawn(cell, all, static_cast<Structure>(s), {8, 3}, random);
        ASSERT_TRUE(c) << record.name << " structure " << s << " " << name(aim);
        EXPECT_FALSE(why_invalid(*c)) << witness(*c);
        if (aim == Aim::everyday || aim == Aim::tail) {
          EXPECT_NE(regime_of_inputs(*c), Regime::special) << witness(*c);
        }
      }
}

}  // namespace
}  // namespace assay::audit
