#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Mape>(const Row& in) {
  const Real x = in("prediction"), t = in("target");
  return 100 * abs((x - t) / t);
}

template <>
Term conventional<Mape>(std::string_view name, const Row& in) {
  const Real x = in("prediction"), t = in("target");
  // scikit-learn's is binary64's epsilon in every dtype.
  const Real least = Real(1) / (name == "target-floored-1e-7" ? 10'000'000 : std::int64_t{1} << 52);
  return 100 * (abs(x - t) / maximum({abs(t), least}));
}

}  // namespace assay::reference
