#include "losses/catalogue/overlap.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/overlap-inl.hpp"

ASSAY_BEGIN

template <>
struct PairTerms<Dice> {
  static std::variant<LinearOverlap, SquaredOverlap> of(const Dice& loss) {
    if (loss.squared) return SquaredOverlap{loss.smooth};
    return LinearOverlap{1, 1, 2, loss.smooth};
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/pairs/overlap.hpp"

namespace assay {
namespace {

/// n = (x-y)^2 and k = 2xy with squares, else n = x(1-y) + (1-x)y.
template <class W>
struct DiceColumns {
  W smooth;
  bool squared;

  [[nodiscard]] OverlapColumn<W> by_probability(const W& p, const W& g) const { return by(p, g); }
  [[nodiscard]] OverlapColumn<W> by_target(const W& p, const W& g) const { return by(g, p); }

  /// With squares, 2 ((x-y) (y (x+y) + K) - y N). Where x - y <= 1/2, one of x and y is as near to the end of
  /// the domain that it is closest to as x is to y, and moving it moves what cancels by its size. Where x is
  /// near 1 and y near 0, x^2 may cancel against N, and nothing that x, y and the others lack to the ends
  /// moves it: that is taken first, 1 - 1 apart from what is small.
  template <class EachOther>
  [[nodiscard]] W numerator(const OverlapColumn<W>& column, const W& apart, const W& shared, const W& x,
                            const W& y, const EachOther& each_other) const {
    if (!squared) return linear_numerator(column, apart, shared);
    const W difference = x - y;
    if (!(difference > W(.5) && apart < W(2)))
      return W(2) * (difference * (y * (x + y) + shared) - y * apart);
    W large = square(x);
    Sum<W> small;
    small.add(square(y));
    each_other([&](const W& u, const W& v) {
      const W square_apart = square(u - v);
      if (square_apart > W(.25))
        large = large - square_apart;
      else
        small.add(square_apart);
    });
    return W(2) * (y * (large - small.total()) + difference * shared);
  }

 private:
  [[nodiscard]] OverlapColumn<W> by(const W& x, const W& y) const {
    if (!squared) return linear_column(W(1), W(1), W(2), x, y);
    const W difference = x - y;
    return {square(difference), W(2) * x * y, W(2) * difference, W(2) * y, W(2) * y * difference * (x + y)};
  }
};

}  // namespace

template <class T>
class Row<Dice, T> : public OverlapRow<T, DiceColumns<Wide<T>>> {
 public:
  Row(const Dice& loss, const Call<T>& call)
      : OverlapRow<T, DiceColumns<Wide<T>>>({Wide<T>(loss.smooth), loss.squared}, call) {}
};

}  // namespace assay

#endif

ASSAY_KERNEL(Dice)
