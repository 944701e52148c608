// What the kernels cost: every loss of the catalogue, f32 and f64, at four sizes, the value alone and the
// value with the gradients that a trainer computes; the shapes that peers are measured at; the front door;
// and beside them, in the same process, what the memory allows.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/roofline.hpp"
#include "bench/workload.hpp"
#include "losses/losses.hpp"

namespace assay::bench {
namespace {

struct Size {
  std::string_view name;
  std::int64_t numbers, width;  ///< row-wise losses have rows of `width`
};
constexpr Size sizes[]{
    {"n=16", 16, 8}, {"n=1e3", 1000, 10}, {"n=1e5", 100'000, 1000}, {"n=1e7", 10'000'000, 1000}};

struct Extra {
  std::string_view loss, name;
  Shape shape;
};
constexpr std::string_view sparse = "sparse_categorical_cross_entropy_with_logits",
                           soft = "categorical_cross_entropy_with_logits";
constexpr Extra extras[]{
    {sparse, "4096x10", {4096, 10}},
    {sparse, "4096x1000", {4096, 1000}},
    {sparse, "256x32000", {256, 32'000}},
    {soft, "4096x10", {4096, 10}},
    {soft, "4096x1000", {4096, 1000}},
    {soft, "256x32000", {256, 32'000}},
    {"triplet_margin", "80000x128", {80'000, 128}},
    {"info_nce", "64x128", {64, 128, 256}},
};

/// "time/element" and "traffic" beside Google Benchmark's own columns.
void count(benchmark::State& state, std::int64_t elements, std::size_t bytes) {
  using benchmark::Counter;
  const auto runs = static_cast<double>(state.iterations());
  if (elements > 0)
    state.counters["time/element"] =
        Counter(runs * static_cast<double>(elements), Counter::kIsRate | Counter::kInvert);
  state.counters["traffic(B)"] =
      Counter(runs * static_cast<double>(bytes), Counter::kIsRate, Counter::OneK::kIs1000);
}

/// A benchmark's function runs several times, and the next benchmark is often about the same numbers: they
/// are made once. Only one workload lives at a time.
Workload& workload(const std::string& loss, Dtype dtype, const std::string& name, const Shape& shape) {
  static std::string key;
  static std::unique_ptr<Workload> latest;
  const std::string wanted = loss + "/" + std::string(assay::name(dtype)) + "/" + name;
  if (key != wanted) {
    latest.reset();
    latest = make_workload(loss, dtype, shape);
    key = wanted;
  }
  return *latest;
}

void add(std::string_view loss, std::string_view name, const Shape& shape) {
  for (const Dtype dtype : dtypes)
    for (const bool gradient : {false, true}) {
      const std::string full = std::string(loss) + "/" + std::string(assay::name(dtype)) + "/" +
                               std::string(name) + (gradient ? "/value+gradient" : "/value");
      const auto run = [=, l = std::string(loss), n = std::string(name)](benchmark::State& state) {
        Workload& w = workload(l, dtype, n, shape);
        for (auto _ : state) {
          w.run(gradient);
          benchmark::ClobberMemory();
        }
        if (std::isnan(w.value())) state.SkipWithError("the loss of ordinary numbers is NaN");
        count(state, w.elements(), w.bytes(gradient));
      };
      benchmark::RegisterBenchmark(full.c_str(), run);
    }
}

/// As the bytes of mse in f32: two inputs, and a gradient.
void add_roofline(const Size& size, bool writes) {
  for (std::size_t loop = 0; loop < loops(writes).size(); ++loop) {
    const std::string full = "roofline/f32/" + std::string(size.name) +
                             (writes ? "/value+gradient/" : "/value/") + std::string(loops(writes)[loop]);
    const auto run = [=](benchmark::State& state) {
      Workload& w = workload("mse", Dtype::f32, std::string(size.name), {size.numbers});
      const std::function<void()> once = loop_over(loop, {w.read(writes), w.written(writes)});
      for (auto _ : state) {
        once();
        benchmark::ClobberMemory();
      }
      count(state, w.elements(), w.bytes(writes));
    };
    benchmark::RegisterBenchmark(full.c_str(), run);
  }
}

/// The call that a user writes, with the checks of shapes and parameters: what those add shows where n is
/// small.
void front_door(benchmark::State& state, std::size_t n, bool gradient) {
  std::vector<float> prediction(n), target(n), slope(n);
  for (std::size_t i = 0; i < n; ++i) prediction[i] = static_cast<float>(i % 7) - 3.f, target[i] = .5f;
  for (auto _ : state) {
    float value = gradient ? Huber{}(into(slope), prediction, target) : Huber{}(prediction, target);
    benchmark::DoNotOptimize(value);
    benchmark::ClobberMemory();
  }
  count(state, static_cast<std::int64_t>(n), (gradient ? 3 : 2) * n * sizeof(float));
}

const bool registered = [] {
  for (const Size& size : std::span(sizes).subspan(1))  // a call costs more than 16 numbers
    for (const bool writes : {false, true}) add_roofline(size, writes);
  for (const std::size_t n : {16u, 1000u})
    for (const bool gradient : {false, true}) {
      const std::string full = std::string("front_door/huber/f32/n=") + (n == 16 ? "16" : "1e3") +
                               (gradient ? "/value+gradient" : "/value");
      benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& s) { front_door(s, n, gradient); });
    }
  for (const Record& each : catalogue())
    for (const Size& size : sizes)
      add(each.name, size.name,
          each.kind == Kind::element_wise ? Shape{size.numbers}
                                          : Shape{size.numbers / size.width, size.width});
  for (const Extra& each : extras) add(each.loss, each.name, each.shape);
  return true;
}();

}  // namespace
}  // namespace assay::bench
