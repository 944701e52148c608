// The scores, the lengths and the values of InfoNCE in lanes. Included once a target by
// info_nce-inl.hpp, which has the formulas and their errors.

#if defined(ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_SCORES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_SCORES_INL_HPP
#undef ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_SCORES_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_SCORES_INL_HPP
#endif

#include <algorithm>

#include "losses/shapes/candidates/info_nce_plan.hpp"

#include "losses/lanes/fine_exp-inl.hpp"
#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// So many terms are added up before they are joined with the rest.
inline constexpr std::size_t run = 32;
/// So many numbers are broadcast at a time, each against the same register.
inline constexpr std::size_t at_a_time = 4;

HWY_INLINE Real at(const double* from) { return Real(hn::LoadU(Doubles(), from)); }
HWY_INLINE void put(Real x, double* to) { hn::StoreU(x.v, Doubles(), to); }
HWY_INLINE Twin at(const TwoWords& from, std::size_t i) { return {at(&from.hi[i]), at(&from.lo[i])}; }
HWY_INLINE void put(Twin x, const TwoWords& to, std::size_t i) {
  put(x.hi, &to.hi[i]);
  put(x.lo, &to.lo[i]);
}
/// The same number in every lane.
HWY_INLINE Twin one_of(const TwoWords& from, std::size_t i) { return {from.hi[i], from.lo[i]}; }

HWY_INLINE void add_to(Twin& sum, Real exact_term) {
  const Twin s = two_sum(sum.hi, exact_term);
  sum = {s.hi, sum.lo + s.lo};
}
HWY_INLINE void add_to(Twin& sum, Twin term) {
  const Twin s = two_sum(sum.hi, term.hi);
  sum = {s.hi, sum.lo + (s.lo + term.lo)};
}
/// a b of two inputs: of floats it is a double.
template <class T>
HWY_INLINE void add_product(Twin& sum, Real a, Real b) {
  if constexpr (in_double<T>)
    add_to(sum, a * b);
  else
    add_to(sum, two_product(a, b));
}
template <class T>
HWY_INLINE void add_product(Twin& sum, Twin a, Real b) {
  add_to(sum, a * exact(b));
}

/// Sums of one register's numbers against `at_a_time` others.
struct FourSums {
  Twin a, b, c, d;

  HWY_INLINE FourSums() : a(0.0), b(0.0), c(0.0), d(0.0) {}
  template <class T, class Number>
  HWY_INLINE void add(Number x, const double* others) {
    add_product<T>(a, x, Real(others[0]));
    add_product<T>(b, x, Real(others[1]));
    add_product<T>(c, x, Real(others[2]));
    add_product<T>(d, x, Real(others[3]));
  }
};

/// What lies within 2^+-100, or is 0, can be multiplied as often as is done here. Products of floats can
/// anyway.
HWY_INLINE Condition admitted(Real x, float) { return ordinary(x); }
HWY_INLINE Condition admitted(Real x, double) {
  return ((abs(x) >= Real(0x1p-100)) & (abs(x) <= Real(0x1p100))) | (x == Real(0.0));
}

/// 1/|v|, and 0 for a vector of zeros, whose direction is 0.
HWY_INLINE Twin inverse_root(Twin square) {
  const Condition some = square.hi > Real(0.0);
  return only(some, Twin(1.0) / sqrt(select(some, square, Twin(1.0))));
}

/// Up to sixteen rows, one a lane, against all negatives.
template <class T>
class InfoNceScores {
 protected:
  HWY_INLINE explicit InfoNceScores(InfoNcePlan<T>& plan)
      : plan_(plan),
        negative_(plan.call.inputs[2].real),
        width_(plan.width),
        count_(plan.count),
        inverse_temperature_(Twin(1.0) / Twin(plan.temperature)) {}

  static constexpr unsigned every = (1u << lanes) - 1;

  /// Row j of `count` rows, `n` numbers of each, to lane j.
  HWY_INLINE void gather(const T* from, std::size_t count, std::size_t n) {
    for (std::size_t j = 0; j < virtual_lanes; ++j)
      for (std::size_t c = 0; c < n; ++c)
        gathered_[c * virtual_lanes + j] = j < count ? static_cast<double>(from[j * width_ + c]) : 0;
  }
  /// Rows to lanes; bit j of the answer: row j is not for lanes.
  HWY_INLINE unsigned transpose(const T* from, std::span<double> to) {
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t j = 0; j < virtual_lanes; ++j)
      for (std::size_t d = 0; d < width_; ++d)
        to[d * virtual_lanes + j] = j < count_here_ ? static_cast<double>(from[j * width_ + d]) : 0;
    for (std::size_t d = 0; d < width_; ++d)
      for (std::size_t g = 0; g < groups; ++g)
        holds[g] = holds[g] & admitted(at(&to[d * virtual_lanes + g * lanes]), T{});
    return failing(holds);
  }
  HWY_INLINE static unsigned failing(const Condition (&holds)[groups]) {
    unsigned out = 0;
    for (std::size_t g = 0; g < groups; ++g) out |= (~bits(holds[g]) & every) << (g * lanes);
    return out;
  }

  /// |q|, |k_+| and q k_+.
  HWY_INLINE void measure() {
    for (std::size_t g = 0; g < used_; ++g) {
      Twin query(0.0), positive(0.0), product(0.0);
      for (std::size_t d = 0; d < width_; d += run) {
        const std::size_t n = std::min(run, width_ - d);
        Twin q_part(0.0), k_part(0.0), part(0.0);
        for (std::size_t c = 0; c < n; ++c) {
          const std::size_t i = (d + c) * virtual_lanes + g * lanes;
          const Real q = at(&plan_.query[i]), k = at(&plan_.positive[i]);
          add_product<T>(q_part, q, q);
          add_product<T>(k_part, k, k);
          add_product<T>(part, q, k);
        }
        query = query + normal(q_part);
        positive = positive + normal(k_part);
        product = product + normal(part);
      }
      const Twin by_query = plan_.normalize ? inverse_root(query) : Twin(1.0);
      const Twin by_positive = plan_.normalize ? inverse_root(positive) : Twin(1.0);
      inverse_query_.set(g, by_query);
      inverse_positive_.set(g, by_positive);
      positive_score_.set(g, product * (by_query * by_positive) * inverse_temperature_);
      const Real longest =
          plan_.normalize ? Real(1.0) : sqrt(query.hi) * greater(sqrt(positive.hi), plan_.longest);
      const auto size = [](std::size_t n) { return static_cast<double>(n); };
      error_.set(g, (Real(1.0) + longest * abs(inverse_temperature_.hi)) *
                            Real(0x1p-93 * (1 + size(width_) * 0x1p-13)) +
                        Real(0x1p-101 * size(count_ + plan_.rows)));
    }
  }

  /// q k of every row and negative.
  HWY_INLINE void find_scores() {
    for (std::size_t k = 0; k < count_; k += at_a_time) {
      const std::size_t here = std::min(at_a_time, count_ - k);
      Sixteen<Twin> sums[at_a_time];
      for (std::size_t i = 0; i < at_a_time; ++i) sums[i].set_all({0, 0});
      for (std::size_t d = 0; d < width_; d += run) {
        const std::size_t n = std::min(run, width_ - d);
        for (std::size_t i = 0; i < at_a_time; ++i)
          for (std::size_t c = 0; c < n; ++c)
            broadcast_[c * at_a_time + i] =
                i < here ? static_cast<double>(negative_[(k + i) * width_ + d + c]) : 0;
        for (std::size_t g = 0; g < used_; ++g) {
          const double* const q = &plan_.query[d * virtual_lanes + g * lanes];
          FourSums part;
          for (std::size_t c = 0; c < n; ++c)
            part.template add<T>(at(q + c * virtual_lanes), broadcast_ + c * at_a_time);
          join(part, sums, g);
        }
      }
      for (std::size_t i = 0; i < here; ++i)
        for (std::size_t g = 0; g < used_; ++g)
          put(sums[i].get(g), plan_.score, (k + i) * virtual_lanes + g * lanes);
    }
  }
  HWY_INLINE static void join(const FourSums& part, Sixteen<Twin> (&sums)[at_a_time], std::size_t g) {
    sums[0].set(g, sums[0].get(g) + normal(part.a));
    sums[1].set(g, sums[1].get(g) + normal(part.b));
    sums[2].set(g, sums[2].get(g) + normal(part.c));
    sums[3].set(g, sums[3].get(g) + normal(part.d));
  }

  /// e^x, and 0 below e^-600. What f64 might show of that, down to e^-800, is noted as lost: no more than
  /// 2^-865.
  HWY_INLINE static Twin power_of(Twin x, Condition& lost) {
    const Condition far = x.hi < Real(-600.0);
    if (!in_double<T>) lost = lost | (far & (x.hi >= Real(-800.0)));
    return only(!far, fine_exp(select(far, Twin(0.0), x)));
  }

  HWY_INLINE unsigned find_values() {
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t g = 0; g < used_; ++g) {
      const Twin own = positive_score_.get(g), factor = inverse_query_.get(g) * inverse_temperature_;
      Twin best = own;
      Real best_at = -1.0;
      for (std::size_t k = 0; k < count_; ++k) {
        const std::size_t i = k * virtual_lanes + g * lanes;
        const Twin s = at(plan_.score, i) * factor * one_of(plan_.inverse_length, k);
        put(s, plan_.score, i);
        const Condition higher = s.hi > best.hi;
        best = select(higher, s, best);
        best_at = select(higher, Real(static_cast<double>(k)), best_at);
      }
      // The sum over the negatives but for the best candidate, if it is one of them.
      Twin rest(0.0), along(0.0);
      Condition lost = !first(lanes);
      for (std::size_t from = 0; from < count_; from += run) {
        Twin rest_part(0.0), along_part(0.0);
        for (std::size_t k = from; k < std::min(from + run, count_); ++k) {
          const std::size_t i = k * virtual_lanes + g * lanes;
          const Twin s = at(plan_.score, i), e = power_of(s - best, lost);
          add_to(rest_part, only(!(best_at == Real(static_cast<double>(k))), e));
          if (!plan_.differentiate) continue;
          put(e, plan_.power, i);
          if (plan_.normalize) add_to(along_part, e * s);
        }
        rest = rest + normal(rest_part);
        along = along + normal(along_part);
      }
      const Condition negative_won = best_at >= Real(0.0);
      const Twin others = rest + only(negative_won, power_of(own - best, lost));
      const Twin value = (best - own) + log1p(others);
      values_.set(g, value);
      negatives_.set(g, rest + only(negative_won, Twin(1.0)));
      total_.set(g, Exact(1.0) + others);
      along_.set(g, along);
      holds[g] = holds[g] & (error_.get(g) < Real(0x1p-58)) & (value.hi < Real(0x1p1000));
      if (!in_double<T>)
        holds[g] = holds[g] & ((value.hi > Real(0x1p-700)) | ((value.hi == Real(0.0)) & !lost));
      lost_.set(g, only(lost, Real(0x1p-865)));
    }
    for (std::size_t j = used_ * lanes; j < virtual_lanes; ++j) put(values_, j, {0, 0});
    for (std::size_t j = count_here_; j < virtual_lanes; ++j) put(values_, j, {0, 0});
    return failing(holds);
  }

  InfoNcePlan<T>& plan_;
  const T* negative_;
  std::size_t width_, count_;
  Twin inverse_temperature_;
  std::size_t count_here_ = 0, used_ = 0;  ///< rows of the block, and registers that hold any
  Sixteen<Twin> values_, inverse_query_, inverse_positive_, positive_score_;
  Sixteen<Twin> negatives_, total_, along_;
  Sixteen<Real> error_, lost_;
  HWY_ALIGN double broadcast_[run * at_a_time];
  HWY_ALIGN double gathered_[run * virtual_lanes];
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
