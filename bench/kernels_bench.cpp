// What a call of about 1000 numbers costs: every loss of the catalogue, f32 and f64, the mean alone and the
// mean with the gradient of every input that has one. Rows have 10 classes or features.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue.hpp"

namespace assay {
namespace {

constexpr std::int64_t numbers = 1000, width = 10;

/// Splitmix64: the same inputs on every machine.
struct Generator {
  std::uint64_t state = 1;

  std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// In (0, 1).
  double unit() { return (static_cast<double>(next() >> 12) + .5) * 0x1p-52; }
};

std::int64_t axis(char letter, Kind kind) {
  const bool leading = letter == '.' || letter == 'N';
  if (!leading) return width;
  return kind == Kind::element_wise ? numbers : numbers / width;
}

std::array<std::int64_t, 3> extents(std::string_view axes, Kind kind) {
  std::array<std::int64_t, 3> extent{1, 1, 1};
  for (std::size_t i = 0; i < axes.size(); ++i) extent[i] = axis(axes[i], kind);
  return extent;
}

std::int64_t size(const std::array<std::int64_t, 3>& extent) { return extent[0] * extent[1] * extent[2]; }

/// Ordinary numbers: within 4 of zero, or of the domain's only end. `i` is the place in the tensor.
double draw(const Domain& d, std::int64_t i, Generator& generator) {
  const double u = generator.unit();
  switch (d.kind) {
    case Domain::Kind::points:
      return u < .5 ? d.low : d.high;
    case Domain::Kind::one_hot:
      return i % width == (i / width) % width ? 1 : 0;
    case Domain::Kind::nonzero:
      return u < .5 ? -.25 - 4 * u : .25 + 4 * u;
    case Domain::Kind::class_index:
    case Domain::Kind::class_index_or_ignored:
      return std::floor(u * static_cast<double>(width));
    case Domain::Kind::interval:
      break;
  }
  const double low = std::isfinite(d.low) ? d.low : std::isfinite(d.high) ? d.high - 4 : -4;
  const double high = std::isfinite(d.high) ? d.high : std::isfinite(d.low) ? d.low + 4 : 4;
  return low + u * (high - low);
}

/// One call with everything that it points to.
template <class Loss, class T>
struct Bench {
  std::array<std::vector<T>, max_inputs> real, gradient;
  std::array<std::vector<std::int64_t>, max_inputs> integer;
  std::vector<double> workspace;
  Loss loss;
  T value = 0;
  Call<T> call;

  explicit Bench(bool with_gradient) {
    const Facts& f = facts<Loss>;
    Generator generator;
    for (std::size_t i = 0; i < f.inputs.size(); ++i) {
      const Input& input = f.inputs[i];
      if (input.optional) continue;
      call.inputs[i].extent = extents(input.axes, f.kind);
      const std::int64_t count = size(call.inputs[i].extent);
      for (std::int64_t k = 0; k < count; ++k) {
        const double x = draw(input.domain, k, generator);
        if (input.integer)
          integer[i].push_back(static_cast<std::int64_t>(x));
        else
          real[i].push_back(static_cast<T>(x));
      }
      if (input.integer)
        call.inputs[i].integer = integer[i].data();
      else
        call.inputs[i].real = real[i].data();
      if (with_gradient && input.differentiable()) {
        gradient[i].resize(static_cast<std::size_t>(count));
        call.gradient[i] = gradient[i].data();
      }
    }
    call.value = &value;
    const std::size_t bytes = workspace_bytes(loss, call);
    workspace.resize((bytes + sizeof(double) - 1) / sizeof(double));
    call.workspace = std::as_writable_bytes(std::span(workspace));
  }

  void run(benchmark::State& state) {
    for (auto _ : state) {
      evaluate(loss, call);
      benchmark::DoNotOptimize(value);
      benchmark::ClobberMemory();
    }
    if (std::isnan(value)) state.SkipWithError("the mean of ordinary numbers is NaN");
    state.SetItemsProcessed(state.iterations() * size(call.inputs[0].extent));
  }
};

template <class Loss, class T>
void add(const std::string& dtype) {
  for (const bool with_gradient : {false, true}) {
    const std::string name =
        std::string(facts<Loss>.name) + "/" + dtype + (with_gradient ? "/value+gradient" : "/value");
    benchmark::RegisterBenchmark(
        name.c_str(), [with_gradient](benchmark::State& state) { Bench<Loss, T>(with_gradient).run(state); });
  }
}

const bool registered = [] {
  for_each_loss([]<class Loss>() {
    add<Loss, float>("f32");
    add<Loss, double>("f64");
  });
  return true;
}();

}  // namespace
}  // namespace assay
