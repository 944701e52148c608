// The sine and the cosine of an angle that is a machine number, however large: a margin.
#pragma once

#include <cmath>

#include "losses/numbers/quad.hpp"

namespace assay {

template <class W>
struct SineCosine {
  W sine, cosine;

  /// 1 - cosine, without the cancellation where that is close to 1.
  [[nodiscard]] W versine() const { return cosine > W(0) ? square(sine) / (W(1) + cosine) : W(1) - cosine; }
};

/// Within an ulp of double each.
inline SineCosine<double> sine_cosine(float angle) {
  return {std::sin(static_cast<double>(angle)), std::cos(static_cast<double>(angle))};
}
/// To 2^-100 of each.
SineCosine<Quad> sine_cosine(double angle);

}  // namespace assay
