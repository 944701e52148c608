#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

template <class X>
X distance(const std::vector<X>& a, const std::vector<X>& b, bool absolute) {
  std::vector<X> d = difference(a, b);
  if (!absolute) return norm(d);
  for (X& each : d) each = abs(each);
  return sum(d);
}
/// -log of the share of score y among all.
template <class X>
X cross_entropy(const std::vector<X>& scores, std::size_t y) {
  return -log_softmax(scores)[y];
}
template <class In>
std::size_t own(const In& in) {
  return static_cast<std::size_t>(in.index());
}
/// 1 - cos as half of the squared chord: what is small is not taken from 1.
template <class X>
X chord(const std::vector<X>& a, const std::vector<X>& b) {
  const auto x = normalized(a), y = normalized(b);
  if (norm(x) == 0 || norm(y) == 0) return X(1);
  const auto d = difference(x, y);
  return dot(d, d) / 2;
}

/// cos(angle + m), the sine from the chords to b and to -b: what is small is not taken from 1.
template <class X>
X cosine_of_wider(const std::vector<X>& a, const std::vector<X>& b, X m) {
  const auto x = normalized(a), y = normalized(b);
  const bool crossed = norm(x) == 0 || norm(y) == 0;  // zero is at right angles to all
  const X sine = crossed ? X(1) : norm(difference(x, y)) * norm(total(x, y)) / 2;
  return dot(x, y) * cos(m) - sine * sin(m);
}

/// Embeddings and class weights as cosines, the label's one by `label_score`.
template <class In, class Change>
auto margined(const In& in, const Change& label_score) {
  const auto e = in.matrix("embedding")[own(in)];
  const auto y = static_cast<std::size_t>(in.label("labels"));
  std::vector<typename In::Number> scores;
  for (const auto& w : in.matrix("weight"))
    scores.push_back(in.real("scale") * (scores.size() == y ? label_score(e, w) : cosine(e, w)));
  return cross_entropy(scores, y);
}

template <class In>
auto ge2e(const In& in) {
  using X = typename In::Number;
  const auto& shape = in.shape("embedding");
  const auto speakers = static_cast<std::size_t>(shape[0]), utterances = static_cast<std::size_t>(shape[1]),
             width = static_cast<std::size_t>(shape[2]);
  const auto all = in.matrix("embedding");
  const std::size_t j = own(in) / utterances;
  std::vector<X> scores;
  for (std::size_t k = 0; k < speakers; ++k) {
    std::vector<X> centroid(width, X(0));
    for (std::size_t u = 0; u < utterances; ++u)
      for (std::size_t d = 0; d < width; ++d)
        if (k * utterances + u != own(in)) centroid[d] = centroid[d] + all[k * utterances + u][d];
    const double count = static_cast<double>(utterances) - (k == j ? 1 : 0);
    for (X& each : centroid) each = each / count;
    scores.push_back(in.real("w") * cosine(all[own(in)], centroid));
  }
  if (in.text("variant") == "softmax")
    return cross_entropy(scores, j);  // which no shift of all scores changes
  for (X& each : scores) each = each + in.real("b");
  std::vector<X> others;
  for (std::size_t k = 0; k < speakers; ++k)
    if (k != j) others.push_back(sigmoid(scores[k]));
  const X rejected = sigmoid(-scores[j]);
  return others.empty() ? X(0) : rejected + maximum(others);
}

}  // namespace

std::vector<Entry> metric() {
  return {
      {"cosine_distance",
       [](const auto& in) { return in.has_nan() ? in.unknown() : chord(in.row("x1"), in.row("x2")); }},
      {"cosine_embedding",
       [](const auto& in) {
         if (in.has_nan()) return in.unknown();
         const auto x1 = in.row("x1"), x2 = in.row("x2");
         return in("target") == 1 ? chord(x1, x2) : positive_part(cosine(x1, x2) - in.real("margin"));
       }},
      {"triplet_margin",
       [](const auto& in) {
         const auto a = in.row("anchor"), p = in.row("positive"), n = in.row("negative");
         const bool absolute = in.whole("p") == 1;
         if (in.has_nan()) return in.unknown();
         const auto size = [&](auto d) { return in.flag("squared") ? square(d) : d; };
         auto far = size(distance(a, n, absolute));
         if (in.flag("swap")) far = min(far, size(distance(p, n, absolute)));
         return positive_part((size(distance(a, p, absolute)) - far) + in.real("margin"));
       }},
      {"contrastive",
       [](const auto& in) {
         if (std::isnan(in("target").v)) return in.unknown();
         const auto d = difference(in.row("x1"), in.row("x2"));
         return (in("target") == 0 ? dot(d, d) : square(positive_part(in.real("margin") - norm(d)))) / 2;
       }},
      {"info_nce",
       [](const auto& in) {
         const bool normalize = in.flag("normalize");
         if (in.has_nan()) return in.unknown();
         const auto q = in.row("query");
         const auto score = [&](const auto& k) {
           return (normalize ? cosine(q, k) : dot(q, k)) / in.real("temperature");
         };
         std::vector scores{score(in.row("positive"))};
         for (const auto& k : in.matrix("negative")) scores.push_back(score(k));
         return cross_entropy(scores, 0);
       }},
      {"nt_xent",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         const auto z = in.matrix("z");
         const std::size_t i = own(in), pair = (i + z.size() / 2) % z.size();
         std::vector<X> scores;
         std::size_t y = 0;
         for (std::size_t k = 0; k < z.size(); ++k) {
           if (k == i) continue;
           if (k == pair) y = scores.size();
           scores.push_back(cosine(z[i], z[k]) / in.real("temperature"));
         }
         return cross_entropy(scores, y);
       }},
      {"multiple_negatives_ranking",
       [](const auto& in) {
         const auto anchor = in.matrix("anchor");
         std::vector<typename std::remove_cvref_t<decltype(in)>::Number> scores;
         for (const auto& k : in.matrix("positive"))
           scores.push_back(in.real("scale") * cosine(anchor[own(in)], k));
         return cross_entropy(scores, own(in));
       }},
      {"ge2e", [](const auto& in) { return ge2e(in); }},
      {"arcface",
       [](const auto& in) {
         return margined(
             in, [&](const auto& e, const auto& w) { return cosine_of_wider(e, w, in.real("margin")); });
       }},
      {"cosface",
       [](const auto& in) {
         return margined(in, [&](const auto& e, const auto& w) { return cosine(e, w) - in.real("margin"); });
       }},
      {"circle",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         const X m = in.real("margin"), scale = in.real("scale");
         std::vector<X> p = in.row("score_positive"), n = in.row("score_negative");
         if (p.empty() || n.empty()) return X(0);
         if (in.has_nan()) return in.unknown();
         for (X& s : p) s = -(scale * constant(positive_part(1 + m - s)) * (s - 1 + m));
         for (X& s : n) s = scale * constant(positive_part(s + m)) * (s - m);
         return softplus(log_sum_exp(n) + log_sum_exp(p));
       }},
      {"supcon",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         const auto z = in.matrix("z");
         const auto& labels = in.integers("labels");
         const std::size_t i = own(in);
         std::vector<X> scores, terms;
         std::vector<std::size_t> positives;
         for (std::size_t k = 0; k < z.size(); ++k) {
           if (k == i) continue;
           if (labels[k] == labels[i]) positives.push_back(scores.size());
           scores.push_back(cosine(z[i], z[k]) / in.real("temperature"));
         }
         if (positives.empty()) return Term<X>::ignored();
         for (const std::size_t p : positives) terms.push_back(cross_entropy(scores, p));
         return Term<X>(sum(terms) / static_cast<double>(terms.size()));
       }},
  };
}

}  // namespace assay::tests::textbook
