// Rows in sixteen virtual lanes. Included once a target by way of its shape.
//
// Whatever is done to a row is done to columns of sixteen numbers, one step after another: of one long row
// its numbers in order, number c in lane c mod 16, where the lanes are joined at the end in the tree of
// loop-inl.hpp; of short rows sixteen at a time, one a lane, so that nothing has to be joined. Which of the
// two depends on the length of the rows alone, and so do the bits.

#if defined(ASSAY_LOSSES_SHAPES_ROWS_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ROWS_ROWS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ROWS_ROWS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ROWS_ROWS_INL_HPP
#endif

#include <limits>

#include "losses/shapes/rows/row_wise_lanes.hpp"

#include "losses/lanes/loop-inl.hpp"
#include "losses/shapes/kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// Rows of at most so many numbers are short.
inline constexpr std::size_t short_row = 64;

/// Columns of sixteen numbers of a row-major input, from row `first` on.
template <class T>
class Columns {
 public:
  HWY_INLINE Columns(std::size_t width, std::size_t first, std::size_t rows)
      : width_(width), first_(first), rows_(rows), is_short_(width <= short_row) {}

  [[nodiscard]] HWY_INLINE std::size_t steps() const {
    return is_short_ ? width_ : (width_ + virtual_lanes - 1) / virtual_lanes;
  }
  [[nodiscard]] HWY_INLINE bool is_short() const { return is_short_; }

  /// Where step s of `all` stands, given the buffer that `gather` has filled.
  [[nodiscard]] HWY_INLINE const T* at(const T* all, const T* buffer, std::size_t s) const {
    if (is_short_) return buffer + s * virtual_lanes;
    return (s + 1) * virtual_lanes <= width_ ? all + first_ * width_ + s * virtual_lanes : buffer;
  }
  /// Short rows are turned into columns; of a long one the end is filled up. Rows that are not there are
  /// copies of the first, numbers that are not there `filler`.
  HWY_INLINE void gather(const T* all, T filler, T* buffer) const {
    const T* const from = all + first_ * width_;
    if (is_short_) {
      for (std::size_t j = 0; j < virtual_lanes; ++j)
        for (std::size_t c = 0; c < width_; ++c)
          buffer[c * virtual_lanes + j] = from[(j < rows_ ? j : 0) * width_ + c];
    } else if (const std::size_t rest = width_ % virtual_lanes) {
      for (std::size_t j = 0; j < virtual_lanes; ++j) buffer[j] = j < rest ? from[width_ - rest + j] : filler;
    }
  }
  /// Where a register of step s reaches beyond the end of a long row.
  [[nodiscard]] HWY_INLINE Condition missing(std::size_t s, std::size_t group) const {
    const std::size_t from = s * virtual_lanes + group * lanes;
    return !first(is_short_ || from + lanes <= width_ ? lanes : from < width_ ? width_ - from : 0);
  }
  /// Changes the numbers that are not there.
  HWY_INLINE void pad(T filler, T* buffer) const {
    if (is_short_ || width_ % virtual_lanes == 0) return;
    for (std::size_t j = width_ % virtual_lanes; j < virtual_lanes; ++j) buffer[j] = filler;
  }
  /// Where step s of an output may be written; `scatter` puts the buffer in place.
  [[nodiscard]] HWY_INLINE T* to(T* all, T* buffer, std::size_t s) const {
    if (is_short_) return buffer + s * virtual_lanes;
    return (s + 1) * virtual_lanes <= width_ ? all + first_ * width_ + s * virtual_lanes : buffer;
  }
  HWY_INLINE void scatter(T* all, const T* buffer) const {
    T* const out = all + first_ * width_;
    if (is_short_) {
      for (std::size_t j = 0; j < rows_; ++j)
        for (std::size_t c = 0; c < width_; ++c) out[j * width_ + c] = buffer[c * virtual_lanes + j];
    } else if (const std::size_t rest = width_ % virtual_lanes) {
      for (std::size_t j = 0; j < rest; ++j) out[width_ - rest + j] = buffer[j];
    }
  }

 private:
  std::size_t width_, first_, rows_;
  bool is_short_;
};

/// Sixteen numbers, one a virtual lane.
template <class Number>
struct Sixteen;
template <>
struct Sixteen<Real> {
  HWY_ALIGN double hi[virtual_lanes];

  [[nodiscard]] HWY_INLINE Real get(std::size_t group) const {
    return Real(hn::Load(Doubles(), hi + group * lanes));
  }
  HWY_INLINE void set(std::size_t group, Real x) { hn::Store(x.v, Doubles(), hi + group * lanes); }
  HWY_INLINE void set_all(detail::Pair x) {
    for (double& each : hi) each = x.hi + x.lo;
  }
};
template <>
struct Sixteen<Twin> {
  HWY_ALIGN double hi[virtual_lanes];
  HWY_ALIGN double lo[virtual_lanes];

  [[nodiscard]] HWY_INLINE Twin get(std::size_t group) const {
    return {Real(hn::Load(Doubles(), hi + group * lanes)), Real(hn::Load(Doubles(), lo + group * lanes))};
  }
  HWY_INLINE void set(std::size_t group, Twin x) {
    hn::Store(x.hi.v, Doubles(), hi + group * lanes);
    hn::Store(x.lo.v, Doubles(), lo + group * lanes);
  }
  HWY_INLINE void set_all(detail::Pair x) {
    for (double& each : hi) each = x.hi;
    for (double& each : lo) each = x.lo;
  }
};

HWY_INLINE void put(Sixteen<Real>& all, std::size_t j, detail::Pair x) { all.hi[j] = x.hi; }
HWY_INLINE void put(Sixteen<Twin>& all, std::size_t j, detail::Pair x) {
  all.hi[j] = x.hi;
  all.lo[j] = x.lo;
}
HWY_INLINE void copy(const Sixteen<Real>& from, std::size_t i, Sixteen<Real>& to, std::size_t j) {
  to.hi[j] = from.hi[i];
}
HWY_INLINE void copy(const Sixteen<Twin>& from, std::size_t i, Sixteen<Twin>& to, std::size_t j) {
  to.hi[j] = from.hi[i];
  to.lo[j] = from.lo[i];
}
template <class T>
HWY_INLINE T rounded(const Sixteen<Real>& all, std::size_t j) {
  return static_cast<T>(all.hi[j]);
}
template <class T>
HWY_INLINE T rounded(const Sixteen<Twin>& all, std::size_t j) {
  return static_cast<T>(all.hi[j] + all.lo[j]);
}

/// Two words whose sum is rounded in the first.
HWY_INLINE Real normal(Real x) { return x; }
HWY_INLINE Twin normal(Twin x) { return fast_two_sum(x.hi, x.lo); }

/// How much of its terms a difference must leave for what lanes know of them, 2^-50 or 2^-73, to determine
/// its rounding.
template <class T>
inline constexpr double enough_left = in_double<T> ? 0x1p-15 : 0x1p-18;

/// A sum over the steps, lane by lane; of a long row joined over the lanes.
template <class Number>
class StepSum {
 public:
  HWY_INLINE StepSum() { sum_.clear(); }
  HWY_INLINE void add(std::size_t group, Number x) { sum_.add(group, x); }
  HWY_INLINE void result(bool joined, Sixteen<Number>& out) const {
    if (joined) {
      out.set_all(sum_.total());
    } else {
      for (std::size_t g = 0; g < groups; ++g) out.set(g, normal(sum_.sum[g]));
    }
  }

 private:
  ChunkSum<Number, true> sum_;
};

/// All rows from `begin` to `end`, one long or sixteen short ones at a time: rows.block(first, count, sums,
/// slot) leaves the values of `count` rows in `values` from `slot` on.
template <bool Positive, class Number, class Rows>
HWY_INLINE RowSums sum_of_blocks(Rows& rows, std::size_t width, std::size_t begin, std::size_t end,
                                 Sixteen<Number>& values) {
  RowSums out;
  ChunkSum<Number, Positive> sum;
  sum.clear();
  for (std::size_t j = 0; j < virtual_lanes; ++j) put(values, j, {0, 0});
  std::size_t pending = 0;
  const std::size_t at_once = width <= short_row ? virtual_lanes : 1;
  for (std::size_t i = begin; i < end; i += at_once) {
    const std::size_t count = end - i < at_once ? end - i : at_once;
    rows.block(i, count, out, pending);
    pending += count;
    if (pending < virtual_lanes && i + at_once < end) continue;
    for (std::size_t j = pending; j < virtual_lanes; ++j) put(values, j, {0, 0});
    for (std::size_t g = 0; g < groups; ++g) sum.add(g, values.get(g));
    pending = 0;
  }
  out.lanes = sum.total();
  out.size = sum.size();
  return out;
}

/// A row without lanes, in place of what they left in `slot`.
template <class T, class Number>
HWY_NOINLINE void compute_slowly(const RowPlan<T>& plan, std::size_t row, RowSums& out,
                                 Sixteen<Number>& values, std::size_t slot) {
  const SlowRow slow = plan.slow(plan, static_cast<std::int64_t>(row));
  out.slow += slow.value;
  out.summable = out.summable && slow.summable;
  put(values, slot, {0, 0});
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace assay {

/// Where lanes are told of rows and nothing else.
template <class Loss, class T>
requires HasRow<Loss, T> && std::is_same_v<typename HWY_NAMESPACE::InLanes<Loss, T>::Plan, RowPlan<T>>
struct Kernel<Loss, T> {
  static std::size_t workspace_bytes(const Loss& loss, const Call<T>& call) {
    return row_wise::workspace(loss, call);
  }
  static void evaluate(const Loss& loss, const Call<T>& call) { evaluate_rows(loss, call); }
};

}  // namespace assay
#endif

#endif
