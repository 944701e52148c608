// `assay explain` of a case in a file, and the texts by which a case is seen again.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <sstream>

#include "reference/truth/truth.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/golden/lone_case.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/json.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

const std::string huber =
    R"({"loss": "huber", "dtype": "f32", "parameters": {"delta": 0.5}, "wrt": ["prediction"],
 "inputs": {"prediction": {"shape": [3], "data": [0.5, -1, 1e-40]}, "target": {"shape": [3], "data": [0, 0, 0]}}})";
const std::string huber_id = "huber/f32/50351964cf46";  // the contract's

class Explain : public testing::Test {
 protected:
  struct Result {
    int code = -1;
    std::string out, err;
  };

  void SetUp() override {
    std::string name = testing::TempDir() + "assay_explain_XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  Result shell(const std::string& command) const {
    const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
    const std::string file = write("command.sh", command + "\n");
    const int status = std::system(("sh " + file + " >" + out + " 2>" + err).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  Result explain(const std::string& arguments) const {
    return shell(std::string(ASSAY_BINARY) + " explain " + arguments + " </dev/null");
  }
  static void expect_one_line(const Result& r, const std::string& part) {
    EXPECT_EQ(r.code, 2) << r.out << r.err;
    EXPECT_NE(r.err.find(part), std::string::npos) << r.err;
    EXPECT_EQ(std::count(r.err.begin(), r.err.end(), '\n'), 1) << r.err;
  }
  static void expect_in(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
  }

  /// A testee that answers huber with 7, and writes this as a snippet.
  std::vector<std::string> wrong_testee() const {
    return {"sh", write("testee.sh", R"sh(while IFS= read -r line; do
  id=$(printf %s "$line" | sed 's/.*{"id": *"\([^"]*\)".*/\1/')
  case "$line" in
    *'"bye"'*) exit 0 ;;
    *'"echo"'*) printf '%s\n' "$line" ;;
    *'"snippet"'*) printf '{"id":"snippet","snippet":"huber(0.5)\\n\\u001b[31m# red\\n"}\n' ;;
    *'"id"'*) printf '{"id":"%s","value":{"shape":[],"data":[7]},"gradient":{"prediction":{"shape":[3],"data":[7,7,7]}}}\n' "$id" ;;
    *) echo '{"assay":1,"implementation":{"name":"shell","version":"1","language":"sh"},"losses":{"huber":{"dtypes":["f32"],"reductions":["mean"],"gradient":true}},"snippets":true}' ;;
  esac
done
)sh")};
  }
  std::string wrong() const {
    const std::vector<std::string> words = wrong_testee();
    return " -- " + words[0] + " " + shell_quoted(words[1]);
  }

  fs::path folder_;
};

TEST_F(Explain, ACaseInAFileIsCertifiedOnTheSpot) {
  const Result r = explain(write("mine.json", huber));
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  for (const char* part :
       {huber_id.c_str(), "delta 0.5", "0.166666666", "gradient.prediction [3]", "correctly rounded"})
    expect_in(r.out, part);
  EXPECT_EQ(explain(write("mine", huber)).code, 0) << "whatever the file is called";
  EXPECT_EQ(shell(std::string(ASSAY_BINARY) + " explain - <" + shell_quoted(write("mine.json", huber))).out,
            r.out);
}

TEST_F(Explain, WhatIsExpectedThereIsTaken) {
  GoldenFile file = read_lone_case(huber, "here");
  file.cases[0].slug = "both-sides";
  file.cases[0].flags = {"Kink"};
  file.notes["Kink"] = {"edge-case", "a branch", "none", {}};
  const std::string golden = write_golden(file);
  const Result r = explain(write("huber.f32.json", golden));
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  expect_in(r.out, "both-sides");
  expect_in(r.out, "a branch");

  const Json all = parse_json(golden);
  const std::string alone = dump_json(all.find("cases")->items[0]);
  EXPECT_EQ(explain(write("alone.json", alone)).code, 0);
  std::string changed = alone;
  changed.replace(changed.find("[0.5,"), 5, "[0.25,");
  expect_one_line(explain(write("changed.json", changed)), "the case was changed, or its id was");
  file.cases.push_back(
      read_lone_case(R"({"loss": "huber", "dtype": "f32", "inputs": {"prediction": {"shape": [], "data":
 [1]}, "target": {"shape": [], "data": [0]}}})",
                     "here")
          .cases[0]);
  expect_one_line(explain(write("two.json", write_golden(file))), "holds 2 cases");
}

TEST_F(Explain, AGoldenCaseIsNamedByItsSlug) {
  fs::create_directory(folder_ / "golden");
  GoldenFile file = read_lone_case(huber, "here");
  file.cases[0].slug = "both-sides";
  write("golden/huber.f32.json", write_golden(file));
  const std::string golden = " --golden " + shell_quoted((folder_ / "golden").string());
  const Result r = explain("huber/f32/both-sides" + golden);
  EXPECT_EQ(r.code, 0) << r.err;
  expect_in(r.out, huber_id);
  expect_one_line(explain("huber/f32/both-side" + golden), "did you mean huber/f32/both-sides?");
}

TEST_F(Explain, AFileThatHoldsNoCaseIsOneLine) {
  expect_one_line(explain((folder_ / "none.json").string()), "No such file");
  expect_one_line(explain(write("a.json", "")), "a.json");
  expect_one_line(explain(write("b.json", "[]")), "b.json: case: must be an object");
  expect_one_line(explain(write("c.json", R"({"loss": "huber", "dtype": "f32"})")), "needs \"inputs\"");
  expect_one_line(explain(write("d.json", R"({"loss": "huber", "dtype": "f32", "inputs": {}, "wrong": 1})")),
                  "unknown field \"wrong\"");
  expect_one_line(explain("- "), "standard input");
}

TEST_F(Explain, ACaseOutsideTheDomainIsExpectedToBeRefused) {
  std::string longer = huber;
  longer.replace(longer.find("[3], \"data\": [0, 0, 0]"), 3, "[1, 3]");
  const Result r = explain(write("invalid.json", longer));
  EXPECT_EQ(r.code, 0) << r.out << r.err;
  expect_in(r.out, "expected: an error, the request is outside the domain");
}

TEST_F(Explain, WhatFailsIsShownInTheTesteesLanguage) {
  const Result r = explain(write("mine.json", huber) + wrong());
  EXPECT_EQ(r.code, 1) << r.out << r.err;
  expect_in(r.out, "the same in sh:\n\nhuber(0.5)\n\\x1b[31m# red\n");
  EXPECT_EQ(explain(write("mine.json", huber)).out.find("the same in"), std::string::npos) << "all is well";
  // A testee that writes none: the request is shown.
  const std::string plain = wrong_testee()[1];
  write("testee.sh", std::regex_replace(read(plain), std::regex(R"(,"snippets":true)"), ""));
  const Result r2 = shell(std::string(ASSAY_BINARY) + " explain " + write("mine.json", huber) + " -- sh " +
                          shell_quoted(plain) + " </dev/null");
  expect_in(r2.out, "the same in json:\n\n{\"id\":\"huber/f32/50351964cf46\"");
}

TEST_F(Explain, TheMechanismAndTheRegimeAreTold) {
  std::string mine = huber;
  mine.replace(mine.find("1e-40"), 5, "0.125");
  const std::string file = write("mine.json", mine);
  // The kernels, but that delta is 1 whatever is asked.
  const Result r = explain(file + R"( -- sh -c 'sed -u "s/\"delta\": *[-0-9.e]*/\"delta\":1/" | )" +
                           ASSAY_BINARY + " serve --engine kernels'");
  EXPECT_EQ(r.code, 1) << r.out << r.err;
  expect_in(r.out, "\nregime everyday; ");
  expect_in(r.out, "\nwhy: ignored-parameter; ");
  EXPECT_EQ(explain(file).out.find("why"), std::string::npos) << "nothing is wrong";
  expect_in(explain(write("tiny.json", huber)).out, "\nregime extreme; ");
}

TEST_F(Explain, AReproducerShowsTheSameAgain) {
  GoldenFile file = read_lone_case(huber, "here");
  file.cases[0].slug = "it's";
  std::vector<std::string> words = wrong_testee();
  words.insert(words.begin(), "--");
  const std::optional<Reproducer> again =
      reproducer(file.cases[0], words, "sh", "huber(0.5)\n\x1b[31m# red\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->language, "sh");
  EXPECT_EQ(again->snippet, "huber(0.5)\n\\x1b[31m# red\n");

  std::string command = again->command;
  const std::size_t name = command.find("assay explain ");
  ASSERT_NE(name, std::string::npos) << command;
  command.replace(name, std::string("assay").size(), ASSAY_BINARY);
  const Result pasted = shell(command);
  EXPECT_EQ(pasted.code, 1) << pasted.out << pasted.err;
  expect_in(pasted.out, huber_id);
  const Result kept = explain(write("it's kept.json", again->question).insert(0, "\"") + "\"" + wrong());
  expect_in(kept.out, huber_id + "  it's\n");
  EXPECT_EQ(kept.out.substr(kept.out.find('\n')), pasted.out.substr(pasted.out.find('\n')));
}

TEST(Reproducer, KeepsEveryNumber) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  AnnotatedCase c;
  c.question.loss = "margin_ranking";
  c.question.dtype = Dtype::f64;
  c.question.reduction = Reduction::none;
  c.question.parameters["margin"] = .1;
  Tensor x, t;
  x.shape = t.shape = {2, 3};
  x.real = {infinity, -0.0, std::numeric_limits<double>::quiet_NaN(), 5e-324, .1, -1.7976931348623157e308};
  t.real = {1, 1, -1, -1, 1, -1};
  c.question.inputs = {{"x1", x}, {"x2", x}, {"target", t}};
  c.question.wrt = {"x2"};
  c.question.id = canonical_id(c.question);
  c.slug = "a \"slug\"";
  c.comment = "why";
  const std::string id = std::exchange(c.question.id, "");  // searches name none
  const GoldenFile back = read_lone_case(write_lone_case(c), "here");
  EXPECT_NE(write_lone_case(c).find("{\"id\": \"" + id), std::string::npos) << write_lone_case(c);
  EXPECT_EQ(write_lone_case(c).find(" \n"), std::string::npos) << write_lone_case(c);
  EXPECT_EQ(back.cases[0].question.id, id);
  EXPECT_EQ(back.cases[0].slug, c.slug);
  EXPECT_EQ(back.cases[0].comment, c.comment);
  EXPECT_EQ(canonical(back.cases[0].question), canonical(c.question));

  const std::optional<Reproducer> again = reproducer(c, {}, "c++", kernel_testee()->snippet(c.question));
  ASSERT_TRUE(again);
  EXPECT_NE(again->snippet.find("x1{infinity, -0., nan, 0x0.0000000000001p-1022, 0x1.999999999999ap-4,"),
            std::string::npos)
      << again->snippet;
  const std::optional<Reproducer> plain = reproducer(c, {}, "c++", reference_testee()->snippet(c.question));
  EXPECT_EQ(plain->language, "json") << "it writes none: the request is shown";
  EXPECT_EQ(parse_json(plain->snippet).find("loss")->text, "margin_ranking");

  for (const char* each : {"x1", "x2", "target"}) {
    c.question.inputs[each].shape = {2048};
    c.question.inputs[each].real.assign(2048, 1);
  }
  EXPECT_FALSE(reproducer(c, {}, "c++", std::nullopt)) << "no reading matter";
  EXPECT_EQ(pasted_command(c.question, {}), "");
}

}  // namespace
}  // namespace assay
