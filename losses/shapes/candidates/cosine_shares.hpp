// Rows that compare a query with candidates by the cosine and ask for the share of the right one: a
// cross-entropy whose scores are scaled cosines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/shapes/candidates/cosine_candidates.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// A candidate's share before it is divided by the sum of all, as the row at hand sees it.
template <class W>
struct Power {
  /// e^{s - s_b} = one + excess, b the best of those compared: 1 and an expm1 where the exponent is above
  /// -1/2, else 0 and all of it.
  W one{0}, excess{0};

  Power() = default;
  /// Of s - s_b.
  explicit Power(const W& behind) {
    const bool near = behind > W(-.5);
    one = near ? 1 : 0;
    excess = near ? expm1(behind) : exp(behind);
  }
  [[nodiscard]] W total() const { return one + excess; }
};

/// With the highest-scoring candidate m, s_m - s_r + log1p(sum over the others of e^{s_k - s_m}), r the right
/// one: no term is negative. s_k is scale * cos_k, the right one's less scale * handicap, so that s_k - s_r
/// is scale * (cos_k - cos_r + handicap), in which directions are subtracted, never scores. A right one whose
/// score has little to do with its cosine is at a handicap from 0 instead.
///
/// The gradient moves s_k by its share p_k and s_r by p_r - 1. These sum to 0, so that by q it is what of
///   u = sum p_k (k^ - r^)
/// over the rivals stands across q^, over |q|; ones that almost equal shares have in common are added apart
/// from what distinguishes them: opposite rivals leave just that. By k it is p_k times what of q^ stands
/// across k^, over |k|. The handicap counts as a constant here.
template <class T>
class CosineShareRow {
 public:
  using W = Wide<T>;

  /// `candidates`: which input; 0 for rows that are compared with each other.
  CosineShareRow(const Call<T>& call, std::size_t candidates, const W& scale, row_wise::Scratch& scratch)
      : scale_(scale),
        candidates_(call, candidates, scratch),
        rivals_(scratch.take<Power<W>>(call.inputs[candidates].extent[0])),
        moved_(scratch.take<W>(call.inputs[candidates].extent[1])) {}

  enum class From { cosine, zero };

  /// Row i of input 0 against every candidate but `skipped`; none is, where that is below 0. NaN where
  /// `right` is none of them.
  W value(std::int64_t i, std::int64_t right, std::int64_t skipped, const W& handicap = W(0),
          From from = From::cosine) {
    candidates_.ask(i);
    known_ = right >= 0 && right < static_cast<std::int64_t>(rivals_.size());
    right_ = known_ ? static_cast<std::size_t>(right) : 0;
    skipped_ = skipped < 0 ? rivals_.size() : static_cast<std::size_t>(skipped);
    unit_share_ = rivals_share_ = W(0);
    if (undefined()) return row_wise::not_a_number<W>();

    std::size_t best = rivals_.size();
    each_rival([&](std::size_t j) {
      if (best == rivals_.size() || candidates_.lead(j, best) > W(0)) best = j;
    });
    if (best == rivals_.size()) return W(0);
    Sum<W> beside_best;
    each_rival([&](std::size_t j) {
      rivals_[j] = Power<W>(j == best ? W(0) : scale_ * candidates_.lead(j, best));
      if (j != best) beside_best.add(rivals_[j].total());
    });
    const W lead = from == From::cosine ? candidates_.lead(best, right_) : candidates_.cosine(best);
    const W ahead = scale_ * (lead + handicap);
    const bool won = ahead > W(0);
    const W powers = W(1) + beside_best.total();
    const W others = won ? beside_best.total() + exp(-ahead) : exp(ahead) * powers;
    unit_share_ = (won ? W(1) : exp(ahead)) / (W(1) + others);
    rivals_share_ = unit_share_ * powers;
    return (won ? ahead : W(0)) + log1p(others);
  }

  /// By how much the loss grows with the right score's handicap, over the cotangent; NaN where `value` is.
  [[nodiscard]] W by_handicap() const {
    return undefined() ? row_wise::not_a_number<W>() : scale_ * rivals_share_;
  }

  /// Adds the derivatives by the candidates to their tally; `write(d, slope)` gets those by the query.
  template <class Write>
  void adjoint(const W& cotangent, bool by_query, const Write& write) {
    if (!known_) return all_unknown(by_query, write);
    const W scale = undefined() ? row_wise::not_a_number<W>() : cotangent * scale_;
    if (by_query) {
      for (std::size_t d = 0; d < moved_.size(); ++d) {
        const Parts<W> right = candidates_.cross(right_, d);
        PartsSum<W> sum;
        each_rival([&](std::size_t j) {
          sum.add(rivals_[j].one, rivals_[j].excess, candidates_.cross(j, d) - right);
        });
        moved_[d] = sum.total();
      }
      candidates_.each_across_query(
          moved_, [&](std::size_t d, const W& slope) { write(d, scale * unit_share_ * slope); });
    }
    if (!candidates_.tallies()) return;
    each_rival([&](std::size_t j) { candidates_.add_slopes(j, scale * (unit_share_ * rivals_[j].total())); });
    candidates_.add_slopes(right_, scale * -rivals_share_);
  }

  /// The same, with the query's derivatives written to `by_query`, which is empty where nobody asks.
  void adjoint(const W& cotangent, std::span<T> by_query) {
    adjoint(cotangent, !by_query.empty(),
            [by_query](std::size_t d, const W& slope) { by_query[d] = narrow<T>(slope); });
  }

  row_wise::Tally<W>& tally(std::size_t j, std::size_t d) { return candidates_.tally(j, d); }
  [[nodiscard]] bool tallies() const { return candidates_.tallies(); }
  void write_shared_gradient() const { candidates_.write_gradient(); }

 private:
  /// NaN everywhere that the row reaches.
  template <class Write>
  void all_unknown(bool by_query, const Write& write) {
    for (std::size_t d = 0; d < moved_.size(); ++d) {
      if (by_query) write(d, row_wise::not_a_number<W>());
      for (std::size_t j = 0; j < rivals_.size() && candidates_.tallies(); ++j)
        candidates_.tally(j, d).add(row_wise::not_a_number<W>());
    }
  }
  [[nodiscard]] bool undefined() const { return !known_ || candidates_.undefined(); }
  template <class Visit>
  void each_rival(const Visit& visit) const {
    for (std::size_t j = 0; j < rivals_.size(); ++j)
      if (j != right_ && j != skipped_) visit(j);
  }

  W scale_;
  CosineCandidates<T> candidates_;
  std::span<Power<W>> rivals_;
  std::span<W> moved_;
  bool known_ = false;
  std::size_t right_ = 0, skipped_ = 0;
  W unit_share_{0}, rivals_share_{0};  ///< shares of the best rival, and of all
};

}  // namespace assay
