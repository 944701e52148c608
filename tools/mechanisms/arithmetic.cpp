#include "tools/mechanisms/arithmetic.hpp"

#include "tools/mechanisms/evaluation.hpp"

namespace assay::mechanisms {

std::vector<double> in_dtype(Dtype dtype, const reference::Graph& graph, std::span<const std::int32_t> roots,
                             const Habits& habits) {
  return visit(dtype, [&]<class T>() {
    Evaluation<T> evaluation(graph, habits);
    const std::vector<T>& all = evaluation.evaluate(roots);
    return std::vector<double>(all.begin(), all.end());
  });
}

}  // namespace assay::mechanisms
