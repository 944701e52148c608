// The causes of failures: what belongs together is told once and counted right, what does not stays apart,
// and the case that is told is the one a person understands first.
#include "tools/reports/cause.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/claims/answers.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/reports/cause_explaining.hpp"
#include "tools/reports/cause_words.hpp"
#include "tools/reports/report_summary.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay {
namespace {

using enum ErrorKind;
using enum Regime;
using Status = ReportedCase::Status;

/// A case of a report that failed in that way.
struct Failure {
  ErrorKind kind;
  std::string where = "value[0]";
  Regime regime = everyday;
  std::string slug = "a-case";
  std::string loss = "huber", dtype = "f32";
};

ReportedCase reported(const Failure& f) {
  ReportedCase c;
  c.loss = f.loss;
  c.dtype = f.dtype;
  c.slug = f.slug;
  c.id = fmt::format("{}/{}/{}", f.loss, f.dtype, f.slug);
  c.regime = f.regime;
  c.status = Status::failed;
  c.grade = Grade::wrong;
  c.ulps = infinity;
  c.where = f.where;
  c.told.kind = f.kind;
  c.told.inputs = c.told.inputs_hex = "x 1";
  c.told.numbers = 1;
  c.told.got = "NaN";
  c.told.expected = "1";
  c.reproduce = "assay explain " + c.id;
  return c;
}

Report report_of(const std::vector<Failure>& failures) {
  Report r;
  for (const Failure& each : failures) r.cases.push_back(reported(each));
  return r;
}

/// "huber f32+f64 2: gradient is NaN where a number is due", a cause each.
std::vector<std::string> told(const std::vector<Cause>& all) {
  std::vector<std::string> out;
  for (const Cause& c : all)
    out.push_back(fmt::format("{} {} {}: {}", title(c.loss, c.variant), fmt::join(c.dtypes, "+"),
                              c.cases.size(), c.what));
  return out;
}
using Lines = std::vector<std::string>;

TEST(Causes, TellDtypesTogetherAndLossesOutputsAndKindsApart) {
  const Report r = report_of({{nan_for_number},
                              {nan_for_number, "value[2]", everyday, "b", "huber", "f64"},
                              {nan_for_number, "gradient.target[0]", everyday, "c"},
                              {nan_for_number, "gradient.prediction", everyday, "d"},
                              {infinity_for_number, "value", everyday, "e"},
                              {nan_for_number, "value", everyday, "f", "mse"}});
  EXPECT_EQ(told(causes(r)), (Lines{"huber f32+f64 2: value is NaN where a number is due",
                                    "huber f32 2: gradient is NaN where a number is due",
                                    "huber f32 1: value is infinite where a number is due",
                                    "mse f32 1: value is NaN where a number is due"}));
}

TEST(Causes, HoldEveryFailureOnceAndNothingElse) {
  Report r = report_of({{nan_for_number}, {lost_digits}, {nan_for_number, "value", tail}, {wrong_sign}});
  r.cases[3].status = Status::known;
  r.cases[3].reason = "old";
  ReportedCase right = reported({none});
  for (const Status s : {Status::conforming, Status::not_offered, Status::unchecked_domain}) {
    right.status = s;
    r.cases.push_back(right);
  }
  std::multiset<std::size_t> places;
  for (const Cause& c : causes(r)) places.insert(c.cases.begin(), c.cases.end());
  EXPECT_EQ(places, (std::multiset<std::size_t>{0, 1, 2, 3}));
  EXPECT_TRUE(causes(Report{}).empty());
}

TEST(Causes, TakeNaNForANumberAndForAnInfinityForOne) {
  const Report r = report_of({{nan_for_infinity}, {nan_for_number, "value", everyday, "b"}});
  EXPECT_EQ(told(causes(r)), Lines{"huber f32 2: value is NaN where a number or an infinity is due"});
}

TEST(Causes, TellApartWhatComesOfSpecialInputsAndWhatLeaksThroughADroppedTerm) {
  Report r = report_of({{nan_for_number},
                        {nan_for_number, "value", special, "b"},
                        {nan_for_number, "value", special, "c"},
                        {nan_for_number, "gradient.x", special, "d"},
                        {nan_for_number, "value", special, "e"}});
  for (std::size_t i = 1; i < 4; ++i) r.cases[i].told.special_inputs = true;
  r.cases[2].flags = r.cases[3].flags = {"ZeroCoefficient", "NaN"};
  EXPECT_EQ(told(causes(r)),
            (Lines{"huber f32 2: value is NaN where a number is due",
                   "huber f32 2: value or gradient is NaN where a number is due, though a coefficient of 0 "
                   "drops the term",
                   "huber f32 1: value is NaN where a number is due, beside NaN or infinite inputs"}))
      << "a case of special numbers whose failing row has none is an ordinary one";
}

TEST(Causes, TellAFactorThatSeveralCasesShare) {
  Report r = report_of({{other_number, "gradient.x", everyday, "a"},
                        {lost_digits, "gradient.x", everyday, "b"},
                        {wrong_sign, "gradient.x", everyday, "c"},
                        {other_number, "gradient.x", everyday, "d"}});
  r.cases[0].told.factor = {.5, 2};
  r.cases[1].told.factor = {.5002, 2};
  r.cases[2].told.factor = {-1, 3};
  EXPECT_EQ(told(causes(r)),
            (Lines{"huber f32 2: gradient is half of what it should be",
                   "huber f32 1: gradient has the wrong sign", "huber f32 1: gradient is another number"}));
  r.cases[1].slug = "a";
  r.cases[1].dtype = "f64";
  EXPECT_EQ(told(causes(r))[0], "huber f32 2: gradient is another number")
      << "one case in two dtypes may be chance";
  for (ReportedCase& c : r.cases) c.told.factor = {1.0001, 5};
  for (const std::string& each : told(causes(r))) EXPECT_EQ(each.find("of what"), std::string::npos) << each;
}

TEST(Causes, AreWhatKnownFailuresSayApartFromWhatNoneExcuses) {
  Report r = report_of({{nan_for_number}, {lost_digits}, {nan_for_number}, {nan_for_number}});
  for (std::size_t i = 0; i < 3; ++i) {
    r.cases[i].status = Status::known;
    r.cases[i].reason = i < 2 ? "the square overflows" : "another one";
  }
  const std::vector<Cause> all = causes(r);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].reason, "the square overflows");
  EXPECT_EQ(all[0].cases.size(), 2U) << "one reason, two kinds of error";
  EXPECT_EQ(std::ranges::count(all, true, &Cause::known), 2);
  EXPECT_TRUE(all[2].reason.empty());
  EXPECT_FALSE(all[2].known);
}

TEST(Causes, AreConventionsErrorsFindingsAndPromisesByName) {
  Report r = report_of({{number_for_infinity, "value"},
                        {lost_digits, "gradient.x"},
                        {error},
                        {error},
                        {error},
                        {no_answer},
                        {broken_promise},
                        {broken_promise}});
  r.cases[0].convention = r.cases[1].convention = "log-clamped-100";
  for (std::size_t i = 2; i < 8; ++i) r.cases[i].grade.reset();
  r.cases[2].told.said = "index 3 is out of range";
  r.cases[3].told.said = "index 15 is out of range";
  r.cases[4].told.said = "no rows";
  r.cases[5].finding = "protocol/crash";
  r.cases[5].told.said = "died";
  for (std::size_t i = 6; i < 8; ++i)
    r.cases[i].told.said = "IsConvex", r.cases[i].finding = fmt::format("{}", i);
  EXPECT_EQ(told(causes(r)),
            (Lines{"huber f32 2: follows the convention log-clamped-100, which the testee does not declare",
                   "huber f32 2: an error in place of an answer: index 3 is out of range",
                   "huber f32 2: IsConvex is broken", "huber f32 1: an error in place of an answer: no rows",
                   "huber f32 1: protocol/crash: died"}));
}

TEST(Causes, TellVariantsApart) {
  Report r = report_of({{nan_for_number}, {nan_for_number}});
  r.cases[1].variant = "as-printed";
  EXPECT_EQ(told(causes(r)), (Lines{"huber f32 1: value is NaN where a number is due",
                                    "huber (as-printed) f32 1: value is NaN where a number is due"}));
}

TEST(Causes, TellTheMostOrdinaryThenTheSmallestThenTheShortestCase) {
  Report r = report_of(std::vector<Failure>(6, {nan_for_number, "value", everyday}));
  r.cases[0].regime = tail;
  r.cases[1].told.inputs = "";  // too long to be read
  r.cases[2].told.numbers = 2;
  r.cases[3].told.inputs = "x 0.12345678";
  r.cases[4].told.inputs = "x 0.5";
  r.cases[5].told.inputs = "x 0.5";
  const Cause c = causes(r).at(0);
  EXPECT_EQ(c.cases, (std::vector<std::size_t>{4, 5, 3, 2, 1, 0}));
  EXPECT_EQ(c.regime, everyday);
  EXPECT_EQ(c.inputs, "x 0.5");
}

TEST(Causes, StandTheMostOrdinaryFirstThenWhatIsNotMerelyLostDigitsThenTheMany) {
  const Report r = report_of({{nan_for_number, "value", extreme, "a"},
                              {nan_for_number, "value", extreme, "b"},
                              {lost_digits, "value", everyday, "c", "mse"},
                              {lost_digits, "value", everyday, "d", "mse"},
                              {zero_for_number, "value", everyday, "e"},
                              {zero_for_number, "value", tail, "i"},
                              {zero_for_number, "value", tail, "j"},
                              {infinity_for_number, "value", tail, "f"},
                              {wrong_sign, "value", everyday, "g", "mae"},
                              {wrong_sign, "value", everyday, "h", "mae"}});
  std::string order;
  for (const Cause& c : causes(r)) order += r.cases[c.cases.front()].slug;
  EXPECT_EQ(order, "gecfa") << "two everyday ones before three of which one is";
}

TEST(Causes, OfOneMechanismBecomeOne) {
  Report r = report_of({{nan_for_number},
                        {infinity_for_number, "value", everyday, "b", "huber", "f64"},
                        {zero_for_number},
                        {wrong_sign},
                        {nan_for_number, "value", everyday, "e", "mse"}});
  r.cases[3].status = Status::known;
  std::vector<Cause> all = causes(r);
  ASSERT_EQ(all.size(), 5U);
  for (Cause& c : all) {
    c.mechanism = "overflowing-square";
    c.sentence = fmt::format("x[{}] squared overflows, computed in {}", c.cases.front(), c.dtypes.front());
    c.confident = true;
  }
  std::ranges::find(all, std::vector<std::size_t>{2}, &Cause::cases)->sentence = "x is clamped to 0.5";
  join_by_mechanism(all, r);
  EXPECT_EQ(told(all),
            (Lines{"huber f32+f64 2: value is NaN where a number is due",
                   "huber f32 1: value is 0 where a number is due", "huber f32 1: value has the wrong sign",
                   "mse f32 1: value is NaN where a number is due"}))
      << "not those of another loss, of another sentence, or of known failures";
  for (Cause& c : all) c.mechanism = c.sentence = "";
  join_by_mechanism(all, r);
  EXPECT_EQ(all.size(), 4U) << "nothing is known of them";
}

reference::Component due(double rounded, double scale = 0) {
  reference::Component c;
  c.rounded = c.lower = c.upper = rounded;
  c.scale = scale;
  return c;
}

TEST(ErrorKinds, SayWhatCameInPlaceOfWhat) {
  const double nan = std::nan("");
  const auto kind = [](double got, const reference::Component& c) { return kind_of(got, c, c.scale); };
  EXPECT_EQ(kind(nan, due(1)), nan_for_number);
  EXPECT_EQ(kind(nan, due(-infinity)), nan_for_infinity);
  EXPECT_EQ(kind(-infinity, due(1)), infinity_for_number);
  EXPECT_EQ(kind(0, due(nan)), number_for_nan);
  EXPECT_EQ(kind(infinity, due(nan)), number_for_nan);
  EXPECT_EQ(kind(3, due(infinity)), number_for_infinity);
  EXPECT_EQ(kind(infinity, due(-infinity)), infinity_of_wrong_sign);
  EXPECT_EQ(kind(0, due(1)), zero_for_number);
  EXPECT_EQ(kind(-1, due(1)), wrong_sign);
  EXPECT_EQ(kind(1.001, due(1)), lost_digits);
  EXPECT_EQ(kind(1.1, due(1)), other_number);
  EXPECT_EQ(kind(0, due(1e-20, 1)), lost_digits) << "0 is near 1e-20 by the size of what it is computed from";
  EXPECT_EQ(kind(1e-20, due(0)), other_number);
  reference::Component kink = due(0);
  kink.lower = -1;
  kink.upper = 1;
  EXPECT_EQ(kind(2, kink), no_subgradient);
}

TEST(ErrorKinds, AFactorIsOneThatAllWrongNumbersShare) {
  const Case c{
      .id = "",
      .loss = "huber",
      .dtype = Dtype::f64,
      .reduction = Reduction::none,
      .parameters = {},
      .inputs = {{"prediction", tests::reals({3}, {.5, 3, -.25})}, {"target", tests::reals({3}, {0, 0, 0})}},
      .wrt = {"prediction"}};
  const reference::Truth truth = reference::certify(complete(c));
  Answer answer = kernel_answer(complete(c));
  const auto factor = [&](std::string_view where) {
    return common_factor(std::string(where), truth, answer, Dtype::f64, Grade::stable);
  };
  EXPECT_TRUE(std::isnan(factor("value[0]").factor)) << "nothing is wrong";
  for (const std::size_t i : {0U, 2U}) answer.gradient.at("prediction").real[i] /= 2;
  EXPECT_NEAR(factor("gradient.prediction[2]").factor, .5, 1e-12);
  EXPECT_EQ(factor("gradient.prediction[2]").numbers, 2);
  answer.gradient.at("prediction").real[0] = 7;
  EXPECT_TRUE(std::isnan(factor("gradient.prediction[0]").factor));
  answer.value.real[1] = std::nan("");
  EXPECT_TRUE(std::isnan(factor("value[1]").factor));

  EXPECT_EQ(factor_words(.5), "is half of what it should be");
  EXPECT_EQ(factor_words(1.9998), "is twice what it should be");
  EXPECT_EQ(factor_words(-1), "has the opposite sign");
  EXPECT_EQ(factor_words(1. / 3), "is 1/3 of what it should be");
  EXPECT_EQ(factor_words(-4), "is minus 4 times what it should be");
  EXPECT_EQ(factor_words(1.4427), "is 1.443 times what it should be");
}

TEST(Witnesses, AreTheRowThatFailsInDecimalsOrInHex) {
  Case c{.id = "",
         .loss = "huber",
         .dtype = Dtype::f32,
         .reduction = Reduction::none,
         .parameters = {{"delta", static_cast<double>(.1F)}},
         .inputs = {{"prediction", tests::reals({3}, {1, static_cast<double>(.1F), infinity})},
                    {"target", tests::reals({3}, {0, -0., 0})}},
         .wrt = {"prediction"}};
  ReportedCase r;
  r.grade = Grade::wrong;
  r.where = "gradient.prediction[1]";
  add_witness(r, c);
  EXPECT_EQ(r.told.inputs, "prediction [0.1], target [-0.0]; delta 0.1 (row 1 of 3)");
  EXPECT_EQ(r.told.inputs_hex, "prediction [0x1.99999ap-4], target [-0x0p+0]; delta 0.1 (row 1 of 3)");
  EXPECT_EQ(r.told.numbers, 2U);
  EXPECT_FALSE(r.told.special_inputs);
  c.reduction = Reduction::mean;
  r.told = {};
  r.where = "value";
  add_witness(r, c);
  EXPECT_EQ(r.told.inputs, "prediction [1, 0.1, Infinity], target [0, -0.0, 0]; delta 0.1");
  EXPECT_TRUE(r.told.special_inputs);
}

/// softplus as log(1 + e^x) in floats, which overflows.
Answer naive_softplus(const Case& c) {
  Answer out = kernel_answer(c);
  if (c.reduction != Reduction::none) return out;
  for (std::size_t i = 0; i < out.value.real.size(); ++i)
    out.value.real[i] = std::log(1 + std::exp(static_cast<float>(c.inputs.at("x").real[i])));
  return out;
}

TEST(Causes, AreExplainedByTheTesteesOtherAnswers) {
  const auto testee = in_process_testee(everything({"naive", "1", "c++"}), naive_softplus);
  const Case c{.id = "",
               .loss = "softplus",
               .dtype = Dtype::f32,
               .reduction = Reduction::none,
               .parameters = {},
               .inputs = {{"x", tests::reals({2}, {100, 1})}},
               .wrt = {}};
  Report r = report_of({{infinity_for_number}, {nan_for_number}, {other_number}});
  r.cases[1].status = Status::known;
  r.cases[1].reason = "it overflows";
  const FailedAnswers failed{{0, {c, naive_softplus(c)}}, {1, {c, naive_softplus(c)}}};
  std::vector<Cause> all = causes(r);
  const auto of = [&](std::size_t place) {
    return std::ranges::find(all, std::vector{place}, &Cause::cases);
  };
  diagnose(all, failed, *testee, Diagnosed::told_at_length);
  EXPECT_EQ(of(0)->mechanism, "overflowing-exponential");
  EXPECT_TRUE(of(0)->confident);
  EXPECT_EQ(of(1)->mechanism, "") << "a known failure is explained already";
  EXPECT_EQ(of(2)->mechanism, "") << "nobody kept its answer";
  diagnose(all, failed, *testee, Diagnosed::all);
  EXPECT_EQ(of(1)->mechanism, "overflowing-exponential");
  EXPECT_NE(cause_mechanism(*of(0)).find("exp(x[0])"), std::string::npos);
  of(0)->confident = false;
  EXPECT_EQ(cause_mechanism(*of(0)).find("perhaps overflowing-exponential; "), 0U);
  of(0)->evidence = "4 of 4 fresh inputs match";
  EXPECT_EQ(cause_mechanism(*of(0)), "") << "a guess";
  EXPECT_EQ(cause_mechanism(*of(2)), "");
}

TEST(Causes, HaveTheToldCaseInTheTesteesLanguage) {
  Handshake says = everything({"naive", "1", "fortran"});
  says.snippets = true;
  const auto testee =
      in_process_testee(says, naive_softplus, [](const Case& c) { return "print " + c.loss.name(); });
  Case c;
  c.loss = "softplus";
  c.inputs["x"] = tests::reals({1}, {100});
  const Report r = report_of({{infinity_for_number}, {nan_for_number}});
  std::vector<Cause> all = causes(r);
  add_snippets(all, {{0, {c, {}}}}, *testee);
  EXPECT_EQ(all[0].language, "fortran");
  EXPECT_EQ(all[0].snippet, "print softplus");
  EXPECT_EQ(all[1].snippet, "");
}

TEST(CauseWords, FoldWhatManyLossesShare) {
  Report r;
  for (const char* loss : {"huber", "mse", "mae", "hinge"})
    r.cases.push_back(reported({nan_for_number, "value", tail, "a", loss}));
  r.cases.push_back(reported({nan_for_number, "value", tail, "b", "huber"}));
  r.cases[3].told.kind = wrong_sign;
  r.causes = causes(r);
  std::vector<const Cause*> all;
  for (const Cause& c : r.causes) all.push_back(&c);
  const std::vector<KindOfCause> kinds = by_kind(all);
  ASSERT_EQ(kinds.size(), 2U);
  EXPECT_EQ(kind_line(kinds[0], r), "4 cases: value is NaN where a number is due: huber, mse, mae");
  EXPECT_EQ(kind_line(kinds[1], r), "hinge f32: 1 case: value has the wrong sign");
  EXPECT_EQ(by_kind(all, 5).size(), 4U);
}

TEST(CauseWords, ShowTheAnswersThatBreakAPromiseInItsMessage) {
  Report r = report_of({{broken_promise}});
  r.cases[0].grade.reset();
  r.cases[0].message = "IsConvex is broken: asked at x 1, then at x 2";
  EXPECT_EQ(cause_example(causes(r).at(0), r, Numerals::decimal), r.cases[0].message);
}

TEST(CauseWords, SayHowFarOthersOfTheCauseAreOff) {
  Report r = report_of({{lost_digits}, {lost_digits, "value", extreme}, {lost_digits, "value", extreme}});
  r.cases[0].ulps = 30;
  r.cases[1].ulps = 50;
  const std::vector<Cause> all = causes(r);
  const auto ending = [&] {
    const std::string text = cause_example(all[0], r, Numerals::decimal);
    return text.substr(text.find('('));
  };
  EXPECT_EQ(ending(), "(30.0 ulp)") << "not twice as far, or not comparable";
  r.cases[1].ulps = 70;
  EXPECT_EQ(ending(), "(30.0 ulp; up to 70.0 elsewhere)");
}

TEST(CauseWords, AreWrappedBetweenWords) {
  EXPECT_EQ(wrapped("one two", "  "), "  one two\n");
  const std::string word(60, 'w');
  EXPECT_EQ(wrapped(word + " " + word, "  ", ".."), "  " + word + "\n  .." + word + "\n");
  EXPECT_EQ(wrapped(std::string(200, 'w'), ""), std::string(200, 'w') + "\n");
}

TEST(CauseWords, SayHowManyAreAsOrdinaryAsTheToldCase) {
  const Report r = report_of({{wrong_sign}, {wrong_sign, "value", extreme}, {wrong_sign, "value", special}});
  EXPECT_EQ(cause_headline(causes(r).at(0), r), "huber f32: 3 cases, 1 everyday: value has the wrong sign");
}

TEST(CauseWords, NameVariantsBehindTheirLossAndNotMoreLossesThanOneReads) {
  Report r;
  for (const char* variant : {"eps", "clip"}) {
    r.cases.push_back(reported({nan_for_number}));
    r.cases.back().variant = variant;
  }
  for (int i = 0; i < 14; ++i)
    r.cases.push_back(reported({nan_for_number, "value", everyday, "a", fmt::format("loss{:02}", i)}));
  r.causes = causes(r);
  std::vector<const Cause*> all;
  for (const Cause& c : r.causes) all.push_back(&c);
  const std::string line = kind_line(by_kind(all).at(0), r);
  EXPECT_EQ(line.find("16 cases: value is NaN where a number is due: huber (eps, clip), loss00, "), 0U)
      << line;
  EXPECT_TRUE(line.ends_with("loss10, 3 more")) << line;
}

TEST(Causes, ToldAtLengthAreTheFirstOfEachLossOfTheMostOrdinaryRegimes) {
  std::vector<Cause> all;
  const auto add = [&](const std::string& loss, Regime regime, bool known = false) {
    all.push_back({.loss = loss, .regime = regime, .known = known});
  };
  add("mse", everyday, true);
  for (int i = 0; i < 9; ++i) add("huber", everyday);
  add("mae", everyday);
  add("mse", tail);
  EXPECT_EQ(told_at_length(all), (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  for (int i = 0; i < 9; ++i)
    all.insert(all.begin() + 10, {.loss = fmt::format("{}", i), .regime = everyday});
  EXPECT_EQ(told_at_length(all), (std::vector<std::size_t>{1, 10, 11, 12, 13, 14, 15, 16, 17, 18}));
  EXPECT_TRUE(told_at_length({}).empty());
}

// The whole of what a terminal shows of a small run.
TEST(Summary, TellsCausesThenLossesThenTotals) {
  Report r = report_of({{other_number, "gradient.prediction[0]", everyday, "a"},
                        {other_number, "gradient.prediction[0]", everyday, "b", "huber", "f64"},
                        {nan_for_number, "value[0]", special, "c", "mse"}});
  r.implementation = {"example", "2", "python"};
  for (std::size_t i = 0; i < 2; ++i) {
    r.cases[i].told.factor = {.5, 2};
    r.cases[i].told.inputs = "prediction 0.5, target 0; delta 1";
    r.cases[i].told.got = "0.25";
    r.cases[i].told.expected = "0.5";
    r.cases[i].ulps = 4194304;
  }
  for (const char* loss : {"mae", "hinge", "ctc"})
    r.cases.push_back(reported({none, "", everyday, "d", loss}));
  r.cases[3].status = r.cases[4].status = Status::conforming;
  r.cases[3].grade = r.cases[4].grade = Grade::faithful;
  r.cases[5].status = Status::not_offered;
  r.cases[5].grade.reset();
  r.causes = causes(r);
  r.causes[0].mechanism = "scaled-answer";
  r.causes[0].sentence = "the gradient is multiplied by 0.5";
  r.causes[0].evidence = "48 of 48 fresh inputs match to 0 ulp; the truth is missed by 4e+06 ulp there";
  r.causes[0].confident = true;
  r.causes[0].language = "python";
  r.causes[0].snippet = "import example\n\nprint(example.huber(0.5, 0))\n";
  r.causes[1].language = "python";
  r.causes[1].snippet = "1\n2\n3\n4\n";
  const std::string expected = R"(everyday: 1 cause, 2 failures

huber f32 f64: 2 cases: gradient is half of what it should be
  prediction 0.5, target 0; delta 1: gradient.prediction[0] 0.25, expected 0.5 (4.2e+06 ulp)
  why: scaled-answer; the gradient is multiplied by 0.5 (48 of 48 fresh inputs match to 0 ulp)
  in python:
    import example

    print(example.huber(0.5, 0))
  assay explain huber/f32/a

special: 1 cause, 1 failure

mse f32: 1 case: value is NaN where a number is due
  x 1: value[0] NaN, expected 1
  assay explain mse/f32/c

loss   dtypes        conform  failed  regime      worst grade        ulp
huber  f32 f64        0 of 2       2  everyday    wrong              4.2e+06
mse    f32            0 of 1       1  special     wrong              incomparable

conform: mae, hinge
not offered: 1 case, among them all of ctc

example 2: 6 cases, 2 conform, 3 failed, 1 not offered
)";
  EXPECT_EQ(report_summary(r), expected);
  const std::string bold = report_summary(r, {.colour = true});
  EXPECT_NE(bold.find("\x1b[1mhuber f32 f64: 2 cases: gradient is half of what it should be\x1b[0m\n"),
            std::string::npos);
  r.cases[0].got = "0x1p-2";
  r.cases[0].expected = "0x1p-1";
  r.causes[0].inputs_hex = "prediction 0x1p-1, target 0x0p+0; delta 1";
  EXPECT_NE(report_summary(r, {.hex = true})
                .find("  prediction 0x1p-1, target 0x0p+0; delta 1: gradient.prediction[0] 0x1p-2, expected "
                      "0x1p-1 (4.2e+06 ulp)\n"),
            std::string::npos);
}

TEST(Summary, TellsTenCausesAtLengthAndOthersInALine) {
  Report r;
  for (int i = 0; i < 12; ++i) r.cases.push_back(reported({error, "", everyday, fmt::format("case-{}", i)}));
  for (std::size_t i = 0; i < r.cases.size(); ++i) {
    r.cases[i].grade.reset();
    r.cases[i].told.said = std::string(1, static_cast<char>('a' + i));
  }
  r.causes = causes(r);
  const std::string text = report_summary(r);
  EXPECT_NE(text.find("assay explain huber/f32/case-9\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("assay explain huber/f32/case-10\n"), std::string::npos);
  EXPECT_NE(text.find("\n  huber f32: 1 case: an error in place of an answer: l\n"), std::string::npos)
      << text;
  for (ReportedCase& c : r.cases) c.status = Status::known;
  r.causes = causes(r);
  EXPECT_EQ(report_summary(r).find("an error in place of"), std::string::npos) << "known: counted, not told";
}

}  // namespace
}  // namespace assay
