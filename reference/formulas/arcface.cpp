#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

struct Label {
  Real cos, sin;  ///< of the angle to its weight, scaled
  AtMost blunt;   ///< it is a right one or more
};

/// By what of w stands across x, times |x|^2: exactly 0 for rows of one direction. The cosine with a row of
/// zeros is 0, the angle a right one.
Real sine(const Vector& x, const Vector& w) {
  const Real xx = dot(x, x), xw = dot(x, w), ww = dot(w, w);
  Vector across;
  for (std::size_t i = 0; i < x.size(); ++i) across.push_back(xx * w[i] - xw * x[i]);
  return where(xx * ww <= 0, 1, norm(across) / (xx * norm(w)));
}

/// Equation 3, `widened` being the cosine of the label's angle and the margin.
template <class Widened>
Term angular(const Row& in, const Widened& widened) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Real s = in("scale");
  const Vector row = in.row("embedding"), x = in.direction(row);
  Vector powers;
  for (const Vector& w : in.matrix("weight")) {
    const Real scaled = mark(s * dot(x, in.direction(w)));
    powers.push_back(powers.size() == y
                         ? exp(widened(Label{scaled, mark(s * sine(row, w)), dot(row, w) <= 0}))
                         : exp(scaled));
  }
  return {-log(powers[y] / sum(powers)), s};
}

}  // namespace

template <>
Term formula<ArcFace>(const Row& in) {
  const Real m = in("margin");
  return angular(in, [&](const Label& y) { return y.cos * cos(m) - y.sin * sin(m); });
}

template <>
Term conventional<ArcFace>(std::string_view name, const Row& in) {
  const Real s = in("scale"), m = name == "margin-in-degrees" ? in("margin") * pi() / 180 : in("margin");
  return angular(in, [&](const Label& y) {
    const Real wider = y.cos * cos(m) - y.sin * sin(m);
    if (name == "easy-margin") return where(y.blunt, y.cos, wider);
    if (name == "linear-beyond-pi-minus-margin")
      return where(y.cos <= s * cos(pi() - m), y.cos - s * (sin(pi() - m) * m), wider);
    return wider;
  });
}

}  // namespace assay::reference
