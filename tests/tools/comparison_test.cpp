// Reports side by side: what is counted, what changed, and that a report from elsewhere breaks nothing.
#include "tools/reports/comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

#include "tools/reports/report_json.hpp"
#include "tools/text/json.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;
using namespace std::string_literals;

const ComponentVerdict right{Grade::correctly_rounded, .5}, off{Grade::wrong, infinity},
    rough{Grade::inaccurate, 3e5};

ReportedCase judged(std::string id, Status status, std::optional<ComponentVerdict> value,
                    std::optional<ComponentVerdict> gradient, Regime regime = Regime::everyday) {
  ReportedCase c;
  c.id = std::move(id);
  c.loss = c.id.substr(0, c.id.find('/'));
  c.dtype = c.id.substr(c.id.find('/') + 1, 3);
  c.slug = "slug-of-" + c.id;
  c.regime = regime;
  c.status = status;
  c.value = value;
  c.gradient = gradient;
  c.gradient_asked = gradient.has_value();
  if (value) {
    c.grade = std::max(value->grade, gradient ? gradient->grade : value->grade);
    c.ulps = std::max(value->ulps, gradient ? gradient->ulps : value->ulps);
    c.where = gradient && gradient->grade > value->grade ? "gradient.x[0]" : "value[0]";
  }
  if (fails(c)) c.message = "message of " + c.id;
  return c;
}

ReportedCase unanswered(std::string id, bool gradient_asked) {
  ReportedCase c = judged(std::move(id), Status::failed, {}, {});
  c.gradient_asked = gradient_asked;
  c.finding = "protocol/crash";
  return c;
}

ComparedReport of(std::string name, std::string version, std::vector<ReportedCase> cases) {
  ComparedReport r;
  r.report.implementation = {std::move(name), std::move(version), "c"};
  r.report.version = "1.2.3";
  r.report.cases = std::move(cases);
  r.conforms = conforms(r.report);
  return r;
}

const Tally& cell(const Comparison& c, std::string_view loss, Regime regime, Part part, std::size_t column) {
  for (const ComparisonRow& row : c.rows)
    if (row.loss == loss && row.regime == regime && row.part == part) return row.cells.at(column);
  static const Tally none;
  return none;
}

TEST(Comparison, CountsValuesAndGradientsApart) {
  const Comparison c = compare({of(
      "a", "1",
      {judged("mse/f32/1", Status::conforming, right, right), judged("mse/f32/2", Status::failed, right, off),
       judged("mse/f32/3", Status::known, rough, right), judged("mse/f32/4", Status::conforming, right, {}),
       judged("mse/f32/5", Status::failed, off, off, Regime::special)})});
  const Tally &value = cell(c, "mse", Regime::everyday, Part::value, 0),
              &gradient = cell(c, "mse", Regime::everyday, Part::gradient, 0);
  EXPECT_EQ(value.offered, 4U);
  EXPECT_EQ(value.conforming, 3U);
  EXPECT_EQ(value.worst->grade, Grade::inaccurate);
  EXPECT_EQ(value.worst_case, 2U);
  EXPECT_EQ(gradient.offered, 3U);
  EXPECT_EQ(gradient.conforming, 2U);
  EXPECT_EQ(gradient.worst->grade, Grade::wrong);
  EXPECT_EQ(gradient.worst_case, 1U);
  EXPECT_EQ(cell(c, "mse", Regime::special, Part::value, 0).conforming, 0U);
}

TEST(Comparison, WhatWasNotAskedOrHasNoRightAnswerIsNotCounted) {
  ReportedCase invalid = judged("mse/f32/2", Status::unchecked_domain, {}, {}, Regime::invalid);
  const Comparison c = compare({of("a", "1",
                                   {judged("mse/f32/1", Status::not_offered, {}, {}), invalid,
                                    judged("mse/f32/3", Status::conforming, {}, {}, Regime::invalid)})});
  ASSERT_EQ(c.rows.size(), 1U);
  EXPECT_EQ(c.rows[0].regime, Regime::invalid);
  EXPECT_EQ(c.rows[0].cells[0].offered, 1U);
  EXPECT_EQ(c.rows[0].cells[0].conforming, 1U);
}

TEST(Comparison, AnAnswerThatNeverCameIsMissingInEachPartThatWasAsked) {
  const Comparison c =
      compare({of("a", "1", {unanswered("mse/f32/1", true), unanswered("mse/f32/2", false)})});
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::value, 0).unanswered, 2U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::gradient, 0).unanswered, 1U);
  EXPECT_EQ(tally_text(cell(c, "mse", Regime::everyday, Part::value, 0), Grade::stable), "0/2, no answer");
}

TEST(Comparison, OfACaseThatFailsSomePartFails) {
  ReportedCase hidden = judged("mse/f32/1", Status::failed, right, right);  // by what no part's grade tells
  hidden.where = "gradient.x[1]";
  const Comparison c = compare({of("a", "1", {hidden})});
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::value, 0).conforming, 1U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::gradient, 0).conforming, 0U);
}

TEST(Comparison, OfAnOlderReportTheWorsePartIsKnown) {
  ReportedCase old = judged("mse/f32/1", Status::failed, right, off);
  old.value.reset();
  old.gradient.reset();
  old.gradient_asked = false;
  const Comparison c = compare({of("a", "1", {old})});
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::value, 0).offered, 0U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::gradient, 0).worst->grade, Grade::wrong);
}

TEST(Comparison, AnAuditsPlacesAndPromisesAreCounted) {
  ReportedCase place = judged("mse/f32/1", Status::failed, {}, off);
  place.grade = Grade::wrong;
  place.slug = "mse/f32/gradient.prediction/everyday";
  ReportedCase kept = judged("mse/f32/promise/0", Status::conforming, {}, {});
  kept.slug = "mse/f32/promise/0";
  ReportedCase silent = unanswered("mse/f32/2", false);
  silent.slug = "mse/f32/gradient.target/everyday/no-answer";
  ComparedReport audit = of("a", "1", {place, kept, silent});
  audit.audit = true;
  const Comparison c = compare({audit});
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::value, 0).offered, 0U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::gradient, 0).offered, 2U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::gradient, 0).unanswered, 1U);
  EXPECT_EQ(cell(c, "mse", Regime::everyday, Part::promise, 0).conforming, 1U);
}

TEST(Comparison, RowsAreSortedByRegimeThenAsTheCatalogueHasTheLosses) {
  const Comparison c = compare({of("a", "1",
                                   {judged("unheard_of/f32/1", Status::conforming, right, {}),
                                    judged("huber/f64/1", Status::conforming, right, {}, Regime::tail),
                                    judged("huber/f32/1", Status::conforming, right, {}),
                                    judged("mse/f64/1", Status::conforming, right, {}),
                                    judged("mse/f32/1", Status::conforming, right, right)})});
  std::string all;
  for (const ComparisonRow& row : c.rows)
    all += row.loss + " " + row.dtype + " " + std::string(name(row.part)) + ", ";
  EXPECT_EQ(all,
            "mse f32 value, mse f32 gradient, mse f64 value, huber f32 value, unheard_of f32 value, huber "
            "f64 value, ");
  EXPECT_EQ(together(c.rows).size(), 5U);
  ASSERT_EQ(together(c.rows, true).size(), 3U);
  EXPECT_EQ(together(c.rows, true)[0].cells[0].offered, 4U);
}

TEST(Comparison, AVariantIsALossOfItsOwn) {
  ReportedCase core = judged("huber/f32/1", Status::failed, off, {}),
               layers = judged("huber/f32/1", Status::conforming, right, {});
  core.variant = "core";
  layers.variant = "layers";
  const Comparison c = compare({of("a", "1", {core, layers}), of("a", "2", {layers, core})});
  ASSERT_EQ(c.rows.size(), 2U);
  EXPECT_EQ(c.rows[0].loss, "huber (core)");
  EXPECT_TRUE(c.changes[0].fixed.empty());
  EXPECT_TRUE(c.changes[0].broken.empty());
}

TEST(Comparison, LabelsAreToldApart) {
  ComparedReport one = of("torch", "1", {}), two = of("torch", "1", {}), three = of("torch", "2", {});
  one.path = "before/x.json";
  two.path = "after/x.json";
  const Comparison paths = compare({one, two, three});
  EXPECT_EQ(paths.reports[0].label, "torch 1 (x.json) (before/x.json)");
  EXPECT_EQ(paths.reports[2].label, "torch 2");
  const Comparison same = compare({one, one, of("", "", {})});
  EXPECT_NE(same.reports[0].label, same.reports[1].label);
  EXPECT_EQ(same.reports[2].label, "no name");
  two.audit = true;
  const Comparison kinds = compare({one, two});
  EXPECT_EQ(kinds.reports[0].label, "torch 1");
  EXPECT_EQ(kinds.reports[1].label, "torch 1 (audit)");
}

TEST(Comparison, TellsWhatChangedSince) {
  const auto before =
      of("torch", "1",
         {judged("mse/f32/1", Status::failed, off, {}), judged("mse/f32/2", Status::conforming, right, {}),
          judged("mse/f32/3", Status::known, off, {}), judged("mse/f32/4", Status::conforming, right, {}),
          judged("mse/f32/5", Status::not_offered, {}, {}),
          judged("mse/f32/6", Status::conforming, right, {}), judged("mse/f32/9", Status::failed, off, {})});
  const auto after =
      of("torch", "2",
         {judged("mse/f32/1", Status::conforming, right, {}),
          judged("mse/f32/2", Status::known, off, {}, Regime::tail),
          judged("mse/f32/3", Status::failed, off, {}), judged("mse/f32/4", Status::failed, off, {}),
          judged("mse/f32/5", Status::failed, off, {}), judged("mse/f32/6", Status::not_offered, {}, {}),
          judged("mse/f32/7", Status::conforming, right, {})});
  const Comparison c = compare({before, of("other", "1", {}), after});
  ASSERT_EQ(c.changes.size(), 1U);
  const Changes& changes = c.changes[0];
  EXPECT_EQ(changes.before, 0U);
  EXPECT_EQ(changes.after, 2U);
  ASSERT_EQ(changes.fixed.size(), 1U);
  EXPECT_EQ(*changes.fixed[0].after, 0U);
  ASSERT_EQ(changes.broken.size(), 2U);
  EXPECT_EQ(*changes.broken[0].after, 3U) << "the most ordinary first";
  EXPECT_EQ(*changes.broken[1].before, 1U);
  EXPECT_EQ(changes.added.size(), 2U);
  EXPECT_EQ(changes.added_failing, 1U);
  ASSERT_EQ(changes.gone.size(), 2U);
  EXPECT_EQ(*changes.gone[0].before, 5U);
  EXPECT_EQ(changes_text(changes, c),
            "torch 1 -> torch 2: 1 fixed, 2 broken, 2 new (1 of them fail), 2 gone");
  for (const std::string& text : {comparison_summary(c), comparison_markdown(c)}) {
    EXPECT_NE(text.find("2 broken"), std::string::npos);
    EXPECT_NE(text.find("message of mse/f32/4"), std::string::npos) << text;
  }
}

TEST(Comparison, AnAuditAndAVerificationAreNotVersionsOfOneAnother) {
  ComparedReport audit = of("torch", "1", {judged("mse/f32/1", Status::failed, off, {})});
  audit.audit = true;
  EXPECT_TRUE(compare({audit, of("torch", "2", {judged("mse/f32/1", Status::conforming, right, {})})})
                  .changes.empty());
}

TEST(Comparison, CausesThatAreToldAlikeStandTogether) {
  ComparedReport a = of("a", "1",
                        {judged("mse/f32/1", Status::failed, off, {}),
                         judged("mse/f32/2", Status::failed, off, {})}),
                 b = of("b", "1", {judged("mse/f32/1", Status::failed, off, {})});
  a.report.causes = {
      {.loss = "mse", .dtypes = {"f32"}, .regime = Regime::tail, .what = "NaN <b>", .cases = {0, 1}}};
  b.report.causes = {
      {.loss = "mse", .dtypes = {"f32"}, .regime = Regime::special, .what = "else", .cases = {0}},
      {.loss = "mse", .dtypes = {"f32"}, .what = "NaN <b>", .cases = {0}, .known = true}};
  const Comparison c = compare({a, b});
  ASSERT_EQ(c.causes.size(), 2U);
  EXPECT_EQ(c.causes[0].what, "NaN <b>");
  EXPECT_EQ(c.causes[0].regime, Regime::everyday);
  EXPECT_EQ(c.causes[0].causes[0], 0U);
  EXPECT_EQ(c.causes[0].causes[1], 1U);
  EXPECT_EQ(c.causes[1].causes[0], std::nullopt);
  EXPECT_NE(comparison_markdown(c).find("| `mse` | everyday | NaN \\<b\\> | 2 | 1, known |"),
            std::string::npos)
      << comparison_markdown(c);
}

TEST(Comparison, MoreReportsThanColumnsAreRowsAndNames) {
  std::vector<ComparedReport> all;
  for (const std::string each : {"a", "b", "c", "d", "e|"})
    all.push_back(of(each, "1", {judged("mse/f32/1", Status::conforming, right, {})}));
  ReportedCase wrong = judged("mse/f32/2", Status::failed, off, {});
  wrong.variant = "core";
  all[1].report.cases.push_back(wrong);
  all[1].report.causes = {
      {.loss = "mse", .variant = "core", .dtypes = {"f32"}, .what = "NaN", .cases = {1}},
      {.loss = "mse", .variant = "core", .dtypes = {"f32"}, .what = "NaN", .cases = {1}},
      {.loss = "mse", .dtypes = {"f32"}, .regime = Regime::extreme, .what = "odd", .cases = {1}}};
  all[2].report.causes = {{.loss = "mse", .dtypes = {"f32"}, .what = "NaN", .cases = {0}, .known = true}};
  const std::string page = comparison_markdown(compare(all));
  EXPECT_NE(page.find("| b 1 | 1 | f32 | 1 of 2 |"), std::string::npos) << page;
  EXPECT_NE(page.find("| e\\| 1 | 1 | f32 | 1 of 1 |"), std::string::npos) << page;
  EXPECT_NE(page.find("| `mse` | value | a, b, c, d, e\\| | **b (core)** 0/1, wrong |"), std::string::npos)
      << page;
  EXPECT_NE(page.find("| `mse` | NaN | b (core) 2, c 1 |"), std::string::npos) << page;
  EXPECT_NE(page.find("Causes that only other inputs show: 1."), std::string::npos) << page;
  all.push_back(of("a", "2", {judged("mse/f32/1", Status::failed, off, {})}));
  const std::string versions = comparison_markdown(compare(all));
  EXPECT_NE(versions.find("**a 2** 0/1, wrong"), std::string::npos) << versions;
  EXPECT_NE(versions.find("a 1 -\\> a 2: 0 fixed, 1 broken"), std::string::npos) << versions;
}

TEST(Comparison, ReportsThatWereJudgedAtOtherGradesSaySo) {
  ComparedReport a = of("a", "1", {judged("mse/f32/1", Status::conforming, right, {})}), b = a;
  EXPECT_EQ(comparison_summary(compare({a, b})).find("not judged alike"), std::string::npos);
  b.report.require = Grade::absolute;
  EXPECT_NE(
      comparison_summary(compare({a, b})).find("not judged alike: a 1 (1) at stable, a 1 (2) at absolute"),
      std::string::npos);
}

TEST(Comparison, ATallyIsSaidInFewWords) {
  EXPECT_EQ(tally_text({}, Grade::stable), "");
  EXPECT_EQ(tally_text({.offered = 3, .conforming = 3, .worst = right}, Grade::stable), "3/3, 0.500 ulp");
  EXPECT_EQ(tally_text({.offered = 3, .conforming = 1, .worst = rough}, Grade::stable),
            "1/3, inaccurate, 3e+05 ulp");
  EXPECT_EQ(tally_text({.offered = 3, .conforming = 1, .worst = off}, Grade::stable), "1/3, wrong");
  EXPECT_EQ(tally_text({.offered = 3, .conforming = 1, .unanswered = 1, .worst = right}, Grade::stable),
            "1/3, no answer");
}

// ---- what is read

class ReadReport : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "assay_compare_XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ComparedReport read(const std::string& text) const {
    std::ofstream(folder_ / "r.json", std::ios::binary) << text;
    return read_report(folder_ / "r.json");
  }
  /// What is wrong with it; nothing where it can be read.
  std::string refusal(const std::string& text) const {
    try {
      read(text);
      return "";
    } catch (const UsageError& e) {
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find((folder_ / "r.json").string()), 0U) << e.what();
      return std::string(e.what()).substr((folder_ / "r.json").string().size());
    }
  }

  std::filesystem::path folder_;
};

const std::string hostile = "a\x1b[31m\n\xff <b>|`&\"'\xe2\x80\xae]]>"s;

Report example() {
  Report r = of(hostile, "1",
                {judged("mse/f32/1", Status::conforming, right, rough, Regime::tail),
                 judged("mse/f32/2", Status::failed, off, {}), unanswered("mse/f64/3", true)})
                 .report;
  r.cases[1].message = r.cases[1].slug = hostile;
  r.cases[1].variant = "core" + hostile;
  r.findings.push_back({"protocol/exit", hostile, "", ""});
  r.findings.push_back({"protocol/echo/f32", "-0 came back as 0", "", "", Severity::note});
  r.causes = {{.loss = "mse", .dtypes = {"f64"}, .what = hostile, .cases = {2}}};
  r.binades = {{.loss = "mse",
                .dtype = "f32",
                .output = "value",
                .exponent = -3,
                .ulps = infinity,
                .grade = Grade::wrong,
                .condition = 2,
                .allowed = 8,
                .id = "mse/f32/2"}};
  return r;
}

TEST_F(ReadReport, WhatWasWrittenIsReadBack) {
  const Report r = example();
  const ComparedReport back = read(report_json(r));
  EXPECT_FALSE(back.audit);
  EXPECT_FALSE(back.conforms);
  EXPECT_EQ(back.report.require, r.require);
  ASSERT_EQ(back.report.cases.size(), 3U);
  ComparedReport original;
  original.report = r;
  const Comparison from_file = compare({back}), from_memory = compare({original});
  ASSERT_EQ(from_file.rows.size(), from_memory.rows.size());
  for (std::size_t i = 0; i < from_file.rows.size(); ++i) {
    const ComparisonRow &a = from_file.rows[i], &b = from_memory.rows[i];
    EXPECT_EQ(a.dtype + std::string(name(a.part)), b.dtype + std::string(name(b.part)));
    EXPECT_EQ(a.cells[0].offered, b.cells[0].offered);
    EXPECT_EQ(a.cells[0].conforming, b.cells[0].conforming);
    EXPECT_EQ(a.cells[0].unanswered, b.cells[0].unanswered);
    EXPECT_EQ(a.cells[0].worst.has_value(), b.cells[0].worst.has_value());
  }
  ASSERT_EQ(back.report.findings.size(), 2U);
  EXPECT_TRUE(fails(back.report.findings[0]));
  EXPECT_FALSE(fails(back.report.findings[1])) << "a note";
  ASSERT_EQ(back.report.causes.size(), 1U);
  EXPECT_EQ(back.report.cases[back.report.causes[0].cases[0]].id, "mse/f64/3");
  ASSERT_EQ(back.report.binades.size(), 1U);
  EXPECT_EQ(back.report.binades[0].exponent, -3);
  EXPECT_EQ(back.report.binades[0].ulps, infinity);
}

TEST_F(ReadReport, NothingOfItActs) {
  const Comparison c = compare({read(report_json(example())), read(report_json(example()))});
  for (const std::string& text : {comparison_summary(c), comparison_markdown(c), badge_json(c.reports[0])}) {
    for (const char each : text)
      EXPECT_FALSE(static_cast<unsigned char>(each) < 0x20 && each != '\n') << int{each};
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  }
  const std::string spans_left_out =
      std::regex_replace(comparison_markdown(c), std::regex("`` .*? ``|`[^`\n]*`"), "");
  EXPECT_NE(spans_left_out.find("\\<b\\>"), std::string::npos);
  EXPECT_EQ(spans_left_out.find("<b>"), std::string::npos) << spans_left_out;
}

TEST_F(ReadReport, CutOffAnywhereItIsRefusedInOneLine) {
  const std::string whole = report_json(example());
  for (std::size_t length = 0; length + 2 < whole.size(); length += 7)
    EXPECT_NE(refusal(whole.substr(0, length)), "") << length;
}

TEST_F(ReadReport, WhatIsWrongIsNamedByItsField) {
  const std::string whole = report_json(example());
  const auto with = [&](const std::string& old, const std::string& now) {
    std::string text = whole;
    const std::size_t at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    if (at != std::string::npos) text.replace(at, old.size(), now);
    return refusal(text);
  };
  EXPECT_EQ(with("assay-report-v1", "assay-report-v9"),
            ": schema: must be \"assay-report-v1\"; --report FILE.json of verify or audit writes it");
  EXPECT_EQ(refusal("{}"),
            ": is no report: it has no \"schema\"; --report FILE.json of verify or audit writes one");
  EXPECT_EQ(refusal("[]"), refusal("{}"));
  EXPECT_EQ(with("\"require\":\"stable\"", "\"require\":\"stubble\""), ": require: is no grade");
  EXPECT_EQ(with("\"conforms\":false", "\"conforms\":0"), ": conforms: must be true or false");
  EXPECT_EQ(with("\"regime\":\"everyday\"", "\"regime\":\"holiday\"").substr(0, 3), "")
      << "rows are not read";
  EXPECT_EQ(with("\"cases\": [", "\"cases\": {}, \"x\": ["), ": cases: must be a list");
  EXPECT_EQ(with("\"status\":\"failed\"", "\"status\":\"sad\""),
            ": cases[0].status: must be one of conforming, failed, known, unchecked domain, not offered");
  EXPECT_EQ(with("\"value\":{\"grade\":\"wrong\",", "\"value\":{"), ": cases[0].value.grade: is missing");
  EXPECT_EQ(with("\"cases\":[\"mse/f64/3\"]", "\"cases\":[\"mse/f64/4\"]"),
            ": causes[0].cases[0]: names no case of this report");
  EXPECT_EQ(with("\"exponent\":-3", "\"exponent\":1e300"),
            ": binades[0].exponent: must be the exponent of a number");
}

TEST_F(ReadReport, AFileThatIsNotThereIsNamed) {
  EXPECT_THROW(read_report(folder_ / "none.json"), std::runtime_error);
}

// ---- the badge

std::string color(int good, int bad, bool finding = false) {
  std::vector<ReportedCase> cases;
  for (int i = 0; i < good; ++i) cases.push_back(judged("mse/f32/a", Status::conforming, right, {}));
  for (int i = 0; i < bad; ++i)
    cases.push_back(judged("mse/f32/b", i % 2 ? Status::failed : Status::known, off, {}));
  cases.push_back(judged("mse/f32/c", Status::not_offered, {}, {}));
  cases.push_back(judged("mse/f32/d", Status::unchecked_domain, {}, {}));
  ComparedReport report = of("a", "1", cases);
  if (finding) report.report.findings.push_back({"protocol/exit", "exited with 1", "", ""});
  report.conforms = conforms(report.report);
  const Json badge = parse_json(badge_json(report));
  EXPECT_EQ(badge.find("schemaVersion")->text, "1");
  EXPECT_EQ(badge.find("label")->text, "assay");
  EXPECT_EQ(badge.members.size(), 4U);
  return badge.find("message")->text + ": " + badge.find("color")->text;
}

TEST(Badge, SaysHowManyConformInAColourThatFollows) {
  EXPECT_EQ(color(4, 0), "4 of 4 stable: brightgreen");
  EXPECT_EQ(color(4, 0, true), "4 of 4 stable, 1 finding: yellow");
  EXPECT_EQ(color(995, 5), "995 of 1000 stable: green");
  EXPECT_EQ(color(95, 5), "95 of 100 stable: yellowgreen");
  EXPECT_EQ(color(90, 10), "90 of 100 stable: yellow");
  EXPECT_EQ(color(75, 25), "75 of 100 stable: orange");
  EXPECT_EQ(color(74, 26), "74 of 100 stable: red");
  EXPECT_EQ(color(0, 3), "0 of 3 stable: red");
  EXPECT_EQ(color(0, 0), "nothing judged: lightgrey");
}

}  // namespace
}  // namespace assay
