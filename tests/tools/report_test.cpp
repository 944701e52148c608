// Reports: every form holds what was found, and nothing that a testee sent can break one.
#include "tools/reports/report.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "tools/reports/cause.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_json.hpp"
#include "tools/reports/report_junit.hpp"
#include "tools/reports/report_markdown.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/report_summary.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/json.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using Status = ReportedCase::Status;

using namespace std::string_literals;
const std::string hostile = "a\x1b[31m\n\xff\x00 <b>|`&\"'\xe2\x80\xae\xef\xbf\xbf]]>"s;

ReportedCase reported(std::string id, Status status, std::optional<Grade> grade, double ulps) {
  ReportedCase c;
  c.id = std::move(id);
  c.loss = c.id.substr(0, c.id.find('/'));
  c.dtype = c.id.substr(c.id.find('/') + 1, 3);
  c.regime = Regime::tail;
  c.slug = "slug-of-" + c.id.substr(c.id.rfind('/') + 1);
  c.status = status;
  c.grade = grade;
  c.ulps = ulps;
  c.condition = 1;
  c.reproduce = "tools/assay explain " + c.id;
  return c;
}

Report example() {
  Report r;
  r.version = "1.2.3";
  r.implementation = {"testee" + hostile, "0" + hostile, "c"};
  r.command = {"--", "./a", hostile};
  r.golden = "golden/v1";
  r.cases.push_back(reported("huber/f32/1", Status::conforming, Grade::faithful, .6));
  r.cases.push_back(reported("huber/f32/2", Status::failed, Grade::wrong, infinity));
  r.cases.back().message = hostile;
  r.cases.back().slug = hostile;
  r.cases.push_back(reported("huber/f32/3", Status::known, Grade::inaccurate, 1e9));
  r.cases.back().reason = hostile;
  r.cases.push_back(reported("huber/f32/4", Status::not_offered, std::nullopt, 0));
  r.cases.back().regime = Regime::everyday;
  r.cases.push_back(reported("mse/f64/5", Status::failed, std::nullopt, 0));
  r.cases.back().finding = "protocol/crash";
  r.cases.back().detail = "Traceback\n  line\x07\n";
  r.cases.back().regime = Regime::everyday;
  r.cases.push_back(reported("mse/f64/6", Status::unchecked_domain, std::nullopt, 0));
  r.cases.push_back(reported("mse/f64/7", Status::conforming, Grade::wrong, infinity));
  r.cases.back().convention = "log-clamped-100";
  r.cases.back().condition = std::numeric_limits<double>::quiet_NaN();
  r.findings.push_back({"protocol/echo/f32", hostile, "", ""});
  r.findings.push_back({"protocol/exit", "exited with 1", "known reason", ""});
  r.stale.push_back({"huber/f64/*", "passes now", 4});
  for (ReportedCase& c : r.cases) {
    c.told.kind = c.finding.empty() ? ErrorKind::nan_for_number : ErrorKind::no_answer;
    c.told.said = printable(hostile);
    c.where = hostile;
    c.told.inputs = c.told.inputs_hex = c.told.got = c.told.expected = hostile;
  }
  r.causes = causes(r);
  for (Cause& c : r.causes) {
    c.mechanism = c.sentence = c.evidence = c.language = hostile;
    c.snippet = "line 1 " + hostile + "\n```\nline 2\n";
    c.confident = true;
  }
  return r;
}

/// The elements of a well-formed document, in order of opening; a failure of the test where it is not one.
std::vector<std::string> elements(const std::string& xml) {
  std::vector<std::string> all, open;
  const std::size_t prolog = xml.find("?>");
  EXPECT_EQ(xml.find("<?xml"), 0U);
  for (std::size_t i = prolog + 2; i < xml.size();) {
    if (xml[i] != '<') {
      if (xml[i] == '&') {
        const std::string entity = xml.substr(i, xml.find(';', i) - i + 1);
        EXPECT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;" ||
                    entity == "&apos;")
            << entity;
      }
      EXPECT_NE(xml[i], '>');
      ++i;
      continue;
    }
    const std::size_t end = xml.find('>', i);
    const std::string tag = xml.substr(i + 1, end - i - 1);
    EXPECT_EQ(tag.find('<'), std::string::npos) << tag;
    EXPECT_EQ(std::count(tag.begin(), tag.end(), '"') % 2, 0) << tag;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag[0] == '/') {
      EXPECT_FALSE(open.empty());
      if (!open.empty()) {
        EXPECT_EQ("/" + open.back(), tag);
        open.pop_back();
      }
    } else {
      all.push_back(name);
      if (tag.back() != '/') open.push_back(name);
    }
    i = end + 1;
  }
  EXPECT_TRUE(open.empty());
  return all;
}

void expect_visible(const std::string& text) {
  for (const char c : text) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 && c != '\n') << int{c};
  for (const char* hidden : {"\x7f", "\xff", "\xe2\x80\xae", "\xef\xbf\xbf"})
    EXPECT_EQ(text.find(hidden), std::string::npos);
}

TEST(Visible, WhatActsIsSpeltOutAndTheRestStays) {
  EXPECT_EQ(printable("plain \xc3\xa9 \xf0\x9f\x98\x80 \\x1b"), "plain \xc3\xa9 \xf0\x9f\x98\x80 \\x1b");
  EXPECT_EQ(printable("\x1b[0m\r\n\t"), "\\x1b[0m\\x0d\\n\\t");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xc2\x9b"), "\\u{9b}");
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\u{202e}");
}

TEST(Visible, TheEndOfAnErrorStreamIsShownLineByLine) {
  EXPECT_EQ(last_lines("one\ntwo\x07\n\nthree\n\n", 2), "  | two\\x07\n  | three\n");
  EXPECT_EQ(last_lines(" \n\n"), "");
}

TEST(Visible, WordsComeBackFromAShell) {
  EXPECT_EQ(shell_quoted("huber/f32/50351964cf46"), "huber/f32/50351964cf46");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quoted("*"), "'*'");
}

TEST(Report, CountsEachLossAndNamesItsWorstCase) {
  const Report r = example();
  const std::vector<ReportRow> all = rows(r);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].cases, 4);
  EXPECT_EQ(all[0].conforming, 1);
  EXPECT_EQ(all[0].failed, 1);
  EXPECT_EQ(all[0].known, 1);
  EXPECT_EQ(all[0].not_offered, 1);
  EXPECT_EQ(all[0].worst->id, "huber/f32/2");
  EXPECT_EQ(all[1].unchecked_domain, 1);
  EXPECT_EQ(all[1].conventional, 1);
  EXPECT_EQ(all[1].worst->id, "mse/f64/5")
      << "no answer is worse than a wrong one; a declared convention is neither";
  EXPECT_EQ(total(all).cases, 7);
  EXPECT_EQ(total(all).worst->id, "mse/f64/5");
}

/// The regimes of one loss's cases, as letters: f fails, k is known to, c conforms.
Report of(const std::vector<std::pair<char, Regime>>& all, const std::string& loss = "huber") {
  Report r;
  for (const auto& [what, regime] : all) {
    const Status status = what == 'f' ? Status::failed : what == 'k' ? Status::known : Status::conforming;
    r.cases.push_back(reported(fmt::format("{}/f32/{}", loss, r.cases.size()), status,
                               what == 'c' ? Grade::tight : Grade::wrong,
                               what == 'c' ? 3 : 10. * static_cast<double>(r.cases.size() + 1)));
    r.cases.back().regime = regime;
  }
  return r;
}

TEST(Report, TheHeadlineIsTheWorstCaseOfTheMostOrdinaryRegimeThatFails) {
  using enum Regime;
  Report r = of({{'c', everyday}, {'f', extreme}, {'f', tail}, {'f', tail}, {'f', extreme}});
  EXPECT_EQ(rows(r).at(0).worst->id, "huber/f32/3");
  EXPECT_EQ(rows(r).at(0).failing, tail);
  r = of({{'k', everyday}, {'f', tail}});
  EXPECT_EQ(rows(r).at(0).worst->id, "huber/f32/0") << "what is known fails, too";
  r = of({{'f', extreme}, {'f', everyday}});
  r.cases[1].ulps = infinity;
  EXPECT_EQ(rows(r).at(0).worst->id, "huber/f32/1");
  EXPECT_EQ(rows(r).at(0).worst_finite->id, "huber/f32/0") << "no case of the everyday is off by a number";
  r.cases[1].grade.reset();
  EXPECT_EQ(rows(r).at(0).worst->id, "huber/f32/1");
  r = of({{'c', extreme}, {'c', everyday}});
  r.cases[0].ulps = 4;
  EXPECT_EQ(rows(r).at(0).worst->id, "huber/f32/0") << "nothing fails: the worst of all";
  EXPECT_EQ(rows(r).at(0).failing, std::nullopt);
}

TEST(Report, WhatFailsOnOrdinaryNumbersComesFirst) {
  using enum Regime;
  Report r = of({{'c', everyday}}, "mae");
  for (Report each : {of({{'f', special}, {'f', tail}}, "hinge"), of({{'f', extreme}}, "huber"),
                      of({{'f', degenerate}, {'f', everyday}}, "mse"), of({{'f', tail}}, "softplus")})
    for (ReportedCase& c : each.cases) {
      c.told.kind = ErrorKind::nan_for_number;
      r.cases.push_back(std::move(c));
    }
  r.causes = causes(r);
  std::string order;
  for (const ReportRow& row : by_regime(rows(r))) order += row.loss + " ";
  EXPECT_EQ(order, "mse hinge softplus huber mae ");
  EXPECT_EQ(total(rows(r)).failing, everyday);

  const auto in_order = [](const std::string& text, const std::vector<std::string>& parts) {
    std::size_t at = 0;
    for (const std::string& part : parts) {
      at = text.find(part, at);
      if (at == std::string::npos) return part + " is missing, or out of order, in\n" + text;
      at += part.size();
    }
    return std::string();
  };
  EXPECT_EQ(in_order(report_summary(r), {"everyday: 1 cause, 1 failure",
                                         "mse f32: 2 cases, 1 everyday: ", "tail: 2 causes, 2 failures",
                                         "hinge f32: 2 cases, 1 tail: ", "softplus f32: 1 case: ",
                                         "extreme: 1 cause, 1 failure", "huber f32: 1 case: ", "\nloss ",
                                         "\nmse ", "\nhinge ", "\nsoftplus ", "\nhuber ", "\nconform: mae"}),
            "");
  EXPECT_EQ(in_order(report_markdown(r),
                     {"| regime |", "`mse` | f32 | 0 of 2 | everyday |", "`hinge` | f32 | 0 of 2 | tail |",
                      "`softplus`", "`huber` | f32 | 0 of 1 | extreme |", "`mae`"}),
            "");
  EXPECT_EQ(
      in_order(report_json(r), {R"("loss":"mse","dtype":"f32")", R"("regime":"everyday","worst":"mse/f32/1")",
                                R"("loss":"mae")", R"("regime":null)", R"("id":"mae/f32/0")",
                                R"("id":"mse/f32/1")", R"("id":"hinge/f32/1")", R"("id":"softplus/f32/0")",
                                R"("id":"huber/f32/0")", R"("id":"mse/f32/0")", R"("id":"hinge/f32/0")"}),
      "");
  EXPECT_EQ(in_order(report_junit(r),
                     {R"(<testsuite name="hinge.f32")", R"(name="slug-of-1")", R"(value="hinge/f32/1")",
                      R"(value="hinge/f32/0")", R"(<testsuite name="mse.f32")", R"(value="mse/f32/1")",
                      R"(value="mse/f32/0")"}),
            "");
}

TEST(Report, ConformsWhenEveryFailureIsKnownAndEveryKnownOneFails) {
  Report r = example();
  EXPECT_FALSE(conforms(r));
  std::erase_if(r.cases, [](const ReportedCase& c) { return c.status == Status::failed; });
  EXPECT_FALSE(conforms(r));
  r.findings.erase(r.findings.begin());
  EXPECT_FALSE(conforms(r));
  r.stale.clear();
  EXPECT_TRUE(conforms(r));
}

TEST(Report, JsonParsesAndIsComplete) {
  const std::string text = report_json(example());
  expect_visible(text);
  const Json parsed = parse_json(text);
  EXPECT_EQ(parsed.find("schema")->text, "assay-report-v1");
  EXPECT_FALSE(parsed.find("conforms")->truth);
  EXPECT_EQ(parsed.find("implementation")->find("name")->text, "testee" + printable(hostile));
  EXPECT_EQ(parsed.find("losses")->items.size(), 2U);
  ASSERT_EQ(parsed.find("cases")->items.size(), 7U);
  std::map<std::string, Json> cases;
  for (const Json& each : parsed.find("cases")->items) cases[each.find("id")->text] = each;
  const Json& wrong = cases.at("huber/f32/2");
  EXPECT_EQ(wrong.find("regime")->text, "tail");
  EXPECT_EQ(wrong.find("status")->text, "failed");
  EXPECT_EQ(wrong.find("grade")->text, "wrong");
  EXPECT_EQ(wrong.find("ulps")->text, "Infinity");
  EXPECT_EQ(wrong.find("message")->text, printable(hostile));
  EXPECT_EQ(cases.at("huber/f32/1").find("ulps")->text, "0.6");
  EXPECT_EQ(cases.at("mse/f64/5").find("grade"), nullptr);
  EXPECT_EQ(cases.at("mse/f64/5").find("detail")->text, "Traceback\\n  line\\x07\\n");
  EXPECT_EQ(parsed.find("findings")->items.size(), 2U);
  const Json& cause = parsed.find("causes")->items.at(0);
  EXPECT_EQ(parsed.find("causes")->items.size(), 3U);
  EXPECT_EQ(cause.find("loss")->text, "mse");
  EXPECT_EQ(cause.find("dtypes")->items.at(0).text, "f64");
  EXPECT_EQ(cause.find("regime")->text, "everyday");
  EXPECT_EQ(cause.find("count")->text, "1");
  EXPECT_FALSE(cause.find("known")->truth);
  EXPECT_EQ(cause.find("cases")->items.at(0).text, "mse/f64/5");
  EXPECT_EQ(cause.find("example")->find("id")->text, "mse/f64/5");
  EXPECT_EQ(cause.find("mechanism")->find("sentence")->text, printable(hostile));
  EXPECT_EQ(parsed.find("causes")->items.at(1).find("example")->find("ulps")->text, "Infinity");
  EXPECT_EQ(parsed.find("stale")->items[0].find("line")->text, "4");
}

TEST(Report, JsonOfNothingParses) {
  const Json parsed = parse_json(report_json(Report{}));
  EXPECT_TRUE(parsed.find("cases")->items.empty());
  EXPECT_TRUE(parsed.find("conforms")->truth);
}

TEST(Report, JUnitIsWellFormedAndCounts) {
  const std::string xml = report_junit(example());
  expect_visible(xml);
  const std::vector<std::string> all = elements(xml);
  const auto count = [&](std::string_view name) { return std::count(all.begin(), all.end(), name); };
  EXPECT_EQ(count("testsuite"), 4);
  EXPECT_EQ(count("testcase"), 10);
  EXPECT_EQ(count("failure"), 4);
  EXPECT_EQ(count("skipped"), 3);
  EXPECT_NE(xml.find("tests=\"10\" failures=\"4\" errors=\"0\" skipped=\"3\""), std::string::npos);
  EXPECT_NE(xml.find("&lt;b&gt;|`&amp;&quot;&apos;"), std::string::npos);
}

TEST(Report, JUnitCallsACaseByItsSlugInTheClassOfItsLossAndDtype) {
  Report r;
  r.cases.push_back(reported("huber/f32/1", Status::conforming, Grade::faithful, .6));
  r.cases.push_back(reported("huber/f32/2", Status::conforming, Grade::faithful, .6));
  r.cases.back().slug = r.cases.front().slug;
  r.cases.push_back(reported("mse/f64/1", Status::failed, Grade::wrong, infinity));
  const std::string xml = report_junit(r);
  for (const char* part :
       {R"(<testsuites name="assay verify )", R"(<testcase classname="huber.f32" name="slug-of-1">)",
        R"(<property name="id" value="huber/f32/1"/><property name="regime" value="tail"/>)",
        R"x(<testcase classname="huber.f32" name="slug-of-1 (huber/f32/2)">)x",
        R"(<testcase classname="mse.f64" name="slug-of-1">)"})
    EXPECT_NE(xml.find(part), std::string::npos) << part << " is missing in\n" << xml;
  EXPECT_NE(audit_junit(r).find(R"(<testsuites name="assay audit )"), std::string::npos);
}

TEST(Report, MarkdownKeepsItsColumns) {
  const std::string text = report_markdown(example());
  expect_visible(text);
  std::istringstream in(text);
  int rows_of_losses = 0, columns = 0;
  for (std::string line; std::getline(in, line);) {
    int bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (!line.starts_with("|"))
      columns = 0;
    else if (columns == 0)
      columns = bars;
    else
      EXPECT_EQ(bars, columns) << line;
    rows_of_losses += columns == 10;
  }
  EXPECT_EQ(rows_of_losses, 4);
  EXPECT_NE(text.find("`huber`"), std::string::npos);
  EXPECT_NE(text.find("| incomparable | 1e+09 | wrong"), std::string::npos) << text;
  EXPECT_NE(text.find("tools/assay explain huber/f32/2"), std::string::npos);
}

TEST(Report, TheSummaryTellsTableFailuresAndTotals) {
  const std::string text = report_summary(example());
  expect_visible(text);
  for (const char* part :
       {"loss", "huber", "no answer", "incomparable", "tools/assay explain mse/f64/5", "  | Traceback",
        "protocol/echo/f32", "(known: known reason)", "line 4: 'huber/f64/*' passes now",
        "7 cases, 2 conform, 1 of them by a declared convention (log-clamped-100 1), 2 failed, 1 known to "
        "fail"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(Report, APageTellsCausesFirstAndFoldsWhatIsLong) {
  const std::string text = report_markdown(example());
  const std::size_t causes_at = text.find("### everyday"),
                    losses_at = text.find("| loss | dtype | conforming |");
  ASSERT_NE(causes_at, std::string::npos) << text;
  EXPECT_LT(causes_at, losses_at);
  EXPECT_NE(text.find("**mse f64: 1 case: protocol/crash: "), std::string::npos) << text;
  EXPECT_NE(text.find("<details><summary>known failures, 1 cause: 1 case</summary>\n\n| cases |"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("````\nline 1 a\\x1b[31m\n"), std::string::npos)
      << "a fence that the snippet cannot end, and no word behind it that is none\n"
      << text;
}

class ReportFile : public testing::Test {
 protected:
  // Tests of one binary run side by side.
  fs::path folder_ =
      fs::path(testing::TempDir()) /
      (std::string("assay_report_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }
};

TEST_F(ReportFile, TheEndingChoosesTheForm) {
  const Report r = example();
  for (const auto& [name, text] :
       {std::pair{"a.json", report_json(r)}, {"a.xml", report_junit(r)}, {"a.md", report_markdown(r)}}) {
    write_report(r, folder_ / name);
    EXPECT_EQ(read(folder_ / name), text);
  }
  EXPECT_EQ(files(), 3) << "nothing else is left beside them";
  EXPECT_THROW(check_report_path("a.pdf"), UsageError);
  EXPECT_THROW(check_report_path("a"), UsageError);
}

TEST_F(ReportFile, WhatCannotBeWrittenLeavesNothing) {
  const Report r = example();
  EXPECT_THROW(write_report(r, folder_ / "none" / "a.json"), std::runtime_error);
  fs::create_directory(folder_ / "b.json");
  EXPECT_THROW(write_report(r, folder_ / "b.json"), std::runtime_error);
  EXPECT_EQ(files(), 1);
}

TEST_F(ReportFile, WhatCannotBeWrittenIsKnownBefore) {
  fs::create_directory(folder_ / "b.json");
  EXPECT_THROW(check_report_path(folder_ / "none" / "a.json"), std::runtime_error);
  EXPECT_THROW(check_report_path(folder_ / "b.json"), std::runtime_error);
  EXPECT_THROW(check_report_path(folder_ / (std::string(300, 'a') + ".json")), std::runtime_error);
  EXPECT_THROW(check_report_path("/proc/a.json"), std::runtime_error) << "root may, and cannot";
  std::ofstream(folder_ / "old.json") << "old";
  for (const char* name : {"new.json", "old.json"})
    EXPECT_NO_THROW(check_report_path(folder_ / name)) << name;
  EXPECT_NO_THROW(check_writable("/dev/null"));
  EXPECT_EQ(files(), 2) << "nothing is left of the trial";
  EXPECT_EQ(read(folder_ / "old.json"), "old");
}

TEST_F(ReportFile, AFullDeviceIsAnError) {
  fs::create_symlink("/dev/full", folder_ / "full.json");
  EXPECT_THROW(write_report(example(), folder_ / "full.json"), std::runtime_error);
  EXPECT_TRUE(fs::is_symlink(folder_ / "full.json"));
}

TEST_F(ReportFile, ALinkStaysALink) {
  std::ofstream(folder_ / "real.json") << "old";
  fs::create_symlink(folder_ / "real.json", folder_ / "link.json");
  write_report(example(), folder_ / "link.json");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.json"));
  EXPECT_EQ(read(folder_ / "real.json"), report_json(example()));
}

}  // namespace
}  // namespace assay
