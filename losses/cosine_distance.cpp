#include "losses/angle.hpp"
#include "losses/catalogue/metric.hpp"
#include "losses/row_wise_kernel.hpp"

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
    angle_.write_slopes(scale, row_wise::gradient_row(call_, 0, i), row_wise::gradient_row(call_, 1, i));
  }

 private:
  const Call<T>& call_;
  Angle<T> angle_;
};

}  // namespace

ASSAY_ROW_WISE(CosineDistance, CosineDistanceRow)

}  // namespace assay
