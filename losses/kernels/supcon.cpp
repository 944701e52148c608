#include <numeric>

#include "losses/catalogue/contrastive.hpp"
#include "losses/shapes/candidates/cosine_shares.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Candidates are all other rows, the positives those of the row's label. With b the best candidate and n
/// positives,
///   (1/n) sum_p (s_b - s_p) + log1p(sum_{a != b} e^{s_a - s_b}),
/// in which no term is negative.
///
/// Row i moves its cosine with row a by w_ia = p_ia - [a is a positive]/n, p the share. Both rows of a pair
/// move the one cosine that they have, and where shares are all but 0 and 1 they can undo each other to the
/// last e^{s_a - s_b}: w_ia + w_ai is summed before anything is multiplied by it, and each w in two parts.
/// With e^{s_a - s_b} = one + excess, N ones and excesses of E in all,
///   p = (one + excess)/(N + E) = one/N + (N excess - one E)/(N (N + E)),
/// so that the first part of w is a fraction of whole numbers, which in lowest terms undoes itself exactly,
/// and the second is what the inputs alone determine.
template <class T>
class Row<SupCon, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 0;

  Row(const SupCon& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : labels_(call.inputs[1].integer),
        scale_(W(1) / W(loss.temperature)),
        candidates_(call, 0, scratch),
        anchors_(scratch.take<Anchor>(call.inputs[0].extent[0])),
        weights_(scratch.take<Weight>(call.inputs[0].extent[0])),
        moved_(scratch.take<W>(call.inputs[0].extent[1])) {}

  [[nodiscard]] bool kept(std::int64_t i) const { return positives(static_cast<std::size_t>(i)) > 0; }
  [[nodiscard]] W mean_weight(std::int64_t) const { return W(1); }

  W value(std::int64_t row) {
    const auto i = static_cast<std::size_t>(row);
    candidates_.ask(row);
    if (candidates_.undefined()) return row_wise::not_a_number<W>();

    Anchor& anchor = anchors_[i];
    anchor.best = anchors_.size();
    each_beside(i, [&](std::size_t a) {
      if (anchor.best == anchors_.size() || candidates_.lead(a, anchor.best) > W(0)) anchor.best = a;
    });
    anchor.positives = positives(i);
    Sum<W> behind, beside_best, excesses;
    each_beside(i, [&](std::size_t a) {
      const W ahead = ahead_of_best(anchor, a);
      const Power<W> power(ahead);
      if (alike(i, a)) behind.add(-ahead);
      if (a != anchor.best) beside_best.add(power.total());
      anchor.ones += power.one == W(1);
      excesses.add(power.excess);
    });
    anchor.excesses = excesses.total();
    return behind.total() / count(anchor.positives) + log1p(beside_best.total());
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    Anchor& anchor = anchors_[static_cast<std::size_t>(i)];
    some_move_ = true;
    anchor.moves = true;
    anchor.factor = candidates_.undefined() ? row_wise::not_a_number<W>() : cotangent * scale_;
  }

  void finish(const W&, const row_wise::Cotangent<T>&) {
    if (!candidates_.tallies()) return;
    // A NaN is met by whoever moves, and by nobody else.
    for (std::size_t i = 0; some_move_ && i < anchors_.size(); ++i) {
      each_beside(i, [&](std::size_t a) { weights_[a] = weight(i, a) + weight(a, i); });
      candidates_.ask(static_cast<std::int64_t>(i));
      for (std::size_t d = 0; d < moved_.size(); ++d) {
        PartsSum<W> sum;
        each_beside(
            i, [&](std::size_t a) { sum.add(weights_[a].whole, weights_[a].rest, candidates_.cross(a, d)); });
        moved_[d] = sum.total();
      }
      candidates_.each_across_query(
          moved_, [&](std::size_t d, const W& slope) { candidates_.tally(i, d).add(slope); });
    }
    candidates_.write_gradient();
  }

 private:
  struct Anchor {
    std::size_t best = 0;
    std::int64_t positives = 0, ones = 0;
    std::int64_t moves = false;  ///< it counts, and its cotangent is not 0
    W excesses{0}, factor{0};
  };
  struct Weight {
    W whole{0}, rest{0};
    Weight operator+(const Weight& other) const { return {whole + other.whole, rest + other.rest}; }
  };

  static W count(std::int64_t n) { return W(static_cast<double>(n)); }
  /// The same number for every spelling of a fraction.
  static W fraction(std::int64_t above, std::int64_t below) {
    const std::int64_t common = std::gcd(above, below);
    return count(above / common) / count(below / common);
  }

  template <class Visit>
  void each_beside(std::size_t i, const Visit& visit) const {
    for (std::size_t a = 0; a < anchors_.size(); ++a)
      if (a != i) visit(a);
  }
  [[nodiscard]] bool alike(std::size_t i, std::size_t a) const { return labels_[i] == labels_[a]; }
  [[nodiscard]] std::int64_t positives(std::size_t i) const {
    std::int64_t found = 0;
    for (std::size_t a = 0; a < candidates_.count(); ++a) found += a != i && alike(i, a);
    return found;
  }
  /// s_a - s_b, of the row that was asked about.
  [[nodiscard]] W ahead_of_best(const Anchor& anchor, std::size_t a) const {
    return a == anchor.best ? W(0) : scale_ * candidates_.lead(a, anchor.best);
  }

  /// w_ia, times the cotangent and the scale.
  [[nodiscard]] Weight weight(std::size_t i, std::size_t a) {
    const Anchor& anchor = anchors_[i];
    if (!anchor.moves) return {};
    if (is_nan(anchor.factor)) return {anchor.factor, anchor.factor};
    candidates_.ask(static_cast<std::int64_t>(i));
    const Power<W> power(ahead_of_best(anchor, a));
    const std::int64_t n = anchor.positives, ones = anchor.ones;
    const W all = count(ones), more = anchor.excesses;
    return {anchor.factor * fraction((power.one == W(1) ? n : 0) - (alike(i, a) ? ones : 0), n * ones),
            anchor.factor * ((all * power.excess - power.one * more) / (all * (all + more)))};
  }

  const std::int64_t* labels_;
  W scale_;
  CosineCandidates<T> candidates_;
  std::span<Anchor> anchors_;
  std::span<Weight> weights_;
  std::span<W> moved_;
  bool some_move_ = false;
};

}  // namespace assay

ASSAY_KERNEL(SupCon)
