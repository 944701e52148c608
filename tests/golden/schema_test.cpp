// The golden files against golden/schema.json, by a validator that knows nothing of this project.
#include <gtest/gtest.h>
#include <pthread.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "losses/catalogue/catalogue.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path source{ASSAY_SOURCE_DIR};

json parsed(const fs::path& path) { return json::parse(std::ifstream(path)); }

std::string complaint_on_this_stack(const json& document) {
  static const json text = parsed(source / "golden" / "schema.json");
  static const std::unique_ptr<const valijson::Schema> schema = [] {
    auto out = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), *out);
    return out;
  }();
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return "";
  valijson::ValidationResults::Error error;
  std::string out = "does not conform";
  while (results.popError(error)) {
    out += "\n  ";
    for (const std::string& each : error.context) out += each;
    out += ": " + error.description;
  }
  return out;
}

/// Nothing when the document conforms, else the first complaint. The validator's regular expressions recurse
/// with each character, and a tensor of thousands of numbers has 87,000 of them: they get a deep stack.
std::string complaint(const json& document) {
  struct Work {
    const json& document;
    std::string complaint{};
  } work{document};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 29);
  pthread_t thread;
  const int failed = pthread_create(
      &thread, &attributes,
      [](void* at) -> void* {
        auto& w = *static_cast<Work*>(at);
        w.complaint = complaint_on_this_stack(w.document);
        return nullptr;
      },
      &work);
  pthread_attr_destroy(&attributes);
  if (failed) return "no thread with a stack of 512 MiB";
  pthread_join(thread, nullptr);
  return work.complaint;
}

std::vector<fs::path> golden_files() {
  std::vector<fs::path> out;
  for (const auto& each : fs::directory_iterator(source / "golden" / "v1"))
    if (each.path().extension() == ".json") out.push_back(each.path());
  return out;
}

/// The contract's example, filled in.
json example() {
  return json::parse(
      R"({"schema": "assay-golden-v1", "loss": "huber", "dtype": "f32", "count": 1, "license": "CC0-1.0",
 "generator": {"name": "assay", "version": "0.1.0", "seed": 7},
 "notes": {"Kink": {"kind": "edge-case", "description": "a kink", "effect": "gradients differ", "links": ["https://example.org"]}},
 "cases": [{"id": "huber/f32/50351964cf46", "slug": "both-sides-of-delta-and-subnormal",
   "loss": "huber", "dtype": "f32", "reduction": "mean", "parameters": {"delta": 0.5},
   "inputs": {"prediction": {"shape": [3], "data": [0.5, -1, 1e-40]}, "target": {"shape": [3], "data": [0, 0, 0]}},
   "wrt": ["prediction"], "flags": ["Kink"], "regime": "everyday", "comment": "",
   "expected": {
     "value": {"shape": [], "bits": "3e2aaaab", "data": [0.16666667], "digits": ["0.1667"], "sensitivity": [0.251],
               "reach": 6, "scale": 0},
     "gradient": {"prediction": {"shape": [3], "bits": "3e2aaaab be2aaaab 00005ceb", "data": [0.16666667, -0.16666667, 3.3333e-41],
                                 "digits": ["0.16", "-0.16", "3.3e-41"], "sensitivity": [0.167, 0, null],
                                 "reach": [2, 3, 2], "scale": [0, 1e-5, 2.5]}},
     "conventions": [{"name": "log-clamped-100", "used_by": ["torch"], "value": {"shape": [], "data": [100]}}]}}]})");
}

TEST(Schema, AdmitsTheContractsExample) { EXPECT_EQ(complaint(example()), ""); }

TEST(Schema, AdmitsEveryGoldenFile) {
  const std::vector<fs::path> files = golden_files();
  ASSERT_FALSE(files.empty())
      << "golden/v1 holds no file; 'tools/assay generate --out golden/v1' writes them";
  for (const fs::path& each : files) EXPECT_EQ(complaint(parsed(each)), "") << each;
}

TEST(Schema, HasEightyCasesInEveryGoldenFile) {
  for (const fs::path& each : golden_files()) EXPECT_GE(parsed(each)["cases"].size(), 80u) << each;
}

TEST(Schema, AdmitsNothingElse) {
  struct Change {
    const char* at;
    const char* value;
  };
  for (const Change& each : std::vector<Change>{
           {"/schema", R"("assay-golden-v2")"},
           {"/loss", R"("Huber")"},
           {"/dtype", R"("f16")"},
           {"/count", "-1"},
           {"/license", R"("MIT")"},
           {"/generator/seed", R"("7")"},
           {"/generator/host", R"("x")"},
           {"/color", "1"},
           {"/notes/kink", R"({"kind": "a", "description": "b", "effect": "c", "links": []})"},
           {"/notes/Kink/why", "1"},
           {"/cases/0/id", R"("huber/f32/50351964CF46")"},
           {"/cases/0/id", R"("huber/f32/50351964cf4")"},
           {"/cases/0/slug", R"("Both sides")"},
           {"/cases/0/color", "1"},
           {"/cases/0/reduction", R"("average")"},
           {"/cases/0/inputs/prediction/data/0", R"("nan")"},
           {"/cases/0/inputs/prediction/data/0", "null"},
           {"/cases/0/inputs/prediction/shape/0", "-1"},
           {"/cases/0/inputs/prediction/shape/0", "1.5"},
           {"/cases/0/inputs/prediction/digits", "[]"},
           {"/cases/0/inputs/prediction/base64", R"("A A")"},
           {"/cases/0/flags/0", R"("not a flag")"},
           {"/cases/0/regime", R"("ordinary")"},
           {"/cases/0/regime", "null"},
           {"/cases/0/expected/value/reach", "0"},
           {"/cases/0/expected/value/reach", "1.5"},
           {"/cases/0/expected/value/reach", "[0]"},
           {"/cases/0/expected/value/scale", "-1"},
           {"/cases/0/expected/value/scale", "null"},
           {"/cases/0/expected/gradient/prediction/scale/1", R"("NaN")"},
           {"/cases/0/expected/error", "true"},
           {"/cases/0/expected", R"({"error": false})"},
           {"/cases/0/expected/value/bits", R"("3E2AAAAB")"},
           {"/cases/0/expected/value/bits", R"("3e2aaaab  3e2aaaab")"},
           {"/cases/0/expected/value/bits", R"("3e2aaaa")"},
           {"/cases/0/expected/value/digits/0", "0.25"},
           {"/cases/0/expected/value/digits/0", R"("1/6")"},
           {"/cases/0/expected/value/sensitivity/0", "-1"},
           {"/cases/0/expected/value/sensitivity/0", R"("NaN")"},
           {"/cases/0/expected/value/lower", "[0]"},
           {"/cases/0/expected/value/offset", "[0]"},
           {"/cases/0/expected/conventions/0/name", R"("Log clamped")"},
           {"/cases/0/expected/conventions", "[]"}}) {
    json changed = example();
    changed[json::json_pointer(each.at)] = json::parse(each.value);
    EXPECT_NE(complaint(changed), "") << each.at << " = " << each.value;
  }
  for (const char* needed :
       {"/schema", "/notes", "/cases/0/id", "/cases/0/expected/value", "/cases/0/expected/gradient",
        "/cases/0/expected/value/bits", "/cases/0/expected/value/digits", "/cases/0/flags",
        "/cases/0/inputs/prediction/data", "/cases/0/expected/value/sensitivity"}) {
    json changed = example();
    const json::json_pointer at(needed);
    changed[at.parent_pointer()].erase(at.back());
    EXPECT_NE(complaint(changed), "") << needed << " left out";
  }
}

TEST(GoldenFolder, HasOneReadableFileForEachLossAndDtype) {
  std::set<fs::path> expected;
  for (const Record& record : catalogue())
    for (const Dtype dtype : dtypes) {
      const fs::path path = source / "golden" / "v1" / golden_file_name(record.name, dtype);
      expected.insert(path);
      ASSERT_TRUE(fs::exists(path)) << path;
      const GoldenFile file = read_golden(path);
      EXPECT_EQ(file.loss, record.name) << path;
      EXPECT_EQ(file.dtype, dtype) << path;
      EXPECT_FALSE(file.cases.empty()) << path;
    }
  for (const fs::path& each : golden_files())
    EXPECT_TRUE(expected.contains(each)) << each << " belongs to no loss";
}

TEST(GoldenFolder, CrossReferencesHold) {
  for (const fs::path& path : golden_files()) {
    const GoldenFile file = read_golden(path);
    const Record& record = *find(file.loss);
    std::set<std::string> flags, slugs;
    for (const GoldenCase& each : file.cases) {
      EXPECT_TRUE(slugs.insert(each.slug).second) << path << ": two cases are called " << each.slug;
      for (const std::string& flag : each.flags) {
        flags.insert(flag);
        EXPECT_TRUE(file.notes.contains(flag)) << path << ": no note explains " << flag;
      }
      for (const ConventionalAnswer& convention : each.conventions)
        EXPECT_TRUE(std::any_of(record.conventions.begin(), record.conventions.end(),
                                [&](const Convention& c) { return c.name == convention.name; }))
            << path << ": the catalogue does not explain " << convention.name;
      EXPECT_EQ(each.error, why_invalid(each.question).has_value()) << path << ": " << each.question.id;
    }
    for (const auto& [flag, unused] : file.notes)
      EXPECT_TRUE(flags.contains(flag)) << path << ": no case has the flag " << flag;
  }
}

}  // namespace
}  // namespace assay
