#include <span>

#include "losses/catalogue/speaker.hpp"
#include "losses/numbers/direction.hpp"
#include "losses/numbers/exact_sum.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {
namespace {

/// A vector's length and direction.
template <class W>
struct Unit {
  std::span<W> component;  ///< of the direction; 0 for the zero vector
  Length<W> length;
  W sign{0}, lack{0};  ///< the largest component is sign (1 - lack)

  Unit() = default;
  /// `component` holds the vector, and the direction afterwards.
  explicit Unit(std::span<W> vector) : component(vector), length(vector.size(), Component{vector}) {
    for (const W& each : vector)  // a comparison with NaN found no largest component
      if (is_nan(each)) length.length = row_wise::not_a_number<W>();
    if (vector.empty()) return;
    const Direction<W> top(length, length.top, vector[length.top]);
    sign = top.sign;
    lack = top.lack;
    for (W& each : vector)
      if (each != W(0) || is_nan(length.length)) each = each / length.length;
  }

 private:
  struct Component {
    std::span<W> vector;
    W operator()(std::size_t i) const { return vector[i]; }
  };
};

/// Component d of u - v. Where both are the largest of their vectors, what they lack to 1 is subtracted.
template <class W>
W difference(const Unit<W>& u, const Unit<W>& v, std::size_t d) {
  if (d == u.length.top && d == v.length.top) return (u.sign - v.sign) - (u.sign * u.lack - v.sign * v.lack);
  return u.component[d] - v.component[d];
}

/// A vector's product with a direction, in all and without the direction's largest component.
template <class W>
struct Along {
  W all{0}, without_top{0};

  template <class Vector>
  Along(const Unit<W>& direction, const Vector& component) {
    Sum<W> sum, rest;
    for (std::size_t d = 0; d < direction.component.size(); ++d) {
      const W term = direction.component[d] * component(d);
      sum.add(term);
      if (d != direction.length.top) rest.add(term);
    }
    all = sum.total();
    without_top = rest.total();
  }
};

/// Component d of what of u stands across v, by |v|: u_d - (u v) v_d. At v's largest component, which may be
/// 1 up to far less than a rounding, the same is
///   u_d (sum_{j != d} v_j^2) - v_d (sum_{j != d} u_j v_j),
/// because |v| = 1; elsewhere v_d^2 <= 1/2, and what cancels is no larger than what the inputs determine.
template <class W>
W across(const Unit<W>& v, const W& u_d, const Along<W>& along, std::size_t d) {
  if (v.length.length == W(0)) return W(0);  // not checked: a direction of 0 has no slope
  const W rest = d == v.length.top
                     ? u_d * (v.length.others / square(v.length.length)) - v.component[d] * along.without_top
                     : u_d - along.all * v.component[d];
  return rest / v.length.length;
}

/// Another speaker, as the utterance at hand sees it.
template <class W>
struct Other {
  W score{0};  ///< w cos(e, c_k)
  /// e^{score - the best other's score} = one + excess: 1 and an expm1 where the exponent is above -1/2, else
  /// 0 and all of it.
  W one{0}, excess{0};
  W slope{0};  ///< of the value by the score
};

}  // namespace

/// A centroid counts by its direction alone, so that the sum of the utterances stands for their mean. The sum
/// is exact: what is left where utterances cancel is a direction as good as any.
///
/// softmax: with the best of the other speakers m, and j the utterance's own,
///   max(0, s_m - s_j) + log1p(the sum over all but the larger of e^{s_k - max(s_m, s_j)}),
/// in which no term is negative. An error of s_k counts no more than that of the cosine in it, which its own
/// rounding brings about (the sensitivity's floor). The slopes are p_k by s_k and -(sum_{k != j} p_k) by s_j,
/// so that by e they make sum_{k != j} p_k (c_k - c_j), each c of length 1, and of that what stands across e.
/// What almost equal p_k have in common is added apart from what distinguishes them: opposite directions
/// leave just that.
///
/// contrast: sigmoid(-S_j) + sigmoid(S_m), S = s + b, two positive terms, with slopes -+sigmoid(S)
/// sigmoid(-S). Speakers that tie for the maximum share its slope.
///
/// By c_k, the slope times what of e stands across c_k, by |c_k|; each utterance that c_k sums gets it whole.
template <class T>
class Row<Ge2e, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 0;  // every row reaches every embedding

  Row(const Ge2e& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        contrast_(loss.variant == "contrast"),
        w_(W(loss.w)),
        b_(W(loss.b)),
        speakers_(static_cast<std::size_t>(call.inputs[0].extent[0])),
        utterances_(static_cast<std::size_t>(call.inputs[0].extent[1])),
        width_(static_cast<std::size_t>(call.inputs[0].extent[2])) {
    const auto [s, u, d] = call.inputs[0].extent;
    centroids_ = scratch.take<Unit<W>>(s);
    centroid_numbers_ = scratch.take<W>(s * d);
    utterance_numbers_ = scratch.take<W>(2 * d);
    others_ = scratch.take<Other<W>>(s);
    if (call.gradient[0] == nullptr) return;
    by_centroid_ = scratch.take<row_wise::Tally<W>>(s * d);
    by_embedding_ = scratch.take<row_wise::Tally<W>>(s * u * d);
  }

  void prepare() {
    for (std::size_t i = 0; i < speakers_ * utterances_ * width_; ++i)
      if (std::isnan(call_.inputs[0].real[i])) undefined_ = true;
    for (std::size_t k = 0; k < speakers_; ++k)
      centroids_[k] = centroid(k, utterances_, centroid_numbers_.subspan(k * width_, width_));
  }

  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(speakers_ * utterances_); }

  W value(std::int64_t i) {
    speaker_ = static_cast<std::size_t>(i) / utterances_;
    utterance_ = static_cast<std::size_t>(i) % utterances_;
    const auto e = utterance_numbers_.first(width_);
    for (std::size_t d = 0; d < width_; ++d) e[d] = widen(number(speaker_, utterance_, d));
    e_ = Unit<W>(e);
    own_ = centroid(speaker_, utterance_, utterance_numbers_.last(width_));
    if (undefined_ && (!contrast_ || speakers_ == 1)) return row_wise::not_a_number<W>();
    if (speakers_ == 1) return W(0);

    const W own = score(own_);
    best_ = speaker_ == 0 ? 1 : 0;
    bool lost = false;
    for (std::size_t k = 0; k < speakers_; ++k) {
      if (k == speaker_) continue;
      others_[k].score = score(centroids_[k]);
      lost = lost || is_nan(others_[k].score);
      if (others_[k].score > others_[best_].score) best_ = k;
    }
    return contrast_ ? contrast(own, lost) : softmax(own);
  }

  void adjoint(std::int64_t, const W& cotangent) {
    if (by_embedding_.empty()) return;
    if (undefined_ && (!contrast_ || speakers_ == 1)) undefined_gradient_ = true;
    if (undefined_gradient_ || speakers_ == 1) return;
    const W scale = cotangent * w_;
    const auto e = by_embedding_.subspan((speaker_ * utterances_ + utterance_) * width_, width_);
    by_query(e, scale);
    const Along<W> along_own(own_, [this](std::size_t d) { return e_.component[d]; });
    for (std::size_t d = 0; d < width_; ++d) {
      const W slope = scale * own_slope_ * across(own_, e_.component[d], along_own, d);
      for (std::size_t m = 0; m < utterances_; ++m)
        if (m != utterance_) by_embedding_[(speaker_ * utterances_ + m) * width_ + d].add(slope);
    }
    for (std::size_t k = 0; k < speakers_; ++k) {
      if (k == speaker_ || others_[k].slope == W(0)) continue;
      const Along<W> along(centroids_[k], [this](std::size_t d) { return e_.component[d]; });
      for (std::size_t d = 0; d < width_; ++d)
        by_centroid_[k * width_ + d].add(scale * others_[k].slope *
                                         across(centroids_[k], e_.component[d], along, d));
    }
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const {
    for (std::size_t i = 0; i < by_embedding_.size(); ++i) {
      const std::size_t speaker = i / (utterances_ * width_);
      const W sum = by_embedding_[i].total() + by_centroid_[speaker * width_ + i % width_].total();
      call_.gradient[0][i] = narrow<T>(undefined_gradient_ ? row_wise::not_a_number<W>() : sum);
    }
  }

 private:
  [[nodiscard]] T number(std::size_t speaker, std::size_t utterance, std::size_t d) const {
    return call_.inputs[0].real[(speaker * utterances_ + utterance) * width_ + d];
  }
  /// Of a speaker's utterances but one, in memory of its own.
  [[nodiscard]] Unit<W> centroid(std::size_t speaker, std::size_t left_out, std::span<W> memory) const {
    for (std::size_t d = 0; d < width_; ++d) {
      ExactSum sum;
      for (std::size_t m = 0; m < utterances_; ++m)
        if (m != left_out) sum.add(static_cast<double>(number(speaker, m, d)));
      memory[d] = sum.total<W>();
    }
    return Unit<W>(memory);
  }
  [[nodiscard]] W score(const Unit<W>& c) const {
    return w_ * Along<W>(c, [this](std::size_t d) { return e_.component[d]; }).all;
  }

  W softmax(const W& own) {
    Sum<W> beside_best;
    for (std::size_t k = 0; k < speakers_; ++k) {
      if (k == speaker_) continue;
      Other<W>& each = others_[k];
      const W d = each.score - others_[best_].score;
      const bool near = d > W(-.5);
      each.one = near ? 1 : 0;
      each.excess = near ? expm1(d) : exp(d);
      if (k != best_) beside_best.add(each.one + each.excess);
    }
    const W ahead = others_[best_].score - own;
    const bool won = ahead > W(0);
    const W powers = W(1) + beside_best.total();
    const W less = won ? beside_best.total() + exp(-ahead) : exp(ahead) * powers;
    best_share_ = (won ? W(1) : exp(ahead)) / (W(1) + less);
    own_slope_ = -best_share_ * powers;
    for (std::size_t k = 0; k < speakers_; ++k)
      if (k != speaker_) others_[k].slope = best_share_ * (others_[k].one + others_[k].excess);
    return (won ? ahead : W(0)) + log1p(less);
  }

  W contrast(const W& own, bool lost) {
    const W best = lost ? row_wise::not_a_number<W>() : others_[best_].score;
    std::size_t ties = 0;
    for (std::size_t k = 0; k < speakers_; ++k)
      if (k != speaker_ && others_[k].score == best) ++ties;
    const W slope = sigmoid(best + b_) * sigmoid(-(best + b_)) / W(static_cast<double>(lost ? 1 : ties));
    for (std::size_t k = 0; k < speakers_; ++k)
      if (k != speaker_) others_[k].slope = lost || others_[k].score == best ? slope : W(0);
    own_slope_ = -(sigmoid(own + b_) * sigmoid(-(own + b_)));
    return sigmoid(-(own + b_)) + sigmoid(best + b_);
  }
  static W sigmoid(const W& x) {
    if (x > W(0)) return W(1) / (W(1) + exp(-x));
    const W power = exp(x);
    return power / (W(1) + power);
  }

  void by_query(std::span<row_wise::Tally<W>> e, const W& scale) {
    for (std::size_t k = 0; k < speakers_; ++k) {
      const bool is_own = k == speaker_;
      if (is_own ? !contrast_ : others_[k].slope == W(0)) continue;
      const Unit<W>& c = is_own ? own_ : centroids_[k];
      auto component = [&](std::size_t d) { return contrast_ ? c.component[d] : difference(c, own_, d); };
      const Along<W> along(e_, component);
      for (std::size_t d = 0; d < width_; ++d) {
        const W slope = across(e_, component(d), along, d);
        if (contrast_) {
          e[d].add(scale * (is_own ? own_slope_ : others_[k].slope) * slope);
        } else {
          e[d].add(scale * best_share_ * others_[k].one * slope);
          e[d].add(scale * best_share_ * others_[k].excess * slope);
        }
      }
    }
  }

  const Call<T>& call_;
  bool contrast_;
  bool undefined_ = false;  ///< a number is NaN; it reaches every value, and each slope of a softmax
  bool undefined_gradient_ = false;
  W w_, b_;
  std::size_t speakers_, utterances_, width_;
  std::span<Unit<W>> centroids_;  ///< of all of a speaker's utterances
  std::span<W> centroid_numbers_, utterance_numbers_;
  std::span<Other<W>> others_;
  std::span<row_wise::Tally<W>> by_centroid_, by_embedding_;
  std::size_t speaker_ = 0, utterance_ = 0, best_ = 0;
  Unit<W> e_, own_;  ///< the utterance, and the centroid of its speaker's others
  W own_slope_{0}, best_share_{0};
};

}  // namespace assay

ASSAY_KERNEL(Ge2e)
