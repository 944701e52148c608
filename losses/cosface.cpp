#include "losses/catalogue/metric.hpp"
#include "losses/cosine_shares.hpp"

namespace assay {
namespace {

/// Candidates are the rows of `weight`, the right one, the label's, with the margin against it.
template <class T>
class CosFaceRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  CosFaceRow(const CosFace& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        shares_(call, 1, widen(static_cast<T>(loss.scale)), widen(static_cast<T>(loss.margin)), scratch) {}

  W value(std::int64_t i) { return shares_.value(i, call_.inputs[2].integer[i], -1); }

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
std::size_t workspace(const CosFace& loss, const Call<T>& call) {
  row_wise::Scratch scratch;
  const CosFaceRow<T> counted(loss, call, scratch);
  return scratch.bytes();
}

template <class T>
void cosface(const CosFace& loss, const Call<T>& call) {
  row_wise::Scratch scratch(call.workspace);
  row_wise::run(call, CosFaceRow<T>(loss, call, scratch));
}

}  // namespace

template <>
std::size_t workspace_bytes(const CosFace& loss, const Call<float>& call) {
  return workspace(loss, call);
}
template <>
std::size_t workspace_bytes(const CosFace& loss, const Call<double>& call) {
  return workspace(loss, call);
}
template <>
void evaluate(const CosFace& loss, const Call<float>& call) {
  cosface(loss, call);
}
template <>
void evaluate(const CosFace& loss, const Call<double>& call) {
  cosface(loss, call);
}

}  // namespace assay
