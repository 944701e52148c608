// Certified results a second: how long the truth takes. Values only: goal 9 of the suite is, on one core,
// 2.5e5/s for cross-entropy with 10 classes, 3e3/s with 1000, 7e4/s for a Huber mean of 100. And certified
// numbers a second, values and gradients with all that a verdict needs but decimals, as an audit asks for
// them.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
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

/// `inputs` of these shapes, under none, with the gradient by the first; labels count up.
Case judged(std::string_view loss, Dtype dtype, const std::vector<std::int64_t>& shape) {
  Case c;
  c.loss = loss;
  c.dtype = dtype;
  c.reduction = Reduction::none;
  Numbers numbers{dtype};
  for (const Input& input : c.record()->inputs) {
    if (input.optional) continue;
    const bool rows = input.axes.size() < c.record()->inputs.front().axes.size();
    const std::vector<std::int64_t> own = rows ? std::vector{shape.front()} : shape;
    Tensor t = numbers.tensor(product(own));
    t.shape = own;
    t.is_integer = input.integer;
    if (input.integer) t.real.clear();
    for (std::int64_t i = 0; input.integer && i < product(own); ++i) t.integer.push_back(i % shape.back());
    if (input.domain.contains(.5) && !input.domain.contains(2))
      for (double& x : t.real) x = round_to(dtype, (x + 4) / 8);
    c.inputs.emplace(input.name, std::move(t));
  }
  c.wrt = {std::string(c.record()->inputs.front().name)};
  return c;
}

Case ctc(Dtype dtype) {
  Numbers numbers{dtype};
  Case c;
  c.loss = "ctc";
  c.dtype = dtype;
  c.reduction = Reduction::none;
  c.inputs["log_probability"] = numbers.tensor(6 * 2 * 4);
  c.inputs["log_probability"].shape = {6, 2, 4};
  const auto whole = [](std::vector<std::int64_t> shape, std::vector<std::int64_t> numbers_of_it) {
    return Tensor{
        .shape = std::move(shape), .real = {}, .integer = std::move(numbers_of_it), .is_integer = true};
  };
  c.inputs["labels"] = whole({2, 2}, {1, 2, 3, 3});
  c.inputs["input_lengths"] = whole({2}, {6, 5});
  c.inputs["target_lengths"] = whole({2}, {2, 2});
  c.wrt = {"log_probability"};
  return c;
}

void judged_certificates(benchmark::State& state, const Case& c) {
  const Effort without_digits{.digits = false};
  std::int64_t numbers = 0;
  for (auto _ : state) {
    const Truth truth = certify(c, without_digits);
    if (!truth.error.empty() || !truth.undecided.empty()) {
      state.SkipWithError((truth.error + truth.undecided).c_str());
      break;
    }
    numbers += static_cast<std::int64_t>(truth.value.components.size());
    for (const auto& [name, gradient] : truth.gradient)
      numbers += static_cast<std::int64_t>(gradient.components.size());
  }
  state.SetItemsProcessed(numbers);
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

void add_judged(const std::string& name, Case (*make)(std::string_view, Dtype)) {
  for (const Dtype dtype : dtypes) {
    const std::string full = "judged/" + name + "/" + std::string(assay::name(dtype));
    benchmark::RegisterBenchmark(
        full.c_str(), [c = make(name, dtype)](benchmark::State& state) { judged_certificates(state, c); });
  }
}

const bool registered = [] {
  for (const char* loss : {"mse", "huber", "softplus", "binary_cross_entropy_with_logits", "log_cosh"})
    add_judged(loss, [](std::string_view name, Dtype dtype) { return judged(name, dtype, {64}); });
  for (const char* loss : {"softmax", "sparse_categorical_cross_entropy_with_logits"})
    add_judged(loss, [](std::string_view name, Dtype dtype) { return judged(name, dtype, {8, 5}); });
  for (const char* loss : {"cosine_distance", "nt_xent"})
    add_judged(loss, [](std::string_view name, Dtype dtype) { return judged(name, dtype, {4, 3}); });
  add_judged("ctc", [](std::string_view, Dtype dtype) { return ctc(dtype); });
  add("cross-entropy, 10 classes", cross_entropy, 10);
  add("cross-entropy, 1000 classes", cross_entropy, 1000);
  add("Huber mean of 100", huber, 100);
  return true;
}();

}  // namespace
}  // namespace assay::reference
