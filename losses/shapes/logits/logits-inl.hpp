// Rows of logits in lanes. Included once a target by a kernel's file.
//
// With m the row's maximum and e_c = e^{x_c - m}, whose largest is 1 exactly, others = (sum of e_c) - 1 and
// total = 1 + others:
//   log sum e^x   = m + log1p(others)
//   -log p_c      = (m - x_c) + log1p(others)            two terms that are not negative
//   p_c           = e_c / total
//   1 - p_c       = others / total at the only maximum; elsewhere p_c <= 1/2
// Where nothing is taken from anything, exponentials with half the digits beyond the dtype will do. Where
// something is, a quarter of it must be left; else the row is computed again with the digits that lanes'
// functions have. Of those 2^-15 (f32) or 2^-18 (f64) must be left; else slopes against f64's targets or
// cotangents are computed once more with all the digits of two words, of which 2^-38 must be left. What is in
// doubt then is computed without lanes, as are rows with NaN, infinite maxima and what lies below 2^-960. Of
// an f32 difference between inputs 2^-26 will do: its terms are good to 2^-50, and the sensitivity counts
// each of them, of which 2^-49 is excused.
//
// What a loss makes of its rows stands in its own file, as a class
//
//   template <class T>
//   class LogitTerms<Loss, T>
//     LogitTerms(const Loss&, const RowPlan<T>&)
//     DigitsTried digits(const LogitRows<T>&)                 which digits are tried, once look() has been
//     unsigned write_gradient<digits>(LogitRows<T>&, T* out)  by the logits of the rows in hand
//
// that has, besides, one of the first two or both, and of the others what it needs:
//
//     Vouched<Number> value<digits>(LogitRows<T>&, g)         the value of each row in register g
//     unsigned write_values<digits>(LogitRows<T>&, T* out)    of a loss with a value a logit, unreduced
//     static bool answers(const Loss&, const RowPlan<T>&)     false where a call is not for lanes
//     static const T* beside(const RowPlan<T>&)               a number beside every logit, or null
//     unsigned look(LogitRows<T>&)                            finds what needs no exponentials
//     static constexpr bool takes_differences = true          of numbers that may be as close as they like
//     static constexpr bool values_are_shares = true          and want exponentials as gradients do
//     static constexpr bool drops_infinite = true             asks whether rows are whole()
//     static constexpr double cancelling                      values have either sign: how much more of
//                                                             their sum few digits must leave than many
//
// An `unsigned` has bit j where row j of those in hand is not to be trusted.

#if defined(ASSAY_LOSSES_SHAPES_LOGITS_LOGITS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_LOGITS_LOGITS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_LOGITS_LOGITS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_LOGITS_LOGITS_INL_HPP
#endif

#include "losses/shapes/logits/labelled_rows-inl.hpp"
#include "losses/shapes/logits/logit_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class Loss, class T>
class LogitTerms;
template <class Loss, class T>
concept HasLogitTerms = requires {
  sizeof(LogitTerms<Loss, T>);
};

/// While rows are in doubt they are computed with more digits.
struct DigitsTried {
  Digits first, last;
};

template <class Loss, class T>
class LogitLoss {
 public:
  using Terms = LogitTerms<Loss, T>;
  using Number = typename LogitRows<T>::Number;

  /// `careful`: few digits will not do, because the sum of the rows' values cancels.
  HWY_INLINE LogitLoss(const Loss& loss, const RowPlan<T>& plan, bool careful)
      : plan_(plan), careful_(careful), rows_(plan, beside(plan)), terms_(loss, plan) {}

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    constexpr bool cancelling = requires { Terms::cancelling; };
    RowSums sums = sum_of_blocks<!cancelling>(*this, rows_.width(), begin, end, values_);
    if constexpr (cancelling)
      if (!careful_) sums.size *= Terms::cancelling;
    return sums;
  }

  /// One long row, or up to sixteen short ones.
  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    unsigned doubtful = ~0u;
    constexpr bool whole = requires { Terms::drops_infinite; };
    if (rows_.template begin<whole>(first_row, count)) {
      looked_ = 0;
      if constexpr (requires { terms_.look(rows_); }) looked_ = terms_.look(rows_);
      const auto [least, most] = terms_.digits(rows_);
      if (least == Digits::few && !careful_) doubtful = compute<Digits::few>(pending);
      if (doubtful != 0 && most >= Digits::many) doubtful = compute<Digits::many>(pending);
      if constexpr (requires { requires LogitRows<T>::two_words && Terms::takes_differences; })
        if (doubtful != 0 && most == Digits::all) doubtful = compute<Digits::all>(pending);
    }
    if (HWY_UNLIKELY(doubtful != 0))
      for (std::size_t j = 0; j < count; ++j)
        if (doubtful >> j & 1) compute_slowly(plan_, first_row + j, out, values_, pending + j);
  }

 private:
  HWY_INLINE static const T* beside(const RowPlan<T>& plan) {
    if constexpr (requires { Terms::beside(plan); }) return Terms::beside(plan);
    return nullptr;
  }

  /// Everything that is wanted of the rows in hand.
  template <Digits digits>
  HWY_INLINE unsigned compute(std::size_t pending) {
    T* const gradient = plan_.call.gradient[0];
    const bool keep = gradient != nullptr || requires { Terms::values_are_shares; };
    unsigned doubtful = looked_ | rows_.template add_up<digits>(keep);
    doubtful |= find_values<digits>(pending);
    if (gradient != nullptr) doubtful |= terms_.template write_gradient<digits>(rows_, gradient);
    return rows_.joined() && doubtful != 0 ? 1 : doubtful;
  }

  /// Values of logits to their places; of rows also, or with the others of their sum.
  template <Digits digits>
  HWY_INLINE unsigned find_values(std::size_t pending) {
    T* const out = plan_.call.reduction == Reduction::none ? plan_.call.value : nullptr;
    if constexpr (requires { terms_.template write_values<digits>(rows_, out); })
      if (plan_.call.reduction == Reduction::none)
        return out == nullptr ? 0 : terms_.template write_values<digits>(rows_, out);
    if constexpr (requires { terms_.template value<digits>(rows_, pending); })
      return find_row_values<digits>(pending, out);
    return 0;
  }
  template <Digits digits>
  HWY_NOINLINE unsigned find_row_values(std::size_t pending, T* out) {
    Sixteen<Number> values;
    unsigned doubtful = 0;
    for (std::size_t g = 0; g < rows_.registers(); ++g) {
      const Vouched<Number> value = terms_.template value<digits>(rows_, g);
      const Condition finite = abs(leading(value.number)) < Real(0x1p1000);
      values.set(g, value.number);
      doubtful |= LogitRows<T>::lacking(value.holds & finite & is_normal(value.number), g);
    }
    for (std::size_t j = 0; j < rows_.count(); ++j) {
      if (out != nullptr) out[rows_.row(j)] = rounded<T>(values, j);
      copy(values, j, values_, pending + j);
    }
    return doubtful;
  }

  const RowPlan<T>& plan_;
  bool careful_;
  LogitRows<T> rows_;
  Terms terms_;
  unsigned looked_ = 0;
  Sixteen<Number> values_;
};

template <class Loss, class T>
requires HasLogitTerms<Loss, T>
struct InLanes<Loss, T> {
  using Plan = RowPlan<T>;

  static bool evaluate(const Loss& loss, const RowPlan<T>& plan) {
    if constexpr (requires { LogitTerms<Loss, T>::answers(loss, plan); })
      if (!LogitTerms<Loss, T>::answers(loss, plan)) return false;
    return sum(loss, plan, false) || (requires { LogitTerms<Loss, T>::cancelling; } && sum(loss, plan, true));
  }

 private:
  static bool sum(const Loss& loss, const RowPlan<T>& plan, bool careful) {
    return sum_of_rows(
        plan, [&](std::size_t begin, std::size_t end) { return segment(loss, plan, careful, begin, end); });
  }
  static RowSums segment(const Loss& loss, const RowPlan<T>& plan, bool careful, std::size_t begin,
                         std::size_t end) {
    LogitLoss<Loss, T> rows(loss, plan, careful);
    return rows.segment(begin, end);
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
