// The sums of the exponentials of rows of logits. Included once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_SUMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_SUMS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_SUMS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_SUMS_INL_HPP
#endif

#include "losses/shapes/logits/logit_exponentials-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitSums : protected LogitExponentials<T, kind> {
 protected:
  using Base = LogitExponentials<T, kind>;
  using Base::columns_, Base::exponential_at, Base::is_double, Base::joined_, Base::kept_steps,
      Base::maximum_, Base::narrow_, Base::steps_, Base::total_;
  using typename Base::Input;
  using typename Base::Number;

  HWY_INLINE LogitSums(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// Finds others_. Bit j of the answer: lane j is not to be trusted.
  template <Digits digits>
  HWY_INLINE unsigned add_up() {
    this->unknown_ = 0;
    this->kept_from_ = steps_;  // none of this row
    total_.set_all({0, 0});
    if (!narrow_) return add_up_apart<digits>();
    for (std::size_t from = last_stretch();; from -= kept_steps) {
      if (kind == LogitLoss::softmax || this->gradient_ != nullptr)
        this->template fill<digits, true>(from);
      else
        this->template fill<digits, false>(from);
      if (from == 0) break;
    }
    if (joined_) join_total(Number());
    Condition holds = first(lanes);
    const double least = this->template least_others<digits>();
    for (std::size_t g = 0; g < groups; ++g) {
      const Twin others = total_.get(g) - Exact(1.0);
      others_.set(g, number(others, Number()));
      holds = holds & (others.hi > Real(least));
    }
    return all(holds) ? 0 : add_up_apart<digits>();
  }

  /// With `ties` numbers equal to the maximum, the others' sum is added to ties - 1: nothing is taken from 1.
  template <Digits digits>
  HWY_NOINLINE unsigned add_up_apart() {
    LongSum<Number> rest;
    Sixteen<Real> ties;
    for (std::size_t g = 0; g < groups; ++g) ties.set(g, 0.0);
    for (std::size_t from = last_stretch();; from -= kept_steps) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        for (std::size_t g = 0; g < groups; ++g) {
          const Condition there = !columns_.missing(s, g);
          const Condition top = Base::high(this->x_at(s, g)) == maximum_.get(g);
          rest.add(g, only(there & !top, exponential_at(s, g)));
          ties.set(g, ties.get(g) + only(there & top, Real(1.0)));
        }
        rest.after(s);
      }
      if (from == 0) break;
    }
    rest.result(joined_, others_);
    if (joined_) {
      double all_ties = 0;
      for (const double each : ties.hi) all_ties += each;
      ties.set_all({all_ties, 0});
    }
    for (std::size_t g = 0; g < groups; ++g)
      others_.set(g, others_.get(g) + exact_number(ties.get(g) - Real(1.0), Number()));
    return this->unknown_;
  }

  /// Of an f32 row one word is enough here: four levels of the tree round off 2^-51 of the total.
  HWY_INLINE void join_total(Real) {
    Real total[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      const Twin each = total_.get(g);
      total[g] = each.hi + each.lo;
    }
    total_.set_all(merged(total));
  }
  HWY_INLINE void join_total(Twin) {
    Twin total[groups];
    for (std::size_t g = 0; g < groups; ++g) total[g] = total_.get(g);
    total_.set_all(merged(total));
  }

  [[nodiscard]] HWY_INLINE std::size_t last_stretch() const { return (steps_ - 1) / kept_steps * kept_steps; }

  Sixteen<Number> others_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
