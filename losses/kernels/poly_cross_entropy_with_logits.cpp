#include "losses/catalogue/multiclass.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// With s = -log p_y and r = 1 - p_y the value s + epsilon r, epsilon >= -1, and what it multiplies the
/// slopes of s with, 1 + epsilon p = r + (1 + epsilon) p. Only s + epsilon r may cancel, where epsilon is
/// negative, but r <= s: what is rounded off is that of twice s at most. Few digits know s and r to 2^-55.8
/// (f64) or 2^-36 (f32), of which five eighths must be left, and all others to 2^-71 or 2^-48, of which
/// 2^-10.
template <class T>
class LogitTerms<PolyCrossEntropyWithLogits, T> {
 public:
  using Rows = LogitRows<T>;
  using Number = typename Rows::Number;

  /// With epsilon >= -1 no s + epsilon r is negative, because s >= r.
  static bool answers(const PolyCrossEntropyWithLogits& loss, const RowPlan<T>&) {
    const T epsilon = loss.epsilon.empty() ? T{0} : static_cast<T>(loss.epsilon[0]);
    return loss.epsilon.size() <= 1 && epsilon >= -1 && std::isfinite(epsilon);
  }

  HWY_INLINE LogitTerms(const PolyCrossEntropyWithLogits& loss, const RowPlan<T>& plan)
      : labels_(plan),
        epsilon_(loss.epsilon.empty() ? 0 : static_cast<double>(static_cast<T>(loss.epsilon[0]))) {}

  HWY_INLINE unsigned look(const Rows& rows) { return labels_.look(rows); }
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows&) const {
    return {Digits::few, epsilon_ < 0 ? Digits::many : Digits::few};
  }
  template <Digits digits>
  HWY_INLINE Vouched<Number> value(const Rows& rows, std::size_t g) {
    constexpr double left = digits == Digits::few ? .625 : 0x1p-10;
    const auto [distance, holds] = labels_.distance(rows, g);
    const auto [p, r] = labels_.template shares<digits>(rows, g);
    const Number s = distance + rows.template log_total<digits>(g);
    const Number value = s + exactly<Number>(epsilon_) * r;
    factor_.set(g, r + constant<Number>(detail::two_sum(1, epsilon_)) * p);
    return {value, holds & (leading(value) >= leading(s) * Real(left))};
  }
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    return labels_.template write_slopes<digits>(rows, out, labels_.scales(rows, factor_));
  }

 private:
  LabelledRows<T> labels_;
  double epsilon_;
  Sixteen<Number> factor_;
};

ASSAY_END

#if HWY_ONCE

#include <algorithm>
#include <cmath>

#include "losses/shapes/logits/logit_row.hpp"
#include "losses/shapes/rows/labels.hpp"

namespace assay {

/// s + sum_i e_i r^i with r = 1 - p_y and s = -log p_y, e_i = epsilon_i or epsilon_i / i, i from 1 to n.
///
/// s is itself sum_i r^i / i over all i. Where an e_i is negative, what it takes from s may be nearly all of
/// it: the terms of one degree belong together. With b_i = 1 + i e_i, rounded once,
///   v = sum_{i<=n} b_i r^i / i + sum_{i>n} r^i / i,
/// and the gradient, (p_k - [k = y]) (1 + p sum_i i e_i r^{i-1}), has
///   1 + p sum_i i e_i r^{i-1} = r^n + p sum_i b_i r^{i-1},
/// because p (1 + r + ... + r^{n-1}) = 1 - r^n: no cancellation but between b_i of different signs.
///
/// Limits: p = 1 has r = s = 0, p = 0 has r = 1 and s = +inf. Where p has no limit, nor has the value; it
/// is bounded from below.
template <class T>
class Row<PolyCrossEntropyWithLogits, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const PolyCrossEntropyWithLogits& loss, const Call<T>& call)
      : call_(call),
        labels_(call.inputs[1], call.inputs[0].extent[1]),
        epsilon_(loss.epsilon),
        divided_(loss.divide_by_degree) {}

  W value(std::int64_t i) {
    undetermined_ = false;
    if (!labels_.known(i)) return row_wise::not_a_number<W>();
    y_ = labels_[i];
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    undetermined_ = row_.undetermined(y_);
    const W s = row_.surprise(y_), r = row_.complement(y_);
    if (!is_finite(s)) return s;
    const Split<W> plain = sum_of_terms(s, r);
    // In double the sum keeps 2^-42 of itself, in Quad 2^-61.
    if (abs(plain.sum) >= ldexp(plain.size, std::is_same_v<W, double> ? -10 : -40)) return plain.sum;
    return wide_of(regrouped(Quad(s), Quad(r)));
  }

  [[nodiscard]] bool undetermined() const { return undetermined_; }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    if (!labels_.known(i)) {
      std::ranges::fill(by_x, std::numeric_limits<T>::quiet_NaN());
      return;
    }
    if (by_x.empty()) return;
    const W p = row_.share(y_), r = row_.complement(y_);
    W power(1), sum(0);
    for (std::size_t k = 0; k < epsilon_.size(); ++k, power *= r) sum += shifted<W>(k) * power;
    const W common = cotangent * (power + p * sum);
    for (std::size_t k = 0; k < by_x.size(); ++k) {
      const W share = row_.share(k);
      const bool beneath = undetermined_ && share == W(0);  // beneath infinities: 0 times what is bounded
      by_x[k] = narrow<T>(k == y_ ? -(common * r) : beneath ? W(0) : common * share);
    }
  }

 private:
  template <class V>
  struct Split {
    V sum, size;
  };

  /// The terms as they stand, and the sum of their sizes.
  Split<W> sum_of_terms(const W& s, const W& r) const {
    Split<W> out{s, s};
    W power(1);
    for (std::size_t k = 0; k < epsilon_.size(); ++k) {
      power *= r;
      const W degree(static_cast<double>(k + 1)), e = widen(static_cast<T>(epsilon_[k]));
      const W term = divided_ ? e * power / degree : e * power;
      out.sum += term;
      out.size += abs(term);
    }
    return out;
  }
  /// The terms by degree; what is left of s by its series, where that converges soon, else as a difference,
  /// which for r > .9 leaves enough of s.
  Quad regrouped(const Quad& s, const Quad& r) const {
    Quad sum, power(1), taken;
    for (std::size_t k = 0; k < epsilon_.size(); ++k) {
      power *= r;
      const Quad degree(static_cast<double>(k + 1));
      sum += shifted<Quad>(k) * power / degree;
      taken += power / degree;
    }
    if (r > Quad(.9)) return sum + (s - taken);
    Quad rest;
    for (double degree = static_cast<double>(epsilon_.size()) + 1;; ++degree) {
      power *= r;
      const Quad term = power / Quad(degree);
      rest += term;
      if (!(term > ldexp(rest, -110))) return sum + rest;
    }
  }
  /// b_i for i = k + 1.
  template <class V>
  [[nodiscard]] V shifted(std::size_t k) const {
    const V e(static_cast<double>(static_cast<T>(epsilon_[k])));
    return V(1) + (divided_ ? e : V(static_cast<double>(k + 1)) * e);
  }
  static W wide_of(const Quad& x) { return row_wise::wide_of<T>(x); }

  const Call<T>& call_;
  Labels labels_;
  std::span<const double> epsilon_;
  bool divided_;
  LogitRow<T> row_;
  std::size_t y_ = 0;
  bool undetermined_ = false;
};

}  // namespace assay

#endif

ASSAY_KERNEL(PolyCrossEntropyWithLogits)
