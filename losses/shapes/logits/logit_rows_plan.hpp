// What a loss over rows of logits tells the lanes: which it is, and its constants.
#pragma once

#include <cstddef>
#include <cstdint>

#include "losses/shapes/rows/row_wise_lanes.hpp"

namespace assay {

enum class LogitLoss : std::uint8_t {
  log_sum_exp,
  softmax,
  log_softmax,
  labels,   ///< input 1 is a label a row, input 2 the weights of the classes
  poly,     ///< -log p_y + epsilon (1 - p_y) of such a label
  focal,    ///< (1 - p_y)^gamma (-log p_y) of such a label, weighted
  targets,  ///< input 1 is a row of targets
};

/// What a label's -log p_y is not the loss itself, but a part of.
constexpr bool is_shaped(LogitLoss kind) { return kind == LogitLoss::poly || kind == LogitLoss::focal; }
constexpr bool has_labels(LogitLoss kind) { return kind == LogitLoss::labels || is_shaped(kind); }

/// A target is kept t + floor; a label stands for t = 1 there and 0 elsewhere.
struct LogitTerms {
  detail::Pair kept{1, 0}, floor{0, 0};
  bool weighted = false;
  bool careful = false;  ///< all digits everywhere: the sum of the rows' values cancels
  std::int64_t ignored =
      -1;  ///< rows with this label are left to others, as are those whose label is no class
  double epsilon = 0;
  detail::Pair shifted{1, 0};  ///< 1 + epsilon, not negative
  double gamma = 0;            ///< from 0 to 2^10
};

/// kept = 1 - s and floor = s/C of label smoothing, s rounded to T.
template <class T>
LogitTerms smoothed(double label_smoothing, std::int64_t classes) {
  const double s = static_cast<T>(label_smoothing);
  auto pair = [](const Quad& x) {
    return detail::Pair{std::ldexp(x.hi, static_cast<int>(x.exponent)),
                        std::ldexp(x.lo, static_cast<int>(x.exponent))};
  };
  return {pair(Quad(1) - Quad(s)), pair(Quad(s) / Quad(static_cast<double>(classes < 1 ? 1 : classes)))};
}

}  // namespace assay
