// binary_points of point_engines.hpp: a third library, Boost's own binary floating point.
#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "reference/engines/point_engine.hpp"

namespace assay::reference {

using Binary = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<point_digits>,
                                             boost::multiprecision::et_off>;

template <>
struct Arithmetic<Binary> {
  static Binary exact(double x) { return Binary(x); }
  static Binary pi() { return boost::math::constants::pi<Binary>(); }
  static Binary exp(const Binary& x) {
    const Binary y = boost::multiprecision::exp(x);
    if (y == 0) throw std::underflow_error("exp");
    return y;
  }
  static Binary log(const Binary& x) { return boost::multiprecision::log(x); }
  static Binary sqrt(const Binary& x) { return boost::multiprecision::sqrt(x); }
  static Binary sinh(const Binary& x) { return boost::multiprecision::sinh(x); }
  static Binary cos(const Binary& x) { return boost::multiprecision::cos(reducible(x)); }
  static Binary sin(const Binary& x) { return boost::multiprecision::sin(reducible(x)); }
  /// Beyond, the library's pi has too few digits to say where on the circle x is.
  static const Binary& reducible(const Binary& x) {
    if (abs(x) > 1e6) throw std::overflow_error("angle");
    return x;
  }
  static Binary noise() {
    static const Binary n("1e-785");
    return n;
  }
  static bool usable(const Binary& x) { return boost::multiprecision::isfinite(x); }
  static std::string text(const Binary& x) { return x.str(point_digits, std::ios_base::scientific); }
};

std::vector<Point> binary_points(const Graph& graph, std::span<const std::int32_t> roots) {
  return PointEngine<Binary>(graph).evaluate(roots);
}

}  // namespace assay::reference
