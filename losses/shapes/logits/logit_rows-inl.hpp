// Rows of logits in hand, one along the lanes or sixteen across them: their maxima, their exponentials and
// the sums of these. Included once a target by way of logits-inl.hpp.
//
// Exponentials are computed a stretch of a row at a time, at most `kept_steps` of it, added up on the way,
// and kept for whoever asks next: there is one place that computes them. Which stretch stays is the first:
// rows are added up from their end.

#if defined(ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_ROWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_ROWS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_ROWS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_ROWS_INL_HPP
#endif

#include <algorithm>
#include <limits>

#include "losses/shapes/logits/logit_exponentials-inl.hpp"
#include "losses/shapes/logits/logit_sums-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T>
class LogitRows {
 public:
  using Input = typename Arithmetic<T>::Input;
  using Number = typename Arithmetic<T>::Number;
  static constexpr bool two_words = std::is_same_v<Number, Twin>;

  /// `beside` has a second number for every logit, a target or a cotangent, or is null.
  HWY_INLINE LogitRows(const RowPlan<T>& plan, const T* beside)
      : plan_(plan),
        width_(static_cast<std::size_t>(plan.width)),
        x_(plan.call.inputs[0].real),
        beside_(beside),
        columns_(width_, 0, 0) {}

  /// Takes `count` rows in hand. False where some number is NaN or a maximum is infinite.
  template <bool Whole>
  HWY_INLINE bool begin(std::size_t first_row, std::size_t count) {
    first_row_ = first_row;
    count_ = count;
    columns_ = Columns<T>(width_, first_row, count);
    steps_ = columns_.steps();
    joined_ = !columns_.is_short();
    ragged_ = joined_ && width_ % virtual_lanes != 0 ? steps_ - 1 : steps_;
    columns_.gather(x_, x_[first_row * width_], x_columns_);
    if (beside_ != nullptr) columns_.gather(beside_, T{0}, beside_columns_);
    const bool finite = find_maximum<Whole>();
    pad();
    return finite;
  }

  [[nodiscard]] HWY_INLINE const RowPlan<T>& plan() const { return plan_; }
  [[nodiscard]] HWY_INLINE std::size_t width() const { return width_; }
  [[nodiscard]] HWY_INLINE std::size_t count() const { return count_; }
  [[nodiscard]] HWY_INLINE std::size_t steps() const { return steps_; }
  /// There is one row in hand, and every lane has its maximum and its sums.
  [[nodiscard]] HWY_INLINE bool joined() const { return joined_; }
  /// In how many registers the rows in hand differ.
  [[nodiscard]] HWY_INLINE std::size_t registers() const { return joined_ ? 1 : groups; }
  /// No logit of two words is 600 below the maximum.
  [[nodiscard]] HWY_INLINE bool narrow() const { return narrow_; }
  /// No logit is -inf: known of rows that have begun with `Whole`.
  [[nodiscard]] HWY_INLINE bool whole() const { return whole_; }
  /// The most digits that may help a difference.
  [[nodiscard]] HWY_INLINE Digits most() const { return two_words && narrow_ ? Digits::all : Digits::many; }
  /// Row j of those in hand, or the first where there are fewer.
  [[nodiscard]] HWY_INLINE std::size_t row(std::size_t j) const { return first_row_ + (j < count_ ? j : 0); }

  [[nodiscard]] HWY_INLINE Real maximum(std::size_t g) const { return maximum_.get(g); }
  /// The sum of the exponentials without the maximum's 1, and with it.
  [[nodiscard]] HWY_INLINE Number others(std::size_t g) const { return others_.get(g); }
  [[nodiscard]] HWY_INLINE Number total(std::size_t g) const { return exactly<Number>(1.0) + others(g); }
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Number log_total(std::size_t g) const {
    return digits == Digits::few ? short_log1p(others(g)) : log1p(others(g));
  }
  /// The maximum where its share is above 1/2, so that it is the only one; else what no logit is.
  [[nodiscard]] HWY_INLINE Real only_top(std::size_t g) const {
    return select(leading(others(g)) < Real(1.0), maximum(g), std::numeric_limits<double>::infinity());
  }

  [[nodiscard]] HWY_INLINE Input x_at(std::size_t s, std::size_t g) const {
    return load(columns_.at(x_, x_columns_, s) + g * lanes);
  }
  [[nodiscard]] HWY_INLINE Input beside_at(std::size_t s, std::size_t g) const {
    return load(beside_from(s) + g * lanes);
  }
  [[nodiscard]] HWY_INLINE const T* beside_from(std::size_t s) const {
    return columns_.at(beside_, beside_columns_, s);
  }
  [[nodiscard]] HWY_INLINE Condition missing(std::size_t s, std::size_t g) const {
    return columns_.missing(s, g);
  }
  /// e^{x-m} of a step that each_step is at.
  [[nodiscard]] HWY_INLINE Number exponential_at(std::size_t s, std::size_t g) const {
    return kept_[s - kept_from_].get(g);
  }
  /// The lanes in which a condition does not hold, as bits.
  HWY_INLINE static unsigned lacking(Condition holds, std::size_t g) {
    return (~bits(holds) & ((1u << lanes) - 1)) << (g * lanes);
  }

  /// body(s) for every step, whose exponentials are at hand.
  template <Digits digits, class Body>
  HWY_INLINE void each_step(const Body& body) {
    for (std::size_t s = 0; s < steps_;) {
      std::size_t to = steps_;
      if constexpr (digits != Digits::none) to = have<digits>(s);
      for (; s < to; ++s) body(s);
    }
  }

  /// Writes term(s, g) of every number, which is a Number or a Vouched one, where the gradient or the values
  /// stand. Answers the rows of which something does not hold; `holds` is what must besides.
  template <Digits digits, class Term>
  HWY_INLINE unsigned write(T* out, Condition (&holds)[groups], const Term& term) {
    each_step<digits>([&](std::size_t s) ASSAY_IN_LOOP {
      T* const at = columns_.to(out, output_columns_, s);
      for (std::size_t g = 0; g < groups; ++g) {
        const auto each = term(s, g);
        if constexpr (std::is_same_v<decltype(each), const Number>) {
          store(each, at + g * lanes);
        } else {
          store(each.number, at + g * lanes);
          Condition held = each.holds;
          if (s == ragged_) held = held | missing(s, g);
          holds[g] = holds[g] & held;
        }
      }
    });
    columns_.scatter(out, output_columns_);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(holds[g], g);
    return doubtful;
  }

  /// p_c, times a number a row.
  template <Digits digits>
  HWY_NOINLINE unsigned write_shares(T* out, const Sixteen<Number>& scale) {
    Sixteen<Number> factor;
    Condition holds[groups], safe = first(lanes);
    for (std::size_t g = 0; g < groups; ++g) {
      factor.set(g, scale.get(g) / total(g));
      holds[g] = scale_holds(scale.get(g));
      safe = safe & keeps_words(factor.get(g));
    }
    const auto share = [&](std::size_t s, std::size_t g)
                           ASSAY_IN_LOOP { return exponential_at(s, g) * factor.get(g); };
    const auto checked = [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      const Number each = share(s, g);
      return Vouched<Number>{each, is_normal(each)};
    };
    if constexpr (two_words)
      if (!narrow_ || !all(safe)) return write<digits>(out, holds, checked);
    return write<digits>(out, holds, share);
  }

  /// What the gradients of the rows are multiplied with, where that is one number a row.
  [[nodiscard]] HWY_INLINE Sixteen<Number> scales() const {
    Sixteen<Number> out;
    if (joined_) {
      out.set_all(plan_.scale(first_row_));
    } else {
      for (std::size_t j = 0; j < virtual_lanes; ++j) put(out, j, plan_.scale(row(j)));
    }
    return out;
  }
  HWY_INLINE static Condition scale_holds(Number scale) {
    const Real size = abs(leading(scale));
    const Condition holds = (size < Real(0x1p400)) & ((size > Real(0x1p-400)) | (size == Real(0.0)));
    return two_words ? holds & (size < Real(0x1p30)) : holds;
  }
  /// Whether no product of an exponential and this factor can lose its second word.
  HWY_INLINE static Condition keeps_words(Real) { return first(lanes); }
  HWY_INLINE static Condition keeps_words(Twin factor) {
    return (abs(factor.hi) > Real(0x1p-30)) | (factor.hi == Real(0.0));
  }
  /// How much of its terms a difference must leave: where one is a constant, and where both are inputs.
  template <Digits digits>
  static constexpr double enough = digits == Digits::few    ? .25
                                   : digits == Digits::many ? enough_left<T>
                                                            : 0x1p-38;
  template <Digits digits>
  static constexpr double enough_of_inputs = digits == Digits::few || two_words ? enough<digits> : 0x1p-26;

  /// sum (m - x_c) over the rows. With -inf it is infinite, and its row among those of the answer.
  HWY_NOINLINE unsigned add_distances(Sixteen<Number>& out) {
    LongSum<Number> sum;
    each_step<Digits::none>([&](std::size_t s) ASSAY_IN_LOOP {
      for (std::size_t g = 0; g < groups; ++g)
        sum.add(g, only(!missing(s, g), below(maximum(g), x_at(s, g))));
      sum.after(s);
    });
    sum.result(joined_, out);
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < groups; ++g) doubtful |= lacking(leading(out.get(g)) < Real(0x1p1000), g);
    return doubtful;
  }

  /// Finds others(); `keep`: somebody will ask for the exponentials. Answers the rows not to be trusted.
  template <Digits digits>
  HWY_INLINE unsigned add_up(bool keep) {
    unknown_ = 0;
    kept_from_ = steps_;  // none of this row
    total_.set_all({0, 0});
    if (!narrow_) return add_up_apart<digits>();
    for (std::size_t from = last_stretch();; from -= kept_steps) {
      if (keep)
        fill<digits, true>(from);
      else
        fill<digits, false>(from);
      if (from == 0) break;
    }
    if (joined_) join_total();
    Condition holds = first(lanes);
    const double least = least_others<digits, two_words>(steps_);
    for (std::size_t g = 0; g < groups; ++g) {
      const Twin others = total_.get(g) - Exact(1.0);
      if constexpr (two_words)
        others_.set(g, normal(others));
      else
        others_.set(g, others.hi + others.lo);
      holds = holds & (others.hi > Real(least));
    }
    return all(holds) ? 0 : add_up_apart<digits>();
  }

 private:
  static constexpr std::size_t kept_steps = 128;

  /// Maxima are exact: they are found in the dtype. `Whole`: somebody will ask for whole().
  template <bool Whole>
  HWY_INLINE bool find_maximum() {
    constexpr bool least_wanted = Whole || two_words;
    const hn::CappedTag<T, virtual_lanes> dtype;
    constexpr std::size_t width = HWY_LANES(T) < virtual_lanes ? HWY_LANES(T) : virtual_lanes;
    constexpr std::size_t count = virtual_lanes / width;
    using Register = hn::Vec<decltype(dtype)>;
    Register maximum[count], minimum[count];
    hn::Mask<decltype(dtype)> numbers[count];
    for (std::size_t r = 0; r < count; ++r) {
      maximum[r] = hn::Set(dtype, -std::numeric_limits<T>::infinity());
      minimum[r] = hn::Set(dtype, std::numeric_limits<T>::infinity());
      numbers[r] = hn::FirstN(dtype, width);
    }
    for (std::size_t s = 0; s < steps_; ++s) {
      const T* const from = columns_.at(x_, x_columns_, s);
      for (std::size_t r = 0; r < count; ++r) {
        const Register x = hn::LoadU(dtype, from + r * width);
        maximum[r] = hn::Max(maximum[r], x);
        if constexpr (least_wanted) minimum[r] = hn::Min(minimum[r], x);
        numbers[r] = hn::And(numbers[r], hn::Eq(x, x));
      }
    }
    HWY_ALIGN T found[virtual_lanes];
    HWY_ALIGN T least[virtual_lanes];
    bool all_numbers = true;
    for (std::size_t r = 0; r < count; ++r) {
      hn::Store(maximum[r], dtype, found + r * width);
      hn::Store(minimum[r], dtype, least + r * width);
      all_numbers = all_numbers && hn::AllTrue(dtype, numbers[r]);
    }
    if (joined_) maximum_.set_all({static_cast<double>(*std::max_element(found, found + virtual_lanes)), 0});
    Condition finite = first(lanes), narrow = finite, whole = finite;
    for (std::size_t g = 0; g < groups; ++g) {
      if (!joined_) maximum_.set(g, high(load(found + g * lanes)));
      const Real m = maximum_.get(g), low = high(load(least + g * lanes));
      finite = finite & (m - m == Real(0.0));
      if constexpr (two_words) narrow = narrow & (m - low < Real(600.0));
      if constexpr (least_wanted) whole = whole & (low > Real(-std::numeric_limits<double>::infinity()));
    }
    narrow_ = all(narrow);
    whole_ = all(whole);
    return all_numbers && all(finite);
  }

  /// Numbers that are not there get no share: e^-600, where 600 less is another number. Exponentials in two
  /// words take no infinity.
  HWY_INLINE void pad() {
    if (ragged_ == steps_) return;
    T filler = static_cast<T>(maximum_.hi[0] - 600);
    const double distance = maximum_.hi[0] - static_cast<double>(filler);
    if (!(distance > 500 && distance < 650)) {
      filler = -std::numeric_limits<T>::infinity();
      narrow_ = !two_words;
      whole_ = false;
    }
    columns_.pad(filler, x_columns_);
  }

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
      const std::size_t end = std::min(to, s + at_once<digits, two_words>);
      FewSteps<Number> few;
      for (; s < end; ++s) step<digits, Keep>(columns_.at(x_, x_columns_, s), kept_[s - from], few);
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
  HWY_INLINE void step(const T* from, Sixteen<Number>& to, FewSteps<Number>& few) {
    if constexpr (groups <= 4) {
      add_exponential<digits, Keep>(from, to, Group, few);
      if constexpr (Group + 1 < groups) step<digits, Keep, Group + 1>(from, to, few);
    } else {
      for (std::size_t g = 0; g < groups; ++g) add_exponential<digits, Keep>(from, to, g, few);
    }
  }
  template <Digits digits, bool Keep>
  HWY_INLINE void add_exponential(const T* from, Sixteen<Number>& to, std::size_t g, FewSteps<Number>& few) {
    const Number e = exponential<digits>(load(from + g * lanes), maximum(g));
    if constexpr (Keep) to.set(g, e);
    few.add(g, e);
  }
  /// In two words what lies below e^-800 is 0, and what lies above that but below e^-690 is not known.
  HWY_INLINE void drop_far(std::size_t from, std::size_t to) {
    for (std::size_t s = from; s < to; ++s)
      for (std::size_t g = 0; g < groups; ++g) {
        const Real d = high(x_at(s, g)) - maximum(g);
        const Condition far = d < Real(-690.0);
        unknown_ |= lacking(!(far & (d >= Real(-800.0))), g);
        kept_[s - from].set(g, only(!far, exponential_at(s, g)));
      }
  }
  /// The exponentials of step `from` and the following are kept from now on; where they end.
  template <Digits digits>
  HWY_INLINE std::size_t have(std::size_t from) {
    return from == kept_from_ ? std::min(steps_, from + kept_steps) : fill<digits, true>(from);
  }
  /// With `ties` numbers equal to the maximum, the others' sum is added to ties - 1: nothing is taken from 1.
  template <Digits digits>
  HWY_NOINLINE unsigned add_up_apart() {
    LongSum<Number> rest;
    Sixteen<Real> ties;
    for (std::size_t g = 0; g < groups; ++g) ties.set(g, 0.0);
    for (std::size_t from = last_stretch();; from -= kept_steps) {
      const std::size_t to = have<digits>(from);
      for (std::size_t s = from; s < to; ++s) {
        for (std::size_t g = 0; g < groups; ++g) {
          const Condition there = !missing(s, g), top = high(x_at(s, g)) == maximum(g);
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
      others_.set(g, others_.get(g) + exactly<Number>(ties.get(g) - Real(1.0)));
    return unknown_;
  }

  /// Of a row in one word one word is enough here: four levels of the tree round off 2^-51 of the total.
  HWY_INLINE void join_total() {
    Number total[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      const Twin each = total_.get(g);
      if constexpr (two_words)
        total[g] = each;
      else
        total[g] = each.hi + each.lo;
    }
    total_.set_all(merged(total));
  }
  [[nodiscard]] HWY_INLINE std::size_t last_stretch() const { return (steps_ - 1) / kept_steps * kept_steps; }

  const RowPlan<T>& plan_;
  std::size_t width_;
  const T *x_, *beside_;
  Columns<T> columns_;
  std::size_t first_row_ = 0, count_ = 0, steps_ = 0, kept_from_ = 0;
  std::size_t ragged_ = 0;  ///< the step that reaches beyond the end of a long row
  bool joined_ = false, narrow_ = false, whole_ = false;
  unsigned unknown_ = 0;
  Sixteen<Real> maximum_;
  Sixteen<Twin> total_;
  Sixteen<Number> others_;
  HWY_ALIGN T x_columns_[short_row * virtual_lanes];
  HWY_ALIGN T beside_columns_[short_row * virtual_lanes];
  HWY_ALIGN T output_columns_[short_row * virtual_lanes];
  Sixteen<Number> kept_[kept_steps];
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
