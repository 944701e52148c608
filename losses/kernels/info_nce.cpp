#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/candidates/info_nce-inl.hpp"

#if HWY_ONCE

#include <optional>

#include "losses/numbers/angle.hpp"
#include "losses/numbers/direction.hpp"
#include "losses/numbers/direction_sum.hpp"

namespace assay {
namespace {

/// A negative, as the row at hand sees it.
template <class W>
struct Negative {
  /// e^{(s - s_b)/temperature} = one + excess, b the best negative: 1 and an expm1 where the exponent is
  /// above -1/2, else 0 and all of it.
  W one{0}, excess{0};
};

}  // namespace

/// With the highest-scoring candidate m, (s_m - s_+)/temperature + log1p(sum over the others of
/// e^{(s_k - s_m)/temperature}): no term is negative. Scores are never subtracted, vectors are: s_k - s_m is
/// q (k - m), which large components that two candidates share do not reach, and where they agree it is 0
/// exactly.
///
/// The gradient moves s_k by p_k, and s_+ by p_+ - 1. These sum to 0, so that by q it is sum p_k (k - k_+)
/// over the negatives, in which the ones that almost equal shares have in common are added apart from what
/// distinguishes them: opposite candidates leave just that. Normalised, with k^ of length 1, it is what of
/// sum p_k (k^ - k^_+) stands across q, over |q|, and by k_k p_k times what of q^ stands across k_k, over
/// |k_k|.
template <class T>
class Row<InfoNce, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const InfoNce& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        normalize_(loss.normalize),
        temperature_(W(loss.temperature)),
        width_(static_cast<std::size_t>(call.inputs[0].extent[1])),
        negatives_(scratch.take<Negative<W>>(call.inputs[2].extent[0])),
        lengths_(scratch.take<Length<W>>(call.inputs[2].extent[0])),
        moved_(scratch.take<W>(call.inputs[0].extent[1])) {
    if (call.gradient[2] != nullptr)
      negative_gradient_ =
          scratch.take<row_wise::Tally<W>>(call.inputs[2].extent[0] * call.inputs[2].extent[1]);
    for (std::size_t j = 0; j < lengths_.size(); ++j) {
      const std::span<const T> k = row_wise::row(call.inputs[2], static_cast<std::int64_t>(j));
      lengths_[j] = measured(k);
      nan_in_negatives_ = nan_in_negatives_ || any_nan(k);
    }
  }

  W value(std::int64_t i) {
    query_ = vector(row_wise::row(call_.inputs[0], i));
    positive_ = vector(row_wise::row(call_.inputs[1], i));
    undefined_ = nan_in_negatives_ || any_nan(query_.numbers) || any_nan(positive_.numbers);
    if (undefined_) return row_wise::not_a_number<W>();

    if (negatives_.empty()) return W(0);

    std::size_t best = 0;
    for (std::size_t j = 1; j < negatives_.size(); ++j)
      if (lead(negative(j), negative(best)) > W(0)) best = j;
    Sum<W> beside_best;
    for (std::size_t j = 0; j < negatives_.size(); ++j) {
      Negative<W>& k = negatives_[j];
      const W d = j == best ? W(0) : lead(negative(j), negative(best)) / temperature_;
      const bool near = d > W(-.5);
      k.one = near ? 1 : 0;
      k.excess = near ? expm1(d) : exp(d);
      if (j != best) beside_best.add(k.one + k.excess);
    }
    const W ahead = lead(negative(best), positive_) / temperature_;
    const bool won = ahead > W(0);
    const W powers = W(1) + beside_best.total();
    const W others = won ? beside_best.total() + exp(-ahead) : exp(ahead) * powers;
    unit_share_ = (won ? W(1) : exp(ahead)) / (W(1) + others);
    negatives_share_ = unit_share_ * powers;
    return (won ? ahead : W(0)) + log1p(others);
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    const auto by_query = row_wise::gradient_row(call_, 0, i),
               by_positive = row_wise::gradient_row(call_, 1, i);
    const W scale = undefined_ ? row_wise::not_a_number<W>() : cotangent / temperature_;
    if (!by_query.empty())
      each_query_slope(
          [&](std::size_t d, const W& slope) { by_query[d] = narrow<T>(scale * unit_share_ * slope); });
    if (!by_positive.empty())
      each_slope(positive_, [&](std::size_t d, const W& slope) {
        by_positive[d] = narrow<T>(-scale * negatives_share_ * slope);
      });
    if (negative_gradient_.empty()) return;
    for (std::size_t j = 0; j < negatives_.size(); ++j)
      each_slope(negative(j), [&](std::size_t d, const W& slope) {
        negative_gradient_[j * width_ + d].add(scale * share(negatives_[j]) * slope);
      });
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const {
    for (std::size_t k = 0; k < negative_gradient_.size(); ++k)
      call_.gradient[2][k] = narrow<T>(negative_gradient_[k].total());
  }

 private:
  struct Vector {
    std::span<const T> numbers;
    Length<W> length;
  };

  /// Only directions need one.
  [[nodiscard]] Length<W> measured(std::span<const T> v) const {
    return normalize_ ? length(v) : Length<W>();
  }
  [[nodiscard]] Vector vector(std::span<const T> v) const { return {v, measured(v)}; }
  [[nodiscard]] Vector negative(std::size_t j) const {
    return {row_wise::row(call_.inputs[2], static_cast<std::int64_t>(j)), lengths_[j]};
  }

  [[nodiscard]] W share(const Negative<W>& k) const { return unit_share_ * (k.one + k.excess); }

  /// Component d, of the vector itself or of its direction.
  [[nodiscard]] W component(const Vector& v, std::size_t d) const {
    const W number = widen(v.numbers[d]);
    return normalize_ && number != W(0) ? number / v.length.length : number;
  }
  [[nodiscard]] W difference(const Vector& a, const Vector& b, std::size_t d) const {
    const W x = widen(a.numbers[d]), y = widen(b.numbers[d]);
    if (!normalize_) return x - y;
    return combine(W(1), Direction<W>(a.length, d, x), W(-1), Direction<W>(b.length, d, y));
  }
  /// By how much a scores higher than b, times the temperature.
  [[nodiscard]] W lead(const Vector& a, const Vector& b) const {
    Sum<W> sum;
    for (std::size_t d = 0; d < width_; ++d) sum.add(component(query_, d) * difference(a, b, d));
    return sum.total();
  }

  /// Calls write(d, d loss / d query_d), but for the temperature and the best negative's share.
  template <class Write>
  void each_query_slope(const Write& write) {
    const CrossProduct<T> cross(query_.numbers, query_.length);
    for (std::size_t d = 0; d < width_; ++d) {
      const Parts<W> right = normalize_ ? cross(positive_.numbers, positive_.length, d) : Parts<W>();
      PartsSum<W> sum;
      for (std::size_t j = 0; j < negatives_.size(); ++j) {
        const Vector k = negative(j);
        sum.add(
            negatives_[j].one, negatives_[j].excess,
            normalize_ ? cross(k.numbers, k.length, d) - right : Parts<W>{W(0), difference(k, positive_, d)});
      }
      moved_[d] = sum.total();
    }
    if (normalize_)
      cross.each_across(moved_, write);
    else
      for (std::size_t d = 0; d < width_; ++d) write(d, moved_[d]);
  }
  /// Calls write(d, d s_k / d k_d) for each component of a candidate.
  template <class Write>
  void each_slope(const Vector& k, const Write& write) const {
    if (normalize_)
      each_across_pair(k.numbers, k.length, query_.numbers, query_.length, write);
    else
      for (std::size_t d = 0; d < width_; ++d) write(d, component(query_, d));
  }

  const Call<T>& call_;
  bool normalize_;
  W temperature_;
  std::size_t width_;
  std::span<Negative<W>> negatives_;
  std::span<Length<W>> lengths_;
  std::span<W> moved_;
  std::span<row_wise::Tally<W>> negative_gradient_;
  bool nan_in_negatives_ = false;
  Vector query_, positive_;
  W unit_share_{0}, negatives_share_{0};  ///< shares of the best negative, and of all
  bool undefined_ = false;
};

/// First in lanes, with rows by themselves where they need it; then, where that has not been enough, all rows
/// again, from the start and with the tally of the gradient by the negatives.
template <class T>
struct Kernel<InfoNce, T> {
  static std::size_t workspace_bytes(const InfoNce& loss, const Call<T>& call) {
    row_wise::Scratch first, again;
    const Call<T> rows = without_tally(call);
    const InfoNcePlan<T> counted(loss, call, first);
    const Row<InfoNce, T> by_row(loss, rows, first), all(loss, call, again);
    return std::max(first.bytes(), again.bytes());
  }
  static void evaluate(const InfoNce& loss, const Call<T>& call) {
    if (!evaluate_in_lanes(loss, call)) row_wise::compute(loss, call);
  }

 private:
  /// Lanes have a tally of their own or none.
  static Call<T> without_tally(const Call<T>& call) {
    Call<T> out = call;
    out.threads = 1;  // rows share the tally and the workspace
    out.gradient[2] = nullptr;
    return out;
  }

  /// False where lanes do not answer for all that is wanted.
  static bool evaluate_in_lanes(const InfoNce& loss, const Call<T>& call) {
    row_wise::Scratch scratch(call.workspace);
    InfoNcePlan<T> in_common(loss, call, scratch);
    const Call<T> rows = without_tally(call);
    std::optional<Row<InfoNce, T>> row;  // made for the first that needs it
    const auto slow = [&](const RowPlan<T>& plan, std::int64_t i) {
      if (!row) row.emplace(loss, rows, scratch);
      return slow_row(plan, *row, i);
    };
    RowPlan<T> plan{rows, slow};
    return in_common.count != 0 && set_divisor(plan, Quad(static_cast<double>(plan.rows))) &&
           in_lanes(loss, InfoNceInLanes<T>{plan, in_common});
  }
};

}  // namespace assay

#endif

ASSAY_KERNEL(InfoNce)
