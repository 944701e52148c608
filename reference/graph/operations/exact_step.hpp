// What an operation is given to compute its result exactly, where it has an exact form:
// Operation<...>::exact.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "reference/graph/real.hpp"
#include "reference/numbers/exact_form.hpp"

namespace assay::reference {

/// A form that is known, or nothing.
using Known = std::optional<ExactForm>;

struct ExactStep {
  const Graph& graph;
  const Node& n;
  std::span<const Known> values;

  [[nodiscard]] const Known& value(std::int32_t i) const { return values[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const Known& a() const { return value(n.a); }
  [[nodiscard]] const Known& b() const { return value(n.b); }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return graph.operands[static_cast<std::size_t>(n.a + k)];
  }
  [[nodiscard]] std::optional<Fraction> fraction(std::int32_t i) const {
    return value(i) ? value(i)->fraction() : std::nullopt;
  }
  [[nodiscard]] bool zero(std::int32_t i) const { return value(i) && value(i)->zero(); }

  [[nodiscard]] Known product() const { return a() && b() ? *a() * *b() : Known(); }
  [[nodiscard]] Known inverse(std::int32_t i) const { return value(i) ? value(i)->inverse() : Known(); }
  [[nodiscard]] Known quotient() const {
    if (!a()) return {};
    const Known by = inverse(n.b);
    return by ? *a() * *by : Known();
  }
  /// f of an operand that is a fraction.
  template <class F>
  [[nodiscard]] Known of_fraction(F&& f) const {
    const auto x = fraction(n.a);
    return x ? Known(f(*x)) : Known();
  }
};

}  // namespace assay::reference
