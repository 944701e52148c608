#include "losses/shapes/element_wise/element_wise_sum.hpp"

#include <cmath>
#include <vector>

#include "losses/shapes/kernel.hpp"
#include "losses/shapes/parallel.hpp"

namespace assay {
namespace {

/// Large enough that joining costs nothing, small enough to go round.
constexpr std::size_t segment = 65536;

/// What a sum must leave of its terms.
template <class T>
constexpr double enough_left = in_double<T> ? 0x1p-14 : 0x1p-18;

template <class T>
bool determined(const ElementWiseSum& sum) {
  return std::fabs(sum.lanes.hi) >= sum.size * enough_left<T>;
}

/// sum / divisor rounded once, for a sum and a quotient well inside the range of the dtype: the error of the
/// remainder's quotient is 2^-104 of the result. For float, 2^-53 of it will do.
template <class T>
T quotient(const detail::Pair& sum, double divisor) {
  const double q = sum.hi / divisor;
  if constexpr (in_double<T>) return static_cast<T>(q);
  return static_cast<T>(q + (std::fma(-q, divisor, sum.hi) + sum.lo) / divisor);
}

}  // namespace

template <class T>
bool sum_of_segments(const Call<T>& call, std::size_t count, ElementWiseJob job) {
  const std::size_t segments = (count + segment - 1) / segment;
  auto end_of = [count](std::size_t s) {
    return s * segment + segment < count ? s * segment + segment : count;
  };
  const bool reduced = call.reduction != Reduction::none;
  const double divisor = call.reduction == Reduction::mean ? static_cast<double>(count) : 1;

  Quad total;
  ElementWiseSum whole;
  auto join = [&](const ElementWiseSum& sum) {
    total += detail::normalised(sum.lanes, 0) + sum.slow;
    whole.size += sum.size;
  };
  if (segments == 1) {
    const ElementWiseSum sum = job(0, count);
    const double size = std::fabs(sum.lanes.hi);
    if (reduced && call.value != nullptr && sum.slow == Quad(0) && size > 0x1p-900 && size < 0x1p900) {
      *call.value = quotient<T>(sum.lanes, divisor);
      return determined<T>(sum);
    }
    join(sum);
  } else if (call.threads > 1) {
    std::vector<ElementWiseSum> sums(segments);
    detail::for_each_segment(call.threads, segments,
                             [&](std::size_t s) { sums[s] = job(s * segment, end_of(s)); });
    for (const ElementWiseSum& each : sums) join(each);
  } else {
    for (std::size_t s = 0; s < segments; ++s) join(job(s * segment, end_of(s)));
  }
  if (!reduced || call.value == nullptr) return true;
  *call.value = narrow<T>(total / Quad(divisor));
  whole.lanes.hi = ldexp(total.hi, total.exponent);
  return determined<T>(whole);
}

#define ASSAY_SUM_OF_SEGMENTS(name, T, ...) \
  template bool sum_of_segments(const Call<T>&, std::size_t, ElementWiseJob);
ASSAY_FOR_EACH_DTYPE(ASSAY_SUM_OF_SEGMENTS)

}  // namespace assay
