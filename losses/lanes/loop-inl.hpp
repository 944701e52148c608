// What every vectorised loop shares: loading, rounding to the dtype, and sums over a fixed number of virtual
// lanes. Included once a target by the shapes.
//
// Number i of a sum is added in virtual lane i mod 16, however many registers make up the 16 lanes; after at
// most `chunk` numbers the lanes are merged in one fixed tree (i with i+8, i+4, i+2, i+1). So a sum has the
// same bits on every target.

#if defined(ASSAY_LOSSES_LANES_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_LANES_LOOP_INL_HPP
#undef ASSAY_LOSSES_LANES_LOOP_INL_HPP
#else
#define ASSAY_LOSSES_LANES_LOOP_INL_HPP
#endif

#include "losses/numbers/quad.hpp"
#include "losses/spec/record.hpp"

#include "losses/lanes/functions-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

inline constexpr std::size_t virtual_lanes = 16, groups = virtual_lanes / lanes;
inline constexpr std::size_t chunk = 4096;
static_assert(virtual_lanes % lanes == 0, "no machine has vectors of more than 16 doubles");

/// What a kernel of this dtype reads, and what it computes in.
template <class T>
struct Arithmetic;
template <>
struct Arithmetic<float> {
  using Input = Real;
  using Number = Real;
};
template <>
struct Arithmetic<double> {
  using Input = Exact;
  using Number = Twin;
};

HWY_INLINE Real load(const float* from) {
  const hn::Rebind<float, Doubles> floats;
  return Real(hn::PromoteTo(Doubles(), hn::LoadU(floats, from)));
}
HWY_INLINE Exact load(const double* from) { return Exact(hn::LoadU(Doubles(), from)); }

/// Rounds once and stores.
HWY_INLINE void store(Real x, float* to) {
#if HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR
  // Here Highway makes the largest float of what is beyond it.
  HWY_ALIGN double numbers[lanes];
  hn::Store(x.v, Doubles(), numbers);
  for (std::size_t i = 0; i < lanes; ++i) to[i] = static_cast<float>(numbers[i]);
#else
  const hn::Rebind<float, Doubles> floats;
  hn::StoreU(hn::DemoteTo(floats, x.v), floats, to);
#endif
}
HWY_INLINE void store(Twin x, double* to) { hn::StoreU((x.hi + x.lo).v, Doubles(), to); }

HWY_INLINE bool none(Condition c) { return hn::AllFalse(Doubles(), c.m); }
HWY_INLINE bool all(Condition c) { return hn::AllTrue(Doubles(), c.m); }
HWY_INLINE Condition first(std::size_t count) { return {hn::FirstN(Doubles(), count)}; }
/// Bit i says whether the condition holds in lane i.
HWY_INLINE unsigned bits(Condition c) {
  HWY_ALIGN double numbers[lanes];
  hn::Store(only(c, Real(1.0)).v, Doubles(), numbers);
  unsigned out = 0;
  for (std::size_t i = 0; i < lanes; ++i) out |= (numbers[i] != 0 ? 1u : 0u) << i;
  return out;
}

/// The lanes of a sum as two words, merged in the fixed tree: registers first, then the lanes of one.
HWY_INLINE detail::Pair merged(const Twin (&sum)[groups]) {
  Twin joined[groups];
  for (std::size_t g = 0; g < groups; ++g) joined[g] = sum[g];
  for (std::size_t stride = groups / 2; stride > 0; stride /= 2)
    for (std::size_t g = 0; g < stride; ++g) joined[g] = joined[g] + joined[g + stride];
  HWY_ALIGN double hi[lanes], lo[lanes];
  hn::Store(joined[0].hi.v, Doubles(), hi);
  hn::Store(joined[0].lo.v, Doubles(), lo);
  detail::Pair each[lanes];
  for (std::size_t i = 0; i < lanes; ++i) each[i] = {hi[i], lo[i]};
  for (std::size_t stride = lanes / 2; stride > 0; stride /= 2)
    for (std::size_t i = 0; i < stride; ++i) each[i] = detail::add(each[i], each[i + stride]);
  return each[0];
}
HWY_INLINE detail::Pair merged(const Real (&sum)[groups]) {
  Real joined[groups];
  for (std::size_t g = 0; g < groups; ++g) joined[g] = sum[g];
  for (std::size_t stride = groups / 2; stride > 0; stride /= 2)
    for (std::size_t g = 0; g < stride; ++g) joined[g] = joined[g] + joined[g + stride];
  HWY_ALIGN double each[lanes];
  hn::Store(joined[0].v, Doubles(), each);
  for (std::size_t stride = lanes / 2; stride > 0; stride /= 2)
    for (std::size_t i = 0; i < stride; ++i) each[i] += each[i + stride];
  return {each[0], 0};
}

/// A sum of at most `chunk` terms in virtual lanes. `Positive`: no term is below 0, so that what an addition
/// rounds off, 2^-53 of the sum so far, stays that small beside the result: 256 additions a lane cost 2^-45
/// of it in plain doubles. Otherwise terms may cancel, and `size`, the sum of their absolute values, tells by
/// how much.
template <class Number, bool Positive>
struct ChunkSum;

template <>
struct ChunkSum<Real, true> {
  Real sum[groups];

  HWY_INLINE void clear() {
    for (std::size_t g = 0; g < groups; ++g) sum[g] = 0.0;
  }
  HWY_INLINE void add(std::size_t g, Real x) { sum[g] = sum[g] + x; }
  [[nodiscard]] HWY_INLINE detail::Pair total() const { return merged(sum); }
  /// No term was infinite or NaN. No float is so small that its products would leave a double's range.
  [[nodiscard]] HWY_INLINE bool shows() const {
    Condition finite = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) finite = finite & (sum[g] < Real(infinity));
    return all(finite);
  }
  [[nodiscard]] HWY_INLINE double size() const { return 0; }
  [[nodiscard]] HWY_INLINE Real size_of(std::size_t) const { return 0.0; }
};

/// Two words a lane; the low ones are added up plainly, 2^-53 of 2^-53 each.
template <>
struct ChunkSum<Twin, true> {
  Twin sum[groups];

  HWY_INLINE void clear() {
    for (std::size_t g = 0; g < groups; ++g) sum[g] = {0.0, 0.0};
  }
  HWY_INLINE void add(std::size_t g, Twin x) {
    const Twin s = two_sum(sum[g].hi, x.hi);
    sum[g] = {s.hi, sum[g].lo + (s.lo + x.lo)};
  }
  [[nodiscard]] HWY_INLINE detail::Pair total() const { return merged(sum); }
  /// No term was infinite or NaN, nor lost more than 2^-130 of the sum with low words below 2^-1074: what is
  /// lost of one is less than 2^-1070, times 2^240 where a parameter made it larger.
  [[nodiscard]] HWY_INLINE bool shows() const {
    Condition finite = first(lanes), large = !finite;
    for (std::size_t g = 0; g < groups; ++g) {
      const Real both = sum[g].hi + sum[g].lo;
      finite = finite & (both < Real(infinity));
      large = large | (both >= Real(0x1p-700));
    }
    return all(finite) && !none(large);
  }
  [[nodiscard]] HWY_INLINE double size() const { return 0; }
  [[nodiscard]] HWY_INLINE Real size_of(std::size_t) const { return 0.0; }
};

/// As above, each addition brought to two words again: 2^-104 of the sum so far.
template <class Number>
struct ChunkSum<Number, false> {
  Twin sum[groups];
  Real sizes[groups];

  HWY_INLINE void clear() {
    for (std::size_t g = 0; g < groups; ++g) {
      sum[g] = {0.0, 0.0};
      sizes[g] = 0.0;
    }
  }
  HWY_INLINE void add(std::size_t g, Real x) { add(g, Twin{x, 0.0}); }
  HWY_INLINE void add(std::size_t g, Twin x) {
    const Twin s = two_sum(sum[g].hi, x.hi);
    sum[g] = fast_two_sum(s.hi, sum[g].lo + (s.lo + x.lo));
    sizes[g] = sizes[g] + abs(x.hi);
  }
  [[nodiscard]] HWY_INLINE detail::Pair total() const { return merged(sum); }
  [[nodiscard]] HWY_INLINE double size() const { return merged(sizes).hi; }
  [[nodiscard]] HWY_INLINE Real size_of(std::size_t g) const { return sizes[g]; }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
