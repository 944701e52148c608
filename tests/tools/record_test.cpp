// Records: what is written down comes back as it was, and what others wrote is read or refused by its line.
#include "tools/testees/record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>

#include "tools/testees/in_process_testee.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

Tensor tensor(std::vector<double> numbers) {
  Tensor t;
  t.shape = {static_cast<std::int64_t>(numbers.size())};
  t.real = std::move(numbers);
  return t;
}

Case question(std::string id, Dtype dtype = Dtype::f32, std::string variant = "") {
  Case c;
  c.id = std::move(id);
  c.loss = "mse";
  c.dtype = dtype;
  c.variant = std::move(variant);
  return c;
}

Handshake two_losses() {
  Handshake h;
  h.implementation = {"someone", "7", "c"};
  for (const char* loss : {"mse", "mae"}) {
    Offer& offer = h.losses[loss];
    offer.dtypes = {Dtype::f32, Dtype::f64};
    offer.reductions = {Reduction::none};
    offer.any_gradient = true;
    offer.conventions = {"log-clamped-100"};
  }
  h.snippets = true;
  return h;
}

/// What became of each case, in order.
struct Told {
  std::vector<std::optional<Answer>> answers;
  std::vector<Finding> findings;
};
Told ask(Testee& testee, const std::vector<Case>& cases) {
  Told told;
  told.answers.resize(cases.size());
  told.findings.resize(cases.size());
  testee.ask(
      cases, [&](std::size_t i, Answer answer) { told.answers[i] = std::move(answer); },
      [&](std::size_t i, Finding finding) { told.findings[i] = std::move(finding); });
  return told;
}

class Record : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "assay_record_XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  AnswerRecord read(const std::string& text) const {
    std::ofstream(folder_ / "a.jsonl", std::ios::binary) << text;
    return read_record(folder_ / "a.jsonl");
  }
  /// What is wrong with it, behind the file's name; nothing where it can be read.
  std::string refusal(const std::string& text) const {
    try {
      read(text);
      return "";
    } catch (const UsageError& e) {
      const std::string said = e.what(), file = (folder_ / "a.jsonl").string();
      EXPECT_EQ(said.find('\n'), std::string::npos) << said;
      EXPECT_EQ(said.find(file), 0U) << said;
      return said.substr(file.size());
    }
  }

  std::filesystem::path folder_;
};

const std::string greeting =
    R"({"assay": 1, "implementation": {"name": "someone"}, "losses": {"mse": {"dtypes": ["f32"], "reductions": ["none"]}}})"
    "\n";
const std::string one = R"({"id": "mse/f32/1", "value": {"shape": [1], "data": [1]}})"
                        "\n";

TEST_F(Record, WhatWasAnsweredComesBackBitForBit) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> long_one;
  for (int i = 0; i < 1000; ++i) long_one.push_back(std::ldexp(i - 500., i % 200 - 150));
  const std::map<std::string, Answer> answers{
      {"mse/f64/1",
       {Answer::Outcome::answered,
        "",
        tensor({-0., 5e-324, nan, infinity, -infinity, 0.1}),
        {{"prediction", tensor(long_one)}, {"target", tensor({})}}}},
      {"mse/f32/2", {Answer::Outcome::skipped, "out of \"memory\"", {}, {}}},
      {"mse/f32/3", Answer::error("shape \\ mismatch")},
      {"mse/f64/4", {Answer::Outcome::answered, "", tensor({1}), {}}}};
  std::string written;
  const auto testee = recording(
      in_process_testee(two_losses(), [&](const Case& c) { return answers.at(c.id); }),
      GoldenIds{"mse/f64/1", "mse/f32/2", "mse/f32/3"}, [&](const std::string& text) { written += text; });
  std::vector<Case> cases{question("mse/f64/1", Dtype::f64), question("mse/f32/2"), question("mse/f32/3"),
                          question("mse/f64/4", Dtype::f64)};
  EXPECT_EQ(ask(*testee, cases).answers[0]->value.real[5], 0.1) << "who asks hears it, too";
  EXPECT_EQ(written, "") << "not before the end";
  EXPECT_TRUE(testee->finish().empty());

  const auto again = recorded_testee(read(written));
  EXPECT_EQ(again->handshake().implementation.version, "7");
  EXPECT_EQ(again->handshake().losses.at("mse").conventions, two_losses().losses.at("mse").conventions);
  EXPECT_FALSE(again->handshake().losses.contains("mae")) << "nothing of it was asked";
  EXPECT_FALSE(again->handshake().snippets) << "nobody is there to write one";
  const Told told = ask(*again, cases);
  const Tensor &value = told.answers[0]->value, &expected = answers.at("mse/f64/1").value;
  ASSERT_EQ(value.shape, expected.shape);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(pattern(Dtype::f64, value.real[i]), pattern(Dtype::f64, expected.real[i])) << i;
  EXPECT_EQ(told.answers[0]->gradient.at("prediction").real, long_one);
  EXPECT_EQ(told.answers[0]->gradient.at("target").size(), 0U);
  EXPECT_EQ(told.answers[1]->outcome, Answer::Outcome::skipped);
  EXPECT_EQ(told.answers[1]->reason, "out of \"memory\"");
  EXPECT_EQ(told.answers[2]->reason, "shape \\ mismatch");
  EXPECT_FALSE(told.answers[3]) << "no golden case, not recorded";
  EXPECT_EQ(told.findings[3].id, "protocol/no-answer");
}

TEST_F(Record, OfEachCaseAndVariantTheFirstAnswerIsKept) {
  std::string written;
  double next = 0;
  const auto testee =
      recording(in_process_testee(two_losses(),
                                  [&](const Case&) {
                                    return Answer{Answer::Outcome::answered, "", tensor({++next}), {}};
                                  }),
                GoldenIds{"mse/f32/1"}, [&](const std::string& text) { written += text; });
  ask(*testee, {question("mse/f32/1"), question("mse/f32/1"), question("mse/f32/1", Dtype::f32, "core")});
  ask(*testee, {question("mse/f32/1")});
  testee->finish();
  const AnswerRecord record = read(written);
  ASSERT_EQ(record.answers.size(), 2U);
  EXPECT_EQ(std::get<Answer>(record.answers[0].outcome).value.real, std::vector<double>{1});
  EXPECT_EQ(record.answers[1].variant, "core");
  EXPECT_EQ(std::get<Answer>(record.answers[1].outcome).value.real, std::vector<double>{3});
  const auto again = recorded_testee(record);
  EXPECT_EQ(ask(*again, {question("mse/f32/1", Dtype::f32, "core")}).answers[0]->value.real,
            std::vector<double>{3});
  EXPECT_FALSE(ask(*again, {question("mse/f32/1", Dtype::f32, "other")}).answers[0]);
}

TEST_F(Record, WhatNeverCameBackIsLeftOut) {
  class Silent : public Testee {
   public:
    const Handshake& handshake() override { return self_; }
    void ask(Asker& asker) override {
      for (std::size_t i = 0; asker.next(); ++i) asker.lost(i, {"protocol/crash", "died"});
    }
    std::vector<Finding> finish() override { return {{"protocol/exit", "exited with 1"}}; }

   private:
    Handshake self_ = two_losses();
  };
  std::string written;
  const auto testee = recording(std::make_unique<Silent>(), GoldenIds{"mse/f32/1"},
                                [&](const std::string& text) { written += text; });
  EXPECT_EQ(ask(*testee, {question("mse/f32/1")}).findings[0].id, "protocol/crash");
  EXPECT_EQ(testee->finish().size(), 1U);
  EXPECT_TRUE(read(written).answers.empty());
}

TEST_F(Record, ByHandItIsReadWithBlankLinesAndRepliesToWhatElseWasAsked) {
  const AnswerRecord record =
      read("\n" + greeting + "\r\n" + R"({"id": "echo/f32", "echo": {"shape": [1], "data": [1]}})" + "\n" +
           R"({"id": "snippet", "snippet": "x"})" + "\n" +
           R"({"id": "mse/f32/1", "value": {"shape": [1], "data": ["NaN"]}, "more": 1})");
  ASSERT_EQ(record.answers.size(), 1U);
  EXPECT_EQ(record.answers[0].line, 6U);
}

TEST_F(Record, WhatCannotBeReadIsNamedByItsLine) {
  EXPECT_EQ(refusal(""), ", line 0: there is no handshake: it is the first line of a record");
  EXPECT_NE(refusal(one).find(", line 1: a record begins with the handshake, {\"assay\": 1"),
            std::string::npos);
  EXPECT_NE(refusal("{\"assay\": 1}\n").find(", line 1: the handshake's \"implementation\" must be"),
            std::string::npos);
  EXPECT_EQ(refusal(greeting + one + greeting),
            ", line 3: a second handshake; a record is of one testee: judge the other by itself");
  EXPECT_EQ(refusal(greeting + one + "\n" + one),
            ", line 4: a second answer to mse/f32/1, which line 2 answers; delete one of them");
  EXPECT_NE(refusal(greeting + one.substr(0, 30)).find(", line 2: is no JSON ("), std::string::npos);
  EXPECT_NE(refusal(greeting + "garb\x1b[31mage\n").find("\"garb\\x1b[31mage\""), std::string::npos);
  EXPECT_EQ(refusal(greeting + "[1]\n"), ", line 2: is no JSON object: \"[1]\"");
  EXPECT_EQ(refusal(greeting + "{\"value\": 1}\n"),
            ", line 2: an answer needs the \"id\" of the golden case that it answers");
  EXPECT_EQ(refusal(greeting + "{\"id\": 1}\n"), ", line 2: \"id\" must be a text");
  EXPECT_EQ(refusal(greeting + "{\"id\": \"mse/f99/1\"}\n"),
            ", line 2: \"mse/f99/1\" is no id of a golden case, which is LOSS/DTYPE/HASH");
}

TEST_F(Record, AnAnswerThatCannotBeReadFailsItsOwnCaseAndNamesTheLine) {
  const auto testee =
      recorded_testee(read(greeting + R"({"id": "mse/f32/1", "value": {"shape": [2], "data": [1]}})" + "\n" +
                           R"({"id": "mse/f32/2"})" + "\n" +
                           R"({"id": "mse/f32/3", "value": {"shape": [], "data": [1]}, "error": "x"})" +
                           "\n" + R"({"id": "mse/f32/4", "value": {"shape": [], "data": [1]}})"));
  const Told told = ask(
      *testee, {question("mse/f32/1"), question("mse/f32/2"), question("mse/f32/3"), question("mse/f32/4")});
  EXPECT_EQ(told.findings[0].id, "protocol/malformed");
  EXPECT_EQ(told.findings[0].message,
            "line 2 of the record: the answer cannot be read: value.data: has 1 number; the shape needs 2");
  EXPECT_EQ(told.findings[1].id, "protocol/malformed");
  EXPECT_EQ(told.findings[2].id, "protocol/two-outcomes");
  EXPECT_TRUE(told.answers[3]);
}

TEST_F(Record, OddNamesOfTheHandshakeAreFindings) {
  const auto testee = recorded_testee(read(
      R"({"assay": 1, "implementation": {"name": "x"}, "losses": {"hubber": {"dtypes": ["f32"], "reductions": ["none"]}}})"
      "\n"));
  const std::vector<Finding> findings = testee->finish();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].id, "protocol/offer");
}

TEST_F(Record, CutOffAnywhereItIsReadOrRefusedInOneLine) {
  const std::string whole = greeting + one + R"({"id": "mse/f32/2", "error": "x"})" + "\n";
  std::size_t read_whole = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length)
    read_whole += refusal(whole.substr(0, length)).empty();
  EXPECT_EQ(read_whole, 6U) << "at the end of each of three lines, with its line break or without";
}

}  // namespace
}  // namespace assay
