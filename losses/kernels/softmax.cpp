#include "losses/catalogue/activation.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// The values p_c, and with a cotangent s_c a value the gradient p_c (s_c - mean), where mean = sum s_k p_k;
/// at the only maximum s_c others/total - what the others have of the mean.
template <class T>
class LogitTerms<Softmax, T> {
 public:
  using Rows = LogitRows<T>;
  using Input = typename Rows::Input;
  using Number = typename Rows::Number;
  static constexpr bool values_are_shares = true, takes_differences = true;

  HWY_INLINE LogitTerms(const Softmax&, const RowPlan<T>& plan) : slopes_(plan.call.gradient[0] != nullptr) {}

  HWY_INLINE static const T* beside(const RowPlan<T>& plan) {
    return plan.call.gradient[0] == nullptr ? nullptr : plan.call.cotangent;
  }
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows& rows) const {
    return slopes_ ? DigitsTried{Digits::many, rows.most()} : DigitsTried{Digits::few, Digits::few};
  }
  template <Digits digits>
  HWY_INLINE unsigned write_values(Rows& rows, T* out) const {
    Sixteen<Number> one;
    one.set_all({1, 0});
    return rows.template write_shares<digits>(out, one);
  }
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) {
    if constexpr (digits == Digits::few)
      return 0;
    else
      return write_slopes<digits>(rows, out);
  }

 private:
  template <Digits digits>
  HWY_NOINLINE unsigned write_slopes(Rows& rows, T* out) {
    constexpr double enough = Rows::template enough_of_inputs<digits>;
    average<digits>(rows);
    Sixteen<Number> inverse;
    Sixteen<Real> only_top;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      inverse.set(g, exactly<Number>(1.0) / rows.total(g));
      only_top.set(g, rows.only_top(g));
      holds[g] = (abs(leading(apart_.get(g))) >= size_of_apart_.get(g) * Real(enough)) |
                 !(only_top.get(g) == rows.maximum(g));
    }
    return rows.template write<digits>(out, holds, [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
      const Condition top = high(rows.x_at(s, g)) == only_top.get(g);
      const Number left = difference(Number(rows.beside_at(s, g)), mean_.get(g));
      const Number slope = rows.exponential_at(s, g) * inverse.get(g) * select(top, apart_.get(g), left);
      Condition held = (abs(leading(left)) >= size_.get(g) * Real(enough)) | top;
      if constexpr (Rows::two_words) held = held & is_ordinary(slope.hi + slope.lo);
      return Vouched<Number>{slope, held};
    });
  }

  /// sum s_k p_k over a row, and s_c - that at the only maximum, with the sizes of their terms.
  template <Digits digits>
  HWY_INLINE void average(Rows& rows) {
    LongSum<Number> rest;
    Number own[groups];
    Real sizes[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      own[g] = exactly<Number>(0.0);
      sizes[g] = 0.0;
    }
    rows.template each_step<digits>([&](std::size_t s) ASSAY_IN_LOOP {
      for (std::size_t g = 0; g < groups; ++g) {
        const Input given = rows.beside_at(s, g);
        const Condition top = high(rows.x_at(s, g)) == rows.maximum(g);
        const Number term = only(!top, Number(rows.exponential_at(s, g) * given));
        rest.add(g, term);
        own[g] = plus(own[g], only(top, high(given)));
        sizes[g] = sizes[g] + abs(leading(term));
      }
      rest.after(s);
    });
    Sixteen<Number> rests, tops;
    rest.result(rows.joined(), rests);
    for (std::size_t g = 0; g < groups; ++g) {
      tops.set(g, own[g]);
      size_.set(g, sizes[g]);
    }
    if (rows.joined()) {
      join(tops);
      join(size_);
    }
    for (std::size_t g = 0; g < groups; ++g) {
      const Number total = rows.total(g), top = tops.get(g), lost = rests.get(g) / total;
      mean_.set(g, lost + top / total);
      apart_.set(g, top * (rows.others(g) / total) - lost);
      const Real of_rest = size_.get(g), of_top = abs(leading(top));
      size_.set(g, (of_rest + of_top) / leading(total));
      size_of_apart_.set(g, greater(of_rest, of_top * leading(rows.others(g))) / leading(total));
    }
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

  bool slopes_;
  Sixteen<Number> mean_, apart_;
  Sixteen<Real> size_, size_of_apart_;
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/logits/logit_row.hpp"

namespace assay {
namespace {

/// v_c = p_c, and with cotangents s the gradient p_c (s_c - sum_k s_k p_k). A row whose cotangents are all
/// equal has the gradient 0 exactly, in every limit too, because the shares sum to one whatever the logits
/// are.
template <class T>
void write_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent, std::int64_t first,
                    std::span<T> gradient) {
  using W = Wide<T>;
  const std::size_t classes = row.size();
  auto raw = [&](std::size_t c) { return cotangent.raw(first + static_cast<std::int64_t>(c)); };
  bool all_dropped = true, equal = true, equal_where_undetermined = true, any_nan = false,
       any_undetermined = false;
  T undetermined = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const T s = raw(c);
    all_dropped = all_dropped && s == 0;
    any_nan = any_nan || std::isnan(s);
    equal = equal && s == raw(0);
    if (!row.undetermined(c)) continue;
    if (!any_undetermined) undetermined = s;
    any_undetermined = true;
    equal_where_undetermined = equal_where_undetermined && s == undetermined;
  }
  if (all_dropped || (equal && !row.has_nan())) {
    for (T& each : gradient) each = 0;
    return;
  }
  if (any_nan || row.has_nan()) {
    for (T& each : gradient) each = std::numeric_limits<T>::quiet_NaN();
    return;
  }
  if (any_undetermined) {
    // The other classes' shares tend to 0, and so does everything that they multiply. Between the
    // undetermined ones the gradient is that of some shares that nobody knows, unless their cotangents are
    // equal.
    for (std::size_t c = 0; c < classes; ++c)
      gradient[c] =
          row.undetermined(c) && !equal_where_undetermined ? std::numeric_limits<T>::quiet_NaN() : T{0};
    return;
  }
  // The top's share may be close to 1: there s_c (1 - p_c) - sum over the others keeps what the others say.
  Sum<W> others;
  for (std::size_t c = 0; c < classes; ++c)
    if (c != row.top() && raw(c) != 0) others.add(widen(raw(c)) * row.share(c));
  const std::size_t top = row.top();
  const W mean = others.total() + widen(raw(top)) * row.share(top);
  for (std::size_t c = 0; c < classes; ++c) {
    const W apart = c == top ? widen(raw(c)) * row.complement(c) - others.total() : widen(raw(c)) - mean;
    gradient[c] = narrow<T>(row.share(c) * apart);
  }
}

template <class T>
void softmax_in_quad(const Call<T>& call) {
  using W = Wide<T>;
  const std::int64_t rows = call.inputs[0].extent[0], classes = call.inputs[0].extent[1];
  const W divisor = row_wise::divisor_of<W>(rows * classes);
  const row_wise::Cotangent<T> cotangent(call, divisor);
  row_wise::Output<T> output(call);
  for (std::int64_t i = 0; i < rows; ++i) {
    const LogitRow<T> row(row_wise::row(call.inputs[0], i));
    // Reduced, the shares of a row are one, exactly, even where none of them has a limit.
    if (call.reduction != Reduction::none)
      output.put(i, row.has_nan() ? row_wise::not_a_number<W>() : W(1));
    else
      for (std::size_t c = 0; c < row.size(); ++c)
        output.put(i * classes + static_cast<std::int64_t>(c), row.share(c));
    if (const std::span<T> gradient = row_wise::gradient_row(call, 0, i); !gradient.empty())
      write_gradient(row, cotangent, i * classes, gradient);
  }
  output.finish(divisor);
}

/// A row by itself; its reduced value is not asked for here.
template <class T>
SlowRow slow_softmax(const RowPlan<T>& plan, std::int64_t i) {
  const Call<T>& call = plan.call;
  const LogitRow<T> row(row_wise::row(call.inputs[0], i));
  if (call.reduction == Reduction::none && call.value != nullptr)
    for (std::size_t c = 0; c < row.size(); ++c)
      call.value[i * plan.width + static_cast<std::int64_t>(c)] = narrow<T>(row.share(c));
  const row_wise::Cotangent<T> cotangent(call, row_wise::wide_of<T>(plan.divisor));
  if (const std::span<T> gradient = row_wise::gradient_row(call, 0, i); !gradient.empty())
    write_gradient(row, cotangent, i * plan.width, gradient);
  return {};
}

}  // namespace

/// In lanes the values one by one. Reduced, a row's shares are one, exactly, and their gradient is 0: nothing
/// to compute.
template <class T>
struct Kernel<Softmax, T> {
  static void evaluate(const Softmax& loss, const Call<T>& call) {
    const auto slow = slow_softmax<T>;
    RowPlan<T> plan{call, slow};
    const bool lanes =
        call.reduction == Reduction::none && (call.gradient[0] == nullptr || call.cotangent != nullptr);
    if (!lanes || !set_divisor(plan, Quad(1)) || !in_lanes(loss, plan)) softmax_in_quad(call);
  }
};

}  // namespace assay

#endif

ASSAY_KERNEL(Softmax)
