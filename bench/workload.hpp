// What is measured: one call of a loss on ordinary numbers, and all the memory that it touches. Everything
// follows from the loss's record, so that a loss that is added is measured without a word about it here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "losses/spec/record.hpp"

namespace assay::bench {

/// Element-wise losses have `rows` numbers an input. The others have `rows` rows of `width` classes or
/// features, and `others` rows in an input that all rows share (InfoNCE's negatives).
struct Shape {
  std::int64_t rows, width = 1, others = 10;
};

/// A tensor and where it lies.
struct Tensor {
  std::string_view name;
  std::vector<std::int64_t> extent;
  bool integer;  ///< std::int64_t; else of the workload's dtype
  bool model;    ///< what a model puts out: differentiable, and not called "target"
  std::span<const std::byte> numbers;
};

/// Asked for the mean; for all its values where they are as many as the numbers of the only input (sigmoid,
/// softmax), since those are what such a function is for. `gradient` adds the gradients by what a model puts
/// out: those are what a trainer computes. It is then given a cotangent where there are many values.
class Workload {
 public:
  virtual ~Workload() = default;
  virtual void run(bool gradient) = 0;

  /// The first number of the latest run's value, and of its first gradient.
  [[nodiscard]] virtual double value() const = 0;
  [[nodiscard]] virtual double slope() const = 0;

  [[nodiscard]] const std::vector<Tensor>& inputs() const { return inputs_; }
  /// Numbers of the first input: what "per element" divides by.
  [[nodiscard]] std::int64_t elements() const { return elements_; }
  [[nodiscard]] std::vector<std::span<const std::byte>> read(bool gradient) const;
  [[nodiscard]] std::vector<std::span<std::byte>> written(bool gradient) const;
  [[nodiscard]] std::size_t bytes(bool gradient) const;  ///< read and written

 protected:
  std::vector<Tensor> inputs_;  ///< the cotangent, where there is one, is the last
  std::span<std::byte> value_;
  std::vector<std::span<std::byte>> gradients_;
  std::int64_t elements_ = 0;
};

/// Null where there is no loss of that name. The same numbers on every machine.
std::unique_ptr<Workload> make_workload(std::string_view loss, Dtype dtype, const Shape& shape);

}  // namespace assay::bench
