#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

template <class In>
using Row = std::vector<typename In::Number>;

template <class In>
Row<In> class_weights(const In& in, std::size_t classes) {
  return in.has("weight") ? in.all("weight") : Row<In>(classes, typename In::Number(1));
}
template <class In>
bool ignored(const In& in) {
  return in.label("labels") == in.whole("ignore_index");
}
template <class In>
std::size_t chosen(const In& in) {
  return static_cast<std::size_t>(in.label("labels"));
}
/// Shared out before they are added, where their sum overflows.
template <class X>
X average(std::vector<X> terms) {
  const double count = static_cast<double>(terms.size());
  const X total = sum(terms);
  if (std::isfinite(total.v)) return total / count;
  for (X& each : terms) each = each / count;
  return sum(terms);
}

}  // namespace

std::vector<Entry> classification() {
  return {
      {"categorical_cross_entropy_with_logits",
       [](const auto& in) {
         const auto l = log_softmax(in.row("logits"));
         const auto t = in.row("target");
         const auto s = in.real("label_smoothing");
         auto terms = l;
         for (std::size_t c = 0; c < l.size(); ++c)
           terms[c] = weigh((1 - s) * t[c] + s / static_cast<double>(l.size()), -l[c]);
         return sum(terms);
       }},
      {"sparse_categorical_cross_entropy",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         if (ignored(in)) return Term<X>::ignored();
         return Term<X>(-log(in.row("probability")[chosen(in)]));
       }},
      {"sparse_categorical_cross_entropy_with_logits",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         if (ignored(in)) return Term<X>::ignored();
         auto l = log_softmax(in.row("logits"));
         const auto w = class_weights(in, l.size());
         const X s = in.real("label_smoothing"), share = s / static_cast<double>(l.size());
         const std::size_t y = chosen(in);
         const X own = weigh(1 - s, weigh(w[y], -l[y]));
         for (std::size_t c = 0; c < l.size(); ++c) l[c] = weigh(share, weigh(w[c], -l[c]));
         return Term<X>(own + sum(l), w[y]);
       }},
      {"nll",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         if (ignored(in)) return Term<X>::ignored();
         const auto l = in.row("log_probability");
         const auto w = class_weights(in, l.size());
         return Term<X>(weigh(w[chosen(in)], -l[chosen(in)]), w[chosen(in)]);
       }},
      {"focal_with_logits",
       [](const auto& in) {
         const auto x = in.row("logits");
         const auto w = class_weights(in, x.size());
         const std::size_t y = chosen(in);
         return weigh(w[y], shares(x, y).focal(in.real("gamma")));
       }},
      {"poly_cross_entropy_with_logits",
       [](const auto& in) {
         const auto share = shares(in.row("logits"), chosen(in));
         const auto rest = share.others;
         auto out = -share.log_own;
         double degree = 0;
         for (const double epsilon : in.list("epsilon")) {
           ++degree;
           const auto term = epsilon * pow(rest, degree);
           out = out + (in.flag("divide_by_degree") ? term / degree : term);
         }
         return out;
       }},
      {"multi_margin",
       [](const auto& in) {
         const auto x = in.row("score");
         const auto w = class_weights(in, x.size());
         const std::size_t y = chosen(in);
         Row<std::remove_cvref_t<decltype(in)>> terms;
         for (std::size_t c = 0; c < x.size(); ++c) {
           const auto h = positive_part(in.real("margin") - (x[y] - x[c]));
           if (c != y) terms.push_back(in.whole("p") == 2 ? square(h) : h);
         }
         return weigh(w[y], sum(terms) / static_cast<double>(x.size()));
       }},
      {"categorical_hinge",
       [](const auto& in) {
         using X = typename std::remove_cvref_t<decltype(in)>::Number;
         const auto x = in.row("score"), t = in.row("target");
         Row<std::remove_cvref_t<decltype(in)>> others;
         X own = 0;
         for (std::size_t c = 0; c < x.size(); ++c) {
           if (t[c] == 1) own = x[c];
           if (t[c] == 0) others.push_back(x[c]);
         }
         if (in.has_nan()) return in.unknown();
         return others.empty() ? X(0) : positive_part(1 + (maximum(others) - own));
       }},
      {"multilabel_margin",
       [](const auto& in) {
         const auto x = in.row("score");
         const auto slice = in.slice("labels");
         std::vector<std::size_t> listed;
         for (std::int64_t k = slice.first; k < slice.first + slice.count; ++k) {
           const std::int64_t y = in.integers("labels")[static_cast<std::size_t>(k)];
           if (y < 0) break;
           listed.push_back(static_cast<std::size_t>(y));
         }
         Row<std::remove_cvref_t<decltype(in)>> terms;
         for (const std::size_t y : listed)
           for (std::size_t c = 0; c < x.size(); ++c)
             if (std::find(listed.begin(), listed.end(), c) == listed.end())
               terms.push_back(positive_part(1 - (x[y] - x[c])));
         return sum(terms) / static_cast<double>(x.size());
       }},
      {"multilabel_soft_margin",
       [](const auto& in) {
         auto x = in.row("logits");
         const auto t = in.row("target");
         const auto w = class_weights(in, x.size());
         for (std::size_t c = 0; c < x.size(); ++c)
           x[c] = weigh(w[c], weigh(t[c], softplus(-x[c])) + weigh(1 - t[c], softplus(x[c])));
         return average(x);
       }},
  };
}

}  // namespace assay::tests::textbook
