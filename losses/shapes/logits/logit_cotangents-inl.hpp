// The gradients of rows of logits whose losses have a value a number, and so a cotangent. Included once a
// target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_COTANGENTS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_COTANGENTS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_COTANGENTS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_COTANGENTS_INL_HPP
#endif

#include "losses/shapes/logits/logit_scales-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitCotangents : protected LogitScales<T, kind> {
 protected:
  using Base = LogitScales<T, kind>;
  using Base::columns_, Base::gradient_, Base::is_double, Base::joined_, Base::lacking, Base::maximum_,
      Base::narrow_, Base::one, Base::others_, Base::output_columns_, Base::ragged_, Base::scale_,
      Base::steps_, Base::width_;
  using typename Base::Input;
  using typename Base::Number;
  template <Digits digits>
  static constexpr double enough = Base::template enough<digits>;
  template <Digits digits>
  static constexpr double enough_of_inputs = Base::template enough_of_inputs<digits>;

  HWY_INLINE LogitCotangents(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// The sums of the cotangents, which need no exponentials: of the maxima and of the rest.
  HWY_NOINLINE void look_at_cotangents() {
    LongSum<Number> rest, at_top;
    for (std::size_t s = 0; s < steps_; ++s) {
      for (std::size_t g = 0; g < groups; ++g) {
        const Input given = this->second_at(s, g);
        const Condition top = Base::high(this->x_at(s, g)) == maximum_.get(g);
        rest.add(g, Number(only(!top, given)));
        at_top.add(g, Number(only(top, given)));
      }
      rest.after(s);
      at_top.after(s);
    }
    rest.result(joined_, cotangent_rest_);
    at_top.result(joined_, cotangent_top_);
  }

  /// s_c - p_c S with the cotangents s and their sum S; at a maximum with a share above 1/2, which is then
  /// the only one, (s_c others - what the others' cotangents sum to) / total. S may cancel: what it has lost,
  /// 2^-50 or 2^-100 of the absolute values of which it is the sum, times p_c, the sensitivity excuses, to
  /// which s_k adds p_c |s_k|, and s_c itself (1 - p_c) |s_c|. What the exponentials have lost it excuses of
  /// f32 only.
  ///
  /// `Even`: all cotangents are one number, which scale_ has, and S/s_c = C. These are constants, which
  /// excuse nothing.
  template <Digits digits, bool Even>
  HWY_NOINLINE unsigned write_log_softmax() {
    constexpr double left_over = Even ? enough<digits> : enough_of_inputs<digits>;
    Sixteen<Number> factor, at_top;
    Sixteen<Real> only_top;
    Condition holds[groups], safe = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      const Number others = others_.get(g), total = one() + others;
      const Number rest = Even ? whole(width_ - 1) : cotangent_rest_.get(g),
                   top = Even ? one() : cotangent_top_.get(g), sum = Even ? whole(width_) : rest + top;
      const Number own = top * others, left = difference(own, rest);
      const Condition heavy = leading(others) < Real(1.0);
      factor.set(g, sum / total);
      at_top.set(g, scaled<Even>(left / total, g));
      only_top.set(g, select(heavy, maximum_.get(g), std::numeric_limits<double>::infinity()));
      const Condition kept =
          (abs(leading(left)) >= abs(leading(own)) * Real(left_over)) & is_ordinary(leading(at_top.get(g)));
      holds[g] = (abs(leading(sum)) < Real(0x1p400)) & (kept | !heavy);
      if constexpr (Even) holds[g] = holds[g] & this->scale_holds(g);
      safe = safe & Base::keeps_words(factor.get(g));
    }
    const bool normal = !is_double || (narrow_ && all(safe));
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        T* const at = columns_.to(gradient_, output_columns_, s);
        for (std::size_t g = 0; g < groups; ++g) {
          const Number given = Even ? one() : Number(this->second_at(s, g));
          const Number apart = difference(given, this->exponential_at(s, g) * factor.get(g));
          const Condition top = Base::high(this->x_at(s, g)) == only_top.get(g);
          Condition held = abs(leading(apart)) >= abs(leading(given)) * Real(left_over);
          if (!normal) held = held & is_ordinary(leading(apart));
          if (s == ragged_) held = held | columns_.missing(s, g);
          holds[g] = holds[g] & (held | top);
          store(select(top, at_top.get(g), scaled<Even>(apart, g)), at + g * lanes);
        }
      }
      from = to;
    }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(holds[g], g);
    return doubtful;
  }
  HWY_INLINE static Number whole(std::size_t n) {
    return exact_number(Real(static_cast<double>(n)), Number());
  }
  template <bool Even>
  HWY_INLINE Number scaled(Number slope, std::size_t g) const {
    if constexpr (Even)
      return slope * scale_.get(g);
    else
      return slope;
  }

  /// p_c (s_c - mean), where mean = sum s_k p_k; at the only maximum s_c others/total - what the others have
  /// of the mean.
  template <Digits digits>
  HWY_NOINLINE unsigned write_softmax() {
    constexpr double left_over = enough_of_inputs<digits>;
    Sixteen<Number> mean, apart, inverse;
    Sixteen<Real> size, size_of_apart, only_top;
    average<digits>(mean, apart, size, size_of_apart, only_top);
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      inverse.set(g, one() / (one() + others_.get(g)));
      holds[g] = (abs(leading(apart.get(g))) >= size_of_apart.get(g) * Real(left_over)) |
                 !(only_top.get(g) == maximum_.get(g));
    }
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        T* const at = columns_.to(gradient_, output_columns_, s);
        for (std::size_t g = 0; g < groups; ++g) {
          const Number given = Number(this->second_at(s, g));
          const Condition top = Base::high(this->x_at(s, g)) == only_top.get(g);
          const Number left = difference(given, mean.get(g));
          const Number slope = this->exponential_at(s, g) * inverse.get(g) * select(top, apart.get(g), left);
          store(slope, at + g * lanes);
          Condition held = (abs(leading(left)) >= size.get(g) * Real(left_over)) | top;
          if constexpr (is_double) held = held & is_ordinary(slope.hi + slope.lo);
          if (s == ragged_) held = held | columns_.missing(s, g);
          holds[g] = holds[g] & held;
        }
      }
      from = to;
    }
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(holds[g], g);
    return doubtful;
  }

 private:
  /// sum s_k p_k over a row, and s_c - that at the only maximum; `size` is that of
  /// the mean's terms, and `size_of_apart` that of the other's.
  template <Digits digits>
  HWY_INLINE void average(Sixteen<Number>& mean, Sixteen<Number>& apart, Sixteen<Real>& size,
                          Sixteen<Real>& size_of_apart, Sixteen<Real>& only_top) {
    LongSum<Number> rest;
    Number own[groups];
    Real sizes[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      own[g] = exact_number(0.0, Number());
      sizes[g] = 0.0;
    }
    for (std::size_t from = 0; from < steps_;) {
      const std::size_t to = this->template have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        for (std::size_t g = 0; g < groups; ++g) {
          const Input given = this->second_at(s, g);
          const Condition top = Base::high(this->x_at(s, g)) == maximum_.get(g);
          const Number term = only(!top, Number(this->exponential_at(s, g) * given));
          rest.add(g, term);
          own[g] = plus(own[g], only(top, Base::high(given)));
          sizes[g] = sizes[g] + abs(leading(term));
        }
        rest.after(s);
      }
      from = to;
    }
    Sixteen<Number> rests, tops;
    rest.result(joined_, rests);
    for (std::size_t g = 0; g < groups; ++g) {
      tops.set(g, own[g]);
      size.set(g, sizes[g]);
    }
    if (joined_) {
      join(tops);
      join(size);
    }
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = one() + others_.get(g);
      const Number top = tops.get(g), lost = rests.get(g) / total;
      const Condition heavy = leading(others_.get(g)) < Real(1.0);
      only_top.set(g, select(heavy, maximum_.get(g), std::numeric_limits<double>::infinity()));
      mean.set(g, lost + top / total);
      apart.set(g, top * (others_.get(g) / total) - lost);
      const Real of_rest = size.get(g), of_top = abs(leading(top));
      size.set(g, (of_rest + of_top) / leading(total));
      size_of_apart.set(g, greater(of_rest, of_top * leading(others_.get(g))) / leading(total));
    }
  }
  /// Cotangents may be as large as numbers get, and leave NaN in a low word.
  HWY_INLINE static Condition is_ordinary(Real slope) {
    const Real size = abs(slope);
    return ((size > Real(0x1p-900)) & (size < Real(0x1p1000))) | (size == Real(0.0));
  }
  HWY_INLINE static Real plus(Real a, Real b) { return a + b; }
  HWY_INLINE static Twin plus(Twin a, Real b) {
    const Twin s = two_sum(a.hi, b);
    return {s.hi, a.lo + s.lo};
  }
  HWY_INLINE static void join(Sixteen<Real>& x) {
    double sum = 0;
    for (const double each : x.hi) sum += each;
    x.set_all({sum, 0});
  }
  HWY_INLINE static void join(Sixteen<Twin>& x) {
    detail::Pair sum;
    for (std::size_t j = 0; j < virtual_lanes; ++j) sum = detail::add(sum, {x.hi[j], x.lo[j]});
    x.set_all(sum);
  }

  Sixteen<Number> cotangent_rest_, cotangent_top_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
