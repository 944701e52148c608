// Testees that have a name: the folders that bear it, their set-up, and what the program says of others.
#include "tools/testees/adapter.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tools/testees/chosen_testee.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

class Adapter : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "assay_adapter_XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
    // The third place in which adapters are looked for is the working directory's.
    before_ = fs::current_path();
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  void program(const std::string& name, const std::string& text) const {
    const fs::path path = folder_ / "tools/adapters" / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n" << text;
    ASSERT_EQ(chmod(path.c_str(), 0755), 0);
  }
  /// Says hello, and what `setup` left beside it as its version.
  void adapter_with_setup(const std::string& name, const std::string& setup) const {
    program(name + "/setup", setup);
    program(name + "/run",
            "cd \"$(dirname \"$0\")\" && read -r hello && printf "
            "'{\"assay\":1,\"implementation\":{\"name\":\"it\",\"version\":\"%s\",\"language\":\"sh\"},"
            "\"losses\":{}}"
            "\\n' \"$(wc -l <made)\" && read -r bye\n");
  }
  static std::string said_of(const std::string& name) {
    try {
      check(TesteeOptions{.command = {name}});
      return "nothing";
    } catch (const UsageError& e) {
      return e.what();
    }
  }

  fs::path folder_, before_;
};

TEST_F(Adapter, AnUnknownNameGetsTheNearestAndTheList) {
  program("their_own/run", "");
  program("another/run", "");
  fs::create_directories(folder_ / "tools/adapters/unfinished");
  const std::string said = said_of("their-own");
  EXPECT_EQ(
      said,
      "no testee named \"their-own\"; did you mean \"their_own\"? there are another, their_own; '-- COMMAND "
      "ARGS...' starts any other");
  EXPECT_EQ(said_of("their_own"), "nothing");
}

TEST_F(Adapter, ANameIsNoPath) {
  program("their_own/run", "");
  program("../run", "");
  for (const std::string name : {"../adapters/their_own", "their_own/", "..", ".", "", "\x1b[2J"}) {
    const std::string said = said_of(name);
    EXPECT_NE(said.find("no testee named"), std::string::npos) << name;
    EXPECT_EQ(said.find('\x1b'), std::string::npos);
  }
}

TEST_F(Adapter, IsSetUpOnceBeforeItIsStarted) {
  // Standard output would be the conversation's, standard input the user's.
  adapter_with_setup("made",
                     "cd \"$(dirname \"$0\")\" && echo noise && test -z \"$(cat)\" && echo set >>made\n");
  for (int i = 0; i < 2; ++i) {
    const std::unique_ptr<Testee> testee = chosen_testee({.command = {"made"}});
    EXPECT_EQ(testee->handshake().implementation.version, "1");
    EXPECT_TRUE(testee->finish().empty());
  }
}

TEST_F(Adapter, WhoseSetUpFailsIsNotStarted) {
  adapter_with_setup("spoilt", "echo set >>\"$(dirname \"$0\")/made\"; exit 7\n");
  const std::unique_ptr<Testee> testee = chosen_testee({.command = {"spoilt"}});
  try {
    testee->handshake();
    FAIL();
  } catch (const TesteeError& e) {
    EXPECT_NE(std::string(e.what()).find("tools/adapters/spoilt/setup exited with status 7"),
              std::string::npos)
        << e.what();
  }
  EXPECT_FALSE(greeted(*testee));
}

}  // namespace
}  // namespace assay
