#include "tools/golden/golden_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "tools/cases/canonical.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/truth_number.hpp"

namespace assay {
namespace {

using reference::Component;
using reference::TensorTruth;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Component component(double rounded, std::string digits, double offset = 0, double sensitivity = 0) {
  Component c;
  c.rounded = c.lower = c.upper = rounded;
  c.digits = std::move(digits);
  c.offset = offset;
  c.sensitivity = sensitivity;
  return c;
}
Component kink(double rounded, double lower, double upper) {
  Component c = component(rounded, "0");
  c.lower = lower;
  c.upper = upper;
  return c;
}
Component unchecked() {
  Component c = component(nan, "NaN", 0, nan);
  c.checked = false;
  return c;
}

/// A case of `mae` with these truths, of as many numbers as there are components.
GoldenCase golden_case(std::vector<Component> value, std::vector<Component> gradient) {
  GoldenCase g;
  const auto n = static_cast<std::int64_t>(gradient.size());
  g.question.loss = "mae";
  g.question.dtype = Dtype::f32;
  g.question.reduction = value.size() == gradient.size() ? Reduction::none : Reduction::mean;
  g.question.inputs["prediction"] = {
      .shape = {n}, .real = std::vector<double>(gradient.size(), .5), .integer = {}};
  g.question.inputs["target"] = {
      .shape = {n}, .real = std::vector<double>(gradient.size(), -0.0), .integer = {}};
  g.question.wrt = {"prediction"};
  g.question.id = canonical_id(g.question);
  g.slug = "a-case";
  g.truth.value = {value_shape(g.question), std::move(value)};
  g.truth.gradient["prediction"] = {{n}, std::move(gradient)};
  return g;
}

GoldenFile file(std::vector<GoldenCase> cases) {
  GoldenFile f;
  f.loss = "mae";
  f.dtype = Dtype::f32;
  f.seed = 18446744073709551615u;
  f.version = "0.1.0";
  f.cases = std::move(cases);
  return f;
}

/// A golden file with one of everything.
GoldenFile sampler() {
  GoldenCase plain =
      golden_case({component(0x1.555556p-3, "0.1666666666666666666666666666666666666667", .3333, .25)},
                  {component(0x1.555556p-3, "0.16666666666666666666666666666666666666667", 0, .1666),
                   kink(0, -.5, .5), unchecked(), component(nan, "NaN", 0, nan),
                   component(infinity, "3.5e+38", 0, 3.4e38), component(-infinity, "-Infinity", 0, nan)});
  plain.flags = {"Kink", "Overflow"};
  plain.regime = Regime::tail;
  for (Component& each : plain.truth.gradient["prediction"].components) each.input_count = 2, each.scale = .1;
  plain.truth.gradient["prediction"].components[1].scale = 0x1.fffffffffffffp-3;
  plain.truth.value.components[0].input_count = 12;
  plain.comment = "says \"why\"\nin two lines";
  plain.conventions.push_back(
      {"elsewhere-zero", {"torch", "jax"}, {.shape = {}, .real = {0.25}, .integer = {}}, {}});
  plain.conventions[0].gradient["prediction"] = {
      .shape = {6}, .real = {0, 1, nan, 2, infinity, 3}, .integer = {}};

  std::vector<Component> many(17, component(.25, "0.25", -.25, 1));
  many[3] = unchecked();
  many[4] = component(infinity, "Infinity", 0, nan);
  many[5].input_count = 7;
  many[6].scale = infinity;
  GoldenCase large = golden_case(many, std::vector<Component>(17, component(1, "1", .12345, 2)));
  large.slug = "large";
  GoldenCase larger = golden_case({component(1, "1")}, std::vector<Component>(65, component(1, "1")));
  larger.slug = "larger";
  GoldenCase error = golden_case({component(1, "1")}, {component(1, "1")});
  error.question.inputs.erase("target");
  error.question.id = canonical_id(error.question);
  error.error = true;
  error.regime = Regime::invalid;
  error.truth = {};

  GoldenFile f = file({plain, large, larger, error});
  f.notes["Kink"] = {"edge-case", "a kink", "gradients differ", {"https://example.org/kink"}};
  f.notes["Overflow"] = {"edge-case", "too large", "an infinity", {}};
  return f;
}

class GoldenFiles : public testing::Test {
 protected:
  GoldenFile read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return read_golden(path_);
  }
  std::string fault(const std::string& text) {
    try {
      read(text);
    } catch (const CodecError& e) {
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
      EXPECT_THAT(e.what(), HasSubstr(path_.string()));
      return e.what();
    }
    return "accepted";
  }
  /// The sampler with the first `from` replaced.
  std::string fault_after(const std::string& from, const std::string& to) {
    std::string text = write_golden(sampler());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " is not in\n" << text;
    return fault(at == std::string::npos ? text : text.replace(at, from.size(), to));
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("assay_golden_" + std::to_string(::getpid()) + ".json");
};

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

void expect_same(const TensorTruth& got, const TensorTruth& wanted) {
  ASSERT_EQ(got.shape, wanted.shape);
  ASSERT_EQ(got.components.size(), wanted.components.size());
  const bool small = wanted.components.size() <= 16;
  for (std::size_t i = 0; i < wanted.components.size(); ++i) {
    const Component &g = got.components[i], &w = wanted.components[i];
    EXPECT_TRUE(same(g.rounded, w.rounded)) << i << ": " << g.rounded << " and " << w.rounded;
    EXPECT_TRUE(same(g.lower, w.lower)) << i;
    EXPECT_TRUE(same(g.upper, w.upper)) << i;
    EXPECT_EQ(g.checked, w.checked) << i;
    EXPECT_EQ(g.input_count, w.input_count) << i;
    EXPECT_EQ(g.scale, w.scale) << i;
    if (small)
      EXPECT_EQ(g.digits, w.digits) << i;
    else
      EXPECT_NEAR(g.offset, w.offset, .5e-4) << i;
    if (std::isnan(w.sensitivity))
      EXPECT_TRUE(std::isnan(g.sensitivity)) << i;
    else
      EXPECT_TRUE(g.sensitivity >= w.sensitivity && g.sensitivity <= w.sensitivity * 1.0102) << i;
  }
}

TEST_F(GoldenFiles, AreReadAsTheyWereWritten) {
  const GoldenFile wanted = sampler();
  const GoldenFile got = read(write_golden(wanted));
  EXPECT_EQ(got.loss, wanted.loss);
  EXPECT_EQ(got.dtype, wanted.dtype);
  EXPECT_EQ(got.seed, wanted.seed);
  EXPECT_EQ(got.version, wanted.version);
  ASSERT_EQ(got.notes.size(), 2u);
  EXPECT_EQ(got.notes.at("Kink").links, wanted.notes.at("Kink").links);
  EXPECT_EQ(got.notes.at("Kink").effect, "gradients differ");
  ASSERT_EQ(got.cases.size(), wanted.cases.size());
  for (std::size_t i = 0; i < wanted.cases.size(); ++i) {
    const GoldenCase &g = got.cases[i], &w = wanted.cases[i];
    EXPECT_EQ(canonical(g.question), canonical(w.question));
    EXPECT_EQ(g.question.id, w.question.id);
    EXPECT_EQ(g.slug, w.slug);
    EXPECT_EQ(g.flags, w.flags);
    EXPECT_EQ(g.comment, w.comment);
    EXPECT_EQ(g.error, w.error);
    EXPECT_EQ(g.regime, w.regime);
    if (w.error) continue;
    expect_same(g.truth.value, w.truth.value);
    ASSERT_EQ(g.truth.gradient.size(), 1u);
    expect_same(g.truth.gradient.at("prediction"), w.truth.gradient.at("prediction"));
    ASSERT_EQ(g.conventions.size(), w.conventions.size());
  }
  const ConventionalAnswer& convention = got.cases[0].conventions.at(0);
  EXPECT_EQ(convention.name, "elsewhere-zero");
  EXPECT_EQ(convention.used_by, (std::vector<std::string>{"torch", "jax"}));
  EXPECT_EQ(convention.value.real, std::vector<double>{.25});
  EXPECT_EQ(convention.gradient.at("prediction").real[4], infinity);
}

TEST_F(GoldenFiles, AreTheSameBytesEachTime) {
  EXPECT_EQ(write_golden(sampler()), write_golden(sampler()));
  EXPECT_EQ(golden_file_name("mae", Dtype::f32), "mae.f32.json");
}

TEST_F(GoldenFiles, FollowTheContractsLayout) {
  const std::string text = write_golden(sampler());
  EXPECT_THAT(
      text,
      HasSubstr(
          R"({"schema": "assay-golden-v1", "loss": "mae", "dtype": "f32", "count": 4, "license": "CC0-1.0",)"));
  EXPECT_THAT(
      text, HasSubstr(R"("generator": {"name": "assay", "version": "0.1.0", "seed": 18446744073709551615})"));
  EXPECT_THAT(
      text, HasSubstr(R"("value": {"shape": [], "bits": "3e2aaaab", "data": [0.16666667], )"
                      R"("digits": ["0.1666666666666666666666666666666666666667"], "sensitivity": [0.251], )"
                      R"("reach": 12, "scale": 0})"));
  // What is not checked lies between the infinities; a true NaN does not.
  EXPECT_THAT(text, HasSubstr(R"("data": [0.16666667, 0, "NaN", "NaN", "Infinity", "-Infinity"], )"
                              R"("lower": [0.16666667, -0.5, "-Infinity", "NaN", "Infinity", "-Infinity"], )"
                              R"("upper": [0.16666667, 0.5, "Infinity", "NaN", "Infinity", "-Infinity"], )"));
  EXPECT_THAT(text, HasSubstr(R"("sensitivity": [0.167, 0, null, null, 3.41e38, null], )"
                              R"("reach": 2, "scale": [0.1, 0.24999999999999997, 0.1, )"));
  EXPECT_THAT(text, HasSubstr(R"("reach": [1, 1, 1, 1, 1, 7, 1, )"));
  EXPECT_THAT(text, HasSubstr(R"("flags": ["Kink", "Overflow"], "regime": "tail",)"));
  EXPECT_THAT(text, HasSubstr(R"("flags": [], "regime": "invalid",)"));
  // Seventeen numbers: offsets instead of data and digits. Sixty-five: inputs in base64.
  EXPECT_THAT(text, HasSubstr(R"("offset": [-0.25, -0.25, -0.25, null, null, -0.25)"));
  EXPECT_THAT(text, HasSubstr(R"("offset": [0.1235, )"));
  EXPECT_THAT(text, HasSubstr(R"("prediction": {"shape": [17], "data": [0.5, )"));
  EXPECT_THAT(text, HasSubstr(R"("target": {"shape": [17], "data": [-0.0, )"));
  EXPECT_THAT(text, HasSubstr(R"("prediction": {"shape": [65], "base64": "AAAAPwAAAD8)"));
  EXPECT_THAT(text, HasSubstr(R"("expected": {"error": true}})"));
}

TEST_F(GoldenFiles, NameWhatIsWrongWithThem) {
  EXPECT_THAT(fault("{"), HasSubstr("line 1"));
  EXPECT_THAT(fault_after("\"schema\"", "\"scheme\""), HasSubstr("needs \"schema\""));
  EXPECT_THAT(fault_after("assay-golden-v1", "assay-golden-v2"), HasSubstr("assay-golden-v1"));
  EXPECT_THAT(fault_after("\"count\": 4", "\"count\": 3"), HasSubstr("count: is 3; there are 4 cases"));
  EXPECT_THAT(fault_after("\"notes\"", "\"color\": 1, \"notes\""), HasSubstr("unknown field \"color\""));
  EXPECT_THAT(fault_after("\"seed\": 1", "\"seed\": -1"), HasSubstr("generator.seed"));
  EXPECT_THAT(fault_after("\"slug\": \"a-case\"", "\"slug\": \"a-case\", \"x\": 1"),
              HasSubstr("unknown field \"x\""));
  EXPECT_THAT(fault_after("\"data\": [0.5,", "\"data\": [0.25,"),
              HasSubstr("the case's content makes it mae/f32/"));
  EXPECT_THAT(fault_after("\"loss\": \"mae\", \"dtype\": \"f32\", \"reduction\"",
                          "\"loss\": \"mse\", \"dtype\": \"f32\", \"reduction\""),
              HasSubstr("this is a file of mae"));
  EXPECT_THAT(fault_after("\"data\": [0.16666667]", "\"data\": [0.16666666]"), HasSubstr("disagree"));
  EXPECT_THAT(fault_after("\"3e2aaaab\"", "\"3e2aaaac\""), HasSubstr("expected.value"));
  EXPECT_THAT(fault_after("\"sensitivity\": [0.251]", "\"sensitivity\": [0.251, 1]"),
              HasSubstr("has 2 entries"));
  EXPECT_THAT(fault_after("\"sensitivity\": [0.251]", "\"sensitivity\": [-1]"), HasSubstr("negative"));
  EXPECT_THAT(fault_after("\"reach\": 12", "\"reach\": 0"), HasSubstr("reach is 0; it must be at least 1"));
  EXPECT_THAT(fault_after("\"reach\": 12", "\"reach\": 1.5"), HasSubstr("is not a whole number"));
  EXPECT_THAT(fault_after("\"reach\": 12", "\"reach\": [1, 2]"), HasSubstr("has 2 entries"));
  EXPECT_THAT(fault_after("\"reach\": 12, ", ""), HasSubstr("needs \"reach\""));
  EXPECT_THAT(fault_after("\"scale\": 0", "\"scale\": -1"), HasSubstr("not negative"));
  EXPECT_THAT(fault_after("\"scale\": 0", "\"scale\": \"NaN\""), HasSubstr("must be a number"));
  EXPECT_THAT(fault_after("\"scale\": 0", "\"scale\": null"), HasSubstr("expected.value.scale"));
  EXPECT_THAT(fault_after(", \"scale\": 0", ""), HasSubstr("needs \"scale\""));
  EXPECT_THAT(fault_after("\"regime\": \"tail\"", "\"regime\": \"tails\""),
              HasSubstr("regime: is \"tails\"; it must be \"everyday\" or"));
  EXPECT_THAT(fault_after("\"regime\": \"tail\"", "\"regime\": \"invalid\""),
              HasSubstr("where an error is expected"));
  EXPECT_THAT(fault_after("\"regime\": \"invalid\"", "\"regime\": \"tail\""),
              HasSubstr("where an error is expected"));
  EXPECT_THAT(fault_after(" \"regime\": \"tail\",", ""), HasSubstr("needs \"regime\""));
  EXPECT_THAT(fault_after("\"digits\": [\"0.1", "\"digits\": [\"zero 0.1"), HasSubstr("not a decimal"));
  EXPECT_THAT(fault_after("\"lower\": [0.16666667, -0.5", "\"lower\": [0.16666667, 0.5"),
              HasSubstr("does not lie between"));
  EXPECT_THAT(fault_after("\"lower\"", "\"lowest\""), HasSubstr("lowest"));
  EXPECT_THAT(fault_after("\"gradient\": {\"prediction\"", "\"gradient\": {\"target\""),
              HasSubstr("wrt names [prediction]"));
  EXPECT_THAT(fault_after("{\"error\": true}", "{\"error\": false}"), HasSubstr("must be true"));
  EXPECT_THAT(fault_after("\"expected\": {\"value\"", "\"expected\": {\"values\""),
              HasSubstr("needs \"value\""));
  EXPECT_THAT(fault_after("\"used_by\"", "\"usedBy\""), HasSubstr("used_by"));
}

TEST_F(GoldenFiles, ThatCannotBeReadAreNamedWithTheReason) {
  const auto refusal = [](const std::filesystem::path& path) -> std::string {
    try {
      read_golden(path);
    } catch (const FileError& e) {
      return e.what();
    }
    return "read";
  };
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  EXPECT_EQ(refusal(folder), "cannot read " + folder.string() + ": Is a directory");
  EXPECT_EQ(refusal(path_), "cannot read " + path_.string() + ": No such file or directory");
}

TEST_F(GoldenFiles, HoldNoCaseTwiceAndNoneThatIsQuietlyInvalid) {
  GoldenFile twice = sampler();
  twice.cases.push_back(twice.cases.front());
  EXPECT_THAT(fault(write_golden(twice)), HasSubstr("twice"));

  GoldenFile invalid = sampler();
  invalid.cases.back().error = false;
  EXPECT_THAT(fault(write_golden(invalid)), HasSubstr("mae needs the input \"target\""));
}

TEST_F(GoldenFiles, CarryWhatTheReferenceCertifies) {
  Case c;
  c.loss = "log_cosh";
  c.dtype = Dtype::f64;
  c.reduction = Reduction::none;
  c.inputs["prediction"] = {.shape = {4}, .real = {.1, 710, 5e-324, infinity}, .integer = {}};
  c.inputs["target"] = {.shape = {4}, .real = {0, 0, 0, 0}, .integer = {}};
  c.wrt = {"prediction", "target"};
  c.id = canonical_id(c);
  GoldenCase g;
  g.question = c;
  g.truth = reference::certify(c);
  ASSERT_EQ(g.truth.error + g.truth.undecided, "");
  GoldenFile f = file({g});
  f.loss = "log_cosh";
  f.dtype = Dtype::f64;
  const GoldenFile got = read(write_golden(f));
  expect_same(got.cases.at(0).truth.value, g.truth.value);
  for (const char* name : {"prediction", "target"})
    expect_same(got.cases.at(0).truth.gradient.at(name), g.truth.gradient.at(name));
}

TEST(SensitivityText, IsTheSmallestThreeDigitDecimalNotBelow) {
  EXPECT_EQ(sensitivity_text(0), "0");
  EXPECT_EQ(sensitivity_text(1), "1.01");
  EXPECT_EQ(sensitivity_text(.25), "0.251");
  EXPECT_EQ(sensitivity_text(.2499), "0.25");
  EXPECT_EQ(sensitivity_text(999.9), "1000");
  EXPECT_EQ(sensitivity_text(1e15), "1010000000000000");
  EXPECT_EQ(sensitivity_text(1e22), "1.01e22");
  EXPECT_EQ(sensitivity_text(5e-324), "4.95e-324");
  EXPECT_EQ(sensitivity_text(1e-4), "0.000101");
  EXPECT_EQ(sensitivity_text(9.9e-5), "9.91e-5");
  EXPECT_EQ(sensitivity_text(1.7897e308), "1.79e308");
  EXPECT_EQ(sensitivity_text(1.79e308), "1.7976931348623157e308");
  EXPECT_EQ(sensitivity_text(std::numeric_limits<double>::max()), "1.7976931348623157e308");
}

TEST(OffsetText, HasFourDecimals) {
  EXPECT_EQ(offset_text(0), "0");
  EXPECT_EQ(offset_text(-1e-9), "0");
  EXPECT_EQ(offset_text(.5), "0.5");
  EXPECT_EQ(offset_text(-.12346), "-0.1235");
  EXPECT_EQ(offset_text(1), "1");
}

}  // namespace
}  // namespace assay
