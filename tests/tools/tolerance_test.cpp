// What an implementation needs of a tolerance, and what a tolerance lets pass, by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/cases/random.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/usage_error.hpp"
#include "tools/tolerances/known_tolerances.hpp"
#include "tools/tolerances/let_pass.hpp"
#include "tools/tolerances/tolerance_report.hpp"

namespace assay::tolerances {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Needs, AreNoneWhereAllIsEqual) {
  Needs needs;
  needs.add(1, 1);
  needs.add(-0.0, 0.0);
  needs.add(infinity, infinity);
  needs.add(nan, nan);
  EXPECT_TRUE(needs.within({0, 0}));
  EXPECT_EQ(needs.least_rtol(), 0);
  EXPECT_EQ(needs.least_atol(), 0);
}

TEST(Needs, AreThoseOfTheFormula) {
  Needs needs;
  needs.add(1.5, 1);  // by .5 of 1
  needs.add(7, 8);    // by 1 of 8
  EXPECT_EQ(needs.least_rtol(), .5);
  EXPECT_EQ(needs.least_atol(), 1);
  EXPECT_TRUE(needs.within({.5, 0}));
  EXPECT_FALSE(needs.within({.49, 0}));
  EXPECT_TRUE(needs.within({0, 1}));
  EXPECT_FALSE(needs.within({0, .99}));
  EXPECT_TRUE(needs.within({.125, .375}));  // .5 <= .375 + .125 and 1 <= .375 + 1
  EXPECT_FALSE(needs.within({.125, .37}));
  EXPECT_TRUE(needs.within({.0625, .5}));  // 1 <= .5 + .5
  EXPECT_FALSE(needs.within({.06, .5}));
}

TEST(Needs, AreRelativeToTheAnswerWhereThatIsAsked) {
  Needs zero, half;
  zero.add(0, 3, Operand::answer);
  half.add(1, 2, Operand::answer);
  EXPECT_EQ(zero.least_rtol(), infinity);
  EXPECT_EQ(zero.least_atol(), 3);
  EXPECT_EQ(half.least_rtol(), 1);
  EXPECT_TRUE(half.within({1, 0}));
}

TEST(Needs, OfAnErrorWhereZeroIsExpectedNoRelativeToleranceMeets) {
  Needs needs;
  needs.add(1e-300, 0);
  EXPECT_EQ(needs.least_rtol(), infinity);
  EXPECT_FALSE(needs.within({infinity, 0}));
  EXPECT_TRUE(needs.within({0, 1e-300}));
  EXPECT_TRUE(needs.within({infinity, infinity}));
}

TEST(Needs, OfWhatIsNoNumberNothingMeets) {
  for (const auto& [answer, expected] :
       {std::pair(nan, 1.), {1., nan}, {infinity, 1.}, {1., infinity}, {infinity, -infinity}}) {
    Needs needs;
    needs.add(answer, expected);
    EXPECT_FALSE(needs.within({infinity, infinity})) << answer << " for " << expected;
    EXPECT_EQ(needs.least_rtol(), infinity);
    EXPECT_EQ(needs.least_atol(), infinity);
  }
}

/// Thousands of errors come to few, and the few say what all said.
TEST(Needs, AreKeptAsFewWithoutALoss) {
  Random random(7);
  const auto draw = [&](int low, int high) { return std::fabs(random.spread(low, high)); };
  std::vector<Error> all;
  Needs needs;
  for (int i = 0; i < 5000; ++i) {
    all.push_back({draw(-20, 10), draw(-30, 0)});
    needs.add(all.back());
  }
  EXPECT_LT(needs.errors().size(), 40u);
  int passed = 0;
  for (int i = 0; i < 2000; ++i) {
    const Tolerance t{draw(-25, 20), draw(-25, 2)};
    const bool within =
        std::ranges::all_of(all, [&](const Error& e) { return e.distance <= t.atol + t.rtol * e.size; });
    EXPECT_EQ(needs.within(t), within) << t.rtol << " " << t.atol;
    passed += within ? 1 : 0;
    if (within) {
      EXPECT_TRUE(needs.within({2 * t.rtol, t.atol}));
      EXPECT_TRUE(needs.within({t.rtol, 2 * t.atol}));
    }
  }
  EXPECT_GT(passed, 100);
  EXPECT_LT(passed, 1900);
  EXPECT_TRUE(needs.within({needs.least_rtol(), 0}));
  EXPECT_FALSE(needs.within({needs.least_rtol() * (1 - 1e-15), 0}));
  EXPECT_TRUE(needs.within({0, needs.least_atol()}));
  EXPECT_FALSE(needs.within({0, std::nextafter(needs.least_atol(), 0)}));
}

TEST(Needs, OfTwoAreThoseOfBoth) {
  Needs a, b;
  a.add(1.5, 1);
  b.add(7, 8);
  a.merge(b);
  EXPECT_EQ(a.least_rtol(), .5);
  EXPECT_EQ(a.least_atol(), 1);
  Needs hopeless;
  hopeless.fail();
  a.merge(hopeless);
  EXPECT_TRUE(a.hopeless());
}

Measured measured(int number, const std::string& name, Grade grade, double answer, double expected) {
  Measured m;
  m.loss = "mse";
  m.dtype = Dtype::f32;
  m.number = number;
  m.name = name;
  m.kinds = {"constant-factor"};
  m.sound = number == 0;
  m.value.cases = 1;
  m.value.grade = grade;
  m.value.ulps = 1000;
  m.value.off = std::fabs(answer - expected) / std::max(std::fabs(answer), std::fabs(expected));
  m.value.wrong = grade > Grade::stable ? 1 : 0;
  m.value.example = Example{"mse/f32/0123456789ab", "a-slug", "value[2]", answer, expected};
  for (const Operand each : operands)
    m.value.needs[static_cast<std::size_t>(each)].add(answer, expected, each);
  return m;
}

/// The textbook is off by 2^-20 of 1; "a digit" by 2^-10, "the sign" by 2; nothing shows what "unseen" does.
std::vector<Measured> corpus() {
  return {measured(0, "textbook", Grade::faithful, 1 + std::ldexp(1, -20), 1),
          measured(1, "a digit", Grade::inaccurate, 1 + std::ldexp(1, -10), 1),
          measured(2, "the sign", Grade::wrong, -1, 1), measured(3, "unseen", Grade::stable, 1, 1)};
}

std::vector<std::string> names(const std::vector<const Measured*>& all) {
  std::vector<std::string> out;
  for (const Measured* each : all) out.push_back(each->name);
  return out;
}

LetPass of(const std::vector<Measured>& all, double rtol, double atol) {
  return let_pass(all, {{rtol, atol}, {rtol, atol}});
}

TEST(LetPass, CountsThoseThatPassTheWorstFirst) {
  const std::vector<Measured> all = corpus();
  const LetPass loose = of(all, 0, 2), tight = of(all, 1e-2, 0), none = of(all, 0, 0);
  ASSERT_EQ(loose.rows.size(), 1u);
  EXPECT_EQ(loose.implementations, 3);
  EXPECT_EQ(loose.rows[0].wrong, 2);
  EXPECT_THAT(names(loose.rows[0].passed), ElementsAre("the sign", "a digit"));
  EXPECT_THAT(names(tight.rows[0].passed), ElementsAre("a digit"));
  EXPECT_TRUE(tight.rows[0].sound_passes);
  EXPECT_TRUE(none.rows[0].passed.empty());
  EXPECT_FALSE(none.rows[0].sound_passes);
  EXPECT_THAT(loose.unseen, ElementsAre(std::pair<std::string, std::string>("mse", "unseen")));
}

TEST(LetPass, SaysWhereTheToleranceWouldHaveToLie) {
  const std::vector<Measured> all = corpus();
  const Row row = of(all, 0, 0).rows[0];
  EXPECT_EQ(row.rtol.largest(), std::nextafter(std::ldexp(1, -10), 0));
  EXPECT_EQ(row.atol.largest(), std::nextafter(std::ldexp(1, -10), 0));
  EXPECT_TRUE(of(all, *row.rtol.largest(), 0).rows[0].passed.empty());
  EXPECT_TRUE(of(all, *row.rtol.largest(), 0).rows[0].sound_passes);
  EXPECT_FALSE(of(all, std::ldexp(1, -10), 0).rows[0].passed.empty());
}

TEST(LetPass, SaysNoneWhereASoundImplementationFailsToo) {
  std::vector<Measured> all = corpus();
  all.push_back(measured(4, "half an ulp", Grade::inaccurate, 1 + std::ldexp(1, -24), 1));
  EXPECT_EQ(of(all, 0, 0).rows[0].rtol.largest(), std::nullopt);
}

TEST(LetPass, KeepsValuesAndGradientsApart) {
  std::vector<Measured> all = corpus();
  std::swap(all[2].value, all[2].gradient);
  const LetPass result = of(all, 0, 2);
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.rows[0].part, Part::value);
  EXPECT_THAT(names(result.rows[0].passed), ElementsAre("a digit"));
  EXPECT_EQ(result.rows[1].part, Part::gradient);
  EXPECT_THAT(names(result.rows[1].passed), ElementsAre("the sign"));
}

TEST(LetPass, MeasuresByTheOperandThatIsNamed) {
  std::vector<Measured> all = corpus();
  all.push_back(measured(4, "twice", Grade::inaccurate, 2, 1));
  EXPECT_THAT(names(let_pass(all, {{.5, 0}, {.5, 0}}, Operand::answer).rows[0].passed),
              ElementsAre("twice", "a digit"));
  EXPECT_THAT(names(let_pass(all, {{.5, 0}, {.5, 0}}).rows[0].passed), ElementsAre("a digit"));
}

TEST(LetPass, IsToldInWords) {
  const std::vector<Measured> all = corpus();
  const auto said = [&](double rtol, double atol) {
    const Question question{{{rtol, atol}, {rtol, atol}}, {Dtype::f32}};
    return text_of(question, of(all, rtol, atol));
  };
  EXPECT_THAT(said(0, 2), HasSubstr("f32: rtol 0, atol 2"));
  EXPECT_THAT(said(0, 2), HasSubstr("Of 3 known wrong implementations 2 are wrong"));
  EXPECT_THAT(said(0, 2), HasSubstr("2 of 2"));
  EXPECT_THAT(said(0, 2), HasSubstr("f32 value: the sign"));
  EXPECT_THAT(said(0, 2), HasSubstr("value[2] is -1, should be 1, in a-slug (mse/f32/0123456789ab)"));
  EXPECT_THAT(said(0, 2), HasSubstr("9.76e-04"));
  EXPECT_THAT(said(0, 2), Not(HasSubstr("itself fails")));
  EXPECT_THAT(said(0, 0), HasSubstr("None of them passes."));
  EXPECT_THAT(said(0, 0), HasSubstr("The sound implementation itself fails this test of mse."));
}

TEST(Measured, ReadsBackFromItsLine) {
  Measured m = measured(7, "\x1b[31mred", Grade::wrong, -infinity, 3);
  m.value.needs[0].add(1.5, 1);
  m.kinds = {"wrong-sign", "argument-order"};
  m.gradient.needs[1].add(1 / 3., 1);
  m.gradient.cases = 4;
  const Json line = measured_to_json(m);
  const Measured back = measured_from_json(parse_json(dump_json(line)));
  EXPECT_EQ(dump_json(measured_to_json(back)), dump_json(line));
  EXPECT_EQ(back.name, m.name);
  EXPECT_EQ(back.kinds, m.kinds);
  EXPECT_TRUE(back.value[Operand::expected].hopeless());
  EXPECT_EQ(back.gradient[Operand::expected].least_rtol(), 0);
  EXPECT_EQ(back.gradient[Operand::answer].least_rtol(), m.gradient[Operand::answer].least_rtol());
  EXPECT_GT(back.gradient[Operand::answer].least_rtol(), 0);
  EXPECT_THROW(measured_from_json(parse_json(R"({"loss":"mse"})")), CodecError);
  EXPECT_THROW(measured_from_json(parse_json("[]")), CodecError);
}

TEST(LibraryDefaults, AreThoseOfTheirSources) {
  EXPECT_EQ(library_defaults().size(), 6u);
  EXPECT_EQ(defaults_of("torch").tolerance.f32.rtol, 1.3e-6);
  EXPECT_EQ(defaults_of("torch").tolerance.f64.atol, 1e-7);
  EXPECT_EQ(defaults_of("numpy").tolerance.f32.atol, 0);
  EXPECT_EQ(defaults_of("jax").tolerance.f64.rtol, 1e-15);
  try {
    defaults_of("pytorch");
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_THAT(e.what(), HasSubstr("there are torch, numpy, jax, keras, tensorflow, mlx"));
  }
}

}  // namespace
}  // namespace assay::tolerances
