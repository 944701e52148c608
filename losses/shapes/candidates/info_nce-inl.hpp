// InfoNCE in lanes, sixteen rows at a time, one a lane: nothing has to be joined across lanes. Included once
// a target by info_nce.cpp.
//
// Everything is computed in two words, for f32 too: a score is a sum of products, and what is left of shares
// of vectors in a gradient may be far less than they are. With the highest-scoring candidate m, e_k = e^{s_k
// - s_m} and total = 1 + others, where e_m = 1 is exact and left out of `others`,
//   loss = (s_m - s_+) + log1p(others), p_k = e_k/total;
// with N = sum p_k and a = sum p_k s_k - N s_+ over the negatives, and c the cotangent,
//   by q    c/(|q| temperature) (sum p_k k^ - N k^_+) - c a q^/|q|
//   by k_+  -c N/|k_+| (q^/temperature - s_+ k^_+)
//   by k    1/|k| (sum over the rows of c p_k q^/temperature - (sum over the rows of c p_k s_k) k^);
// without lengths, q^ is q and what has a or s in it drops out.
//
// Errors. Runs of 32 terms in which low words are added up plainly lose 32^2 2^-106 of the sum of the
// absolute values, joining them 2^-104 each: 2^-96 + width 2^-109, which beside Cauchy and Schwarz's |q| |k|
// is the error of a score s = q^ k^/temperature, and as much again for lengths and quotients; then 2^-100 for
// e_k, and 2^-104 for each of the terms of `others` and of sums over rows. So terms of gradients are good to
//   error = 2^-93 (1 + width 2^-13) (1 + |q| |k|/temperature) + (negatives + rows) 2^-101.
// A component that is not a certain multiple of that beside a bound for its terms is computed without lanes,
// with the rest of its row; for a negative there is no such row, and all is computed without lanes. So are
// rows whose numbers might take products out of the range in which a low word stands.

#if defined(ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_INL_HPP
#undef ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_CANDIDATES_INFO_NCE_INL_HPP
#endif

#include <algorithm>

#include "losses/shapes/candidates/info_nce_scores-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T>
class InfoNceBlocks : InfoNceScores<T> {
  using Base = InfoNceScores<T>;
  using Base::along_, Base::count_, Base::count_here_, Base::error_, Base::every, Base::failing, Base::gather,
      Base::gathered_, Base::inverse_positive_, Base::inverse_query_, Base::inverse_temperature_, Base::lost_,
      Base::negative_, Base::negatives_, Base::plan_, Base::positive_score_, Base::broadcast_, Base::total_,
      Base::used_, Base::values_, Base::width_;

 public:
  HWY_INLINE explicit InfoNceBlocks(InfoNcePlan<T>& plan) : InfoNceScores<T>(plan) {}

  /// The lengths of the negatives. False where lanes are not for them.
  HWY_NOINLINE bool prepare() {
    Condition holds = first(lanes);
    for (std::size_t k = 0; k < count_; k += virtual_lanes) {
      const std::size_t here = std::min(virtual_lanes, count_ - k);
      Twin sum[groups];
      for (std::size_t g = 0; g < groups; ++g) sum[g] = Twin(0.0);
      for (std::size_t d = 0; d < width_; d += run) {
        const std::size_t n = std::min(run, width_ - d);
        gather(negative_ + k * width_ + d, here, n);
        for (std::size_t g = 0; g < groups; ++g) {
          Twin part(0.0);
          for (std::size_t c = 0; c < n; ++c) {
            const Real x = at(gathered_ + c * virtual_lanes + g * lanes);
            holds = holds & admitted(x, T{});
            add_product<T>(part, x, x);
          }
          sum[g] = sum[g] + normal(part);
        }
      }
      Sixteen<Twin> inverse;
      Sixteen<Real> length;
      for (std::size_t g = 0; g < groups; ++g) {
        inverse.set(g, plan_.normalize ? inverse_root(sum[g]) : Twin(1.0));
        length.set(g, sqrt(sum[g].hi));
      }
      for (std::size_t j = 0; j < here; ++j) {
        plan_.inverse_length.hi[k + j] = inverse.hi[j];
        plan_.inverse_length.lo[k + j] = inverse.lo[j];
        plan_.longest = std::max(plan_.longest, length.hi[j]);
      }
    }
    if (plan_.call.gradient[0] != nullptr)
      for (std::size_t k = 0; k < count_; ++k)
        for (std::size_t d = 0; d < width_; ++d)
          plan_.largest_negative[d] =
              std::max(plan_.largest_negative[d], std::fabs(static_cast<double>(negative_[k * width_ + d])) *
                                                      plan_.inverse_length.hi[k]);
    return all(holds);
  }

  HWY_NOINLINE RowSums segment(const RowPlan<T>& rows, std::size_t begin, std::size_t end) {
    RowSums out;
    ChunkSum<Twin, true> sum;
    sum.clear();
    for (std::size_t i = begin; i < end; i += virtual_lanes) {
      block(rows, i, std::min(virtual_lanes, end - i), out);
      for (std::size_t g = 0; g < groups; ++g) sum.add(g, values_.get(g));
    }
    out.lanes = sum.total();
    return out;
  }

  /// The gradients by the negatives, from what all rows have left in the tally. False where too little is
  /// left.
  HWY_NOINLINE bool finish() {
    Condition known = first(lanes);
    for (std::size_t k = 0; k < count_; ++k) {
      Twin along_lanes[groups];
      Real weight_lanes[groups];
      for (std::size_t g = 0; g < groups; ++g) {
        along_lanes[g] = normal(at(plan_.along, k * virtual_lanes + g * lanes));
        weight_lanes[g] = at(&plan_.weight[k * virtual_lanes + g * lanes]);
      }
      const detail::Pair along = merged(along_lanes);
      const Real weight = merged(weight_lanes).hi;
      const Twin inverse = one_of(plan_.inverse_length, k),
                 by_own = inverse * (inverse * Twin{along.hi, along.lo});
      for (std::size_t d = 0; d < width_; d += lanes) {
        const std::size_t here = std::min(lanes, width_ - d);
        HWY_ALIGN double own[lanes] = {};
        for (std::size_t j = 0; j < here; ++j) own[j] = static_cast<double>(negative_[k * width_ + d + j]);
        const Real x = Real(hn::Load(Doubles(), own));
        Twin slope = inverse * at(plan_.tally, k * plan_.padded + d);
        Real size = inverse.hi * at(&plan_.largest_query[d]);  // for a weight of 1
        if (plan_.normalize) {
          slope = slope - by_own * exact(x);
          size = size + inverse.hi * inverse.hi * abs(x);
        }
        known = known & determined(slope, size * weight, Real(plan_.error)) &
                (abs(slope.hi) >= size * Real(0x1p57 * plan_.lost));
        HWY_ALIGN T out[lanes];
        store_rounded(slope, out);
        std::copy(out, out + here, plan_.call.gradient[2] + k * width_ + d);
      }
    }
    return all(known);
  }

 private:
  HWY_INLINE static void store_rounded(Twin x, float* to) { store(x.hi + x.lo, to); }
  HWY_INLINE static void store_rounded(Twin x, double* to) { store(x, to); }

  /// What is left of terms is good to one part in so many.
  static constexpr double good = in_double<T> ? 0x1p35 : 0x1p55;
  /// Cotangents up to this size leave products in the range in which a low word stands.
  static constexpr double largest_scale = in_double<T> ? 0x1p200 : 0x1p30;

  /// Whether what is left of terms of this size is as good as that.
  HWY_INLINE static Condition determined(Twin left, Real size, Real error) {
    const Real there = abs(left.hi);
    const Condition enough = there >= size * (error * Real(good));
    const Condition bounded = there < Real(0x1p1000);
    if (in_double<T>) return bounded & (enough | (size < Real(0x1p-400)));
    return bounded & enough & ((there >= Real(0x1p-880)) | (size == Real(0.0)));
  }
  HWY_INLINE void block(const RowPlan<T>& rows, std::size_t first_row, std::size_t count, RowSums& out) {
    count_here_ = count;
    used_ = (count + lanes - 1) / lanes;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      put(values_, j, {0, 0});
      put(scale_, j, rows.scale(first_row + (j < count ? j : 0)));
    }
    const std::size_t offset = first_row * width_;
    unsigned unfit = this->transpose(plan_.call.inputs[0].real + offset, plan_.query);
    unfit |= this->transpose(plan_.call.inputs[1].real + offset, plan_.positive);
    this->measure();
    this->find_scores();
    unfit |= this->find_values();
    unsigned doubtful = 0;
    if (plan_.differentiate) {
      unfit |= find_factors();
      if (plan_.call.gradient[0] != nullptr) {
        average();
        doubtful |= write_by_query(plan_.call.gradient[0] + offset);
      }
      if (plan_.call.gradient[1] != nullptr) doubtful |= write_by_positive(plan_.call.gradient[1] + offset);
    }
    const unsigned present = (1u << count) - 1;
    unfit &= present;
    if (plan_.call.gradient[2] != nullptr) {
      if (unfit != 0)
        plan_.complete = false;
      else if (plan_.complete)
        tally(plan_.call.inputs[0].real + offset);
    }
    for (std::size_t j = 0; j < count; ++j) {
      if (rows.call.reduction == Reduction::none && rows.call.value != nullptr)
        rows.call.value[first_row + j] = rounded<T>(values_, j);
      if ((unfit | doubtful) >> j & 1) compute_slowly(rows, first_row + j, out, values_, j);
    }
  }

  /// What the sums over negatives are multiplied with.
  HWY_INLINE unsigned find_factors() {
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) holds[g] = first(lanes);
    for (std::size_t g = 0; g < used_; ++g) {
      const Twin scale = scale_.get(g), over_total = Twin(1.0) / total_.get(g);
      const Real size = abs(scale.hi);
      holds[g] = (size == Real(0.0)) | ((size > Real(0x1p-200)) & (size < Real(largest_scale)));
      const Twin share = scale * over_total;
      share_.set(g, share * inverse_temperature_);
      const Twin of_negatives = negatives_.get(g) * over_total;
      negatives_.set(g, of_negatives);
      along_.set(g, scale * (along_.get(g) * over_total - of_negatives * positive_score_.get(g)));
      share_of_score_.set(g, share);
      if (static_cast<std::size_t>(g) * lanes < count_here_)
        note_error(error_.get(g), size * inverse_temperature_.hi * lost_.get(g), count_here_ - g * lanes);
    }
    return failing(holds);
  }
  HWY_INLINE void note_error(Real error, Real lost, std::size_t here) {
    HWY_ALIGN double each[lanes], each_lost[lanes];
    hn::Store(error.v, Doubles(), each);
    hn::Store(lost.v, Doubles(), each_lost);
    for (std::size_t j = 0; j < std::min(here, lanes); ++j) {
      plan_.error = std::max(plan_.error, each[j]);
      plan_.lost += each_lost[j];
    }
  }

  /// sum_k e_k k^
  HWY_INLINE void average() {
    std::fill(plan_.mean.hi.begin(), plan_.mean.hi.end(), 0.0);
    std::fill(plan_.mean.lo.begin(), plan_.mean.lo.end(), 0.0);
    for (std::size_t k = 0; k < count_; k += run) {
      const std::size_t n = std::min(run, count_ - k);
      for (std::size_t c = 0; c < n; ++c)
        for (std::size_t g = 0; g < used_; ++g) {
          Twin e = at(plan_.power, (k + c) * virtual_lanes + g * lanes);
          if (plan_.normalize) e = e * one_of(plan_.inverse_length, k + c);
          factors_[c].set(g, e);
        }
      for (std::size_t d = 0; d < width_; d += at_a_time) {
        const std::size_t here = std::min(at_a_time, width_ - d);
        for (std::size_t c = 0; c < n; ++c)
          for (std::size_t i = 0; i < at_a_time; ++i)
            broadcast_[c * at_a_time + i] =
                i < here ? static_cast<double>(negative_[(k + c) * width_ + d + i]) : 0;
        for (std::size_t g = 0; g < used_; ++g) {
          FourSums part;
          for (std::size_t c = 0; c < n; ++c)
            part.template add<T>(factors_[c].get(g), broadcast_ + c * at_a_time);
          const Twin parts[at_a_time] = {part.a, part.b, part.c, part.d};
          for (std::size_t i = 0; i < here; ++i) {
            const std::size_t to = (d + i) * virtual_lanes + g * lanes;
            put(at(plan_.mean, to) + normal(parts[i]), plan_.mean, to);
          }
        }
      }
    }
  }

  HWY_INLINE unsigned write_by_query(T* out) {
    Condition known[groups];
    for (std::size_t g = 0; g < groups; ++g) known[g] = first(lanes);
    for (std::size_t g = 0; g < used_; ++g) {
      const Twin inverse = inverse_query_.get(g), of_negatives = negatives_.get(g),
                 by_mean = share_.get(g) * inverse,
                 by_positive =
                     scale_.get(g) * inverse_temperature_ * of_negatives * inverse * inverse_positive_.get(g),
                 by_own = along_.get(g) * (inverse * inverse);
      const Real mean_size = abs(by_mean.hi) * (of_negatives.hi * total_.get(g).hi),
                 own_size = twice(abs(scale_.get(g).hi) * of_negatives.hi * inverse.hi * inverse.hi *
                                  inverse_temperature_.hi);
      for (std::size_t d = 0; d < width_; ++d) {
        const std::size_t i = d * virtual_lanes + g * lanes;
        const Real q = at(&plan_.query[i]), k = at(&plan_.positive[i]);
        Twin slope = by_mean * at(plan_.mean, i) - by_positive * exact(k);
        Real size = mean_size * Real(plan_.largest_negative[d]) + abs(by_positive.hi * k);
        if (plan_.normalize) {
          slope = slope - by_own * exact(q);
          size = size + own_size * abs(q);
        }
        known[g] = known[g] & determined(slope, size, error_.get(g));
        scatter(slope, g, out + d);
      }
    }
    return failing(known);
  }
  HWY_INLINE unsigned write_by_positive(T* out) {
    Condition known[groups];
    for (std::size_t g = 0; g < groups; ++g) known[g] = first(lanes);
    for (std::size_t g = 0; g < used_; ++g) {
      const Twin inverse = inverse_positive_.get(g), share = -(scale_.get(g) * negatives_.get(g)),
                 by_query = share * inverse_temperature_ * inverse_query_.get(g) * inverse,
                 by_own = share * positive_score_.get(g) * (inverse * inverse);
      const Real own_size = abs(share.hi) * inverse_temperature_.hi * inverse.hi * inverse.hi;
      for (std::size_t d = 0; d < width_; ++d) {
        const std::size_t i = d * virtual_lanes + g * lanes;
        const Real q = at(&plan_.query[i]), k = at(&plan_.positive[i]);
        Twin slope = by_query * exact(q);
        Real size = abs(slope.hi);
        if (plan_.normalize) {
          slope = slope - by_own * exact(k);
          size = size + own_size * abs(k);
        }
        known[g] = known[g] & determined(slope, size, error_.get(g));
        scatter(slope, g, out + d);
      }
    }
    return failing(known);
  }
  /// Lanes to rows.
  HWY_INLINE void scatter(Twin x, std::size_t g, T* out) const {
    HWY_ALIGN T each[lanes];
    store_rounded(x, each);
    for (std::size_t j = 0; j < lanes && g * lanes + j < count_here_; ++j)
      out[(g * lanes + j) * width_] = each[j];
  }

  /// c p_k q^/temperature and c p_k s_k of these rows, added to those of the rows before.
  HWY_INLINE void tally(const T* from) {
    for (std::size_t j = 0; j < count_here_; ++j) {
      const double inverse = inverse_query_.hi[j];
      double* const row = &plan_.query_rows[j * plan_.padded];
      for (std::size_t d = 0; d < width_; ++d) {
        row[d] = static_cast<double>(from[j * width_ + d]);
        plan_.largest_query[d] = std::max(plan_.largest_query[d], std::fabs(row[d]) * inverse);
      }
    }
    Sixteen<Twin> share;
    for (std::size_t g = 0; g < used_; ++g)
      share.set(g,
                only(first(std::min(lanes, count_here_ - g * lanes)), share_.get(g) * inverse_query_.get(g)));
    for (std::size_t k = 0; k < count_; k += at_a_time) {
      const std::size_t here = std::min(at_a_time, count_ - k);
      for (std::size_t j = 0; j < here; ++j)
        for (std::size_t g = 0; g < used_; ++g) find_share(k + j, j, g, share.get(g));
      for (std::size_t d = 0; d < width_; d += lanes) {
        Twin a(0.0), b(0.0), c(0.0), e(0.0);
        for (std::size_t r = 0; r < count_here_; ++r) {
          const Real q = at(&plan_.query_rows[r * plan_.padded + d]);
          a = plus(a, 0, r, q);
          b = plus(b, 1, r, q);
          c = plus(c, 2, r, q);
          e = plus(e, 3, r, q);
        }
        const Twin parts[at_a_time] = {a, b, c, e};
        for (std::size_t i = 0; i < here; ++i) {
          const std::size_t to = (k + i) * plan_.padded + d;
          put(at(plan_.tally, to) + normal(parts[i]), plan_.tally, to);
        }
      }
    }
  }
  HWY_INLINE void find_share(std::size_t k, std::size_t j, std::size_t g, Twin share) {
    const std::size_t i = k * virtual_lanes + g * lanes;
    const Condition there = first(std::min(lanes, count_here_ - g * lanes));
    const Twin e = at(plan_.power, i), of_score = only(there, share_of_score_.get(g) * e);
    factors_[j].set(g, share * e);
    if (plan_.normalize) put(at(plan_.along, i) + of_score * at(plan_.score, i), plan_.along, i);
    put(at(&plan_.weight[i]) + abs(of_score.hi) * inverse_temperature_.hi, &plan_.weight[i]);
  }
  HWY_INLINE Twin plus(Twin sum, std::size_t j, std::size_t r, Real q) const {
    add_product<T>(sum, Twin{factors_[j].hi[r], factors_[j].lo[r]}, q);
    return sum;
  }

  Sixteen<Twin> scale_, share_, share_of_score_;
  Sixteen<Twin> factors_[run];
};

template <class T>
struct InLanes<InfoNce, T> {
  using Plan = InfoNceInLanes<T>;

  static bool evaluate(const InfoNce&, const Plan& plan) {
    InfoNcePlan<T>& in_common = plan.in_common;
    if (!prepare(in_common) || !sum_of_rows(plan.rows, [&plan](std::size_t begin, std::size_t end) {
          return segment(plan, begin, end);
        }))
      return false;
    return in_common.call.gradient[2] == nullptr || (in_common.complete && finish(in_common));
  }

 private:
  static bool prepare(InfoNcePlan<T>& in_common) { return InfoNceBlocks<T>(in_common).prepare(); }
  static RowSums segment(const Plan& plan, std::size_t begin, std::size_t end) {
    return InfoNceBlocks<T>(plan.in_common).segment(plan.rows, begin, end);
  }
  static bool finish(InfoNcePlan<T>& in_common) { return InfoNceBlocks<T>(in_common).finish(); }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
