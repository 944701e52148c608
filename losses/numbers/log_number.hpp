// Positive numbers too large or too small for a Quad: given by their logarithms, which may be infinite.
#pragma once

#include <cstdint>

#include "losses/numbers/quad.hpp"

namespace assay {

/// A logarithm as far as it is finite, and beside it how many infinities it has.
struct Log {
  std::int64_t infinities = 0;
  Quad finite{0};
};
inline Log operator+(const Log& a, const Log& b) {
  return {a.infinities + b.infinities, a.finite + b.finite};
}
inline Log operator-(const Log& a, const Log& b) {
  return {a.infinities - b.infinities, a.finite - b.finite};
}
inline bool operator>(const Log& a, const Log& b) {
  return a.infinities != b.infinities ? a.infinities > b.infinities : a.finite > b.finite;
}

/// factor e^log, or 0. Multiplication adds logarithms, addition compares them; a term that has an infinity
/// less is nothing beside the other. Relative errors are those of Quad, and 2^-104 |log| for each logarithm
/// that is added.
struct LogNumber {
  Quad factor{0};
  Log log;

  LogNumber() = default;
  LogNumber(double whole) : factor(whole) {}  // NOLINT: exact, so that the text for Quad does for LogNumber
  explicit LogNumber(const Log& x) : factor(1), log(x) {}
};
inline bool is_zero(const LogNumber& x) { return x.factor == Quad(0); }

inline LogNumber operator*(const LogNumber& a, const LogNumber& b) {
  if (is_zero(a) || is_zero(b)) return {};
  LogNumber product(a.log + b.log);
  product.factor = a.factor * b.factor;
  return product;
}
inline LogNumber operator+(const LogNumber& a, const LogNumber& b) {
  if (is_zero(a)) return b;
  if (is_zero(b)) return a;
  const bool second = b.log > a.log;
  const LogNumber &more = second ? b : a, &less = second ? a : b;
  LogNumber sum = more;
  if (less.log.infinities == more.log.infinities)
    sum.factor += less.factor * exp(less.log.finite - more.log.finite);
  return sum;
}
inline LogNumber& operator+=(LogNumber& a, const LogNumber& b) { return a = a + b; }

/// a / b where that is a number in Quad's range; 0 and infinity beyond.
inline Quad quotient(const LogNumber& a, const LogNumber& b) {
  if (is_zero(a)) return 0;
  const Log difference = a.log - b.log;
  if (difference.infinities != 0) return difference.infinities < 0 ? Quad(0) : Quad(infinity);
  return a.factor / b.factor * exp(difference.finite);
}
inline Quad quotient(const Quad& a, const Quad& b) { return a / b; }

/// log(1 + x), which is a Quad where x is beyond that range too: beside such an x 1 is nothing.
inline Quad log1p(const LogNumber& x) {
  const Quad in_range = quotient(x, LogNumber(1));
  if (!is_infinite(in_range) || x.log.infinities != 0) return log1p(in_range);
  return x.log.finite + log(x.factor);
}

}  // namespace assay
