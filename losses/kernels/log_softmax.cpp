#include "losses/catalogue/activation.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// The values (x_c - m) - log1p(others), a row's sum of which is, negated, sum (m - x_c) + C log1p(others).
/// The gradient s_c - p_c S with the cotangents s and their sum S is, negated, the slope of a cross-entropy
/// against targets s, here of either sign: at a maximum with a share above 1/2, which is then the only one,
/// (s_c others - what the others' cotangents sum to) / total.
template <class T>
class LogitTerms<LogSoftmax, T> {
 public:
  using Rows = LogitRows<T>;
  using Input = typename Rows::Input;
  using Number = typename Rows::Number;
  static constexpr bool takes_differences = true;

  HWY_INLINE LogitTerms(const LogSoftmax&, const RowPlan<T>& plan)
      : slopes_(plan.call.gradient[0] != nullptr), even_(beside(plan) == nullptr) {}

  HWY_INLINE static const T* beside(const RowPlan<T>& plan) {
    const bool given = plan.call.gradient[0] != nullptr && plan.call.reduction == Reduction::none;
    return given ? plan.call.cotangent : nullptr;
  }
  HWY_INLINE unsigned look(Rows& rows) {
    if (!even_) add_cotangents(rows);
    return 0;
  }
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows& rows) const {
    return slopes_ ? DigitsTried{Digits::many, rows.most()} : DigitsTried{Digits::few, Digits::few};
  }
  /// A row's distances are added up while the sum of its exponentials is joined, for which they need not
  /// wait. Where they are infinite, so is the value.
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Vouched<Number> value(Rows& rows, std::size_t g) {
    if (g == 0) rows.add_distances(distances_);
    return {distances_.get(g) + whole(rows.width()) * rows.template log_total<digits>(g), first(lanes)};
  }
  /// What lies 2^1000 below the maximum is -inf, which a Twin cannot hold, or in doubt.
  template <Digits digits>
  HWY_NOINLINE unsigned write_values(Rows& rows, T* out) const {
    Sixteen<Number> log_total;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      log_total.set(g, rows.template log_total<digits>(g));
      holds[g] = first(lanes) & is_normal(log_total.get(g));
    }
    const auto value = [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      return difference(-Number(below(rows.maximum(g), rows.x_at(s, g))), log_total.get(g));
    };
    const auto checked = [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      const Real infinite = -std::numeric_limits<double>::infinity();
      const Condition nothing = high(rows.x_at(s, g)) == infinite;
      const Number each = select(nothing, exactly<Number>(infinite), value(s, g));
      return Vouched<Number>{each, nothing | (leading(each) > Real(-0x1p1000))};
    };
    if constexpr (Rows::two_words)
      if (!rows.narrow()) return rows.template write<Digits::none>(out, holds, checked);
    return rows.template write<Digits::none>(out, holds, value);
  }
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    if constexpr (digits == Digits::few)
      return 0;
    else
      return even_ ? write_slopes<digits, true>(rows, out) : write_slopes<digits, false>(rows, out);
  }

 private:
  /// The sums of the cotangents, which need no exponentials: of the maxima and of the rest.
  HWY_NOINLINE void add_cotangents(Rows& rows) {
    LongSum<Number> rest, at_top;
    rows.template each_step<Digits::none>([&](std::size_t s) ASSAY_IN_LOOP {
      for (std::size_t g = 0; g < groups; ++g) {
        const Input given = rows.beside_at(s, g);
        const Condition top = high(rows.x_at(s, g)) == rows.maximum(g);
        rest.add(g, Number(only(!top, given)));
        at_top.add(g, Number(only(top, given)));
      }
      rest.after(s);
      at_top.after(s);
    });
    rest.result(rows.joined(), rest_);
    at_top.result(rows.joined(), at_top_);
  }

  /// S may cancel: what it has lost, 2^-50 or 2^-100 of the absolute values of which it is the sum, times
  /// p_c, the sensitivity excuses, to which s_k adds p_c |s_k|, and s_c itself (1 - p_c) |s_c|. What the
  /// exponentials have lost it excuses of f32 only.
  ///
  /// `Even`: all cotangents are one number, and S/s_c = C. These are constants, which excuse nothing.
  template <Digits digits, bool Even>
  HWY_NOINLINE unsigned write_slopes(Rows& rows, T* out) const {
    constexpr double enough = Even ? Rows::template enough<digits> : Rows::template enough_of_inputs<digits>;
    Sixteen<Number> scale, factor, at_top;
    Sixteen<Real> only_top;
    Condition holds[groups], safe = first(lanes);
    if constexpr (Even) scale = rows.scales();
    const auto scaled = [&](Number slope, std::size_t g) ASSAY_IN_LOOP {
      if constexpr (Even) return slope * scale.get(g);
      return slope;
    };
    for (std::size_t g = 0; g < groups; ++g) {
      const Number others = rows.others(g), total = rows.total(g);
      const Number rest = Even ? whole(rows.width() - 1) : rest_.get(g),
                   top = Even ? whole(1) : at_top_.get(g), sum = Even ? whole(rows.width()) : rest + top;
      const Number own = top * others, left = difference(own, rest);
      factor.set(g, sum / total);
      at_top.set(g, scaled(left / total, g));
      only_top.set(g, rows.only_top(g));
      const Condition kept =
          (abs(leading(left)) >= abs(leading(own)) * Real(enough)) & is_ordinary(leading(at_top.get(g)));
      holds[g] = (abs(leading(sum)) < Real(0x1p400)) & (kept | !(leading(others) < Real(1.0)));
      if constexpr (Even) holds[g] = holds[g] & Rows::scale_holds(scale.get(g));
      safe = safe & Rows::keeps_words(factor.get(g));
    }
    const bool normal = !Rows::two_words || (rows.narrow() && all(safe));
    return rows.template write<digits>(out, holds, [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      const Number given = Even ? whole(1) : Number(rows.beside_at(s, g));
      const Number apart = difference(given, rows.exponential_at(s, g) * factor.get(g));
      const Condition top = high(rows.x_at(s, g)) == only_top.get(g);
      Condition held = abs(leading(apart)) >= abs(leading(given)) * Real(enough);
      if (!normal) held = held & is_ordinary(leading(apart));
      return Vouched<Number>{select(top, at_top.get(g), scaled(apart, g)), held | top};
    });
  }
  HWY_INLINE static Number whole(std::size_t n) { return exactly<Number>(static_cast<double>(n)); }

  bool slopes_, even_;
  Sixteen<Number> rest_, at_top_, distances_;
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/logits/soft_target.hpp"

namespace assay {
namespace {

/// log p_c is the row's surprise, negated: no cancellation. With cotangents s the gradient is s_c - p_c sum_k
/// s_k, the slope of a cross-entropy against targets s, negated: s may have either sign there. Where none of
/// the cotangents is given, they are whole numbers, from which LogitRow::slope loses nothing.
template <class T>
void write_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent, std::int64_t first,
                    std::span<T> gradient) {
  using W = Wide<T>;
  auto s = [&](std::size_t c) { return widen(cotangent.raw(first + static_cast<std::int64_t>(c))); };
  const TargetTotal<W> total(gradient.size(), s);
  for (std::size_t c = 0; c < gradient.size(); ++c) {
    W slope(0);
    if (row.undetermined(c) && total.total() == W(0))
      slope = -s(c);  // whatever the share is
    else if (total.any())
      slope = row.slope(c, s(c), total.without(c, s(c)), W(1), W(0));
    gradient[c] = narrow<T>(-slope);
  }
}

/// The same where all cotangents are one number: it multiplies 1 - C p_c.
template <class T>
void write_even_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent,
                         std::span<T> gradient) {
  using W = Wide<T>;
  const W others(static_cast<double>(gradient.size()) - 1);
  for (std::size_t c = 0; c < gradient.size(); ++c)
    gradient[c] =
        cotangent.drops(0) ? T{0} : narrow<T>(-(cotangent(0) * row.slope(c, W(1), others, W(1), W(0))));
}

template <class T>
void write_gradient_of(const LogitRow<T>& row, const Call<T>& call, const row_wise::Cotangent<T>& cotangent,
                       std::int64_t i) {
  const std::span<T> gradient = row_wise::gradient_row(call, 0, i);
  if (gradient.empty()) return;
  if (call.reduction == Reduction::none && call.cotangent != nullptr)
    write_gradient(row, cotangent, i * call.inputs[0].extent[1], gradient);
  else
    write_even_gradient(row, cotangent, gradient);
}

/// Sums are those of the surprises, none of which is negative, negated at the end.
template <class T>
void log_softmax_in_quad(const Call<T>& call) {
  using W = Wide<T>;
  const std::int64_t rows = call.inputs[0].extent[0], classes = call.inputs[0].extent[1];
  const W divisor = row_wise::divisor_of<W>(rows * classes);
  const row_wise::Cotangent<T> cotangent(call, divisor);
  row_wise::Output<T> output(call);
  for (std::int64_t i = 0; i < rows; ++i) {
    const LogitRow<T> row(row_wise::row(call.inputs[0], i));
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row.undetermined(c))
        output.put_undetermined(i * classes + static_cast<std::int64_t>(c));
      else
        output.put(i * classes + static_cast<std::int64_t>(c), row.surprise(c));
    }
    write_gradient_of(row, call, cotangent, i);
  }
  output.finish(divisor);
  const std::int64_t values = call.reduction == Reduction::none ? rows * classes : 1;
  for (std::int64_t i = 0; i < values; ++i) call.value[i] = T{0} - call.value[i];
}

/// A row by itself, and the sum of its surprises.
template <class T>
SlowRow slow_log_softmax(const RowPlan<T>& plan, std::int64_t i) {
  const Call<T>& call = plan.call;
  const LogitRow<T> row(row_wise::row(call.inputs[0], i));
  const row_wise::Cotangent<T> cotangent(call, row_wise::wide_of<T>(plan.divisor));
  write_gradient_of(row, call, cotangent, i);
  Sum<Wide<T>> sum;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const Wide<T> surprise = row.surprise(c);
    sum.add(surprise);
    if (call.reduction == Reduction::none && call.value != nullptr)
      call.value[i * plan.width + static_cast<std::int64_t>(c)] = T{0} - narrow<T>(surprise);
  }
  return {Quad(sum.total()), is_finite(sum.total())};
}

}  // namespace

template <class T>
struct Kernel<LogSoftmax, T> {
  static void evaluate(const LogSoftmax& loss, const Call<T>& call) {
    const auto slow = slow_log_softmax<T>;
    RowPlan<T> plan{call, slow};
    if (!set_divisor(plan, Quad(static_cast<double>(plan.rows * plan.width))) || !in_lanes(loss, plan))
      return log_softmax_in_quad(call);
    if (call.reduction != Reduction::none && call.value != nullptr) *call.value = T{0} - *call.value;
  }
};

}  // namespace assay

#endif

ASSAY_KERNEL(LogSoftmax)
