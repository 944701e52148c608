#include "losses/catalogue/angular_margin.hpp"
#include "losses/numbers/angle.hpp"
#include "losses/numbers/sine_cosine.hpp"
#include "losses/shapes/candidates/cosine_shares.hpp"
#include "losses/shapes/rows/labels.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Candidates are the rows of `weight`, the right one, the label's, at an angle theta that the margin m
/// widens. Its cosine falls by
///   cos theta - cos(theta + m) = cos theta (1 - cos m) + sin theta sin m,
/// which is its handicap: 0 exactly for m = 0, and without a difference that cancels for a small one. Where
/// cos m <= 1/2 as much of cos theta as there is would drop out again, and cos(theta + m) stands by itself:
/// its two terms and the rivals' cosines are what the sensitivity counts.
///
/// Beside what it is for a constant handicap, the gradient has the handicap's own,
///   d cos theta ((1 - cos m) - sin m cos theta / sin theta).
/// At theta = 0 and pi the sine has a kink. What of one row stands across the other is 0 exactly there, and
/// the member of the subdifferential that is taken is 0.
template <class T>
class Row<ArcFace, T> {
 public:
  using W = Wide<T>;
  using Shares = CosineShareRow<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const ArcFace& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        labels_(call.inputs[2], call.inputs[1].extent[0]),
        margin_(sine_cosine(static_cast<T>(loss.margin))),
        shares_(call, 1, W(loss.scale), scratch) {}

  W value(std::int64_t i) {
    right_ = call_.inputs[2].integer[i];
    angle_ = labels_.known(i)
                 ? Angle<T>(row_wise::row(call_.inputs[0], i), row_wise::row(call_.inputs[1], right_))
                 : Angle<T>();
    const bool wide = margin_.cosine <= W(.5);
    const W less = angle_.sine() * margin_.sine, cosine = angle_.cosine();
    return wide ? shares_.value(i, right_, -1, less - cosine * margin_.cosine, Shares::From::zero)
                : shares_.value(i, right_, -1, less + cosine * margin_.versine());
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    const auto by_query = row_wise::gradient_row(call_, 0, i);
    const W sine = angle_.sine();
    const W slope = sine == W(0) ? W(0) : margin_.versine() - margin_.sine * (angle_.cosine() / sine);
    const W factor = cotangent * shares_.by_handicap() * slope;
    shares_.adjoint(cotangent, !by_query.empty(), [&](std::size_t d, const W& rest) {
      by_query[d] = narrow<T>(rest + factor * angle_.by_x(d));
    });
    if (!shares_.tallies() || !labels_.known(i)) return;
    const auto right = static_cast<std::size_t>(right_);
    for (std::size_t d = 0; d < static_cast<std::size_t>(call_.inputs[1].extent[1]); ++d)
      shares_.tally(right, d).add(factor * angle_.by_y(d));
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { shares_.write_shared_gradient(); }

 private:
  const Call<T>& call_;
  Labels labels_;
  SineCosine<W> margin_;
  Shares shares_;
  Angle<T> angle_;
  std::int64_t right_ = 0;
};

}  // namespace assay

ASSAY_KERNEL(ArcFace)
