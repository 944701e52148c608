#include "tools/commands/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/handpicked.hpp"
#include "tools/cases/plan_cases.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/reports/progress.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using reference::Backend;
using reference::SecondOpinion;

/// What makes a file impossible: one line each.
struct NotGenerated : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Every so many cases a third library is asked as well, where they have no more numbers than this: a power
/// or a logarithm takes it some milliseconds.
constexpr std::size_t sample = 16, most_numbers = 40;
bool is_sample(const Case& c, std::size_t index) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : c.inputs) numbers += tensor.size();
  return index % sample == 0 && numbers <= most_numbers;
}

struct Job {
  const Record& record;
  Dtype dtype;
  std::uint64_t seed;
  std::int64_t count;
  const fs::path& handpicked;
  const Oracle& oracle;
};

struct Produced {
  std::string text;
  std::size_t cases = 0, errors = 0;
  std::int64_t confirmed = 0, out_of_range = 0;
};

/// The truth about one case and what other libraries say of it.
struct Outcome {
  GoldenCase golden;
  SecondOpinion opinion;
  std::string trouble;  ///< not empty: a disagreement or an exception
};

Tensor rounded(const reference::TensorTruth& truth) {
  Tensor out{.shape = truth.shape, .real = {}, .integer = {}};
  for (const reference::Component& each : truth.components) out.real.push_back(each.rounded);
  return out;
}

std::vector<std::string> listed(std::string_view commas) {
  std::vector<std::string> out;
  while (!commas.empty()) {
    const std::size_t end = std::min(commas.find(','), commas.size());
    out.emplace_back(commas.substr(0, end));
    commas.remove_prefix(std::min(end + 1, commas.size()));
    commas.remove_prefix(std::min(commas.find_first_not_of(' '), commas.size()));
  }
  return out;
}

/// What the loss's conventions answer instead, where that is something else.
std::vector<ConventionalAnswer> conventional(const Case& c,
                                             const std::vector<reference::ConventionTruth>& truths) {
  std::vector<ConventionalAnswer> out;
  for (const reference::ConventionTruth& each : truths) {
    ConventionalAnswer answer{
        .name = each.name, .used_by = {}, .value = rounded(each.truth.value), .gradient = {}};
    for (const Convention& fact : c.record()->conventions)
      if (fact.name == each.name) answer.used_by = listed(fact.used_by);
    for (const auto& [name, tensor] : each.truth.gradient) answer.gradient.emplace(name, rounded(tensor));
    out.push_back(std::move(answer));
  }
  return out;
}

Outcome settle(const PlannedCase& planned, std::size_t index, const Oracle& oracle) {
  Outcome out{.golden = {.question = planned.question,
                         .slug = planned.slug,
                         .flags = planned.flags,
                         .comment = planned.comment,
                         .error = planned.error,
                         .truth = {},
                         .conventions = {}},
              .opinion = {},
              .trouble = {}};
  if (planned.error) {
    out.golden.truth.error = *why_invalid(planned.question);
    return out;
  }
  out.golden.truth = oracle.certify(planned.question);
  if (!out.golden.truth.error.empty()) out.trouble = "the reference refuses it: " + out.golden.truth.error;
  if (!out.golden.truth.undecided.empty() || !out.trouble.empty()) return out;
  out.golden.conventions =
      conventional(planned.question, oracle.conventions(planned.question, out.golden.truth));
  out.opinion = oracle.second_opinion(planned.question, Backend::mpfr_float);
  out.trouble = out.opinion.disagreement;
  for (const Backend third : {Backend::rational, Backend::cpp_bin_float}) {
    if (!out.trouble.empty() || (third == Backend::cpp_bin_float && !is_sample(planned.question, index)))
      continue;
    out.trouble = oracle.second_opinion(planned.question, third).disagreement;
  }
  return out;
}

/// Settles every case on as many threads as the machine has; the result does not depend on how many.
std::vector<Outcome> settle_all(const std::vector<PlannedCase>& cases, const Job& job) {
  std::vector<Outcome> out(cases.size());
  Progress progress(fmt::format("{} {}", job.record.name, name(job.dtype)), cases.size(), false);
  std::atomic<std::size_t> next{0};
  std::mutex shown;
  const auto work = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) {
      try {
        out[i] = settle(cases[i], i, job.oracle);
      } catch (const std::exception& e) {
        out[i].trouble = e.what();
      }
      const std::lock_guard lock(shown);
      progress.step();
    }
  };
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < std::min<std::size_t>(std::thread::hardware_concurrency(), cases.size()); ++i)
    workers.emplace_back(work);
  work();
  workers.clear();  // joins
  return out;
}

Produced produce(const Job& job) {
  FilePlan plan = plan_file(job.record, job.dtype, job.seed, job.count, job.handpicked);
  GoldenFile file{.loss = std::string(job.record.name),
                  .dtype = job.dtype,
                  .seed = job.seed,
                  .version = ASSAY_VERSION,
                  .notes = std::move(plan.notes),
                  .cases = {}};
  Produced out;
  std::string undecided;
  std::vector<Outcome> outcomes = settle_all(plan.cases, job);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Outcome& each = outcomes[i];
    const PlannedCase& planned = plan.cases[i];
    if (!each.trouble.empty())
      throw NotGenerated(fmt::format("{} ({}): {}", planned.question.id, planned.slug, each.trouble));
    if (!each.golden.truth.undecided.empty())
      undecided += fmt::format("{}{} ({}, {})", undecided.empty() ? "" : ", ", planned.question.id,
                               planned.slug, each.golden.truth.undecided);
    out.errors += each.golden.error ? 1 : 0;
    out.confirmed += each.opinion.confirmed;
    out.out_of_range += each.opinion.out_of_range;
    file.cases.push_back(std::move(each.golden));
  }
  if (!undecided.empty())
    throw NotGenerated(fmt::format("undecided at the precision bound, no file written: {}", undecided));
  out.cases = file.cases.size();
  out.text = write_golden(file);
  return out;
}

void say(std::string_view line) { fmt::print(stderr, "assay: {}\n", line); }

void summarise(const Job& job, const Produced& made, double seconds) {
  fmt::print(
      "{} {}: {} cases, {} errors, 0 undecided, {} numbers confirmed, {} out of range, {} bytes, {:.1f} s\n",
      job.record.name, name(job.dtype), made.cases, made.errors, made.confirmed, made.out_of_range,
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

void compare(const std::string& found, const std::string& expected, const Job& job, const fs::path& path) {
  if (found == expected) return;
  const auto [there, here] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  const auto at = static_cast<std::size_t>(here - expected.begin());
  // A case begins with its id: the last one before the difference, ended or not.
  const std::string start = fmt::format("\"{}/{}/", job.record.name, name(job.dtype));
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

}  // namespace

Oracle certified_reference() {
  return {[](const Case& c) { return reference::certify(c); },
          [](const Case& c, const reference::Truth& truth) { return reference::conventions(c, truth); },
          [](const Case& c, Backend backend) { return reference::second_opinion(c, backend); }};
}

int generate(const GenerateOptions& options) { return generate(options, certified_reference()); }

int generate(const GenerateOptions& options, const Oracle& oracle) {
  int code = 0;
  try {
    const Selection chosen = select(options.losses, options.dtypes);
    if (options.out.empty()) throw UsageError("name the folder of golden files with --out DIR");
    if (options.cases < 0) throw UsageError("--cases must be 0 or more");
    const fs::path folder = options.out;
    std::error_code failed;
    if (options.check && !fs::is_directory(folder, failed))
      throw UsageError(fmt::format("no folder at {}; --check compares the golden files that are there",
                                   printable(options.out)));
    if (!options.check) fs::create_directories(folder, failed);
    if (failed)
      throw UsageError(
          fmt::format("cannot make the folder {}: {}", printable(options.out), failed.message()));
    const fs::path handpicked = handpicked_folder(folder);
    for (const std::string& loss : chosen.losses)
      for (const Dtype dtype : chosen.dtypes) {
        const fs::path path = folder / golden_file_name(loss, dtype);
        try {
          const auto start = std::chrono::steady_clock::now();
          Job job{*find(loss), dtype, options.seed, options.cases, handpicked, oracle};
          std::string found;
          if (options.check) {
            found = read_file(path);
            std::tie(job.seed, job.count) = recorded(found, path);
          }
          const Produced made = produce(job);
          options.check ? compare(found, made.text, job, path) : write_file(path, made.text);
          const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
          summarise(job, made, spent.count());
        } catch (const NotGenerated& e) {
          say(fmt::format("{} {}: {}", loss, name(dtype), e.what()));
          code = 1;
        } catch (const FileError& e) {
          say(e.what());
          code = 1;
        }
      }
    if (options.check && options.losses.empty() && options.dtypes.empty()) refuse_strangers(folder);
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
  return code;
}

}  // namespace assay
