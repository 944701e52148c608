// A query and the candidates that it is compared with by the cosine.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/angle.hpp"
#include "losses/direction.hpp"
#include "losses/row_wise.hpp"

namespace assay {

/// Cosines are never subtracted, directions are: cos_j - cos_k is q^ (j^ - k^), and where two candidates are
/// equal it is 0 exactly.
///
/// The derivative of a cosine by one of its vectors is what of the other's direction stands across it, over
/// its length. By the query it is that of a sum u of directions. Of a v close to an axis that is taken, at
/// its largest component t, as
///   u_t (sum_{j != t} v^_j^2) - v^_t (sum_{j != t} u_j v^_j),
/// the same because |v^| = 1; elsewhere v^_j^2 <= 1/2 and what cancels is no larger than what is left for the
/// inputs to determine.
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
        gradient_at_(call.gradient[input]) {
    if (gradient_at_ != nullptr)
      gradient_ = scratch.take<row_wise::Tally<W>>(candidates_.extent[0] * candidates_.extent[1]);
    for (std::size_t j = 0; j < lengths_.size(); ++j) {
      const std::span<const T> k = row_wise::row(candidates_, static_cast<std::int64_t>(j));
      lengths_[j] = length(k);
      any_undefined_ = any_undefined_ || any_nan(k);
    }
  }

  [[nodiscard]] std::size_t count() const { return lengths_.size(); }
  [[nodiscard]] std::size_t width() const { return width_; }

  /// Row i of input 0 is the query from here on.
  void ask(std::int64_t i) {
    const std::span<const T> q = row_wise::row(queries_, i);
    const bool candidate = &queries_ == &candidates_;
    query_ = {q, candidate ? lengths_[static_cast<std::size_t>(i)] : length(q)};
    undefined_ = any_undefined_ || (!candidate && any_nan(q));
  }
  /// A NaN among the numbers.
  [[nodiscard]] bool undefined() const { return undefined_; }

  [[nodiscard]] W cosine(std::size_t j) const {
    const Vector k = candidate(j);
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(component(query_, d) * component(k, d));
    return sum.total();
  }
  /// By how much candidate j's cosine is above candidate k's.
  [[nodiscard]] W lead(std::size_t j, std::size_t k) const {
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(component(query_, d) * difference(j, k, d));
    return sum.total();
  }
  /// Component d of j^ - k^.
  [[nodiscard]] W difference(std::size_t j, std::size_t k, std::size_t d) const {
    const Vector a = candidate(j), b = candidate(k);
    return combine(W(1), Direction<W>(a.length, d, widen(a.numbers[d])), W(-1),
                   Direction<W>(b.length, d, widen(b.numbers[d])));
  }

  /// A number close to -1, 0 or 1: candidates on two ends of an axis leave no more than what they lack to it.
  struct Parts {
    W whole{0}, rest{0};
    Parts operator-(const Parts& other) const { return {whole - other.whole, rest - other.rest}; }
  };
  /// A sum of parts with weights that have two parts themselves, the first ones alike. Products are summed by
  /// kind: where the large ones undo each other the small ones are still there.
  class PartsSum {
   public:
    void add(const W& alike, const W& apart, const Parts& u) {
      sums_[0].add(alike * u.whole);
      sums_[1].add(alike * u.rest);
      sums_[2].add(apart * u.whole);
      sums_[3].add(apart * u.rest);
    }
    [[nodiscard]] W total() const {
      return (sums_[0].total() + sums_[2].total()) + (sums_[1].total() + sums_[3].total());
    }

   private:
    std::array<Sum<W>, 4> sums_;
  };
  /// Component d of j^; 0 of a row of zeros.
  [[nodiscard]] Parts direction(std::size_t j, std::size_t d) const {
    const Vector k = candidate(j);
    const Direction<W> v(k.length, d, widen(k.numbers[d]));
    return v.is_top ? Parts{v.sign, -v.sign * v.lack} : Parts{W(0), v.value};
  }

  /// Calls write(d, what of u stands across the query at d, over the query's length).
  template <class U, class Write>
  void each_across_query(const U& u, const Write& write) const {
    each_across(query_, u, write);
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
  /// Component d of a direction; 0 of a row of zeros.
  [[nodiscard]] static W component(const Vector& v, std::size_t d) {
    const W number = widen(v.numbers[d]);
    return number == W(0) ? number : number / v.length.length;
  }

  /// Calls write(d, what of u stands across the direction of v at d, over v's length). A row of zeros has no
  /// direction; its derivative is not checked.
  template <class U, class Write>
  static void each_across(const Vector& v, const U& u, const Write& write) {
    Sum<W> all, without_top;
    for (std::size_t d = 0; d < v.numbers.size(); ++d) {
      const W term = component(v, d) * u(d);
      all.add(term);
      if (d != v.length.top) without_top.add(term);
    }
    for (std::size_t d = 0; d < v.numbers.size(); ++d) {
      if (v.length.length == W(0)) {
        write(d, W(0));
        continue;
      }
      const W v_d = component(v, d);
      const W across = d == v.length.top
                           ? u(d) * (v.length.others / square(v.length.length)) - v_d * without_top.total()
                           : u(d) - all.total() * v_d;
      write(d, across / v.length.length);
    }
  }

  const Argument<T>&queries_, &candidates_;
  std::size_t width_;
  std::span<Length<W>> lengths_;
  T* gradient_at_;
  std::span<row_wise::Tally<W>> gradient_;
  bool any_undefined_ = false, undefined_ = false;
  Vector query_;
};

}  // namespace assay
