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
  own.log1p = true;
  Evaluation<Wide> evaluation(graph, own);
  const std::vector<Wide>& all = evaluation.evaluate(roots);
  std::vector<long double> out(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) out[i] = static_cast<long double>(all[i]);
  return out;
}

}  // namespace assay::mechanisms
