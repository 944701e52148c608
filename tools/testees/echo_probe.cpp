#include "tools/testees/echo_probe.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tools/text/codec.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

bool subnormal(Dtype dtype, double x) { return x != 0 && std::fabs(x) < format(dtype).smallest_normal(); }

bool same(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

Tensor echo_probe(Dtype dtype) {
  const Format& f = format(dtype);
  const double third = round_to(dtype, 1. / 3), normal = f.smallest_normal(), least = f.smallest_subnormal();
  Tensor out;
  for (const double x :
       {0., 1., 1 + f.epsilon(), 1 - f.epsilon() / 2, third, 0.1, 1e-10, 123456789., f.largest(),
        f.largest() / 3, normal, normal - least, normal * third, least * 3, least, infinity})
    for (const double each : {x, -x}) out.real.push_back(round_to(dtype, each));
  out.real.push_back(std::numeric_limits<double>::quiet_NaN());
  out.shape = {static_cast<std::int64_t>(out.real.size())};
  return out;
}

std::optional<EchoChange> echo_change(const Tensor& sent, const Tensor& came, Dtype dtype) {
  if (came.shape != sent.shape)
    return EchoChange{fmt::format("a tensor of shape [{}] came back with shape [{}]",
                                  fmt::join(sent.shape, ", "), fmt::join(came.shape, ", "))};
  std::size_t changed = 0, first = 0, flushed = 0, unsigned_zeros = 0;
  for (std::size_t i = sent.size(); i-- > 0;) {
    if (same(sent.real[i], came.real[i])) continue;
    ++changed;
    first = i;
    flushed += subnormal(dtype, sent.real[i]) && came.real[i] == 0;
    unsigned_zeros += sent.real[i] == 0 && came.real[i] == 0;
  }
  if (changed == 0) return std::nullopt;
  if (changed == unsigned_zeros)
    return EchoChange{"-0 comes back as 0; no verdict depends on the sign of a zero", Severity::note};
  if (changed == flushed + unsigned_zeros)
    return EchoChange{fmt::format("subnormal numbers come back as zero ({} of {})", flushed, sent.size())};
  return EchoChange{fmt::format("{} of {} numbers came back changed, the first: sent {} ({}), got {} ({})",
                                changed, sent.size(), shortest(dtype, sent.real[first]),
                                bits(dtype, sent.real[first]), shortest(dtype, came.real[first]),
                                bits(dtype, came.real[first]))};
}

}  // namespace assay
