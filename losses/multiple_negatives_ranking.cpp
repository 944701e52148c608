#include "losses/catalogue/metric.hpp"
#include "losses/cosine_shares.hpp"

namespace assay {
namespace {

/// Candidates are the positives of all rows; the right one is the row's own.
template <class T>
class MultipleNegativesRankingRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  MultipleNegativesRankingRow(const MultipleNegativesRanking& loss, const Call<T>& call,
                              row_wise::Scratch& scratch)
      : call_(call), shares_(call, 1, widen(static_cast<T>(loss.scale)), W(0), scratch) {}

  W value(std::int64_t i) { return shares_.value(i, i, -1); }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_query = row_wise::gradient_row(call_, 0, i);
    shares_.adjoint(cotangent, !by_query.empty(),
                    [&](std::size_t d, const W& slope) { by_query[d] = narrow<T>(slope); });
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { shares_.write_shared_gradient(); }

 private:
  const Call<T>& call_;
  CosineShareRow<T> shares_;
};

template <class T>
std::size_t workspace(const MultipleNegativesRanking& loss, const Call<T>& call) {
  row_wise::Scratch scratch;
  const MultipleNegativesRankingRow<T> counted(loss, call, scratch);
  return scratch.bytes();
}

template <class T>
void multiple_negatives_ranking(const MultipleNegativesRanking& loss, const Call<T>& call) {
  row_wise::Scratch scratch(call.workspace);
  row_wise::run(call, MultipleNegativesRankingRow<T>(loss, call, scratch));
}

}  // namespace

template <>
std::size_t workspace_bytes(const MultipleNegativesRanking& loss, const Call<float>& call) {
  return workspace(loss, call);
}
template <>
std::size_t workspace_bytes(const MultipleNegativesRanking& loss, const Call<double>& call) {
  return workspace(loss, call);
}
template <>
void evaluate(const MultipleNegativesRanking& loss, const Call<float>& call) {
  multiple_negatives_ranking(loss, call);
}
template <>
void evaluate(const MultipleNegativesRanking& loss, const Call<double>& call) {
  multiple_negatives_ranking(loss, call);
}

}  // namespace assay
