// Label smoothing as lanes take it.
#pragma once

#include <cmath>
#include <cstdint>

#include "losses/numbers/quad.hpp"

namespace assay {

/// A target is kept t + floor; a label stands for t = 1 there and 0 elsewhere.
struct Smoothing {
  detail::Pair kept{1, 0}, floor{0, 0};
};

/// kept = 1 - s and floor = s/C, s rounded to T.
template <class T>
Smoothing smoothed(double label_smoothing, std::int64_t classes) {
  const double s = static_cast<T>(label_smoothing);
  auto pair = [](const Quad& x) { return detail::Pair{ldexp(x.hi, x.exponent), ldexp(x.lo, x.exponent)}; };
  return {pair(Quad(1) - Quad(s)), pair(Quad(s) / Quad(static_cast<double>(classes < 1 ? 1 : classes)))};
}

}  // namespace assay
