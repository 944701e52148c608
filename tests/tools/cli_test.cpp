// The program as people and scripts meet it: exit codes, one-line errors, and what it prints.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/text/json.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Tensor three(double a, double b, double c) {
  Tensor t;
  t.shape = {3};
  t.real = {a, b, c};
  return t;
}

/// What a golden file would hold, computed here.
GoldenCase certified(Case question, std::string slug) {
  GoldenCase g;
  g.question = complete(std::move(question));
  g.question.id = canonical_id(g.question);
  g.slug = std::move(slug);
  g.comment = "why this case is here";
  g.truth = reference::certify(g.question);
  g.regime = regime_of(g.question, g.truth);
  return g;
}

class Cli : public testing::Test {
 protected:
  struct Result {
    int code = -1;
    std::string out, err;
  };

  void SetUp() override {
    std::string name = testing::TempDir() + "assay_cli_XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
    fs::create_directory(folder_ / "golden");

    Case mixed;
    mixed.loss = "huber";
    mixed.dtype = Dtype::f32;
    mixed.inputs["prediction"] = three(.5, -1, 3);
    mixed.inputs["target"] = three(0, 0, 0);
    mixed.wrt = {"prediction"};
    Case invalid = mixed;
    invalid.inputs["target"].shape = {1, 3};
    file_.loss = "huber";
    file_.dtype = Dtype::f32;
    file_.version = "0.0.0";
    file_.notes["Mixed"] = {
        "edge-case", "both branches in one reduction", "none is taken for all", {"https://example.org"}};
    file_.cases.push_back(certified(mixed, "both-branches"));
    file_.cases.back().flags = {"Mixed"};
    GoldenCase error;
    error.question = complete(mixed);
    error.question.inputs["target"].shape = {1, 3};
    error.question.id = canonical_id(error.question);
    error.slug = "shapes-differ";
    error.comment = "nothing is broadcast";
    error.error = true;
    error.regime = Regime::invalid;
    file_.cases.push_back(error);
    write("golden/huber.f32.json", write_golden(file_));
    valid_ = file_.cases[0].question.id;
    invalid_ = file_.cases[1].question.id;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  /// A testee that offers what `offer` says and gives every case the same answer.
  std::string testee(const std::string& answer, const std::string& conventions = "",
                     const std::string& dtype = "f32") const {
    write("testee.sh", R"sh(#!/bin/sh
while IFS= read -r line; do
  id=$(printf %s "$line" | sed 's/.*"id": *"\([^"]*\)".*/\1/')
  case "$line" in
    *'"bye"'*) exit 0 ;;
    *'"echo"'*) printf '%s\n' "$line" ;;
    *'"id"'*) printf '{"id":"%s",%s}\n' "$id" ')sh" +
                           answer + R"sh(' ;;
    *) echo '{"assay":1,"implementation":{"name":"shell","version":"1","language":"sh"},"losses":{"huber":{"dtypes":[")sh" +
                           dtype +
                           R"sh("],"reductions":["none","mean","sum"],"gradient":true,"conventions":[)sh" +
                           conventions +
                           R"sh(]}},"encoding":"bits"}' ;;
  esac
done
)sh");
    return "-- sh " + shell_quoted((folder_ / "testee.sh").string());
  }

  Result run(const std::string& arguments, const std::string& redirect = "") const {
    const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
    const std::string command = std::string(ASSAY_BINARY) + " " + arguments + " >" +
                                (redirect.empty() ? shell_quoted(out) : redirect) + " 2>" +
                                shell_quoted(err) + " </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  Result verify(const std::string& arguments) const {
    return run("verify --golden " + shell_quoted((folder_ / "golden").string()) + " " + arguments);
  }

  static void expect_one_line(const Result& r, int code, const std::string& part) {
    EXPECT_EQ(r.code, code) << r.err;
    EXPECT_EQ(r.err.find("assay: "), 0U) << r.err;
    EXPECT_EQ(std::count(r.err.begin(), r.err.end(), '\n'), 1) << r.err;
    EXPECT_NE(r.err.find(part), std::string::npos) << r.err;
  }

  fs::path folder_;
  GoldenFile file_;
  std::string valid_, invalid_;
};

const std::string right_answer =
    R"("value":{"shape":[],"data":[1.0416666]},"gradient":{"prediction":{"shape":[3],"data":[0.16666667,-0.33333334,0.33333334]}})";
const std::string wrong_answer =
    R"("value":{"shape":[],"data":[1.25]},"gradient":{"prediction":{"shape":[3],"data":[0.16666667,-0.33333334,0.33333334]}})";

TEST_F(Cli, OfSeveralUnreadableGoldenFilesTheFirstOfTheCatalogueIsTold) {
  for (const char* const each : {"mse.f32.json", "mae.f32.json", "mae.f64.json", "ctc.f32.json"})
    write("golden/"s + each, "{");
  for (int i = 0; i < 4; ++i) expect_one_line(verify(""), 2, "/mse.f32.json: ");
}

TEST_F(Cli, MistakesInTheCommandAreOneLineAndExitTwo) {
  expect_one_line(run("verfy"), 2, "no command \"verfy\"; did you mean \"verify\"? 'assay --help' lists all");
  expect_one_line(run(""), 2, "say what to do: losses, ");
  expect_one_line(run("generate --loss hubber --out ."), 2, "assay: no loss named \"hubber\"; did you mean");
  expect_one_line(run("verify --los huber"), 2, "verify has no option \"--los\"; did you mean --loss?");
  expect_one_line(run("losses extra"), 2, "losses has no argument \"extra\"");
  expect_one_line(run("verify --jobs many"), 2, "--jobs");
  expect_one_line(run("verify --jobs 0"), 2, "--jobs");
  expect_one_line(run("verify --timeout 0"), 2, "--timeout");
  expect_one_line(run("verify --timeout nan"), 2, "--timeout");
  expect_one_line(run("verify --require good"), 2, "no grade named \"good\"");
  expect_one_line(run("verify --report a.pdf"), 2, "there are .json, .html, .xml (JUnit) and .md");
  expect_one_line(run("verify --"), 2, "'--' is followed by the command");
  expect_one_line(run("verify torhc"), 2, "no testee named \"torhc\"; did you mean \"torch\"? there are ");
  expect_one_line(run("audit torhc --budget 1cases"), 2, "no testee named \"torhc\"");
  expect_one_line(run("explain " + valid_ + " torhc --golden " + shell_quoted((folder_ / "golden").string())),
                  2, "no testee named \"torhc\"");
  expect_one_line(run("verify ''"), 2, "no testee named \"\"");
  expect_one_line(run("verify torch naive"), 2, "verify has no argument \"naive\"");
  expect_one_line(run("verify torch -- true"), 2,
                  "verify takes one testee: \"torch\", or what stands behind '--'");
  expect_one_line(run("losses -- cat"), 2, "losses starts no testee");
  expect_one_line(run("explain"), 2, "explain: ");
  expect_one_line(run("serve --engine steam"), 2, "steam");
}

TEST_F(Cli, AnUnknownLossIsNamedWithItsNeighbour) {
  const std::string count = std::to_string(catalogue().size());
  const std::string line =
      "no loss named \"hubber\"; did you mean \"huber\"? 'assay losses' lists all " + count + ".\n";
  const Result r = run("verify --loss hubber");
  EXPECT_EQ(r.code, 2);
  EXPECT_EQ(r.err, "assay: " + line);
  const Result g = run("generate --loss hubber --out " + shell_quoted((folder_ / "x").string()));
  EXPECT_EQ(g.code, 2);
  EXPECT_TRUE(g.err.ends_with(": " + line)) << g.err;
  EXPECT_FALSE(fs::exists(folder_ / "x"));
  expect_one_line(run("verify --loss '\x1b[31m'"), 2, "\\x1b[31m");
  expect_one_line(run("verify --dtype f8"), 2, "no dtype named \"f8\"");
}

TEST_F(Cli, LossesListsTheWholeCatalogue) {
  const Result people = run("losses"), machines = run("losses --json");
  EXPECT_EQ(people.code, 0);
  EXPECT_EQ(machines.code, 0);
  const Json parsed = parse_json(machines.out);
  ASSERT_EQ(parsed.find("losses")->items.size(), catalogue().size());
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const Record& record = catalogue()[i];
    const Json& json = parsed.find("losses")->items[i];
    EXPECT_EQ(json.find("name")->text, record.name);
    EXPECT_EQ(json.find("scale")->text, record.scale);
    EXPECT_EQ(json.find("inputs")->items.size(), record.inputs.size());
    EXPECT_EQ(json.find("parameters")->items.size(), record.parameters.size());
    EXPECT_EQ(json.find("source")->find("link")->text, record.source.link);
    EXPECT_NE(people.out.find("\n  " + std::string(record.title) + "\n"), std::string::npos) << record.name;
  }
}

TEST_F(Cli, HelpAndVersionGoToStandardOutput) {
  EXPECT_EQ(run("--version").out, "assay " ASSAY_VERSION "\n");
  for (const char* help : {"--help", "verify --help", "explain --help"}) {
    const Result r = run(help);
    EXPECT_EQ(r.code, 0) << help;
    EXPECT_NE(r.out, "") << help;
    EXPECT_EQ(r.err, "") << help;
  }
}

TEST_F(Cli, TheKernelsConform) {
  const Result r = verify("");
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  EXPECT_EQ(r.err, "") << "no progress where nobody watches";
  EXPECT_NE(r.out.find("2 cases, 2 conform\n"), std::string::npos) << r.out;
}

TEST_F(Cli, ARightAnswerConformsAndAnAnsweredInvalidRequestIsReported) {
  const Result r = verify(testee(right_answer));
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  EXPECT_NE(r.out.find("2 cases, 1 conform, 1 invalid requests answered\n"), std::string::npos) << r.out;
}

TEST_F(Cli, AWrongAnswerIsShownWithItsWitnessAndItsCommand) {
  const std::string command = testee(wrong_answer);
  const Result r = verify(command);
  EXPECT_EQ(r.code, 1) << r.err;
  for (const std::string& part :
       {"everyday: 1 cause, 1 failure\n"s, "huber f32: 1 case: value is another number\n"s,
        "prediction [0.5, -1, 3], target [0, 0, 0]; delta 1: value 1.25, expected 1.0416666 ("s,
        std::string(ASSAY_BINARY) + " explain " + valid_ + " --golden "})
    EXPECT_NE(r.out.find(part), std::string::npos) << part << "\n" << r.out;
  EXPECT_EQ(verify("--require inaccurate " + command).code, 0);
}

TEST_F(Cli, ErrorsSkipsAndMissingTensorsOnAValidCaseFail) {
  const Result error = verify(testee(R"("error":"no \u001b[31m kernel")"));
  EXPECT_EQ(error.code, 1);
  EXPECT_NE(error.out.find("an error in place of an answer: no \\x1b[31m kernel"), std::string::npos)
      << error.out;
  EXPECT_NE(error.out.find("2 cases, 1 conform, 1 failed"), std::string::npos)
      << "an error is right for an invalid one";
  EXPECT_EQ(verify(testee(R"("skipped":"out of memory")")).code, 1);
  const Result missing = verify(testee(R"("value":{"shape":[],"data":[1.0416666]})"));
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.out.find("gradient.prediction is missing"), std::string::npos) << missing.out;
}

TEST_F(Cli, AConventionConformsOnlyForWhoDeclaresIt) {
  ConventionalAnswer halved;
  halved.name = "halved";
  halved.used_by = {"nobody"};
  halved.value.real = {0.52083331346511841};
  file_.cases[0].conventions.push_back(halved);
  write("golden/huber.f32.json", write_golden(file_));
  std::string answer = right_answer;
  answer.replace(answer.find("1.0416666"), 9, "0.5208333");
  const Result undeclared = verify(testee(answer));
  EXPECT_EQ(undeclared.code, 1);
  EXPECT_NE(undeclared.out.find("follows the convention halved, which the testee does not declare"),
            std::string::npos)
      << undeclared.out;
  EXPECT_NE(undeclared.out.find("1 failed (undeclared conventions: halved 1)"), std::string::npos)
      << undeclared.out;
  // The catalogue does not know it, which is a finding; the golden file does.
  write("known", "protocol/offer  # a convention of the file's own\n");
  const Result declared = verify("--known-failures " + shell_quoted((folder_ / "known").string()) + " " +
                                 testee(answer, "\"halved\""));
  EXPECT_EQ(declared.code, 0) << declared.out << declared.err;
  EXPECT_NE(declared.out.find("1 of them by a declared convention (halved 1)"), std::string::npos)
      << declared.out;
}

TEST_F(Cli, OnlyCasesOfTheRegimesAskedForAreJudged) {
  const Result everyday = verify("--regime everyday " + testee(wrong_answer));
  EXPECT_EQ(everyday.code, 1);
  EXPECT_NE(everyday.out.find(": 1 cases, 0 conform, 1 failed"), std::string::npos) << everyday.out;
  const Result invalid = verify("--regime invalid " + testee(wrong_answer));
  EXPECT_EQ(invalid.code, 0);
  EXPECT_NE(invalid.out.find(": 1 cases, 0 conform, 1 invalid"), std::string::npos) << invalid.out;
  const Result both = verify("--regime invalid --regime everyday " + testee(right_answer));
  EXPECT_NE(both.out.find(": 2 cases, 1 conform"), std::string::npos) << both.out;
  expect_one_line(verify("--regime tail " + testee(right_answer)), 3, "none of the 0 cases");
  expect_one_line(verify("--regime ordinary " + testee(right_answer)), 2,
                  "no regime named \"ordinary\"; from the most ordinary there are everyday, tail, extreme");
  write("known", "huber/f32/*  # halves\n");
  const std::string known = "--known-failures " + shell_quoted((folder_ / "known").string()) + " ";
  EXPECT_EQ(verify(known + "--regime invalid " + testee(wrong_answer)).code, 0)
      << "the entry is needed by a case that was left out";
}

TEST_F(Cli, NothingJudgedExitsThree) {
  expect_one_line(verify(testee(right_answer, "", "f64")), 3,
                  "nothing was judged: shell offers none of the 2 cases");
  expect_one_line(verify("-- /no/such/program"), 3, "/no/such/program");
  EXPECT_EQ(verify("-- false").code, 3);
  EXPECT_EQ(run("explain " + valid_ + " --golden " + folder_.string() + "/golden -- false").code, 3);
}

TEST_F(Cli, KnownFailuresExcuseAndCannotRot) {
  const std::string known = "--known-failures " + shell_quoted((folder_ / "known").string()) + " ";
  write("known", "huber/f32/*  # halves\n");
  EXPECT_EQ(verify(known + testee(wrong_answer)).code, 0);
  const Result stale = verify(known + testee(right_answer));
  EXPECT_EQ(stale.code, 1);
  EXPECT_NE(stale.out.find("known failures, line 1: 'huber/f32/*' passes now"), std::string::npos)
      << stale.out;
  EXPECT_EQ(verify(known + testee(R"("skipped":"tired")")).code, 1);
  write("known", "huber/f32/*  # halves\nmse/f32/* # never\n");
  EXPECT_EQ(verify(known + testee(wrong_answer)).code, 1);
  EXPECT_EQ(verify(known + "--loss huber " + testee(wrong_answer)).code, 0)
      << "mse is none of this run's business";
  write("known", "huber/f32/*\n");
  expect_one_line(verify(known), 2, "known:1: 'huber/f32/*' has no reason");
  expect_one_line(verify("--known-failures /no/such/file"), 2, "/no/such/file");
}

TEST_F(Cli, GoldenFilesThatCannotBeReadExitTwo) {
  expect_one_line(run("verify --golden " + (folder_ / "none").string()), 2, "none");
  expect_one_line(verify("--loss mse"), 2, "has no golden file of mse; it would be mse.f32.json");
  const std::string good = write_golden(file_);
  write("golden/huber.f32.json", good.substr(0, good.size() / 2));
  expect_one_line(verify(""), 2, "huber.f32.json");
  write("golden/huber.f32.json", "");
  expect_one_line(verify(""), 2, "huber.f32.json");
  write("golden/huber.f32.json", "{\"schema\": 1e400}");
  expect_one_line(verify(""), 2, "huber.f32.json");
  write("golden/huber.f32.json", std::string(100000, '['));
  expect_one_line(verify(""), 2, "huber.f32.json");
  write("golden/huber.f32.json", good);
  fs::copy_file(folder_ / "golden/huber.f32.json", folder_ / "golden/mse.f32.json");
  expect_one_line(verify(""), 2, "mse.f32.json: holds huber f32; it should be named huber.f32.json");
  fs::remove(folder_ / "golden/mse.f32.json");
  fs::remove(folder_ / "golden/huber.f32.json");
  fs::create_directory(folder_ / "golden/huber.f32.json");
  expect_one_line(verify(""), 2, "huber.f32.json");
}

TEST_F(Cli, ReportsAreWrittenInEveryForm) {
  const std::string base = (folder_ / "r").string();
  const Result r = verify("--report " + base + ".json --report " + base + ".xml --report " + base + ".md " +
                          testee(wrong_answer));
  EXPECT_EQ(r.code, 1) << r.err;
  const Json parsed = parse_json(read(base + ".json"));
  EXPECT_EQ(parsed.find("cases")->items[0].find("id")->text, valid_);
  EXPECT_EQ(parsed.find("cases")->items[0].find("where")->text, "value");
  EXPECT_EQ(parsed.find("cases")->items[1].find("status")->text, "unchecked domain");
  EXPECT_NE(read(base + ".xml").find("<failure type=\"inaccurate\""), std::string::npos);
  EXPECT_NE(read(base + ".md").find("| `huber` | f32 | 0 of 2 |"), std::string::npos) << read(base + ".md");
}

TEST_F(Cli, WhatCannotBeWrittenExitsTwoBeforeATesteeIsStarted) {
  const std::string started = (folder_ / "started").string();
  for (const char* command : {"verify --golden ", "audit --budget 1cases "}) {
    const std::string begin =
        command + (*command == 'v' ? shell_quoted((folder_ / "golden").string()) : std::string());
    for (const char* path : {"none/r.json", "golden.md/", "dir.xml", "r.txt"}) {
      fs::create_directories(folder_ / "dir.xml");
      const Result r = run(begin + " --report " + (folder_ / path).string() + " -- touch " + started);
      expect_one_line(r, 2, path);
      EXPECT_FALSE(fs::exists(started)) << path;
    }
  }
  expect_one_line(verify("--report " + (folder_ / "none/r.json").string()), 2, "none/r.json: No such file");
  fs::create_symlink("/dev/full", folder_ / "full.json");
  expect_one_line(verify("--report " + (folder_ / "full.json").string()), 2, "full.json: No space left");
  expect_one_line(run("losses", "/dev/full"), 2, "standard output: No space left");
  expect_one_line(run("--help", "/dev/full"), 2, "standard output: No space left");
}

TEST_F(Cli, ExplainTellsOneCaseInWords) {
  const std::string golden = " --golden " + shell_quoted((folder_ / "golden").string()) + " ";
  const Result r = run("explain " + valid_ + golden);
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  for (const std::string& part :
       {valid_, "Huber loss"s, "doi.org/10.1214/aoms/1177703732"s, "delta 1"s, "both-branches"s,
        "why this case is here"s, "both branches in one reduction"s, "https://example.org"s,
        "1.041666666666666666666666666666666666667"s, "gradient.prediction [3]"s, "condition"s,
        "correctly rounded"s})
    EXPECT_NE(r.out.find(part), std::string::npos) << part << "\n" << r.out;

  EXPECT_EQ(run("explain " + valid_.substr(0, valid_.size() - 4) + golden).code, 0)
      << "a beginning is enough";
  EXPECT_EQ(run("explain '*" + valid_.substr(valid_.size() - 5) + "'" + golden).code, 0) << "so is a glob";
  expect_one_line(run("explain huber" + golden), 2, "is 2 cases");
  expect_one_line(run("explain hubber/f32/1" + golden), 2, "did you mean \"huber\"?");
  std::string typo = valid_;
  typo.back() = typo.back() == '0' ? '1' : '0';
  expect_one_line(run("explain " + typo + golden), 2, "did you mean " + valid_ + "?");

  const Result wrong = run("explain " + valid_ + golden + testee(wrong_answer));
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.out.find("got  1.25 (0x1.4p+0), 1.7e+06 ulp"), std::string::npos) << wrong.out;
  EXPECT_NE(wrong.out.find("inaccurate: "), std::string::npos) << wrong.out;
  const Result error = run("explain " + invalid_ + golden);
  EXPECT_EQ(error.code, 0) << error.out;
  EXPECT_NE(error.out.find("expected: an error"), std::string::npos) << error.out;
}

}  // namespace
}  // namespace assay
