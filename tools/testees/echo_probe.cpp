#include "tools/testees/echo_probe.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tools/text/codec.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

template <class T>
std::vector<double> probe() {
  using Limits = std::numeric_limits<T>;
  const T third = T(1) / T(3);
  const T least_normal = Limits::min(), least = Limits::denorm_min();
  std::vector<double> out;
  for (const T x : {T(0), T(1), T(1) + Limits::epsilon(), T(1) - Limits::epsilon() / 2, third, T(0.1),
                    T(1e-10), T(123456789), Limits::max(), Limits::max() / 3, least_normal,
                    least_normal - least, least_normal * third, least * 3, least, Limits::infinity()}) {
    out.push_back(x);
    out.push_back(-x);
  }
  out.push_back(Limits::quiet_NaN());
  return out;
}

bool subnormal(Dtype dtype, double x) { return x != 0 && std::fabs(x) < format(dtype).smallest_normal(); }

bool same(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

Tensor echo_probe(Dtype dtype) {
  Tensor out;
  out.real = visit(dtype, []<class T>() { return probe<T>(); });
  out.shape = {static_cast<std::int64_t>(out.real.size())};
  return out;
}

std::optional<std::string> echo_difference(const Tensor& sent, const Tensor& came, Dtype dtype) {
  if (came.shape != sent.shape)
    return fmt::format("a tensor of shape [{}] came back with shape [{}]", fmt::join(sent.shape, ", "),
                       fmt::join(came.shape, ", "));
  std::size_t changed = 0, first = 0, flushed = 0;
  for (std::size_t i = sent.size(); i-- > 0;) {
    if (same(sent.real[i], came.real[i])) continue;
    ++changed;
    first = i;
    flushed += subnormal(dtype, sent.real[i]) && came.real[i] == 0;
  }
  if (changed == 0) return std::nullopt;
  if (changed == flushed)
    return fmt::format("subnormal numbers come back as zero ({} of {})", changed, sent.size());
  return fmt::format("{} of {} numbers came back changed, the first: sent {} ({}), got {} ({})", changed,
                     sent.size(), shortest(dtype, sent.real[first]), bits(dtype, sent.real[first]),
                     shortest(dtype, came.real[first]), bits(dtype, came.real[first]));
}

}  // namespace assay
