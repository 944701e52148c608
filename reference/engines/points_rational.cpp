// rational_points and is_rational of point_engines.hpp: fractions, where a formula needs no more.
#include <stdexcept>

#include "reference/engines/point_engine.hpp"
#include "reference/numbers/exact_form.hpp"

namespace assay::reference {

// Only what fractions are closed under. The rest is never called: is_rational looked first.
template <>
struct Arithmetic<Fraction> {
  [[noreturn]] static Fraction irrational() { throw std::domain_error("not a fraction"); }
  static Fraction exact(double x) { return Fraction(x); }
  static Fraction pi() { irrational(); }
  static Fraction exp(const Fraction&) { irrational(); }
  static Fraction log(const Fraction&) { irrational(); }
  static Fraction sqrt(const Fraction&) { irrational(); }
  static Fraction sinh(const Fraction&) { irrational(); }
  static Fraction cos(const Fraction&) { irrational(); }
  static Fraction sin(const Fraction&) { irrational(); }
  static Fraction noise() { return 0; }
  static bool usable(const Fraction&) { return true; }
  static std::string text(const Fraction& x) { return x.str(); }
};

std::vector<Point> rational_points(const Graph& graph, std::span<const std::int32_t> roots) {
  return PointEngine<Fraction>(graph).evaluate(roots);
}

bool is_rational(const Graph& graph, std::span<const std::int32_t> roots) {
  const std::vector<std::uint8_t> needed = needed_for(graph, roots);
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (needed[i] && !facts_of(graph.nodes[i].op).rational) return false;
  return true;
}

}  // namespace assay::reference
