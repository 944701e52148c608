// sum_c t_c (-log p_c) against a row of logits, for soft labels and weighted ones.
#pragma once

#include <cstdint>
#include <limits>

#include "losses/shapes/logits/logit_row.hpp"

namespace assay {

/// The total of a row of targets, of either sign, such that the total of all but one is as accurate as the
/// total, beside what it is made of: without the largest it is summed apart; without another it is a
/// difference, of which the largest is still a part.
template <class W>
class TargetTotal {
 public:
  /// `target(c)` for each of `classes` classes.
  template <class Target>
  TargetTotal(std::size_t classes, const Target& target) {
    W largest = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      const W t = target(c);
      any_ = any_ || t != W(0);
      if (abs(t) > largest) {
        largest = abs(t);
        largest_at_ = c;
      }
    }
    Sum<W> others;
    for (std::size_t c = 0; c < classes; ++c)
      if (c != largest_at_) others.add(target(c));
    others_ = others.total();
    total_ = others_ + (classes == 0 ? W(0) : target(largest_at_));
  }

  /// Some target is not 0.
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] const W& total() const { return total_; }
  [[nodiscard]] W without(std::size_t c, const W& target) const {
    return c == largest_at_ ? others_ : total_ - target;
  }

 private:
  bool any_ = false;
  std::size_t largest_at_ = 0;
  W others_, total_;
};

/// A row's loss; where a term has no limit, all that is known is that it is not negative.
template <class W>
struct Surprise {
  W value;
  bool undetermined = false;
};

/// sum_c t_c (-log p_c), terms with t_c = 0 dropped. No term is negative, so +inf settles the sum even where
/// another term has no limit.
template <class T, class Target>
Surprise<Wide<T>> weighted_surprise(const LogitRow<T>& row, const Target& target) {
  using W = Wide<T>;
  Sum<W> sum;
  bool infinite = false, undetermined = false, nan_target = false;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const W t = target(c);
    if (t == W(0)) continue;
    nan_target = nan_target || is_nan(t);
    const W surprise = row.surprise(c);
    infinite = infinite || is_infinite(surprise);
    undetermined = undetermined || row.undetermined(c);
    sum.add(t * surprise);
  }
  if (infinite && !nan_target) return {W(std::numeric_limits<double>::infinity())};
  return {sum.total(), undetermined && !nan_target};
}

}  // namespace assay
