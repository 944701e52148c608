// Cases that a testee writes down in its own language, asked for between other questions.
#include "tests/tools/conversation.hpp"

namespace assay {
namespace {

/// The snippet of a case, asked between two asks, both of which must get all their answers.
std::optional<std::string> snippet_of(const std::string& behaviour, std::vector<Finding>& findings,
                                      std::size_t& processes) {
  const PidFile pids;
  const auto testee = process_testee(options(behaviour, pids));
  int answers = 0;
  const auto ask = [&] {
    testee->ask(
        numbered(3), [&](std::size_t, const Answer&) { ++answers; },
        [](std::size_t, const Finding& f) { FAIL() << f.message; });
  };
  ask();
  const std::optional<std::string> snippet = testee->snippet(numbered(2)[1]);
  ask();
  EXPECT_EQ(answers, 6) << behaviour;
  findings = testee->finish();
  processes = pids.pids().size();
  return snippet;
}

TEST(Protocol, ATesteeWritesACaseDownInItsOwnLanguage) {
  std::vector<Finding> findings;
  std::size_t processes = 0;
  EXPECT_EQ(snippet_of("snippets", findings, processes), "case case-1\nend\n");
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(snippet_of("good", findings, processes), std::nullopt) << "it offers none";
  EXPECT_TRUE(findings.empty()) << "and was not asked for one";
  EXPECT_EQ(snippet_of("snippet-skip", findings, processes), std::nullopt);
  EXPECT_TRUE(findings.empty()) << "a case that it cannot write down is no fault";
  EXPECT_EQ(processes, 1u);
}

TEST(Protocol, ASnippetThatIsNoneIsAFindingAndCostsNothingElse) {
  const std::map<std::string, std::pair<std::string, std::size_t>> faults{
      {"snippet-crash", {"Segmentation fault", 2}},
      {"snippet-hang", {"no answer within", 2}},
      {"snippet-error", {"\"no such loss\"", 1}},
      {"snippet-number", {"without a \"snippet\"", 1}},
      {"snippet-missing", {"without a \"snippet\"", 1}}};
  for (const auto& [behaviour, expected] : faults) {
    std::vector<Finding> findings;
    std::size_t processes = 0;
    EXPECT_EQ(snippet_of(behaviour, findings, processes), std::nullopt) << behaviour;
    ASSERT_EQ(findings.size(), 1u) << behaviour;
    EXPECT_EQ(findings[0].id, "protocol/snippet") << behaviour;
    EXPECT_NE(findings[0].message.find(expected.first), std::string::npos)
        << behaviour << ": " << findings[0].message;
    EXPECT_EQ(processes, expected.second) << behaviour;
  }
  std::vector<Finding> findings;
  std::size_t processes = 0;
  EXPECT_EQ(snippet_of("snippet-twice", findings, processes), "once");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].id, "protocol/repeated-id");
}

}  // namespace
}  // namespace assay
