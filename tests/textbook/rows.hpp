// What textbook formulas of rows share.
#pragma once

#include "tests/textbook/textbook.hpp"

namespace assay::tests::textbook {

/// The greatest number as a constant to subtract; 0 where it is infinite, so that nothing becomes inf - inf.
template <class X>
X shift(const std::vector<X>& x) {
  const X m = constant(maximum(x));
  return std::isinf(m.v) ? X(0) : m;
}
/// How many numbers are +infinity.
template <class X>
std::size_t infinite(const std::vector<X>& x) {
  return static_cast<std::size_t>(
      std::count_if(x.begin(), x.end(), [](const X& each) { return std::isinf(each.v) && each.v > 0; }));
}
template <class X>
X log_sum_exp(const std::vector<X>& x) {
  const X m = maximum(x);
  if (std::isinf(m.v)) return m;  // one infinity decides; what several or none would pass on has no limit
  std::vector<X> powers;
  for (const X& each : x) powers.push_back(exp(each - constant(m)));
  return constant(m) + log(sum(powers));
}
template <class X>
std::vector<X> log_softmax(const std::vector<X>& x) {
  std::vector<X> out = x;
  if (infinite(x) == 1) {
    const X m = maximum(x);
    for (X& each : out) each = each == m ? X(0) : X(-m.v, each.d - m.d);
    return out;
  }
  const X m = constant(maximum(x));
  for (X& each : out) each = each - m;
  const X all = log_sum_exp(out);
  for (X& each : out) each = each - all;
  return out;
}
template <class X>
std::vector<X> softmax(const std::vector<X>& x) {
  std::vector<X> out = x;
  const X m = constant(maximum(x));
  if (infinite(x) == 1) {
    for (X& each : out) each = each == m ? X(1) : X(0);
    return out;
  }
  for (X& each : out) each = exp(each - m);
  const X total = sum(out);
  for (X& each : out) each = each / total;
  return out;
}
template <class X>
X softplus(X x) {
  return max(x, X(0)) + log1p(exp(-abs(x)));
}
template <class X>
X sigmoid(X x) {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
template <class X>
X dot(const std::vector<X>& a, const std::vector<X>& b) {
  std::vector<X> terms;
  for (std::size_t i = 0; i < a.size(); ++i) terms.push_back(a[i] * b[i]);
  return sum(terms);
}
/// Scaled by the largest component, so that no square overflows or vanishes.
template <class X>
X norm(const std::vector<X>& a) {
  auto largest = decltype(X::v){0};
  for (const X& each : a) largest = std::max(largest, std::abs(each.v));
  if (largest == 0 || !std::isfinite(largest)) return a.empty() ? X(0) : X(largest);
  std::vector<X> squares;
  for (const X& each : a) squares.push_back(square(each / largest));
  return sqrt(sum(squares)) * largest;
}
template <class X>
std::vector<X> normalized(std::vector<X> a) {
  const X length = norm(a);
  for (X& each : a) each = length == 0 ? X(0) : each / length;
  return a;
}
template <class X>
std::vector<X> difference(const std::vector<X>& a, const std::vector<X>& b) {
  std::vector<X> out;
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(a[i] - b[i]);
  return out;
}
template <class X>
X cosine(const std::vector<X>& a, const std::vector<X>& b) {
  return dot(normalized(a), normalized(b));
}
template <class X>
X positive_part(X x) {
  return max(x, X(0));
}

}  // namespace assay::tests::textbook
