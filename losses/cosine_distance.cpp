#include "losses/angle.hpp"
#include "losses/catalogue/metric.hpp"
#include "losses/row_wise.hpp"

namespace assay {
namespace {

/// 1 - cos, and -cos by each row.
template <class T>
class CosineDistanceRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  CosineDistanceRow(const CosineDistance&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) {
    angle_ = Angle<T>(row_wise::row(call_.inputs[0], i), row_wise::row(call_.inputs[1], i));
    return angle_.undefined() ? row_wise::not_a_number<W>() : angle_.one_minus_cosine();
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const W scale = angle_.undefined() ? row_wise::not_a_number<W>() : -cotangent;
    const std::span<T> by_first = row_wise::gradient_row(call_, 0, i),
                       by_second = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < by_first.size(); ++c) by_first[c] = narrow<T>(scale * angle_.by_x(c));
    for (std::size_t c = 0; c < by_second.size(); ++c) by_second[c] = narrow<T>(scale * angle_.by_y(c));
  }

 private:
  const Call<T>& call_;
  Angle<T> angle_;
};

}  // namespace

template <>
std::size_t workspace_bytes(const CosineDistance&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const CosineDistance&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const CosineDistance& loss, const Call<float>& call) {
  row_wise::run(call, CosineDistanceRow<float>(loss, call));
}
template <>
void evaluate(const CosineDistance& loss, const Call<double>& call) {
  row_wise::run(call, CosineDistanceRow<double>(loss, call));
}

}  // namespace assay
