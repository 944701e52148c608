// mpfr_points of point_engines.hpp: the second opinion, by MPFR at a fixed precision.
#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include "reference/engines/point_engine.hpp"

namespace assay::reference {

using Mpfr = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<point_digits>,
                                           boost::multiprecision::et_off>;

template <>
struct Arithmetic<Mpfr> {
  static Mpfr exact(double x) { return Mpfr(x); }
  static Mpfr pi() { return boost::math::constants::pi<Mpfr>(); }
  static Mpfr exp(const Mpfr& x) {
    const Mpfr y = boost::multiprecision::exp(x);
    if (y == 0) throw std::underflow_error("exp");
    return y;
  }
  static Mpfr log(const Mpfr& x) { return boost::multiprecision::log(x); }
  static Mpfr sqrt(const Mpfr& x) { return boost::multiprecision::sqrt(x); }
  static Mpfr sinh(const Mpfr& x) { return boost::multiprecision::sinh(x); }
  static Mpfr cos(const Mpfr& x) { return boost::multiprecision::cos(x); }
  static Mpfr sin(const Mpfr& x) { return boost::multiprecision::sin(x); }
  static Mpfr noise() {
    static const Mpfr n("1e-785");
    return n;
  }
  static bool usable(const Mpfr& x) { return boost::multiprecision::isfinite(x); }
  static std::string text(const Mpfr& x) { return x.str(point_digits, std::ios_base::scientific); }
};

std::vector<Point> mpfr_points(const Graph& graph, std::span<const std::int32_t> roots) {
  return PointEngine<Mpfr>(graph).evaluate(roots);
}

}  // namespace assay::reference
