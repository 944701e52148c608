// What a testee says of itself first, or fails to.
#include "tests/tools/conversation.hpp"

namespace assay {
namespace {

// Without a handshake there is nothing to ask: one line says why.
std::string refusal(ProcessOptions with) {
  const auto testee = process_testee(std::move(with));
  try {
    testee->handshake();
  } catch (const TesteeError& e) {
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  return "";
}
std::string refusal(const std::string& behaviour) {
  const PidFile pids;
  ProcessOptions with = options(behaviour, pids);
  with.handshake_seconds = .3;
  const std::string out = refusal(with);
  for (const pid_t pid : pids.pids()) EXPECT_TRUE(gone(pid));
  return out;
}

TEST(Protocol, WithoutAHandshakeOneLineSaysWhy) {
  EXPECT_NE(refusal("crash-at-once").find("signal 11"), std::string::npos);
  EXPECT_NE(refusal("no-handshake").find("no handshake within 0.3 s"), std::string::npos);
  EXPECT_NE(refusal("bad-handshake").find("implementation"), std::string::npos);
  EXPECT_NE(refusal("dies-of-import")
                .find("status 1 before it sent a handshake; it last wrote to standard error: "
                      "\"ModuleNotFoundError: No module named 'framework'\""),
            std::string::npos);
}

TEST(Protocol, AFirstLineThatIsNoHandshakeIsQuotedAtOnce) {
  const auto at_once = [](const std::string& behaviour) {
    const PidFile pids;
    ProcessOptions with = options(behaviour, pids);
    with.handshake_seconds = 3600;
    return refusal(with);
  };
  EXPECT_EQ(
      at_once("banner"),
      "the testee wrote a first line that is no handshake: \"Using the fast \\x1b[1mbackend\\x1b[0m.\"; "
      "banners and logs belong on standard error");
  EXPECT_NE(at_once("flood-at-once").find("no handshake: \"{}\""), std::string::npos);
  EXPECT_NE(at_once("answers-at-once").find("no handshake: \"[1, 2]\""), std::string::npos);
  const std::string long_one = at_once("long-banner");
  EXPECT_NE(long_one.find("xxx...\""), std::string::npos);
  EXPECT_LT(long_one.size(), 400u);
}

TEST(Protocol, AFirstLineIsQuotedWhenTheTesteeEnds) {
  EXPECT_NE(refusal("dies-of-usage").find("\"usage: testee [OPTIONS]\""), std::string::npos);
}

TEST(Protocol, APromptWithoutALineBreakIsQuotedWhenTheTimeIsOut) {
  EXPECT_NE(refusal("prompt").find("no handshake within 0.3 s; what it wrote lacks a line break: \">>> \""),
            std::string::npos);
}

TEST(Protocol, AnOfferOfUnknownNamesIsFindingsAndTheRestOfItIsAsked) {
  const Outcome out = talk("odd-offer");
  EXPECT_EQ(out.answers.size(), 8u);
  EXPECT_EQ(out.ids(), Ids{"protocol/offer"});
  EXPECT_EQ(out.findings.size(), 3u) << "each is told";
}

TEST(Protocol, EachVariantIsAskedByItsName) {
  const PidFile pids;
  const auto testee = process_testee(options("variants", pids));
  std::vector<Case> cases;
  for (const Offer* each : offers_of(testee->handshake(), "mse"))
    for (Case c : numbered(3)) {
      c.variant = each->variant;
      cases.push_back(offered(c, testee->handshake()).value());
    }
  ASSERT_EQ(cases.size(), 6u);
  std::size_t answers = 0;
  testee->ask(
      cases,
      [&](std::size_t i, const Answer& a) {
        // It adds 1000 to what the variant "core" answers.
        EXPECT_EQ(a.value.real.at(0), 1.5 + static_cast<double>(i % 3) + (i < 3 ? 0 : 1000));
        ++answers;
      },
      [](std::size_t, const Finding& f) { FAIL() << f.message; });
  EXPECT_EQ(answers, 6u);
  EXPECT_TRUE(testee->finish().empty());
}

TEST(Protocol, ACommandThatCannotBeStartedIsNamed) {
  ProcessOptions with;
  with.command = {"no-such-program-anywhere"};
  EXPECT_NE(refusal(with).find("cannot start \"no-such-program-anywhere\": no such program"),
            std::string::npos);
  const PidFile text;
  with.command = {text.path};
  EXPECT_NE(refusal(with).find(": it may not be executed"), std::string::npos);
  std::ofstream(text.path) << "#!/no/such/interpreter\n";
  std::filesystem::permissions(text.path, std::filesystem::perms::owner_all);
  EXPECT_NE(refusal(with).find(": the interpreter that its first line names does not exist"),
            std::string::npos);
  with.command = {};
  EXPECT_NE(refusal(with).find("no command"), std::string::npos);
}

TEST(Protocol, ATesteeInheritsDirectoryAndEnvironment) {
  const PidFile pids;
  ProcessOptions with;
  setenv("ASSAY_PROTOCOL_TEST", pids.path.c_str(), 1);
  with.command = {"/bin/sh", "-c", "pwd > \"$ASSAY_PROTOCOL_TEST\""};
  refusal(with);
  std::string directory;
  std::getline(std::ifstream(pids.path), directory);
  EXPECT_EQ(directory, std::filesystem::current_path().string());
}

}  // namespace
}  // namespace assay
