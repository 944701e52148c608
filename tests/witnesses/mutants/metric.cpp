#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {
namespace {

template <class X>
X distance(const std::vector<X>& a, const std::vector<X>& b) {
  return norm(difference(a, b));
}
template <class X>
X cross_entropy(const std::vector<X>& scores, std::size_t y) {
  return -log_softmax(scores)[y];
}
template <class In>
std::size_t own(const In& in) {
  return static_cast<std::size_t>(in.index());
}

/// Cross-entropy of candidates, the one at `y` being right.
template <class In, class Score>
auto contrast(const In& in, const Score& score, std::size_t y, bool with_positive = true) {
  const auto q = in.row("query");
  std::vector<NumberOf<In>> scores;
  if (with_positive) scores.push_back(score(q, in.row("positive")));
  for (const auto& k : in.matrix("negative")) scores.push_back(score(q, k));
  return scores.empty() ? NumberOf<In>(0) : cross_entropy(scores, std::min(y, scores.size() - 1));
}
template <class In, class Size>
auto triplet(const In& in, const Size& size) {
  const auto a = in.row("anchor"), p = in.row("positive"), n = in.row("negative");
  auto far = size(difference(a, n));
  if (in.flag("swap")) far = min(far, size(difference(p, n)));
  return size(difference(a, p)) - far;
}
template <class In, class Change>
auto margined(const In& in, const Change& change) {
  const auto e = in.matrix("embedding")[own(in)];
  const auto y = static_cast<std::size_t>(in.label("labels"));
  std::vector<NumberOf<In>> scores;
  for (const auto& w : in.matrix("weight")) {
    const auto c = cosine(e, w);
    scores.push_back(in.real("scale") * (scores.size() == y ? change(c) : c));
  }
  return cross_entropy(scores, y);
}
/// Scores of a batch against itself, without the row at hand.
template <class In, class Score>
auto batch(const In& in, const Score& score) {
  const auto z = in.matrix("z");
  std::vector<NumberOf<In>> scores;
  for (std::size_t k = 0; k < z.size(); ++k)
    if (k != own(in)) scores.push_back(score(z[own(in)], z[k]));
  return scores;
}
template <class In>
std::size_t partner(const In& in) {
  const std::size_t rows = in.matrix("z").size(), pair = (own(in) + rows / 2) % rows;
  return pair > own(in) ? pair - 1 : pair;
}

}  // namespace

std::vector<Mutant> wrong_metric() {
  const auto norm_of = [](const auto& in, const auto& d) {
    auto absolute = d;
    for (auto& each : absolute) each = abs(each);
    return in.whole("p") == 1 ? sum(absolute) : norm(d);
  };
  return {
      wrong("cosine_distance", "the similarity",
            [](const auto& in) { return cosine(in.row("x1"), in.row("x2")); }),
      wrong("cosine_distance", "1 - cos cancels",
            [](const auto& in) { return 1 - cosine(in.row("x1"), in.row("x2")); }),
      wrong("cosine_distance", "rows not normalised",
            [](const auto& in) { return 1 - dot(in.row("x1"), in.row("x2")); }),
      wrong("cosine_distance", "lengths held above 1e-8 in the product",
            [](const auto& in) {
              const auto a = in.row("x1"), b = in.row("x2");
              const auto below = norm(a) * norm(b);
              return 1 - dot(a, b) / max(below, below * 0 + 1e-8);
            }),
      wrong("cosine_distance", "the second length takes no gradient",
            [](const auto& in) {
              const auto a = in.row("x1"), b = in.row("x2");
              return 1 - dot(normalized(a), b) / constant(norm(b));
            }),
      wrong("cosine_embedding", "labels exchanged",
            [](const auto& in) {
              const auto c = cosine(in.row("x1"), in.row("x2"));
              return in("target") == -1 ? 1 - c : positive_part(c - in.real("margin"));
            }),
      wrong("cosine_embedding", "not cut off",
            [](const auto& in) {
              const auto c = cosine(in.row("x1"), in.row("x2"));
              return in("target") == 1 ? 1 - c : c - in.real("margin");
            }),
      wrong("cosine_embedding", "margin added",
            [](const auto& in) {
              const auto c = cosine(in.row("x1"), in.row("x2"));
              return in("target") == 1 ? 1 - c : positive_part(c + in.real("margin"));
            }),
      wrong("cosine_embedding", "margin in the similar half too",
            [](const auto& in) {
              const auto c = cosine(in.row("x1"), in.row("x2"));
              return in("target") == 1 ? positive_part(1 - c - in.real("margin"))
                                       : positive_part(c - in.real("margin"));
            }),
      wrong("triplet_margin", "margin subtracted",
            [=](const auto& in) {
              return positive_part(triplet(in,
                                           [&](const auto& d) {
                                             return in.flag("squared") ? square(norm_of(in, d))
                                                                       : norm_of(in, d);
                                           }) -
                                   in.real("margin"));
            }),
      wrong("triplet_margin", "positive and negative exchanged",
            [=](const auto& in) {
              return positive_part(in.real("margin") - triplet(in, [&](const auto& d) {
                                     return in.flag("squared") ? square(norm_of(in, d)) : norm_of(in, d);
                                   }));
            }),
      wrong("triplet_margin", "an epsilon of 1e-6 in each component",
            [=](const auto& in) {
              return positive_part(triplet(in,
                                           [&](auto d) {
                                             for (auto& each : d) each = each + 1e-6;
                                             return in.flag("squared") ? square(norm_of(in, d))
                                                                       : norm_of(in, d);
                                           }) +
                                   in.real("margin"));
            }),
      wrong("triplet_margin", "always squared",
            [=](const auto& in) {
              return positive_part(triplet(in, [&](const auto& d) { return square(norm_of(in, d)); }) +
                                   in.real("margin"));
            }),
      wrong("triplet_margin", "always the Euclidean distance",
            [=](const auto& in) {
              return positive_part(
                  triplet(in, [&](const auto& d) { return in.flag("squared") ? square(norm(d)) : norm(d); }) +
                  in.real("margin"));
            }),
      wrong("triplet_margin", "squares overflow",
            [=](const auto& in) {
              return positive_part(triplet(in,
                                           [&](const auto& d) {
                                             const auto s =
                                                 in.whole("p") == 1 ? square(norm_of(in, d)) : dot(d, d);
                                             return in.flag("squared") ? s : sqrt(s);
                                           }) +
                                   in.real("margin"));
            }),
      wrong("triplet_margin", "swap takes the greater distance",
            [=](const auto& in) {
              const auto size = [&](const auto& d) {
                return in.flag("squared") ? square(norm_of(in, d)) : norm_of(in, d);
              };
              const auto a = in.row("anchor"), p = in.row("positive"), n = in.row("negative");
              auto far = size(difference(a, n));
              if (in.flag("swap")) far = max(far, size(difference(p, n)));
              return positive_part(size(difference(a, p)) - far + in.real("margin"));
            }),
      wrong("contrastive", "labels exchanged",
            [](const auto& in) {
              const auto d = distance(in.row("x1"), in.row("x2"));
              return (in("target") == 1 ? square(d) : square(positive_part(in.real("margin") - d))) / 2;
            }),
      wrong("contrastive", "not halved",
            [](const auto& in) {
              const auto d = distance(in.row("x1"), in.row("x2"));
              return in("target") == 0 ? square(d) : square(positive_part(in.real("margin") - d));
            }),
      wrong("contrastive", "the square of the distance against the margin",
            [](const auto& in) {
              const auto d = distance(in.row("x1"), in.row("x2"));
              return (in("target") == 0 ? square(d) : positive_part(in.real("margin") - square(d))) / 2;
            }),
      wrong("contrastive", "an epsilon under the root",
            [](const auto& in) {
              const auto v = difference(in.row("x1"), in.row("x2"));
              const auto d = sqrt(dot(v, v) + 1e-6);
              return (in("target") == 0 ? square(d) : square(positive_part(in.real("margin") - d))) / 2;
            }),
      wrong("info_nce", "never normalised",
            [](const auto& in) {
              return contrast(
                  in, [&](const auto& a, const auto& b) { return dot(a, b) / in.real("temperature"); }, 0);
            }),
      wrong("info_nce", "the positive left out below the line",
            [](const auto& in) {
              const auto score = [&](const auto& a, const auto& b) {
                return (in.flag("normalize") ? cosine(a, b) : dot(a, b)) / in.real("temperature");
              };
              std::vector<NumberOf<decltype(in)>> others;
              for (const auto& k : in.matrix("negative")) others.push_back(score(in.row("query"), k));
              return others.empty() ? NumberOf<decltype(in)>(0)
                                    : log_sum_exp(others) - score(in.row("query"), in.row("positive"));
            }),
      wrong("info_nce", "multiplied by the temperature",
            [](const auto& in) {
              return contrast(
                  in,
                  [&](const auto& a, const auto& b) {
                    return (in.flag("normalize") ? cosine(a, b) : dot(a, b)) * in.real("temperature");
                  },
                  0);
            }),
      wrong("info_nce", "the first negative is the right one",
            [](const auto& in) {
              return contrast(
                  in,
                  [&](const auto& a, const auto& b) {
                    return (in.flag("normalize") ? cosine(a, b) : dot(a, b)) / in.real("temperature");
                  },
                  1);
            }),
      wrong("info_nce", "the query's length takes no gradient",
            [](const auto& in) {
              return contrast(
                  in,
                  [&](const auto& a, const auto& b) {
                    if (!in.flag("normalize")) return dot(a, b) / in.real("temperature");
                    const auto length = constant(norm(a));
                    return length == 0 ? length : dot(a, normalized(b)) / length / in.real("temperature");
                  },
                  0);
            }),
      wrong("nt_xent", "itself counted among the candidates",
            [](const auto& in) {
              const auto z = in.matrix("z");
              std::vector<NumberOf<decltype(in)>> scores;
              for (const auto& k : z) scores.push_back(cosine(z[own(in)], k) / in.real("temperature"));
              return cross_entropy(scores, (own(in) + z.size() / 2) % z.size());
            }),
      wrong("nt_xent", "neighbours are the pairs",
            [](const auto& in) {
              const std::size_t pair = own(in) ^ 1;
              const auto scores = batch(
                  in, [&](const auto& a, const auto& b) { return cosine(a, b) / in.real("temperature"); });
              return cross_entropy(scores, pair > own(in) ? pair - 1 : pair);
            }),
      wrong("nt_xent", "not normalised",
            [](const auto& in) {
              return cross_entropy(
                  batch(in, [&](const auto& a, const auto& b) { return dot(a, b) / in.real("temperature"); }),
                  partner(in));
            }),
      wrong("nt_xent", "multiplied by the temperature",
            [](const auto& in) {
              return cross_entropy(
                  batch(in,
                        [&](const auto& a, const auto& b) { return cosine(a, b) * in.real("temperature"); }),
                  partner(in));
            }),
      wrong("multiple_negatives_ranking", "divided by the scale",
            [](const auto& in) {
              const auto anchor = in.matrix("anchor");
              std::vector<NumberOf<decltype(in)>> scores;
              for (const auto& k : in.matrix("positive"))
                scores.push_back(cosine(anchor[own(in)], k) / in.real("scale"));
              return cross_entropy(scores, own(in));
            }),
      wrong("multiple_negatives_ranking", "over the anchors of a positive",
            [](const auto& in) {
              const auto positive = in.matrix("positive");
              std::vector<NumberOf<decltype(in)>> scores;
              for (const auto& k : in.matrix("anchor"))
                scores.push_back(in.real("scale") * cosine(positive[own(in)], k));
              return cross_entropy(scores, own(in));
            }),
      wrong("multiple_negatives_ranking", "dot products",
            [](const auto& in) {
              const auto anchor = in.matrix("anchor");
              std::vector<NumberOf<decltype(in)>> scores;
              for (const auto& k : in.matrix("positive"))
                scores.push_back(in.real("scale") * dot(anchor[own(in)], k));
              return cross_entropy(scores, own(in));
            }),
      wrong("arcface", "CosFace",
            [](const auto& in) { return margined(in, [&](auto c) { return c - in.real("margin"); }); }),
      wrong("arcface", "margin subtracted from the angle",
            [](const auto& in) {
              return margined(in, [&](auto c) { return cos(acos(c) - in.real("margin")); });
            }),
      wrong("arcface", "margin in degrees",
            [](const auto& in) {
              return margined(
                  in, [&](auto c) { return cos(acos(c) + in.real("margin") * (std::acos(-1.) / 180)); });
            }),
      wrong("arcface", "the easy margin",
            [](const auto& in) {
              return margined(in, [&](auto c) { return c > 0 ? cos(acos(c) + in.real("margin")) : c; });
            }),
      wrong("cosface", "margin added",
            [](const auto& in) { return margined(in, [&](auto c) { return c + in.real("margin"); }); }),
      wrong("cosface", "margin not scaled",
            [](const auto& in) {
              return margined(in, [&](auto c) { return c - in.real("margin") / in.real("scale"); });
            }),
      wrong("cosface", "margin on every class but the label's",
            [](const auto& in) { return margined(in, [&](auto c) { return c + 2 * in.real("margin"); }); }),
      wrong("circle", "weights take a gradient",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const X m = in.real("margin"), scale = in.real("scale");
              std::vector<X> p = in.row("score_positive"), n = in.row("score_negative");
              if (p.empty() || n.empty()) return X(0);
              for (X& s : p) s = -(scale * positive_part(1 + m - s) * (s - 1 + m));
              for (X& s : n) s = scale * positive_part(s + m) * (s - m);
              return softplus(log_sum_exp(n) + log_sum_exp(p));
            }),
      wrong("circle", "no weights",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const X m = in.real("margin"), scale = in.real("scale");
              std::vector<X> p = in.row("score_positive"), n = in.row("score_negative");
              if (p.empty() || n.empty()) return X(0);
              for (X& s : p) s = -(scale * (s - 1 + m));
              for (X& s : n) s = scale * (s - m);
              return softplus(log_sum_exp(n) + log_sum_exp(p));
            }),
      wrong("circle", "one margin for both sides",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const X m = in.real("margin"), scale = in.real("scale");
              std::vector<X> p = in.row("score_positive"), n = in.row("score_negative");
              if (p.empty() || n.empty()) return X(0);
              for (X& s : p) s = -(scale * constant(positive_part(1 + m - s)) * (s - m));
              for (X& s : n) s = scale * constant(positive_part(s + m)) * (s - m);
              return softplus(log_sum_exp(n) + log_sum_exp(p));
            }),
      wrong("supcon", "the sum inside the logarithm",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const auto& labels = in.integers("labels");
              const auto scores = batch(
                  in, [&](const auto& a, const auto& b) { return cosine(a, b) / in.real("temperature"); });
              std::vector<X> right;
              for (std::size_t k = 0, j = 0; k < labels.size(); ++k)
                if (k != own(in)) {
                  if (labels[k] == labels[own(in)]) right.push_back(scores[j]);
                  ++j;
                }
              if (right.empty()) return Term<X>::ignored();
              return Term<X>(log_sum_exp(scores) - log_sum_exp(right) +
                             std::log(static_cast<double>(right.size())));
            }),
      wrong("supcon", "a sum over the positives",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const auto& labels = in.integers("labels");
              const auto scores = batch(
                  in, [&](const auto& a, const auto& b) { return cosine(a, b) / in.real("temperature"); });
              std::vector<X> terms;
              for (std::size_t k = 0, j = 0; k < labels.size(); ++k)
                if (k != own(in)) {
                  if (labels[k] == labels[own(in)]) terms.push_back(cross_entropy(scores, j));
                  ++j;
                }
              if (terms.empty()) return Term<X>::ignored();
              return Term<X>(sum(terms));
            }),
      wrong("supcon", "anchors without a positive count in the mean",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const auto& labels = in.integers("labels");
              const auto scores = batch(
                  in, [&](const auto& a, const auto& b) { return cosine(a, b) / in.real("temperature"); });
              std::vector<X> terms;
              for (std::size_t k = 0, j = 0; k < labels.size(); ++k)
                if (k != own(in)) {
                  if (labels[k] == labels[own(in)]) terms.push_back(cross_entropy(scores, j));
                  ++j;
                }
              return Term<X>(terms.empty() ? X(0) : sum(terms) / static_cast<double>(terms.size()));
            }),
  };
}

}  // namespace assay::tests::mutants
