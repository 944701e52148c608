// How fast a plugin is asked: cases and numbers a second, through the child process and in this one, of
// golden-file parsing and judging free.
//
//   plugin_throughput path/to/assay path/to/plugin.so [seconds]
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "tools/testees/plugin_testee.hpp"

namespace {

using namespace assay;
using Clock = std::chrono::steady_clock;

/// Huber's loss of `count` numbers, with the gradient.
Case question(std::size_t count) {
  Case c;
  c.loss = "huber";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.wrt = {"prediction"};
  for (const char* name : {"prediction", "target"}) {
    Tensor tensor;
    tensor.shape = {static_cast<std::int64_t>(count)};
    for (std::size_t i = 0; i < count; ++i) tensor.real.push_back(static_cast<double>(i % 7) - 2);
    c.inputs.emplace(name, tensor);
  }
  return c;
}

/// Asks the same until the time is out.
class Repeated : public Asker {
 public:
  Repeated(Case c, double seconds) : case_(std::move(c)), seconds_(seconds) {}

  std::optional<Case> next() override {
    if (given_ % 64 == 0 && elapsed() > seconds_) return std::nullopt;
    ++given_;
    return case_;
  }
  void answered(std::size_t, Answer answer) override {
    failed_ += answer.outcome != Answer::Outcome::answered;
  }
  void lost(std::size_t, Finding) override { ++failed_; }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(Clock::now() - began_).count();
  }

  std::size_t given_ = 0, failed_ = 0;

 private:
  Case case_;
  double seconds_;
  Clock::time_point began_ = Clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: plugin_throughput path/to/assay path/to/plugin.so [seconds]\n");
    return 2;
  }
  const double seconds = argc > 3 ? std::atof(argv[3]) : 2;
  for (const bool here : {false, true})
    for (const std::size_t count : {std::size_t{1}, std::size_t{8}, std::size_t{64}, std::size_t{4096}}) {
      const std::unique_ptr<Testee> testee =
          here ? plugin_in_process(argv[2]) : plugin_testee({.path = argv[2], .program = argv[1]});
      testee->handshake();
      const std::clock_t before = std::clock();
      Repeated asker(question(count), seconds);
      testee->ask(asker);
      const double took = asker.elapsed();
      const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
      fmt::print(
          "{:10} {:5} numbers: {:8.0f} cases/s, {:11.0f} numbers answered/s, {:6.2f} us of the host's own "
          "time a case{}\n",
          here ? "in process" : "child", count, static_cast<double>(asker.given_) / took,
          static_cast<double>(2 * count * asker.given_) / took,
          busy / static_cast<double>(asker.given_) * 1e6,
          asker.failed_ > 0 ? fmt::format(", {} FAILED", asker.failed_) : "");
      testee->finish();
    }
}
