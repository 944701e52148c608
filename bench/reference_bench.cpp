// Certified results a second, values only: how long the truth takes. Goal 9 of the suite is, on one core,
// 2.5e5/s for cross-entropy with 10 classes, 3e3/s with 1000, 7e4/s for a Huber mean of 100.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/cases/random.hpp"

namespace assay::reference {
namespace {

/// Numbers in (-4, 4) none of them special.
struct Numbers {
  Dtype dtype;
  Random random{1};

  Tensor tensor(std::int64_t count) {
    Tensor t{.shape = {count}, .real = {}, .integer = {}};
    for (std::int64_t i = 0; i < count; ++i) t.real.push_back(round_to(dtype, 4 * random.symmetric()));
    return t;
  }
};

Case cross_entropy(Dtype dtype, std::int64_t classes) {
  Numbers numbers{dtype};
  Case c;
  c.loss = "sparse_categorical_cross_entropy_with_logits";
  c.dtype = dtype;
  c.inputs["logits"] = numbers.tensor(classes);
  c.inputs["labels"] = Tensor{.shape = {}, .real = {}, .integer = {classes / 2}, .is_integer = true};
  return c;
}

Case huber(Dtype dtype, std::int64_t count) {
  Numbers numbers{dtype};
  Case c;
  c.loss = "huber";
  c.dtype = dtype;
  c.inputs["prediction"] = numbers.tensor(count);
  c.inputs["target"] = numbers.tensor(count);
  return c;
}

void certified(benchmark::State& state, const Case& c) {
  const Effort values_only{.details = false};
  for (auto _ : state) {
    const Truth truth = certify(c, values_only);
    if (!truth.error.empty() || !truth.undecided.empty()) {
      state.SkipWithError((truth.error + truth.undecided).c_str());
      break;
    }
    benchmark::DoNotOptimize(truth.value.components.data());
  }
  state.SetItemsProcessed(state.iterations());
}

void add(const std::string& name, Case (*make)(Dtype, std::int64_t), std::int64_t size) {
  for (const Dtype dtype : dtypes) {
    const std::string full = name + "/" + std::string(assay::name(dtype));
    benchmark::RegisterBenchmark(full.c_str(),
                                 [c = make(dtype, size)](benchmark::State& state) { certified(state, c); });
  }
}

const bool registered = [] {
  add("cross-entropy, 10 classes", cross_entropy, 10);
  add("cross-entropy, 1000 classes", cross_entropy, 1000);
  add("Huber mean of 100", huber, 100);
  return true;
}();

}  // namespace
}  // namespace assay::reference
