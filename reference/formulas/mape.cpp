#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Mape>(const Row& in) {
  const Real x = in("prediction"), t = in("target");
  return 100 * abs((x - t) / t);
}

// target-floored-1e-7, the only one.
template <>
Term conventional<Mape>(std::string_view, const Row& in) {
  const Real x = in("prediction"), t = in("target"), floor = Real(1) / 10'000'000;
  return 100 * (abs(x - t) / maximum({abs(t), floor}));
}

}  // namespace assay::reference
