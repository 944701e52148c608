// What is kept of rows of logits while they are worked on, their exponentials above all. Included once a
// target by way of logits-inl.hpp.
//
// Exponentials are computed a stretch of a row at a time, at most `kept_steps` of it, added up on the way,
// and kept for whoever asks next: there is one place that computes them. Which stretch stays is the first:
// rows are added up from their end.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_EXPONENTIALS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_EXPONENTIALS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_EXPONENTIALS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_EXPONENTIALS_INL_HPP
#endif

#include <algorithm>
#include <limits>

#include "losses/shapes/logits/logit_rows_plan.hpp"

#include "losses/lanes/fine_exp-inl.hpp"
#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// Two words as a number of either length, so that one text serves Real and Twin.
HWY_INLINE Real number(detail::Pair x, Real) { return x.hi; }
HWY_INLINE Twin number(detail::Pair x, Twin) { return {x.hi, x.lo}; }
HWY_INLINE Real number(Twin x, Real) { return x.hi + x.lo; }
HWY_INLINE Twin number(Twin x, Twin) { return fast_two_sum(x.hi, x.lo); }
HWY_INLINE Real exact_number(Real x, Real) { return x; }
HWY_INLINE Twin exact_number(Real x, Twin) { return Twin(exact(x)); }
HWY_INLINE Real input(Real x, Real) { return x; }
HWY_INLINE Exact input(Real x, Exact) { return exact(x); }
/// m - x, not negative.
HWY_INLINE Real below(Real m, Real x) { return m - x; }
HWY_INLINE Twin below(Real m, Exact x) { return exact(m) - x; }

/// a - b, both good to 2^-73: without the last rounding of the low word, 2^-104 of the larger.
HWY_INLINE Real difference(Real a, Real b) { return a - b; }
HWY_INLINE Twin difference(Twin a, Twin b) {
  const Twin s = two_sum(a.hi, -b.hi);
  return {s.hi, s.lo + (a.lo - b.lo)};
}

/// A sum over the steps of a row whose Reals are brought to two words every few steps: what is rounded off is
/// 2^-50 of the terms' absolute values, however long the row is.
template <class Number>
class LongSum;
template <>
class LongSum<Real> {
 public:
  HWY_INLINE LongSum() {
    for (std::size_t g = 0; g < groups; ++g) {
      total_[g] = {0.0, 0.0};
      part_[g] = 0.0;
    }
  }
  HWY_INLINE void add(std::size_t g, Real x) { part_[g] = part_[g] + x; }
  HWY_INLINE void after(std::size_t step) {
    if (step % 8 != 7) return;
    for (std::size_t g = 0; g < groups; ++g) carry(g);
  }
  HWY_INLINE void result(bool joined, Sixteen<Real>& out) {
    for (std::size_t g = 0; g < groups; ++g) {
      carry(g);
      part_[g] = total_[g].hi + total_[g].lo;
      out.set(g, part_[g]);
    }
    if (joined) out.set_all(merged(part_));
  }

 private:
  HWY_INLINE void carry(std::size_t g) {
    const Twin s = two_sum(total_[g].hi, part_[g]);
    total_[g] = {s.hi, total_[g].lo + s.lo};
    part_[g] = 0.0;
  }
  Twin total_[groups];
  Real part_[groups];
};
template <>
class LongSum<Twin> {
 public:
  HWY_INLINE LongSum() { sum_.clear(); }
  HWY_INLINE void add(std::size_t g, Twin x) { sum_.add(g, x); }
  HWY_INLINE void after(std::size_t) {}
  HWY_INLINE void result(bool joined, Sixteen<Twin>& out) {
    if (joined) return out.set_all(sum_.total());
    for (std::size_t g = 0; g < groups; ++g) out.set(g, normal(sum_.sum[g]));
  }

 private:
  ChunkSum<Twin, true> sum_;
};

/// How many digits exponentials have: as many as the dtype and half as many again; those that lanes'
/// functions have; or all of a Twin's, for a difference that leaves little.
enum class Digits : std::uint8_t { few, many, all };

template <class T, LogitLoss kind>
class LogitExponentials {
 public:
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;

 protected:
  static constexpr bool is_double = sizeof(T) == sizeof(double);
  static constexpr std::size_t kept_steps = 128;

  HWY_INLINE LogitExponentials(const RowPlan<T>& plan, const LogitTerms& terms)
      : plan_(plan),
        terms_(terms),
        width_(static_cast<std::size_t>(plan.width)),
        floored_(terms.floor.hi != 0),
        x_(plan.call.inputs[0].real),
        gradient_(plan.call.gradient[0]),
        labels_(has_labels(kind) ? plan.call.inputs[1].integer : nullptr),
        second_(kind == LogitLoss::targets ? plan.call.inputs[1].real : nullptr),
        columns_(width_, 0, 0) {
    constexpr bool many_values = kind == LogitLoss::softmax || kind == LogitLoss::log_softmax;
    if (many_values && gradient_ != nullptr && plan.call.reduction == Reduction::none)
      second_ = plan.call.cotangent;
    number_wise_ = many_values && second_ != nullptr;
  }

  /// Takes `count` rows in hand. False where some number is NaN or a maximum is infinite.
  HWY_INLINE bool begin(std::size_t first_row, std::size_t count) {
    first_row_ = first_row;
    count_ = count;
    columns_ = Columns<T>(width_, first_row, count);
    steps_ = columns_.steps();
    joined_ = !columns_.is_short();
    ragged_ = joined_ && width_ % virtual_lanes != 0 ? steps_ - 1 : steps_;
    columns_.gather(x_, x_[first_row * width_], x_columns_);
    if (second_ != nullptr) columns_.gather(second_, T{0}, second_columns_);
    const bool finite = find_maximum();
    pad();
    return finite;
  }

  /// Maxima are exact: they are found in the dtype.
  HWY_INLINE bool find_maximum() {
    const hn::CappedTag<T, virtual_lanes> dtype;
    constexpr std::size_t width = HWY_LANES(T) < virtual_lanes ? HWY_LANES(T) : virtual_lanes;
    constexpr std::size_t registers = virtual_lanes / width;
    using Register = hn::Vec<decltype(dtype)>;
    Register maximum[registers], minimum[registers];
    hn::Mask<decltype(dtype)> numbers[registers];
    for (std::size_t r = 0; r < registers; ++r) {
      maximum[r] = hn::Set(dtype, -std::numeric_limits<T>::infinity());
      minimum[r] = hn::Set(dtype, std::numeric_limits<T>::infinity());
      numbers[r] = hn::FirstN(dtype, width);
    }
    for (std::size_t s = 0; s < steps_; ++s) {
      const T* const from = columns_.at(x_, x_columns_, s);
      for (std::size_t r = 0; r < registers; ++r) {
        const Register x = hn::LoadU(dtype, from + r * width);
        maximum[r] = hn::Max(maximum[r], x);
        if (is_double || kind == LogitLoss::targets) minimum[r] = hn::Min(minimum[r], x);
        numbers[r] = hn::And(numbers[r], hn::Eq(x, x));
      }
    }
    HWY_ALIGN T found[virtual_lanes];
    HWY_ALIGN T least[virtual_lanes];
    bool finite = true;
    for (std::size_t r = 0; r < registers; ++r) {
      hn::Store(maximum[r], dtype, found + r * width);
      hn::Store(minimum[r], dtype, least + r * width);
      finite = finite && hn::AllTrue(dtype, numbers[r]);
    }
    T most = found[0];
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      most = found[j] > most ? found[j] : most;
      maximum_.hi[j] = static_cast<double>(found[j]);
    }
    if (joined_) maximum_.set_all({static_cast<double>(most), 0});
    narrow_ = whole_ = true;
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      finite = finite && maximum_.hi[j] - maximum_.hi[j] == 0;
      narrow_ = narrow_ && (!is_double || maximum_.hi[j] - static_cast<double>(least[j]) < 600);
      whole_ = whole_ && least[j] > -std::numeric_limits<T>::infinity();
    }
    return finite;
  }

  /// Numbers that are not there get no share: e^-600, where 600 less is another number. An f64 row's
  /// exponentials take no infinity.
  HWY_INLINE void pad() {
    if (ragged_ == steps_) return;
    T filler = static_cast<T>(maximum_.hi[0] - 600);
    const double distance = maximum_.hi[0] - static_cast<double>(filler);
    if (!(distance > 500 && distance < 650)) {
      filler = -std::numeric_limits<T>::infinity();
      narrow_ = !is_double;
      whole_ = false;
    }
    columns_.pad(filler, x_columns_);
  }

  HWY_INLINE static Number one() { return exact_number(1.0, Number()); }
  HWY_INLINE static Real high(Real x) { return x; }
  HWY_INLINE static Real high(Exact x) { return real(x); }
  [[nodiscard]] HWY_INLINE Input x_at(std::size_t s, std::size_t g) const {
    return load(columns_.at(x_, x_columns_, s) + g * lanes);
  }
  [[nodiscard]] HWY_INLINE Input second_at(std::size_t s, std::size_t g) const {
    return load(columns_.at(second_, second_columns_, s) + g * lanes);
  }
  /// The lanes in which a condition does not hold, as bits.
  HWY_INLINE static unsigned lacking(Condition holds, std::size_t g) {
    return (~bits(holds) & ((1u << lanes) - 1)) << (g * lanes);
  }

  /// e^{x-m}, where x - m is at most 0.
  template <Digits digits>
  HWY_INLINE static Real exponential(Real x, Real m) {
    if constexpr (digits == Digits::few) return short_exp_down(x - m);
    const RealExp e(greater(x - m, -700.0));
    return (Real(1.0) + e.p) * e.k.power_of_two();
  }
  template <Digits digits>
  HWY_INLINE static Twin exponential(Exact x, Real m) {
    const Twin d = x - exact(m);
    if constexpr (digits == Digits::few)
      return short_exp_down(d);
    else if constexpr (digits == Digits::many)
      return exp(d);
    else
      return fine_exp(d);
  }

  /// Sums of a few steps start in a register of their own: a Real's at 0, of which up to 16 additions to 1
  /// round off 2^-49; a Twin's at 1, which no term exceeds, so that the low words, 2^-48 at most after 32
  /// additions, lose 2^-96, after 8 of them 2^-100, after 2 2^-104.
  template <Digits digits>
  static constexpr std::size_t at_once = digits == Digits::few    ? (is_double ? 32 : 16)
                                         : digits == Digits::many ? (is_double ? 8 : 4)
                                                                  : 2;
  /// What others must be at least for these sums to tell them from the maximum's 1: f32 to 2^-37, f64 to
  /// 2^-58, with many digits to 2^-74 and with all to 2^-95, on rows of 32,000 numbers; longer ones must have
  /// more.
  template <Digits digits>
  [[nodiscard]] HWY_INLINE double least_others() const {
    const double least = !is_double               ? 0x1p-12
                         : digits == Digits::few  ? 0x1p-28
                         : digits == Digits::many ? 0x1p-14
                                                  : 0x1p-1;
    return steps_ <= 2048 ? least : least * static_cast<double>(steps_) * 0x1p-11;
  }
  struct FewSteps {
    Number sum[groups];

    HWY_INLINE FewSteps() {
      for (std::size_t g = 0; g < groups; ++g) sum[g] = exact_number(is_double ? 1.0 : 0.0, Number());
    }
    HWY_INLINE void add(std::size_t g, Real x) { sum[g] = sum[g] + x; }
    HWY_INLINE void add(std::size_t g, Twin x) {
      const Twin s = fast_two_sum(sum[g].hi, x.hi);
      sum[g] = {s.hi, sum[g].lo + (s.lo + x.lo)};
    }
  };
  HWY_INLINE void carry(std::size_t g, Real x) {
    const Twin total = total_.get(g), s = two_sum(total.hi, x);
    total_.set(g, {s.hi, total.lo + s.lo});
  }
  /// Less the 1 at which the sum has started, exactly.
  HWY_INLINE void carry(std::size_t g, Twin x) {
    const Twin total = total_.get(g), s = two_sum(total.hi, x.hi - Real(1.0));
    total_.set(g, {s.hi, total.lo + (s.lo + x.lo)});
  }

  /// Computes the exponentials of the steps from `from` on, adds them to total_, and keeps them if told to.
  /// Answers where the stretch ends.
  template <Digits digits, bool Keep>
  HWY_NOINLINE std::size_t fill(std::size_t from) {
    const std::size_t to = std::min(steps_, from + kept_steps);
    for (std::size_t s = from; s < to;) {
      const std::size_t end = std::min(to, s + at_once<digits>);
      FewSteps few;
      for (; s < end; ++s)
        step<digits, Keep>(columns_.at(x_, x_columns_, s), (s - from) * virtual_lanes, few);
      for (std::size_t g = 0; g < groups; ++g) carry(g, few.sum[g]);
    }
    if constexpr (Keep) {
      kept_from_ = from;
      if (!narrow_) drop_far(from, to);
    }
    return to;
  }
  /// Written out where registers are few, so that the sums stay in them.
  template <Digits digits, bool Keep, std::size_t Group = 0>
  HWY_INLINE void step(const T* from, std::size_t at, FewSteps& few) {
    if constexpr (groups <= 4) {
      add_exponential<digits, Keep>(from, at, Group, few);
      if constexpr (Group + 1 < groups) step<digits, Keep, Group + 1>(from, at, few);
    } else {
      for (std::size_t g = 0; g < groups; ++g) add_exponential<digits, Keep>(from, at, g, few);
    }
  }
  template <Digits digits, bool Keep>
  HWY_INLINE void add_exponential(const T* from, std::size_t at, std::size_t g, FewSteps& few) {
    const Number e = exponential<digits>(load(from + g * lanes), maximum_.get(g));
    if constexpr (Keep) keep(at + g * lanes, e);
    few.add(g, e);
  }
  /// In two words what lies below e^-800 is 0, and what lies above that but below e^-690 is not known.
  HWY_INLINE void drop_far(std::size_t from, std::size_t to) {
    for (std::size_t s = from; s < to; ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const Real d = high(x_at(s, g)) - maximum_.get(g);
        const Condition far = d < Real(-690.0);
        unknown_ |= lacking(!(far & (d >= Real(-800.0))), g);
        const std::size_t at = (s - from) * virtual_lanes + g * lanes;
        keep(at, only(!far, kept(at, Number())));
      }
  }
  /// The exponentials of step `from` and the following are kept from now on; where they end.
  template <Digits digits>
  HWY_INLINE std::size_t have(std::size_t from) {
    return from == kept_from_ ? std::min(steps_, from + kept_steps) : fill<digits, true>(from);
  }

  HWY_INLINE void keep(std::size_t at, Real e) { hn::Store(e.v, Doubles(), kept_high_ + at); }
  HWY_INLINE void keep(std::size_t at, Twin e) {
    hn::Store(e.hi.v, Doubles(), kept_high_ + at);
    hn::Store(e.lo.v, Doubles(), kept_low_ + at);
  }
  HWY_INLINE Real kept(std::size_t at, Real) const { return Real(hn::Load(Doubles(), kept_high_ + at)); }
  HWY_INLINE Twin kept(std::size_t at, Twin) const {
    return {Real(hn::Load(Doubles(), kept_high_ + at)), Real(hn::Load(Doubles(), kept_low_ + at))};
  }
  [[nodiscard]] HWY_INLINE Number exponential_at(std::size_t s, std::size_t g) const {
    return kept((s - kept_from_) * virtual_lanes + g * lanes, Number());
  }

  const RowPlan<T>& plan_;
  const LogitTerms& terms_;
  std::size_t width_;
  bool floored_;
  const T* x_;
  T* gradient_;
  const std::int64_t* labels_;
  const T* second_;

  Columns<T> columns_;
  std::size_t first_row_ = 0, count_ = 0, steps_ = 0, kept_from_ = 0;
  std::size_t ragged_ = 0;  ///< the step that reaches beyond the end of a long row
  bool joined_ = false;
  bool number_wise_ = false;  ///< there is a cotangent for each number
  bool narrow_ = false;       ///< f64: no logit is 600 below the maximum
  bool whole_ = false;        ///< no logit is -inf
  unsigned unknown_ = 0;
  Sixteen<Real> maximum_;
  Sixteen<Twin> total_;
  HWY_ALIGN T x_columns_[short_row * virtual_lanes];
  HWY_ALIGN T second_columns_[short_row * virtual_lanes];
  HWY_ALIGN double kept_high_[kept_steps * virtual_lanes];
  HWY_ALIGN double kept_low_[is_double ? kept_steps * virtual_lanes : virtual_lanes];
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
