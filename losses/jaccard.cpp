#include "losses/catalogue/overlap.hpp"
#include "losses/overlap.hpp"

namespace assay {
namespace {

/// sum p + sum g - sum p g is the sum of x(1-y) + (1-x)y and of xy.
template <class W>
struct JaccardColumns {
  W smooth;

  [[nodiscard]] OverlapColumn<W> by_probability(const W& p, const W& g) const {
    return linear_column(W(1), W(1), W(1), p, g);
  }
  [[nodiscard]] OverlapColumn<W> by_target(const W& p, const W& g) const {
    return linear_column(W(1), W(1), W(1), g, p);
  }
  template <class EachOther>
  [[nodiscard]] W numerator(const OverlapColumn<W>& column, const W& apart, const W& shared, const W&,
                            const W&, const EachOther&) const {
    return linear_numerator(column, apart, shared);
  }
};

template <class T>
void jaccard(const Jaccard& loss, const Call<T>& call) {
  const auto number = [](double x) { return widen(static_cast<T>(x)); };
  using Columns = JaccardColumns<Wide<T>>;
  row_wise::run(call, OverlapRow<T, Columns>({number(loss.smooth)}, call));
}

}  // namespace

template <>
std::size_t workspace_bytes(const Jaccard&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const Jaccard&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const Jaccard& loss, const Call<float>& call) {
  jaccard(loss, call);
}
template <>
void evaluate(const Jaccard& loss, const Call<double>& call) {
  jaccard(loss, call);
}

}  // namespace assay
