#include "losses/shapes/rows/row_wise_lanes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "losses/shapes/parallel.hpp"

namespace assay {
namespace {

/// About 65,536 numbers, in whole sixteens of rows, and no more rows than a sum in lanes takes.
std::size_t rows_in_segment(std::int64_t width) {
  const std::size_t rows = 65536 / static_cast<std::size_t>(width);
  return std::clamp<std::size_t>(rows / 16 * 16, 16, 4096);
}

/// What a sum must leave of its terms.
template <class T>
constexpr double enough_left = in_double<T> ? 0x1p-14 : 0x1p-18;

}  // namespace

template <class T>
bool set_divisor(RowPlan<T>& plan, const Quad& divisor) {
  if (plan.rows == 0 || plan.width == 0 || !is_finite(divisor)) return false;
  plan.divisor = divisor;
  const T cotangent = plan.call.cotangent == nullptr ? T{1} : *plan.call.cotangent;
  if (plan.call.reduction == Reduction::none) return true;
  const Quad common = plan.call.reduction == Reduction::mean ? Quad(cotangent) / divisor : Quad(cotangent);
  if (!is_finite(common) || common.exponent < -400 || common.exponent > 400) return false;
  plan.common = {std::ldexp(common.hi, static_cast<int>(common.exponent)),
                 std::ldexp(common.lo, static_cast<int>(common.exponent))};
  return true;
}

template <class T>
bool sum_of_rows(const RowPlan<T>& plan, RowJob job) {
  const auto rows = static_cast<std::size_t>(plan.rows);
  const std::size_t segment = rows_in_segment(plan.width), segments = (rows + segment - 1) / segment;
  auto end_of = [=](std::size_t s) { return std::min(rows, (s + 1) * segment); };
  Quad total;
  double size = 0;
  bool summable = true;
  auto join = [&](const RowSums& sum) {
    total += detail::normalised(sum.lanes, 0) + sum.slow;
    size += sum.size;
    summable = summable && sum.summable;
  };
  if (plan.call.threads > 1 && segments > 1) {
    std::vector<RowSums> sums(segments);
    detail::for_each_segment(plan.call.threads, segments,
                             [&](std::size_t s) { sums[s] = job(s * segment, end_of(s)); });
    for (const RowSums& each : sums) join(each);
  } else {
    for (std::size_t s = 0; s < segments; ++s) join(job(s * segment, end_of(s)));
  }
  if (plan.call.reduction == Reduction::none) return true;
  if (!summable) return false;
  if (plan.call.value != nullptr)
    *plan.call.value = narrow<T>(plan.call.reduction == Reduction::mean ? total / plan.divisor : total);
  const double known = ldexp(std::fabs(total.hi), total.exponent);
  return known >= size * enough_left<T>;
}

#define ASSAY_ROWS_IN_LANES(name, T, ...)              \
  template bool set_divisor(RowPlan<T>&, const Quad&); \
  template bool sum_of_rows(const RowPlan<T>&, RowJob);
ASSAY_FOR_EACH_DTYPE(ASSAY_ROWS_IN_LANES)

}  // namespace assay
