// The gradient by class weights that a mean does not divide by: a sum over all rows for each class.
#pragma once

#include <cstddef>
#include <span>

#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

template <class T>
class ClassTallies {
 public:
  /// `input` is the weights' place among the inputs. Takes nothing where their gradient is not wanted.
  ClassTallies(const Call<T>& call, std::size_t input, row_wise::Scratch& scratch)
      : gradient_(call.gradient[input]) {
    if (gradient_ != nullptr) sums_ = scratch.take<row_wise::Tally<Wide<T>>>(call.inputs[input].extent[0]);
  }

  [[nodiscard]] bool wanted() const { return gradient_ != nullptr; }
  void add(std::size_t c, const Wide<T>& term) {
    if (wanted()) sums_[c].add(term);
  }
  void write() const {
    for (std::size_t c = 0; c < sums_.size(); ++c) gradient_[c] = narrow<T>(sums_[c].total());
  }

 private:
  T* gradient_;
  std::span<row_wise::Tally<Wide<T>>> sums_;
};

}  // namespace assay
