// assay-mutants FOLDER LOSS/DTYPE...: the corpus of known wrong implementations, measured.
//
// Puts each of those losses' wrong implementations, and the textbook's right one, to the golden cases in
// FOLDER and writes to standard output one line of JSON: {"measured": COUNT}, so many follow; then each, as
// tools/tolerances/measured.hpp has it, in any order.
#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include "tests/witnesses/corpus/corpus.hpp"
#include "tests/witnesses/mutants/kinds.hpp"

namespace assay::tests::corpus {
namespace {

struct Job {
  const Record* record;
  Dtype dtype;
  GoldenFile file{};
  std::vector<mutants::Mutant> all{};
};

Job job_named(std::string_view text) {
  const std::size_t slash = text.find('/');
  const Record* record = find(text.substr(0, slash));
  const auto dtype = slash == std::string_view::npos ? std::nullopt : dtype_named(text.substr(slash + 1));
  if (!record || !dtype) throw std::runtime_error(fmt::format("\"{}\" is no LOSS/DTYPE", text));
  return {record, *dtype};
}

void write(const Json& line) {
  static std::mutex one_at_a_time;
  const std::string text = dump_json(line) + "\n";
  const std::lock_guard lock(one_at_a_time);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void measure(const Job& job) {
  const Exam exam(job.file);
  write(tolerances::measured_to_json(exam.measure_sound()));
  int number = 0;
  for (const mutants::Mutant& each : job.all) {
    tolerances::Measured m = exam.measure(each);
    m.number = ++number;
    for (const std::string& kind : mutants::kinds(each)) m.kinds.push_back(kind);
    write(tolerances::measured_to_json(m));
  }
}

/// The jobs, as many side by side as the machine has room for. Throws what one of them throws.
void measure_all(const std::vector<Job>& jobs) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::once_flag failed;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) try {
        measure(jobs[i]);
      } catch (...) {
        std::call_once(failed, [&] { failure = std::current_exception(); });
        return;
      }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
      workers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

void run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) throw std::runtime_error("usage: assay-mutants FOLDER LOSS/DTYPE...");
  std::vector<Job> jobs;
  std::size_t count = 0;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    Job& job = jobs.emplace_back(job_named(arguments[i]));
    job.file =
        read_golden(std::filesystem::path(arguments[0]) / golden_file_name(job.record->name, job.dtype));
    job.all = wrong_implementations(*job.record);
    count += job.all.size() + 1;
  }
  Json first = Json::object();
  write(first.add("measured", Json::integer(static_cast<std::int64_t>(count))));
  measure_all(jobs);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw std::runtime_error("cannot write to standard output");
}

}  // namespace
}  // namespace assay::tests::corpus

int main(int argc, char** argv) {
  try {
    assay::tests::corpus::run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "assay-mutants: {}\n", e.what());
    return 2;
  }
}
