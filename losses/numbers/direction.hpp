// A vector in Wide as its length and its direction, with what the direction lacks to an axis kept apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "losses/numbers/quad.hpp"

namespace assay {

/// Euclidean length of v, and of v without its largest component: a direction close to an axis is 1 in that
/// component up to far less than a rounding, and gradients consist of just what is missing.
template <class W>
struct Length {
  W length{0};
  std::size_t top = 0;  ///< where |v| is largest
  W others{0};          ///< sum of the other components' squares

  Length() = default;
  /// `component(i)` for each of `size` components.
  template <class Component>
  Length(std::size_t size, const Component& component) {
    W largest = 0;
    for (std::size_t i = 0; i < size; ++i)
      if (const W v = abs(component(i)); v > largest) {
        largest = v;
        top = i;
      }
    Sum<W> squares;
    for (std::size_t i = 0; i < size; ++i)
      if (i != top) squares.add(square(component(i)));
    others = squares.total();
    // Alone, a component is its length; the root of a rounded square need not be.
    length =
        others == W(0) ? (size == 0 ? W(0) : abs(component(top))) : sqrt(others + square(component(top)));
  }
};

/// Of a row of machine numbers.
template <class T>
Length<Wide<T>> length(std::span<const T> v) {
  return Length<Wide<T>>(v.size(), [v](std::size_t i) { return widen(v[i]); });
}
template <class T>
bool any_nan(std::span<const T> v) {
  return std::ranges::any_of(v, [](T each) { return std::isnan(each); });
}

/// Component i of v/|v|, as `sign` (1 - `lack`) for the largest component, as `value` for the others; 0 for v
/// = 0.
template <class W>
struct Direction {
  bool is_top = false;
  W sign{0}, lack{0}, value{0};

  Direction(const Length<W>& v, std::size_t i, const W& component) : is_top(i == v.top) {
    if (component == W(0)) return;
    value = component / v.length;
    if (!is_top) return;
    sign = component > W(0) ? W(1) : W(-1);
    // 1 - a/|v| = (|v|^2 - a^2) / (|v| (|v| + a))
    lack = v.others / (v.length * (v.length + abs(component)));
  }
};

/// a u + b v for small whole or half a and b. Where both components are the largest of their vectors, the
/// ones are added apart from what they lack, and opposite ones leave no rounding behind.
template <class W>
W combine(const W& a, const Direction<W>& u, const W& b, const Direction<W>& v) {
  if (u.is_top && v.is_top) return (a * u.sign + b * v.sign) - (a * u.sign * u.lack + b * v.sign * v.lack);
  return a * u.value + b * v.value;
}

}  // namespace assay
