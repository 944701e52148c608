// The argument of a margin loss: a margin and two scores.
#pragma once

#include <utility>

#include "losses/numbers/quad.hpp"

namespace assay {

/// a + b + c of three machine numbers, to two roundings of the result. The two largest come first: their sum
/// is exact, or one of them is so much the smaller that the third, smaller yet, cannot cancel it. In another
/// order the smallest would drown in a number that cancels afterwards.
template <class W>
W sum_of_three(W a, W b, W c) {
  if (abs(b) < abs(c)) std::swap(b, c);
  if (abs(a) < abs(c)) std::swap(a, c);
  return (a + b) + c;
}

}  // namespace assay
