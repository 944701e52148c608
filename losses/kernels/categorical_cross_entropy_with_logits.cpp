#include "losses/catalogue/classification.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"
#include "losses/shapes/logits/smoothing.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// Against targets t_c with the sum T the loss is sum t_c (m - x_c) + T log1p(others), and its slope
///   T p_c - t_c   = (T - t_c) - T others/total           at the only maximum, T - t_c summed apart
/// where t_c is kept t_c + floor of label smoothing.
template <class T>
class LogitTerms<CategoricalCrossEntropyWithLogits, T> {
 public:
  using Rows = LogitRows<T>;
  using Input = typename Rows::Input;
  using Number = typename Rows::Number;
  static constexpr bool takes_differences = true, drops_infinite = true;

  /// Slopes by targets are left to others.
  static bool answers(const CategoricalCrossEntropyWithLogits& loss, const RowPlan<T>& plan) {
    return plan.call.gradient[1] == nullptr && loss.label_smoothing < 1;
  }

  HWY_INLINE LogitTerms(const CategoricalCrossEntropyWithLogits& loss, const RowPlan<T>& plan)
      : smoothing_(smoothed<T>(loss.label_smoothing, plan.width)),
        floored_(smoothing_.floor.hi != 0),
        slopes_(plan.call.gradient[0] != nullptr) {}

  HWY_INLINE static const T* beside(const RowPlan<T>& plan) { return plan.call.inputs[1].real; }
  /// The sums over the targets.
  HWY_INLINE unsigned look(Rows& rows) {
    if (slopes_)
      doubtful_ = rows.whole() ? add_targets<true, true>(rows) : add_targets<true, false>(rows);
    else
      doubtful_ = rows.whole() ? add_targets<false, true>(rows) : add_targets<false, false>(rows);
    if (floored_) doubtful_ |= smooth(rows);
    return doubtful_;
  }
  /// Whether a target's share is near the target shows with the exponentials only; of rows that are all
  /// targets some always are. One of many slopes of a long row that all but vanishes would have the whole row
  /// computed in Quad.
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows& rows) const {
    if (!slopes_) return {Digits::few, Digits::few};
    return {!floored_ && few_targets_ ? Digits::few : Digits::many,
            doubtful_ == 0 ? rows.most() : Digits::many};
  }
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Vouched<Number> value(const Rows& rows, std::size_t g) const {
    const Number all_targets = rest_.get(g) + at_top_.get(g);
    return {distance_.get(g) + all_targets * rows.template log_total<digits>(g), first(lanes)};
  }
  /// With few digits there is no floor.
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    if constexpr (digits != Digits::few)
      if (floored_) return write_slopes<digits, true>(rows, out);
    return write_slopes<digits, false>(rows, out);
  }

 private:
  /// T, and sum t_c (m - x_c). For the gradient T comes in two parts, that of the maxima and the rest. Where
  /// logits are -inf, a target of 0 drops them. Targets must be from 0 to 1, and in two words none so small
  /// that its products lose the second.
  template <bool Gradient, bool Whole>
  HWY_NOINLINE unsigned add_targets(Rows& rows) {
    LongSum<Number> rest, at_top, distance;
    Condition holds[groups];
    Sixteen<Real> targets;
    Real count[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      holds[g] = first(lanes);
      count[g] = 0.0;
    }
    rows.template each_step<Digits::none>([&](std::size_t s) ASSAY_IN_LOOP {
      for (std::size_t g = 0; g < groups; ++g) {
        const Input x = rows.x_at(s, g), t = rows.beside_at(s, g);
        const Real m = rows.maximum(g);
        const Number d = t * below(m, x);
        const Condition nothing = high(t) == Real(0.0);
        if constexpr (Rows::two_words)
          holds[g] = holds[g] & (nothing | between(0x1p-240, high(t), 1));
        else
          holds[g] = holds[g] & between(0, t, 1);
        if constexpr (Whole) {
          distance.add(g, d);
        } else {
          const Condition there = high(x) > Real(-std::numeric_limits<double>::infinity());
          holds[g] = holds[g] & (there | nothing);
          distance.add(g, only(there, d));
        }
        if constexpr (Gradient) {
          const Condition top = high(x) == m;
          count[g] = count[g] + only(!nothing, Real(1.0));
          rest.add(g, Number(only(!top, t)));
          at_top.add(g, Number(only(top, t)));
        } else {
          rest.add(g, Number(t));
        }
      }
      rest.after(s);
      distance.after(s);
      if constexpr (Gradient) at_top.after(s);
    });
    rest.result(rows.joined(), rest_);
    at_top.result(rows.joined(), at_top_);
    distance.result(rows.joined(), distance_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      doubtful |= Rows::lacking(holds[g], g);
      targets.set(g, count[g]);
    }
    double all_targets = 0;
    for (const double each : targets.hi) all_targets += each;
    few_targets_ = 4 * all_targets <= static_cast<double>(rows.steps() * virtual_lanes);
    return doubtful;
  }

  /// The sums of kept t + floor in place of t's.
  HWY_INLINE unsigned smooth(Rows& rows) {
    Sixteen<Number> distances;
    const unsigned doubtful = rows.add_distances(distances);
    const Number kept = constant<Number>(smoothing_.kept), floor = constant<Number>(smoothing_.floor);
    const Number others = exactly<Number>(static_cast<double>(rows.width() - 1));
    for (std::size_t g = 0; g < groups; ++g) {
      rest_.set(g, kept * rest_.get(g) + floor * others);
      at_top_.set(g, kept * at_top_.get(g) + floor);
      distance_.set(g, kept * distance_.get(g) + floor * distances.get(g));
    }
    return doubtful;
  }

  /// At a maximum with a share above 1/2, which is then the only one, (T - t_c) - T others/total.
  template <Digits digits, bool Floored>
  HWY_NOINLINE unsigned write_slopes(Rows& rows, T* out) const {
    constexpr double enough =
        Floored ? Rows::template enough<digits> : Rows::template enough_of_inputs<digits>;
    const Sixteen<Number> scale = rows.scales();
    Sixteen<Number> factor, at_top;
    Sixteen<Real> only_top;
    Condition holds[groups], safe = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = rows.total(g), of_scale = scale.get(g), rest = rest_.get(g),
                   sum = rest + at_top_.get(g);
      const Number lost = sum * (rows.others(g) / total), left = rest - lost;
      factor.set(g, of_scale / total * sum);
      at_top.set(g, left * of_scale);
      only_top.set(g, rows.only_top(g));
      holds[g] = Rows::scale_holds(of_scale) & ((abs(leading(left)) >= leading(rest) * Real(enough)) |
                                                !(leading(rows.others(g)) < Real(1.0)));
      safe = safe & Rows::keeps_words(factor.get(g));
    }
    const Number kept = constant<Number>(smoothing_.kept), floor = constant<Number>(smoothing_.floor);
    const bool normal = !Rows::two_words || (rows.narrow() && all(safe));
    return rows.template write<digits>(out, holds, [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      const Number share = rows.exponential_at(s, g) * factor.get(g);
      const Number t = target<Floored>(rows.beside_at(s, g), kept, floor) * scale.get(g);
      const Number apart = difference(share, t);
      const Condition top = high(rows.x_at(s, g)) == only_top.get(g);
      Condition held = abs(leading(apart)) >= abs(leading(t)) * Real(enough);
      if (!normal) held = held & is_normal(apart);
      return Vouched<Number>{select(top, at_top.get(g), apart), held | top};
    });
  }
  template <bool Floored>
  HWY_INLINE static auto target(Input t, Number kept, Number floor) {
    if constexpr (Floored)
      return kept * t + floor;
    else
      return t;
  }

  Smoothing smoothing_;
  bool floored_, slopes_, few_targets_ = false;
  unsigned doubtful_ = 0;
  Sixteen<Number> rest_, at_top_, distance_;
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/logits/soft_target.hpp"

namespace assay {

/// sum_c t'_c (-log p_c) with t' = (1-s) t + s/C.
template <class T>
class Row<CategoricalCrossEntropyWithLogits, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const CategoricalCrossEntropyWithLogits& loss, const Call<T>& call)
      : call_(call),
        smoothing_(W(loss.label_smoothing)),
        kept_(W(1) - smoothing_),
        floor_(smoothing_ / W(static_cast<double>(call.inputs[0].extent[1]))) {}

  W value(std::int64_t i) {
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    t_ = row_wise::row(call_.inputs[1], i);
    surprise_ = weighted_surprise(row_, [&](std::size_t c) { return kept_ * target(c) + floor_; });
    return surprise_.value;
  }
  [[nodiscard]] bool undetermined() const { return surprise_.undetermined; }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    if (!by_x.empty()) {
      const TargetTotal<W> total(t_.size(), [&](std::size_t c) { return target(c); });
      const bool dropped = !total.any() && smoothing_ == W(0);
      for (std::size_t c = 0; c < by_x.size(); ++c)
        by_x[c] = dropped ? T{0}
                          : narrow<T>(cotangent * row_.slope(c, target(c), total.without(c, target(c)), kept_,
                                                             smoothing_));
    }
    for (std::size_t c = 0; c < by_t.size(); ++c)
      by_t[c] = kept_ == W(0) ? T{0} : narrow<T>(cotangent * kept_ * row_.surprise(c));
  }

 private:
  /// t_c, which a share of 0 drops, NaN included.
  [[nodiscard]] W target(std::size_t c) const { return kept_ == W(0) ? W(0) : widen(t_[c]); }

  const Call<T>& call_;
  W smoothing_, kept_, floor_;
  LogitRow<T> row_;
  Surprise<W> surprise_{};
  std::span<const T> t_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(CategoricalCrossEntropyWithLogits)
