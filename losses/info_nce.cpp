#include "losses/catalogue/metric.hpp"
#include "losses/direction.hpp"
#include "losses/row_wise.hpp"

namespace assay {
namespace {

/// A query against one candidate.
template <class W>
struct Score {
  W score{0};           ///< cosine, or dot product
  W without_query_top{0}, without_candidate_top{0};  ///< the cosine less the term at the largest component
  W share{0};           ///< of e^{score/temperature} among all candidates
};

/// log(1 + sum_j e^{d_j}), d_j = (s_j - s_+)/temperature. With m the largest of 0 and all d_j this is m + log1p of
/// what the others have beside it: terms that are not negative. Identical candidates have d_j = 0 exactly.
///
/// The gradient moves s_j by p_j, and s_+ by -sum_j p_j. Normalised, with q^ and k^ of length 1 and c = q^ k^,
///   dc/dq_i = (k^_i - c q^_i)/|q|  and  dc/dk_i = (q^_i - c k^_i)/|k|.
/// Near an axis k^_i and c q^_i are both close to 1. At q's largest component the difference is taken as
///   k^_i (sum_{j != i} q^_j^2) - q^_i (sum_{j != i} k^_j q^_j),
/// which it is because |q^| = 1; elsewhere q^_i^2 <= 1/2 and what cancels is no larger than what is left for
/// the inputs to determine.
template <class T>
class InfoNceRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  InfoNceRow(const InfoNce& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        normalize_(loss.normalize),
        temperature_(widen(static_cast<T>(loss.temperature))),
        width_(static_cast<std::size_t>(call.inputs[0].extent[1])),
        candidates_(call.inputs[2].extent[0]),
        scores_(scratch.take<Score<W>>(candidates_)),
        lengths_(scratch.take<Length<W>>(normalize_ ? candidates_ : 0)) {
    if (call.gradient[2] != nullptr)
      negative_gradient_ = scratch.take<row_wise::Tally<W>>(candidates_ * call.inputs[2].extent[1]);
    for (std::size_t j = 0; j < lengths_.size(); ++j) lengths_[j] = length(negative(j));
  }

  W value(std::int64_t i) {
    query_ = row_wise::row(call_.inputs[0], i);
    positive_ = row_wise::row(call_.inputs[1], i);
    if (normalize_) {
      query_length_ = length(query_);
      positive_length_ = length(positive_);
    }
    positive_score_ = score(positive_, positive_length_);
    W largest = 0;
    std::size_t top = scores_.size();  // the positive
    for (std::size_t j = 0; j < scores_.size(); ++j) {
      scores_[j] = score(negative(j), normalize_ ? lengths_[j] : positive_length_);
      const W d = distance(j);
      if (d > largest || is_nan(d)) {
        largest = d;
        top = j;
        if (is_nan(d)) break;
      }
    }
    undefined_ = is_nan(largest) || is_nan(positive_score_.score);
    if (undefined_) return row_wise::not_a_number<W>();

    Sum<W> others;
    if (top != scores_.size()) others.add(exp(-largest));
    for (std::size_t j = 0; j < scores_.size(); ++j) {
      scores_[j].share = j == top ? W(1) : exp(distance(j) - largest);
      if (j != top) others.add(scores_[j].share);
    }
    const W total = W(1) + others.total();
    Sum<W> negatives;
    for (Score<W>& each : scores_) {
      each.share /= total;
      negatives.add(each.share);
    }
    negatives_share_ = negatives.total();
    return largest + log1p(others.total());
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    const auto by_query = row_wise::gradient_row(call_, 0, i), by_positive = row_wise::gradient_row(call_, 1, i);
    const W scale = cotangent / temperature_;
    for (std::size_t d = 0; d < by_query.size(); ++d) by_query[d] = narrow<T>(scale * query_slope(d));
    for (std::size_t d = 0; d < by_positive.size(); ++d)
      by_positive[d] =
          narrow<T>(-scale * negatives_share_ * candidate_slope(positive_, positive_length_, positive_score_, d));
    if (negative_gradient_.empty()) return;
    for (std::size_t j = 0; j < scores_.size(); ++j)
      for (std::size_t d = 0; d < width_; ++d)
        negative_gradient_[j * width_ + d].add(
            scale * scores_[j].share *
            candidate_slope(negative(j), normalize_ ? lengths_[j] : positive_length_, scores_[j], d));
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const {
    for (std::size_t k = 0; k < negative_gradient_.size(); ++k)
      call_.gradient[2][k] = narrow<T>(negative_gradient_[k].total());
  }

 private:
  [[nodiscard]] std::span<const T> negative(std::size_t j) const {
    return row_wise::row(call_.inputs[2], static_cast<std::int64_t>(j));
  }
  [[nodiscard]] static Length<W> length(std::span<const T> v) {
    return Length<W>(v.size(), [v](std::size_t i) { return widen(v[i]); });
  }
  [[nodiscard]] W distance(std::size_t j) const {
    return (scores_[j].score - positive_score_.score) / temperature_;
  }

  [[nodiscard]] Score<W> score(std::span<const T> k, const Length<W>& k_length) const {
    Sum<W> all, without_query_top, without_candidate_top;
    for (std::size_t d = 0; d < width_; ++d) {
      const W term = widen(query_[d]) * widen(k[d]);
      all.add(term);
      if (normalize_ && d != query_length_.top) without_query_top.add(term);
      if (normalize_ && d != k_length.top) without_candidate_top.add(term);
    }
    Score<W> s;
    s.score = all.total();
    if (!normalize_ || is_nan(s.score)) return s;
    const W lengths = query_length_.length * k_length.length;
    if (lengths == W(0)) {
      s.score = 0;  // the cosine with a zero vector
      return s;
    }
    s.score /= lengths;
    s.without_query_top = without_query_top.total() / lengths;
    s.without_candidate_top = without_candidate_top.total() / lengths;
    return s;
  }

  /// Component d of a vector of that length scaled to 1; 0 for the zero vector.
  [[nodiscard]] static W unit(std::span<const T> v, const Length<W>& length, std::size_t d) {
    return length.length == W(0) ? W(0) : widen(v[d]) / length.length;
  }
  /// k^_d - c q^_d at component d of q.
  [[nodiscard]] static W across(std::span<const T> q, const Length<W>& q_length, std::span<const T> k,
                                const Length<W>& k_length, const W& cosine, const W& without_top, std::size_t d) {
    const W along = unit(q, q_length, d), other = unit(k, k_length, d);
    if (d != q_length.top || q_length.length == W(0)) return other - cosine * along;
    return other * (q_length.others / square(q_length.length)) - along * without_top;
  }
  [[nodiscard]] W query_side(std::span<const T> k, const Length<W>& k_length, const Score<W>& s,
                             std::size_t d) const {
    if (!normalize_) return widen(k[d]);
    return across(query_, query_length_, k, k_length, s.score, s.without_query_top, d);
  }
  /// d loss / d query_d, but for 1/temperature: the candidates that look alike from q cancel one by one.
  [[nodiscard]] W query_slope(std::size_t d) const {
    if (undefined_) return row_wise::not_a_number<W>();
    const W towards = query_side(positive_, positive_length_, positive_score_, d);
    Sum<W> sum;
    for (std::size_t j = 0; j < scores_.size(); ++j)
      sum.add(scores_[j].share *
              (query_side(negative(j), normalize_ ? lengths_[j] : positive_length_, scores_[j], d) - towards));
    return over_length(sum.total(), query_length_);
  }
  /// d score / d candidate_d
  [[nodiscard]] W candidate_slope(std::span<const T> k, const Length<W>& k_length, const Score<W>& s,
                                  std::size_t d) const {
    if (undefined_) return row_wise::not_a_number<W>();
    if (!normalize_) return widen(query_[d]);
    return over_length(across(k, k_length, query_, query_length_, s.score, s.without_candidate_top, d), k_length);
  }
  [[nodiscard]] W over_length(const W& x, const Length<W>& length) const {
    if (!normalize_) return x;
    return length.length == W(0) ? W(0) : x / length.length;
  }

  const Call<T>& call_;
  bool normalize_;
  W temperature_;
  std::size_t width_;
  std::int64_t candidates_;
  std::span<Score<W>> scores_;
  std::span<Length<W>> lengths_;
  std::span<row_wise::Tally<W>> negative_gradient_;
  std::span<const T> query_, positive_;
  Length<W> query_length_, positive_length_;
  Score<W> positive_score_;
  W negatives_share_{0};
  bool undefined_ = false;
};

template <class T>
std::size_t workspace(const InfoNce& loss, const Call<T>& call) {
  row_wise::Scratch scratch;
  const InfoNceRow<T> counted(loss, call, scratch);
  return scratch.bytes();
}

template <class T>
void info_nce(const InfoNce& loss, const Call<T>& call) {
  row_wise::Scratch scratch(call.workspace);
  row_wise::run(call, InfoNceRow<T>(loss, call, scratch));
}

}  // namespace

template <>
std::size_t workspace_bytes(const InfoNce& loss, const Call<float>& call) {
  return workspace(loss, call);
}
template <>
std::size_t workspace_bytes(const InfoNce& loss, const Call<double>& call) {
  return workspace(loss, call);
}
template <>
void evaluate(const InfoNce& loss, const Call<float>& call) {
  info_nce(loss, call);
}
template <>
void evaluate(const InfoNce& loss, const Call<double>& call) {
  info_nce(loss, call);
}

}  // namespace assay
