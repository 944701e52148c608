// HTML reports: what is in them, that nothing from elsewhere acts there, and what they are made of: the
// counts by regime and the worst error of each binade. How they look and act, html_report_test.sh says.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tools/audit/groups.hpp"
#include "tools/cases/case_builder.hpp"
#include "tools/reports/binades.hpp"
#include "tools/reports/cause.hpp"
#include "tools/reports/html_matrix.hpp"
#include "tools/reports/html_page.hpp"
#include "tools/reports/report_html.hpp"
#include "tools/text/json.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string markup = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&<!--";

ReportedCase reported(std::string loss, std::string dtype, Regime regime, Status status,
                      std::optional<Grade> grade, double ulps) {
  ReportedCase c;
  c.id = fmt::format("{}/{}/0123456789ab", loss, dtype);
  c.loss = std::move(loss);
  c.dtype = std::move(dtype);
  c.slug = "a-case";
  c.regime = regime;
  c.status = status;
  c.grade = grade;
  c.ulps = ulps;
  return c;
}

Report example() {
  Report r;
  r.version = "1.2.3";
  r.implementation = {"evil " + markup, "1", "c"};
  r.command = {"--", "./a", markup};
  r.golden = markup;
  r.cases = {
      reported("mse", "f64", Regime::everyday, Status::conforming, Grade::faithful, .6),
      reported("mse", "f32", Regime::extreme, Status::failed, Grade::wrong, INFINITY),
      reported("huber", "f32", Regime::everyday, Status::failed, Grade::inaccurate, 1e9),
      reported("huber", "f32", Regime::everyday, Status::known, Grade::absolute, 1e12),
      reported("huber", "f32", Regime::everyday, Status::conforming, Grade::stable, 9),
      reported("huber", "f32", Regime::special, Status::failed, std::nullopt, 0),
      reported("huber", "f32", Regime::invalid, Status::unchecked_domain, std::nullopt, 0),
      reported("ctc", "f32", Regime::everyday, Status::not_offered, std::nullopt, 0),
  };
  for (ReportedCase& c : r.cases) {
    c.variant = c.loss == "huber" ? markup : "";
    c.message = c.slug = c.detail = markup;
    if (c.status == Status::known) c.reason = markup;
  }
  r.findings.push_back(
      {.id = "protocol/" + markup, .message = markup, .reason = "", .detail = markup + "\nline two"});
  r.stale.push_back({markup, markup, 3});
  r.causes = causes(r);
  for (Cause& each : r.causes)
    each.sentence = each.evidence = each.snippet = each.language = each.inputs = markup;
  return r;
}

std::vector<const ReportedCase*> all(const Report& r) {
  std::vector<const ReportedCase*> out;
  for (const ReportedCase& c : r.cases) out.push_back(&c);
  return out;
}

/// What stands between those texts, each of which occurs.
std::string between(const std::string& page, const std::string& first, const std::string& last) {
  const std::size_t from = page.find(first);
  EXPECT_NE(from, std::string::npos) << first;
  const std::size_t start = from + first.size(), end = page.find(last, start);
  EXPECT_NE(end, std::string::npos) << last;
  return page.substr(start, end - start);
}

TEST(Html, TextFromElsewhereIsText) {
  EXPECT_EQ(html_text("<a href=\"x\" b='y'>&\x1b"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\\x1b");
  EXPECT_EQ(html_text("two\nlines"), "two\\nlines");
  EXPECT_EQ(html_lines("two\n<lines>"), "two\n&lt;lines&gt;");
}

TEST(Html, NothingOfATesteeIsMarkupAnywhere) {
  const std::string page = report_html(example());
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("<title>evil &lt;/script&gt;"));
  const std::string data = between(page, "<script type=\"application/json\" id=\"data\">", "</script>");
  EXPECT_THAT(data, Not(HasSubstr("<")));
  const Json read = parse_json(data);
  EXPECT_EQ(read.find("rows")->items.front().find("variant")->text, markup)
      << "and is itself again when it is read";
}

TEST(Html, LoadsNothingAndAdmitsItsOwnScriptsAlone) {
  const std::string page = report_html(example());
  EXPECT_THAT(between(page, "Content-Security-Policy\" content=\"", "\">"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(between(page, "script-src", ";"), Not(HasSubstr("unsafe")));
  for (const char* loading : {"<img", "<link", "<iframe", "<script src", "@import", "url(", "href=\"http"})
    EXPECT_EQ(between(page, "<head>", "<script>").find(loading), std::string::npos) << loading;
}

TEST(Html, EverythingIsThereWithoutScripts) {
  const std::string page = report_html(example()), text = page.substr(0, page.find("<script"));
  for (const char* id : {"losses", "causes", "findings", "histogram", "known", "domain", "about"})
    EXPECT_THAT(text, HasSubstr(fmt::format("<h2 id=\"{}\">", id)));
  EXPECT_THAT(text, HasSubstr("huber/f32/0123456789ab"));
  EXPECT_THAT(text, HasSubstr("Not offered: ctc."));
  EXPECT_THAT(text, HasSubstr("does not conform"));
  EXPECT_THAT(text, HasSubstr("2 of 3 fail, 1 of them known; worst: inaccurate, 1e+09 ulp"));
}

TEST(Matrix, CountsByLossDtypeAndRegimeTheMostOrdinaryFailureFirst) {
  const Report r = example();
  const Matrix m = matrix(all(r));
  EXPECT_THAT(m.dtypes, ElementsAre("f32", "f64"));
  EXPECT_THAT(m.regimes, ElementsAre(Regime::everyday, Regime::extreme, Regime::special, Regime::invalid));
  EXPECT_THAT(m.silent, ElementsAre("ctc"));
  ASSERT_EQ(m.rows.size(), 2);
  EXPECT_EQ(m.rows[0].loss, "huber") << "it fails in everyday cases, mse in extreme ones alone";
  const MatrixCell& cell = m.rows[0].cells.at({"f32", Regime::everyday});
  EXPECT_EQ(cell.conforming, 1);
  EXPECT_EQ(cell.failed, 1);
  EXPECT_EQ(cell.known, 1);
  EXPECT_EQ(cell.worst, &r.cases[2]) << "the grade before the ulp";
  EXPECT_THAT(cell.grades, ElementsAre(0, 0, 0, 1, 1, 1, 0, 0));
  EXPECT_EQ(m.rows[0].cells.at({"f32", Regime::invalid}).unchecked_domain, 1);
}

GoldenCase golden(Regime regime, std::vector<double> prediction, Reduction reduction) {
  GoldenCase out;
  Case c;
  c.id = fmt::format("mse/f32/{}", prediction.size());
  c.loss = "mse";
  c.dtype = Dtype::f32;
  c.reduction = reduction;
  c.wrt = {"prediction"};
  Tensor x, t;
  x.shape = t.shape = {static_cast<std::int64_t>(prediction.size())};
  t.real.assign(prediction.size(), .5);
  x.real = std::move(prediction);
  c.inputs = {{"prediction", x}, {"target", t}};
  out.regime = regime;
  out.question = complete(c);
  out.truth = reference::certify(out.question);
  return out;
}

/// The truth, but for the gradient's component i, which is so many ulp off.
Answer answer(const GoldenCase& g, std::size_t i, double off) {
  Answer a;
  const auto take = [](const reference::TensorTruth& t) {
    Tensor out;
    out.shape = t.shape;
    for (const reference::Component& c : t.components) out.real.push_back(c.rounded);
    return out;
  };
  a.value = take(g.truth.value);
  a.gradient["prediction"] = take(g.truth.gradient.at("prediction"));
  double& x = a.gradient["prediction"].real.at(i);
  x += off * std::ldexp(1, std::ilogb(x) - 23);
  return a;
}

std::vector<std::string> told(const BinadeTally& tally) {
  std::vector<std::string> out;
  for (const BinadeWorst& b : tally.worst())
    if (b.ulps > .5 || b.exponent == audit::least_exponent)
      out.push_back(fmt::format("{} {} {} {} {} {}", b.output, name(b.regime), b.exponent, b.ulps,
                                name(b.grade), b.id));
  return out;
}

TEST(Binades, KeepTheWorstOfEachOutputRegimeAndSizeOfTheRowsLargestInput) {
  BinadeTally tally;
  const auto note = [&](const GoldenCase& g, std::size_t i, double off) {
    judge(g.question, g.truth, {}, answer(g, i, off), {}, tally.of(g));
  };
  const GoldenCase apart = golden(Regime::everyday, {1, 100, -3}, Reduction::none);
  note(apart, 1, 3);  // 100 is in [2^6, 2^7)
  note(apart, 2, 6);  // 3 is in [2, 4)
  note(apart, 2, 5);  // less
  EXPECT_THAT(told(tally), ElementsAre("gradient.prediction everyday 1 6 stable mse/f32/3",
                                       "gradient.prediction everyday 6 3 tight mse/f32/3"));
  const GoldenCase whole = golden(Regime::extreme, {1, 100, -3, 7}, Reduction::sum);
  note(whole, 0, 7);  // a sum is one row, and 100 its largest input
  EXPECT_THAT(told(tally), ElementsAre("gradient.prediction everyday 1 6 stable mse/f32/3",
                                       "gradient.prediction everyday 6 3 tight mse/f32/3",
                                       "gradient.prediction extreme 6 7 stable mse/f32/4"));
}

TEST(Binades, SayWhatIsStableThereAndHowConditionedItIs) {
  BinadeTally tally;
  const GoldenCase g = golden(Regime::everyday, {100}, Reduction::none);
  judge(g.question, g.truth, {}, answer(g, 0, 2), {}, tally.of(g, "layers"));
  for (const BinadeWorst& each : tally.worst()) {
    EXPECT_EQ(each.variant, "layers");
    EXPECT_EQ(each.exponent, 6);
    // Of x - t the origins are each other's: the square has condition 2, the difference 1.
    EXPECT_NEAR(each.condition, each.output == "value" ? 2 : 1, 1e-9) << each.output;
    EXPECT_GE(each.allowed, 8);
    EXPECT_LE(each.allowed, 20);
  }
  EXPECT_EQ(tally.worst().size(), 2);
}

TEST(Binades, InputsThatAreZeroHaveAPlaceAndWhatIsNotCheckedHasNone) {
  BinadeTally tally;
  GoldenCase g = golden(Regime::everyday, {0, 1}, Reduction::none);
  g.question.inputs["target"].real[0] = 0;
  g.truth = reference::certify(g.question);
  judge(g.question, g.truth, {}, answer(g, 1, 0), {}, tally.of(g));
  EXPECT_THAT(told(tally), ElementsAre("gradient.prediction everyday -2000 0 correctly rounded mse/f32/2",
                                       "value everyday -2000 0 correctly rounded mse/f32/2"));
  BinadeTally none;
  for (reference::Component& c : g.truth.value.components) c.checked = false;
  for (reference::Component& c : g.truth.gradient.at("prediction").components) c.checked = false;
  judge(g.question, g.truth, {}, answer(g, 1, 3), {}, none.of(g));
  EXPECT_TRUE(none.worst().empty());
}

}  // namespace
}  // namespace assay
