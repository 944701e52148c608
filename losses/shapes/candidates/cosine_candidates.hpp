// A query and the candidates that it is compared with by the cosine.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/numbers/angle.hpp"
#include "losses/numbers/direction.hpp"
#include "losses/numbers/direction_sum.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Cosines are never subtracted, directions are: cos_j - cos_k is q^ (j^ - k^), and where two candidates are
/// equal it is 0 exactly.
///
/// The derivative of a cosine by one of its vectors is what of the other's direction stands across it, over
/// its length. By the query it is that of a sum of directions, of which the cross products are added.
template <class T>
class CosineCandidates {
 public:
  using W = Wide<T>;

  /// `input` holds the candidates; 0 for rows that are compared with each other.
  CosineCandidates(const Call<T>& call, std::size_t input, row_wise::Scratch& scratch)
      : queries_(call.inputs[0]),
        candidates_(call.inputs[input]),
        width_(static_cast<std::size_t>(candidates_.extent[1])),
        lengths_(scratch.take<Length<W>>(candidates_.extent[0])),
        directions_(scratch.take<W>(candidates_.extent[0] * candidates_.extent[1])),
        gradient_at_(call.gradient[input]) {
    if (&queries_ != &candidates_) query_numbers_ = scratch.take<W>(candidates_.extent[1]);
    if (gradient_at_ != nullptr)
      gradient_ = scratch.take<row_wise::Tally<W>>(candidates_.extent[0] * candidates_.extent[1]);
    for (std::size_t j = 0; j < lengths_.size(); ++j) {
      const std::span<const T> k = row_wise::row(candidates_, static_cast<std::int64_t>(j));
      lengths_[j] = length(k);
      set_direction(directions_.subspan(j * width_, width_), k, lengths_[j]);
      any_undefined_ = any_undefined_ || any_nan(k);
    }
  }

  [[nodiscard]] std::size_t count() const { return lengths_.size(); }
  [[nodiscard]] std::size_t width() const { return width_; }

  /// Row i of input 0 is the query from here on.
  void ask(std::int64_t i) {
    const std::span<const T> q = row_wise::row(queries_, i);
    const bool candidate = &queries_ == &candidates_;
    const Length<W> length_of_q = candidate ? lengths_[static_cast<std::size_t>(i)] : length(q);
    if (!candidate) set_direction(query_numbers_, q, length_of_q);
    query_ = {q, length_of_q};
    query_direction_ = candidate ? direction(static_cast<std::size_t>(i)) : query_numbers_;
    cross_ = CrossProduct<T>(q, length_of_q);
    undefined_ = any_undefined_ || (!candidate && any_nan(q));
  }
  /// A NaN among the numbers.
  [[nodiscard]] bool undefined() const { return undefined_; }

  [[nodiscard]] W cosine(std::size_t j) const {
    const std::span<const W> k = direction(j);
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(query_direction_[d] * k[d]);
    return sum.total();
  }
  /// By how much candidate j's cosine is above candidate k's.
  [[nodiscard]] W lead(std::size_t j, std::size_t k) const {
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(query_direction_[d] * difference(j, k, d));
    return sum.total();
  }
  /// Component d of j^ - k^.
  [[nodiscard]] W difference(std::size_t j, std::size_t k, std::size_t d) const {
    if (d != lengths_[j].top || d != lengths_[k].top) return direction(j)[d] - direction(k)[d];
    return combine(W(1), Direction<W>(lengths_[j], d, number(j, d)), W(-1),
                   Direction<W>(lengths_[k], d, number(k, d)));
  }

  /// What candidate j's direction adds to the derivatives by the query at d; 0 of a row of zeros.
  [[nodiscard]] Parts<W> cross(std::size_t j, std::size_t d) const {
    const Vector k = candidate(j);
    return cross_(k.numbers, k.length, d);
  }
  /// Calls write(d, what of directions with this sum of cross products stands across the query at d, over the
  /// query's length).
  template <class Write>
  void each_across_query(std::span<const W> sum, const Write& write) const {
    cross_.each_across(sum, write);
  }
  /// Adds `factor` times the derivatives of candidate j's cosine by its numbers to their tallies.
  void add_slopes(std::size_t j, const W& factor) {
    const Vector k = candidate(j);
    each_across_pair(k.numbers, k.length, query_.numbers, query_.length,
                     [&](std::size_t d, const W& slope) { tally(j, d).add(factor * slope); });
  }

  row_wise::Tally<W>& tally(std::size_t j, std::size_t d) { return gradient_[j * width_ + d]; }
  [[nodiscard]] bool tallies() const { return !gradient_.empty(); }
  void write_gradient() const {
    for (std::size_t k = 0; k < gradient_.size(); ++k) gradient_at_[k] = narrow<T>(gradient_[k].total());
  }

 private:
  struct Vector {
    std::span<const T> numbers;
    Length<W> length;
  };

  [[nodiscard]] Vector candidate(std::size_t j) const {
    return {row_wise::row(candidates_, static_cast<std::int64_t>(j)), lengths_[j]};
  }
  [[nodiscard]] W number(std::size_t j, std::size_t d) const {
    return widen(candidates_.real[j * width_ + d]);
  }
  [[nodiscard]] std::span<const W> direction(std::size_t j) const {
    return directions_.subspan(j * width_, width_);
  }
  /// 0 of a row of zeros. Divided once, as every pair of rows asks for it.
  static void set_direction(std::span<W> out, std::span<const T> v, const Length<W>& length) {
    for (std::size_t d = 0; d < v.size(); ++d) out[d] = v[d] == 0 ? W(0) : widen(v[d]) / length.length;
  }

  const Argument<T>&queries_, &candidates_;
  std::size_t width_;
  std::span<Length<W>> lengths_;
  std::span<W> directions_, query_numbers_;
  std::span<const W> query_direction_;
  T* gradient_at_;
  std::span<row_wise::Tally<W>> gradient_;
  bool any_undefined_ = false, undefined_ = false;
  Vector query_;
  CrossProduct<T> cross_;
};

}  // namespace assay
