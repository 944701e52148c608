// Of arithmetic.hpp: formulas in numbers of so many digits that no rounding of theirs is seen in a dtype.
#include <boost/multiprecision/mpfr.hpp>

#include "tools/mechanisms/evaluation.hpp"

namespace assay::mechanisms {

using Wide = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<60, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

std::vector<long double> in_many_digits(const reference::Graph& graph, std::span<const std::int32_t> roots,
                                        const Habits& habits) {
  Habits own = habits;
  own.log1p = own.drops_zeros = own.careful_norm = true;
  Evaluation<Wide> evaluation(graph, own);
  const std::vector<Wide>& all = evaluation.evaluate(roots);
  std::vector<long double> out(all.size());
  constexpr long double most = std::numeric_limits<long double>::max();
  for (std::size_t i = 0; i < all.size(); ++i) {
    out[i] = static_cast<long double>(all[i]);
    // An exponential is no infinity because its exponent is beyond MPFR's, nor is what a long double is too
    // short for.
    const reference::Op op = graph.nodes[i].op;
    const bool power = op == reference::Op::exp || op == reference::Op::cosh;
    const bool finite = power ? isfinite(all[static_cast<std::size_t>(graph.nodes[i].a)]) : isfinite(all[i]);
    if (std::isinf(out[i]) && finite) out[i] = std::copysign(most, out[i]);
  }
  return out;
}

}  // namespace assay::mechanisms
