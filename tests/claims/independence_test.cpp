// Independence is a fact about includes: a reference that
// shares arithmetic with what it judges is worth nothing.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::set<std::string> included_by(const fs::path& folder, int more_than = 10) {
  static const std::regex line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::set<std::string> found;
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    ++files;
    std::ifstream in(entry.path());
    for (std::string text; std::getline(in, text);)
      if (std::smatch match; std::regex_search(text, match, line)) found.insert(match[1]);
  }
  EXPECT_GT(files, more_than) << folder;
  return found;
}

const fs::path root = ASSAY_SOURCE_DIR;

TEST(Independence, TheReferenceSeesOfTheLossesOnlyTheCatalogue) {
  for (const std::string& name : included_by(root / "reference")) {
    const bool facts = name.starts_with("losses/spec/") || name == "losses/catalogue/catalogue.hpp" ||
                       name == "losses/catalogue/records.hpp";
    EXPECT_TRUE(facts || !name.starts_with("losses/")) << name;
    EXPECT_FALSE(name.starts_with("tools/")) << name;
  }
}

// From the record of a formula to its certified value there is one way, and no folder on it looks back.
TEST(Independence, NoRoomOfTheReferenceSeesALaterOne) {
  const std::vector<std::pair<std::string, std::set<std::string>>> rooms{
      {"cases", {}},
      {"numbers", {}},
      {"graph", {"cases", "numbers"}},
      {"formulas", {"graph"}},
      {"engines", {"graph", "numbers"}},
      {"truth", {"cases", "numbers", "graph", "engines"}},
  };
  const std::string prefix = "reference/";
  for (const auto& [room, seen] : rooms)
    for (const std::string& name : included_by(root / "reference" / room, 2)) {
      if (!name.starts_with(prefix)) continue;
      const std::string other = name.substr(prefix.size(), name.find('/', prefix.size()) - prefix.size());
      EXPECT_TRUE(other == room || seen.contains(other)) << room << " includes " << name;
    }
}

TEST(Independence, TheLossesNeedNothingButTheStandardLibraryHighwayAndThemselves) {
  for (const std::string& name : included_by(root / "losses")) {
    const bool own = name.starts_with("losses/"), simd = name.starts_with("hwy/");
    const bool standard = name.find('/') == std::string::npos && name.find('.') == std::string::npos;
    EXPECT_TRUE(own || simd || standard) << name;
  }
}

TEST(Independence, NoFormulaHoldsAFloatingPointNumber) {
  static const std::regex literal(R"([^\w.]\d+\.\d*|[^\w.]\.\d+|\d[eE][-+]?\d|\b(double|float)\b)");
  int formulas = 0;
  for (const auto& entry : fs::directory_iterator(root / "reference" / "formulas")) {
    std::ifstream in(entry.path());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (entry.path().extension() != ".cpp" || text.find("\nTerm formula<") == std::string::npos) continue;
    ++formulas;
    text = std::regex_replace(text, std::regex(R"(//[^\n]*|"[^"\n]*")"), "");
    std::smatch match;
    EXPECT_FALSE(std::regex_search(text, match, literal)) << entry.path() << ": " << match.str();
  }
  EXPECT_GE(formulas, 20);
}

}  // namespace
