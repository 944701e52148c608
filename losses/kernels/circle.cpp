#include "losses/catalogue/contrastive.hpp"
#include "losses/numbers/sum_of_three.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {
namespace {

/// Logits of one side, and the logarithm of the sum of their exponentials as maximum + log(powers).
template <class W>
struct Side {
  W maximum{0}, powers{0};
  [[nodiscard]] W log_sum() const { return maximum + log(powers); }
};

}  // namespace

/// softplus(lse_j n_j + lse_i p_i) with n_j = scale an_j (sn_j - margin), p_i = -scale ap_i (sp_i - 1 +
/// margin). With an and ap held, the derivative by sn_j is sigmoid(..) e^{n_j - lse} scale an_j, by sp_i
/// likewise with a minus. Nothing is left to cancel but within a logit and between the two sides, where the
/// logits' own errors are what conditioning counts.
template <class T>
class Row<Circle, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const Circle& loss, const Call<T>& call)
      : call_(call), scale_(W(loss.scale)), margin_(W(loss.margin)) {}

  W value(std::int64_t i) {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), n = row_wise::row(call_.inputs[1], i);
    share_ = W(0);
    if (p.empty() || n.empty()) return W(0);
    positive_ = side(p, [this](T s) { return positive_logit(s); });
    negative_ = side(n, [this](T s) { return negative_logit(s); });
    const W both = positive_.log_sum() + negative_.log_sum();
    if (is_nan(both)) return share_ = both;
    const W power = exp(-abs(both));
    share_ = (both > W(0) ? W(1) : power) / (W(1) + power);
    return (both > W(0) ? both : W(0)) + log1p(power);
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), n = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i), by_n = row_wise::gradient_row(call_, 1, i);
    if (p.empty() || n.empty()) return row_wise::clear_gradient(call_, row_inputs, i);
    const W scale = cotangent * share_ * scale_;
    for (std::size_t c = 0; c < by_p.size(); ++c)
      by_p[c] = narrow<T>(-scale * positive_weight(p[c]) * share(positive_, positive_logit(p[c])));
    for (std::size_t c = 0; c < by_n.size(); ++c)
      by_n[c] = narrow<T>(scale * negative_weight(n[c]) * share(negative_, negative_logit(n[c])));
  }

 private:
  static W above_zero(const W& x) { return x < W(0) ? W(0) : x; }
  [[nodiscard]] W positive_weight(T s) const { return above_zero(sum_of_three(W(1), margin_, -widen(s))); }
  [[nodiscard]] W negative_weight(T s) const { return above_zero(widen(s) + margin_); }
  [[nodiscard]] W positive_logit(T s) const {
    return scale_ * positive_weight(s) * sum_of_three(W(1), -margin_, -widen(s));
  }
  [[nodiscard]] W negative_logit(T s) const { return scale_ * negative_weight(s) * (widen(s) - margin_); }

  template <class Logit>
  static Side<W> side(std::span<const T> scores, const Logit& logit) {
    Side<W> out;
    out.maximum = logit(scores[0]);
    for (const T s : scores)
      if (logit(s) > out.maximum) out.maximum = logit(s);
    Sum<W> powers;
    for (const T s : scores) powers.add(exp(logit(s) - out.maximum));
    out.powers = powers.total();
    return out;
  }
  static W share(const Side<W>& side, const W& logit) { return exp(logit - side.maximum) / side.powers; }

  const Call<T>& call_;
  W scale_, margin_;
  Side<W> positive_, negative_;
  W share_{0};
};

}  // namespace assay

ASSAY_KERNEL(Circle)
