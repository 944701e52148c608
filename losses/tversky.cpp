#include "losses/catalogue/overlap.hpp"
#include "losses/overlap.hpp"

namespace assay {
namespace {

/// n = alpha p (1-g) + beta (1-p) g; seen from g, alpha and beta change places.
template <class W>
struct TverskyColumns {
  W alpha, beta, smooth;

  [[nodiscard]] OverlapColumn<W> by_probability(const W& p, const W& g) const {
    return linear_column(alpha, beta, W(1), p, g);
  }
  [[nodiscard]] OverlapColumn<W> by_target(const W& p, const W& g) const {
    return linear_column(beta, alpha, W(1), g, p);
  }
  template <class EachOther>
  [[nodiscard]] W numerator(const OverlapColumn<W>& column, const W& apart, const W& shared, const W&,
                            const W&, const EachOther&) const {
    return linear_numerator(column, apart, shared);
  }
};

template <class T>
void tversky(const Tversky& loss, const Call<T>& call) {
  const auto number = [](double x) { return widen(static_cast<T>(x)); };
  using Columns = TverskyColumns<Wide<T>>;
  row_wise::run(call,
                OverlapRow<T, Columns>({number(loss.alpha), number(loss.beta), number(loss.smooth)}, call));
}

}  // namespace

template <>
std::size_t workspace_bytes(const Tversky&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const Tversky&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const Tversky& loss, const Call<float>& call) {
  tversky(loss, call);
}
template <>
void evaluate(const Tversky& loss, const Call<double>& call) {
  tversky(loss, call);
}

}  // namespace assay
