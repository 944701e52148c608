// Rows that compare a query with candidates by the cosine and ask for the share of the right one: a
// cross-entropy whose scores are scaled cosines.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/direction.hpp"
#include "losses/row_wise.hpp"

namespace assay {

/// A candidate that is not the right one, as the row at hand sees it.
template <class W>
struct Rival {
  /// e^{s - s_b} = one + excess, b the best rival: 1 and an expm1 where the exponent is above -1/2, else 0
  /// and all of it.
  W one{0}, excess{0};
};

/// With the highest-scoring candidate m, s_m - s_r + log1p(sum over the others of e^{s_k - s_m}), r the right
/// one: no term is negative. Scores are never subtracted, directions are: s_k - s_r is scale * q^ (k^ - r^),
/// and where two candidates are equal it is 0 exactly.
///
/// The gradient moves s_k by its share p_k and s_r by p_r - 1. These sum to 0, so that by q it is what of
///   u = sum p_k (k^ - r^)
/// over the rivals stands across q^, over |q|; ones that almost equal shares have in common are added apart
/// from what distinguishes them: opposite rivals leave just that. By k it is p_k times what of q^ stands
/// across k^, over |k|. What of u stands across a vector close to an axis is taken, at its largest component
/// t, as
///   u_t (sum_{j != t} v^_j^2) - v^_t (sum_{j != t} u_j v^_j),
/// the same because |v^| = 1; elsewhere v^_j^2 <= 1/2 and what cancels is no larger than what is left for the
/// inputs to determine.
template <class T>
class CosineShareRow {
 public:
  using W = Wide<T>;

  /// `candidates`: which input; 0 for rows that are compared with each other.
  CosineShareRow(const Call<T>& call, std::size_t candidates, const W& scale, const W& handicap,
                 row_wise::Scratch& scratch)
      : call_(call),
        scale_(scale),
        handicap_(handicap),
        candidates_(call.inputs[candidates]),
        width_(static_cast<std::size_t>(candidates_.extent[1])),
        rivals_(scratch.take<Rival<W>>(candidates_.extent[0])),
        lengths_(scratch.take<Length<W>>(candidates_.extent[0])),
        moved_(scratch.take<W>(candidates_.extent[1])),
        shared_gradient_at_(call.gradient[candidates]) {
    if (shared_gradient_at_ != nullptr)
      shared_gradient_ = scratch.take<row_wise::Tally<W>>(candidates_.extent[0] * candidates_.extent[1]);
    for (std::size_t j = 0; j < lengths_.size(); ++j) {
      const std::span<const T> k = row_wise::row(candidates_, static_cast<std::int64_t>(j));
      lengths_[j] = length(k);
      undefined_candidates_ = undefined_candidates_ || any_nan(k);
    }
  }

  /// Row i of input 0 against every candidate but `skipped`; none is, where that is below 0.
  W value(std::int64_t i, std::int64_t right, std::int64_t skipped) {
    const std::span<const T> q = row_wise::row(call_.inputs[0], i);
    query_ = {q, length(q)};
    right_ = static_cast<std::size_t>(right);
    skipped_ = skipped < 0 ? rivals_.size() : static_cast<std::size_t>(skipped);
    undefined_ = undefined_candidates_ || any_nan(q);
    unit_share_ = rivals_share_ = W(0);
    if (undefined_) return row_wise::not_a_number<W>();

    std::size_t best = rivals_.size();
    each_rival([&](std::size_t j) {
      if (best == rivals_.size() || lead(j, best) > W(0)) best = j;
    });
    if (best == rivals_.size()) return W(0);
    Sum<W> beside_best;
    each_rival([&](std::size_t j) {
      Rival<W>& k = rivals_[j];
      const W d = j == best ? W(0) : scale_ * lead(j, best);
      const bool near = d > W(-.5);
      k.one = near ? 1 : 0;
      k.excess = near ? expm1(d) : exp(d);
      if (j != best) beside_best.add(k.one + k.excess);
    });
    const W ahead = scale_ * (lead(best, right_) + handicap_);
    const bool won = ahead > W(0);
    const W powers = W(1) + beside_best.total();
    const W others = won ? beside_best.total() + exp(-ahead) : exp(ahead) * powers;
    unit_share_ = (won ? W(1) : exp(ahead)) / (W(1) + others);
    rivals_share_ = unit_share_ * powers;
    return (won ? ahead : W(0)) + log1p(others);
  }

  /// Adds the derivatives by the candidates to their tally; `write(d, slope)` gets those by the query.
  template <class Write>
  void adjoint(const W& cotangent, bool by_query, const Write& write) {
    const W scale = undefined_ ? row_wise::not_a_number<W>() : cotangent * scale_;
    if (by_query) {
      for (std::size_t d = 0; d < width_; ++d) {
        Sum<W> ones, excesses;
        each_rival([&](std::size_t j) {
          const W u = difference(j, right_, d);
          ones.add(rivals_[j].one * u);
          excesses.add(rivals_[j].excess * u);
        });
        moved_[d] = ones.total() + excesses.total();
      }
      each_across(
          query_, [this](std::size_t d) { return moved_[d]; },
          [&](std::size_t d, const W& slope) { write(d, scale * unit_share_ * slope); });
    }
    if (shared_gradient_.empty()) return;
    const auto add = [&](std::size_t j, const W& share) {
      each_across(
          candidate(j), [this](std::size_t d) { return component(query_, d); },
          [&](std::size_t d, const W& slope) { tally(j, d).add(scale * share * slope); });
    };
    each_rival([&](std::size_t j) { add(j, unit_share_ * (rivals_[j].one + rivals_[j].excess)); });
    add(right_, -rivals_share_);
  }

  /// The same, with the query's derivatives written to `by_query`, which is empty where nobody asks.
  void adjoint(const W& cotangent, std::span<T> by_query) {
    adjoint(cotangent, !by_query.empty(),
            [by_query](std::size_t d, const W& slope) { by_query[d] = narrow<T>(slope); });
  }

  row_wise::Tally<W>& tally(std::size_t j, std::size_t d) { return shared_gradient_[j * width_ + d]; }
  [[nodiscard]] bool tallies() const { return !shared_gradient_.empty(); }

  void write_shared_gradient() const {
    for (std::size_t k = 0; k < shared_gradient_.size(); ++k)
      shared_gradient_at_[k] = narrow<T>(shared_gradient_[k].total());
  }

 private:
  struct Vector {
    std::span<const T> numbers;
    Length<W> length;
  };

  static bool any_nan(std::span<const T> v) {
    for (const T each : v)
      if (std::isnan(each)) return true;
    return false;
  }
  static Length<W> length(std::span<const T> v) {
    return Length<W>(v.size(), [v](std::size_t i) { return widen(v[i]); });
  }
  [[nodiscard]] Vector candidate(std::size_t j) const {
    return {row_wise::row(candidates_, static_cast<std::int64_t>(j)), lengths_[j]};
  }
  template <class Visit>
  void each_rival(const Visit& visit) const {
    for (std::size_t j = 0; j < rivals_.size(); ++j)
      if (j != right_ && j != skipped_) visit(j);
  }

  /// Component d of a direction; 0 of a row of zeros.
  [[nodiscard]] static W component(const Vector& v, std::size_t d) {
    const W number = widen(v.numbers[d]);
    return number == W(0) ? number : number / v.length.length;
  }
  [[nodiscard]] W difference(std::size_t j, std::size_t k, std::size_t d) const {
    const Vector a = candidate(j), b = candidate(k);
    return combine(W(1), Direction<W>(a.length, d, widen(a.numbers[d])), W(-1),
                   Direction<W>(b.length, d, widen(b.numbers[d])));
  }
  /// By how much candidate j's cosine is above candidate k's.
  [[nodiscard]] W lead(std::size_t j, std::size_t k) const {
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(component(query_, d) * difference(j, k, d));
    return sum.total();
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

  const Call<T>& call_;
  W scale_, handicap_;
  const Argument<T>& candidates_;
  std::size_t width_;
  std::span<Rival<W>> rivals_;
  std::span<Length<W>> lengths_;
  std::span<W> moved_;
  T* shared_gradient_at_;
  std::span<row_wise::Tally<W>> shared_gradient_;
  bool undefined_candidates_ = false, undefined_ = false;
  Vector query_;
  std::size_t right_ = 0, skipped_ = 0;
  W unit_share_{0}, rivals_share_{0};  ///< shares of the best rival, and of all
};

}  // namespace assay
