#include "tools/commands/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <tuple>

#include "losses/catalogue/records.hpp"
#include "tools/commands/command.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

void say(std::string_view line) { fmt::print(stderr, "assay: {}\n", line); }

void summarise(const GoldenRecipe& recipe, const MadeGolden& made, double seconds) {
  fmt::print(
      "{} {}: {} cases, {} errors, 0 undecided, {} numbers confirmed, {} out of range, {} bytes, {:.1f} s\n",
      recipe.record.name, name(recipe.dtype), made.cases, made.errors, made.confirmed, made.out_of_range,
      made.text.size(), seconds);
  std::fflush(stdout);
}

/// The seed and the count that a golden file says it was made with; throws NotGenerated when it says nothing.
std::pair<std::uint64_t, std::int64_t> recorded(const std::string& text, const fs::path& path) {
  try {
    const Json file = parse_json(text);
    const Json* generator = file.find("generator");
    const Json* seed = generator ? generator->find("seed") : nullptr;
    const Json* count = file.find("count");
    if (seed && count) return {std::stoull(seed->text), std::stoll(count->text)};
  } catch (const std::exception& e) {
    throw NotGenerated(fmt::format("{} is not readable: {}", printable(path.string()), e.what()));
  }
  throw NotGenerated(fmt::format("{} names no seed and count; generate it anew", printable(path.string())));
}

void compare(const std::string& found, const std::string& expected, const GoldenRecipe& recipe,
             const fs::path& path) {
  if (found == expected) return;
  const auto [there, here] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  const auto at = static_cast<std::size_t>(here - expected.begin());
  // A case begins with its id: the last one before the difference, ended or not.
  const std::string start = fmt::format("\"{}/{}/", recipe.record.name, name(recipe.dtype));
  const std::size_t last = expected.rfind(start, at);
  const std::string which = last == std::string::npos
                                ? "before the first case: version, notes or count"
                                : "in case " + expected.substr(last + 1, start.size() - 1 + 12);
  throw NotGenerated(fmt::format(
      "{} does not regenerate: it differs at byte {}, {}; if the change is meant, generate it anew",
      printable(path.string()), there - found.begin() + 1, which));
}

/// Files of the folder that no loss of the catalogue accounts for.
void refuse_strangers(const fs::path& folder) {
  std::vector<std::string> known;
  for (const Record& each : catalogue())
    for (const Dtype dtype : dtypes) known.push_back(golden_file_name(each.name, dtype));
  for (const fs::directory_entry& each : fs::directory_iterator(folder))
    if (std::find(known.begin(), known.end(), each.path().filename().string()) == known.end())
      throw NotGenerated(fmt::format("{} belongs to no loss of the catalogue; take it away",
                                     printable(each.path().string())));
}

/// Writes one file, or compares it with what its own seed and count regenerate.
void generate_file(GoldenRecipe recipe, const fs::path& path, bool check, const Oracle& oracle) {
  const auto start = std::chrono::steady_clock::now();
  std::string found;
  if (check) {
    found = read_file(path);
    std::tie(recipe.seed, recipe.count) = recorded(found, path);
  }
  const MadeGolden made = make_golden(recipe, oracle);
  check ? compare(found, made.text, recipe, path) : write_file(path, made.text);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  summarise(recipe, made, spent.count());
}

/// The folder of golden files, made where it is to be written to.
fs::path output_folder(const GenerateOptions& options) {
  if (options.out.empty()) throw UsageError("name the folder of golden files with --out DIR");
  const fs::path folder = options.out;
  std::error_code failed;
  if (options.check && !fs::is_directory(folder, failed))
    throw UsageError(fmt::format("no folder at {}; --check compares the golden files that are there",
                                 printable(options.out)));
  if (!options.check) fs::create_directories(folder, failed);
  if (failed)
    throw UsageError(fmt::format("cannot make the folder {}: {}", printable(options.out), failed.message()));
  return folder;
}

/// One file after another; what is wrong with one keeps none of the others away.
int generate_files(const GenerateOptions& options, const Oracle& oracle) {
  if (options.cases < 0) throw UsageError("--cases takes a number from 0 on");
  const Selection chosen = select(options.losses, options.dtypes);
  const fs::path folder = output_folder(options);
  const fs::path handpicked = handpicked_folder(folder);
  int code = 0;
  for (const std::string& loss : chosen.losses)
    for (const Dtype dtype : chosen.dtypes) {
      try {
        generate_file({*find(loss), dtype, options.seed, options.cases, handpicked},
                      folder / golden_file_name(loss, dtype), options.check, oracle);
      } catch (const NotGenerated& e) {
        say(fmt::format("{} {}: {}", loss, name(dtype), e.what()));
        code = 1;
      } catch (const FileError& e) {
        say(e.what());
        code = 1;
      }
    }
  if (options.check && options.losses.empty() && options.dtypes.empty()) refuse_strangers(folder);
  return code;
}

}  // namespace

int generate(const GenerateOptions& options, const Oracle& oracle) {
  try {
    return generate_files(options, oracle);
  } catch (const UsageError& e) {
    say(e.what());
    return 2;
  } catch (const CodecError& e) {
    say(e.what());
    return 2;
  } catch (const std::exception& e) {
    say(e.what());
    return 1;
  }
}

Command generate_command() {
  const auto o = std::make_shared<GenerateOptions>();
  return {
      .name = "generate",
      .purpose = "write golden files",
      .options = {loss_option(o->losses),
                  dtype_option(o->dtypes),
                  {"--cases", &o->cases, "at least so many cases a file, hand-picked included"},
                  {"--seed", &o->seed, "of the generated cases"},
                  {.name = "--out", .value = &o->out, .purpose = "the folder of the files", .required = true},
                  {"--check", &o->check, "write nothing: prove that the files there regenerate bit for bit"}},
      .run = [o] { return generate(*o, certified_reference()); }};
}

}  // namespace assay
