// A program of its own: it counts what operator new is asked for.
#include <gtest/gtest.h>

#include <array>
#include <assay/losses.hpp>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {

std::size_t allocations = 0;

}  // namespace

// Inlined, g++ takes malloc and free for a pair that does not match.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace assay {
namespace {

template <class Action>
std::size_t allocated_by(Action&& action) {
  const std::size_t before = allocations;
  action();
  return allocations - before;
}

TEST(Allocation, IsCounted) {
  EXPECT_EQ(allocated_by([] { std::vector<int> one(1); }), 1u);
}

/// Every loss, with every optional input and every gradient there is, for 5 rows of 3 numbers: all axes but
/// the last are 5 long.
template <class Loss, class T>
void check_kernel() {
  constexpr const Facts& record = facts<Loss>;
  const std::vector<T> numbers(125, T{1} / 2), ones(125, T{1});
  const std::vector<std::int64_t> labels(25, 1);
  std::vector<T> value(125);
  std::vector<std::vector<T>> gradient(max_inputs, std::vector<T>(125));
  Call<T> call{.value = value.data()};
  for (std::size_t i = 0; i < record.inputs.size(); ++i) {
    const Input& input = record.inputs[i];
    call.inputs[i] = {.real = input.domain.discrete() ? ones.data() : numbers.data()};
    if (input.integer) call.inputs[i] = {.integer = labels.data()};
    for (std::size_t k = 0; k < input.axes.size(); ++k) {
      const char axis = input.axes[k];
      const bool within_row = axis == 'C' || axis == 'D';
      call.inputs[i].extent[k] = within_row ? 3 : axis == '.' && record.kind == Kind::element_wise ? 15 : 5;
    }
    if (input.differentiable()) call.gradient[i] = gradient[i].data();
  }
  for (const Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum}) {
    call.reduction = reduction;
    std::vector<double> workspace(workspace_bytes(Loss{}, call) / sizeof(double) + 1);
    call.workspace = std::as_writable_bytes(std::span(workspace));
    EXPECT_EQ(allocated_by([&] { evaluate(Loss{}, call); }), 0u)
        << record.name << ", reduction " << static_cast<int>(reduction);
  }
}

TEST(Allocation, NoKernelDoesIt) {
  for_each_loss([]<class Loss>() {
    check_kernel<Loss, float>();
    check_kernel<Loss, double>();
  });
}

TEST(Allocation, NeitherDoesTheFrontDoor) {
  const std::vector<float> x(6, .5f), t(6, 1.f), weight{1, 2};
  const std::vector<std::int64_t> labels{0, 1, 1};
  std::vector<float> value(3), by_x(6), by_t(6), by_weight(2);
  EXPECT_EQ(allocated_by([&] { Mse{}(into(by_x, by_t), x, t); }), 0u);
  EXPECT_EQ(allocated_by([&] {
              BinaryCrossEntropyWithLogits{}(into(by_x, by_t, by_weight), Rows{x, 2}, t, weight);
            }),
            0u);
  EXPECT_EQ(allocated_by([&] { each(KlDivergence{}, value, into(by_x), Rows{x, 2}, Rows{t, 2}); }), 0u);
  EXPECT_EQ(
      allocated_by([&] {
        sum(SparseCategoricalCrossEntropyWithLogits{}, into(by_x), Shaped{x, {1, 3, 2}}, labels, weight);
      }),
      0u);
}

TEST(Allocation, HappensOnceForScratchThatNobodyLent) {
  const std::vector<float> x(6, .5f);
  const Rows rows{x, 2};
  std::vector<float> by_query(6);
  const InfoNce loss;
  std::vector<double> scratch(workspace_size(loss, into(by_query), rows, rows, rows));
  EXPECT_EQ(allocated_by([&] { loss(into(by_query), rows, rows, rows); }), 1u);
  EXPECT_EQ(allocated_by([&] { loss(into(by_query), Workspace{scratch}, rows, rows, rows); }), 0u);
}

}  // namespace
}  // namespace assay
