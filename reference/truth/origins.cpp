#include "reference/truth/origins.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

namespace assay::reference {

std::vector<std::optional<Distance>> distances(const Case& c, const Input* input, const Tensor& tensor) {
  const std::size_t n = tensor.real.size();
  std::vector<std::optional<Distance>> result(n);
  const Origin origin = input ? input->origin : Origin::zero;
  if (origin == Origin::counted) return result;
  const Tensor* partner = origin == Origin::partner ? &c.inputs.at(std::string(input->partner)) : nullptr;
  const std::size_t width =
      tensor.shape.empty() ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>(tensor.shape.back()));
  double most = -infinity;  // of the row
  for (std::size_t i = 0; i < n; ++i) {
    const double x = tensor.real[i];
    double o = 0;
    if (partner) o = partner->real[i];
    if (origin == Origin::nearer_end) o = x > .5 ? 1 : 0;
    if (origin == Origin::row_maximum) {
      if (i % width == 0) {
        most = -infinity;
        for (std::size_t k = i; k < i + width; ++k)
          if (std::isfinite(tensor.real[k])) most = std::max(most, tensor.real[k]);
      }
      o = most;
    }
    if (std::isfinite(x) && std::isfinite(o)) result[i] = Distance{x, o};
  }
  return result;
}

}  // namespace assay::reference
