// What textbook formulas of rows share.
#pragma once

#include "tests/witnesses/textbook/textbook.hpp"

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
bool any_nan(const std::vector<X>& x) {
  return std::any_of(x.begin(), x.end(), [](const X& each) { return std::isnan(each.v); });
}
template <class X>
X log_sum_exp(const std::vector<X>& x) {
  const X m = maximum(x);
  if (std::isinf(m.v)) {  // one infinity decides; what several or none would pass on has no limit
    const bool unknown = m.d != 0 && infinite(x) != 1;
    return {m.v, unknown ? std::numeric_limits<decltype(X::v)>::quiet_NaN() : m.d};
  }
  std::vector<X> powers;
  for (const X& each : x) powers.push_back(exp(each - constant(m)));
  return constant(m) + log(sum(powers));
}
template <class X>
std::vector<X> log_softmax(const std::vector<X>& x) {
  std::vector<X> out = x;
  constexpr auto nan = std::numeric_limits<decltype(X::v)>::quiet_NaN();
  if (x.size() == 1) return {std::isnan(x[0].v) ? X(nan, nan) : X(0)};
  if (const std::size_t many = infinite(x); many != 0 && !any_nan(x)) {
    const X m = maximum(x);
    for (X& each : out)
      each = each < m ? X(-m.v, each.d - m.d) : many == 1 ? X(0) : X(nan, each.d == 0 ? 0 : nan);
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
  constexpr auto nan = std::numeric_limits<decltype(X::v)>::quiet_NaN();
  if (const std::size_t many = infinite(x); many != 0 && !any_nan(x)) {
    for (X& each : out) each = each < m ? X(0) : many == 1 ? X(1) : X(nan, each.d == 0 ? 0 : nan);
    return out;
  }
  for (X& each : out) each = exp(each - m);
  const X total = sum(out);
  for (X& each : out) each = each / total;
  return out;
}
/// A class's share, that of the others together, and the share's logarithm.
template <class X>
struct Shares {
  X own, others, log_own;

  /// others^gamma * -log own. Its slope by log own is all that is passed on: by `others` it may be infinite.
  [[nodiscard]] X focal(X gamma) const {
    const auto log_others = own < .5 ? std::log1p(-own.v) : std::log(others.v), g = gamma.v;
    const auto power = g == 0 ? 1 : std::exp(g * log_others);
    const auto turned = g == 0 ? 0 : g * own.v * (others == 0 ? 1 : -log_own.v / others.v);
    const auto factor = std::isinf(log_own.v) ? power : power * (1 + turned);
    return {times(power, -log_own.v), -times(log_own.d, factor)};
  }
};
template <class X>
Shares<X> shares(const std::vector<X>& x, std::size_t y) {
  const std::vector<X> all = softmax(x);
  std::vector<X> rest;
  for (std::size_t c = 0; c < all.size(); ++c)
    if (c != y) rest.push_back(all[c]);
  const X others = sum(rest);
  return {all[y], others, others < .5 ? log1p(-others) : log_softmax(x)[y]};
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
/// The size of the largest number, NaN left out.
template <class X>
auto largest_size(const std::vector<X>& a) {
  auto largest = decltype(X::v){0};
  for (const X& each : a) largest = std::max(largest, std::abs(each.v));
  return largest;
}
/// Scaled by the largest component, so that no square overflows or vanishes.
template <class X>
X norm(const std::vector<X>& a) {
  if (any_nan(a)) {
    const bool asked = std::any_of(a.begin(), a.end(), [](const X& each) { return each.d != 0; });
    constexpr auto nan = std::numeric_limits<decltype(X::v)>::quiet_NaN();
    return {nan, asked ? nan : 0};
  }
  const auto largest = largest_size(a);
  if (largest == 0 || !std::isfinite(largest)) return a.empty() ? X(0) : X(largest);
  std::vector<X> squares;
  for (const X& each : a) squares.push_back(square(each / largest));
  return sqrt(sum(squares)) * largest;
}
/// Of numbers about 1, so that no length overflows.
template <class X>
std::vector<X> normalized(std::vector<X> a) {
  const auto largest = largest_size(a);
  if (largest != 0)
    for (X& each : a) each = each / largest;
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
std::vector<X> total(const std::vector<X>& a, const std::vector<X>& b) {
  std::vector<X> out;
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(a[i] + b[i]);
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
