#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {
namespace {

template <class In>
std::size_t chosen(const In& in) {
  return static_cast<std::size_t>(in.label("labels"));
}
template <class In>
bool ignored(const In& in) {
  return in.label("labels") == in.whole("ignore_index");
}
template <class In>
std::vector<NumberOf<In>> class_weights(const In& in, std::size_t classes) {
  return in.has("weight") ? in.all("weight") : std::vector<NumberOf<In>>(classes, NumberOf<In>(1));
}

/// -sum t'_c l_c with targets changed by `smooth(t, s, C)`.
template <class In, class Smooth>
auto soft(const In& in, const Smooth& smooth) {
  auto l = log_softmax(in.row("logits"));
  const auto t = in.row("target");
  const double classes = static_cast<double>(l.size());
  for (std::size_t c = 0; c < l.size(); ++c)
    l[c] = weigh(smooth(t[c], in.real("label_smoothing"), classes), -l[c]);
  return sum(l);
}

/// The sparse loss of a row that counts, from its log-softmax, weights and label.
template <class In, class Loss>
auto sparse(const In& in, const Loss& loss) {
  using X = NumberOf<In>;
  if (ignored(in)) return Term<X>::ignored();
  const auto l = log_softmax(in.row("logits"));
  return Term<X>(loss(l, class_weights(in, l.size()), chosen(in), in.real("label_smoothing")));
}
template <class X>
Term<X> weighted(X value, X counts) {
  return Term<X>(value, counts);
}
template <class X>
X smoothed(const std::vector<X>& l, const std::vector<X>& w, std::size_t y, X s) {
  std::vector<X> terms;
  for (std::size_t c = 0; c < l.size(); ++c)
    terms.push_back(weigh(s / static_cast<double>(l.size()) * w[c], -l[c]));
  return weigh((1 - s) * w[y], -l[y]) + sum(terms);
}

/// A sum over the classes other than the label's.
template <class In, class Each>
auto over_others(const In& in, const Each& each) {
  const auto x = in.row("score");
  std::vector<NumberOf<In>> terms;
  for (std::size_t c = 0; c < x.size(); ++c)
    if (c != chosen(in)) terms.push_back(each(x[chosen(in)], x[c]));
  return weigh(class_weights(in, x.size())[chosen(in)], sum(terms));
}
template <class In>
auto width(const In& in) {
  return static_cast<double>(in.row("score").size());
}

}  // namespace

std::vector<Mutant> wrong_classification() {
  const auto hinge = [](const auto& in, auto own, auto other) {
    const auto h = positive_part(in.real("margin") - (own - other));
    return in.whole("p") == 2 ? square(h) : h;
  };
  return {
      wrong("categorical_cross_entropy_with_logits", "smoothing over C - 1 classes",
            [](const auto& in) {
              return soft(in, [](auto t, auto s, double n) { return (1 - s) * t + s / std::max(n - 1, 1.); });
            }),
      wrong("categorical_cross_entropy_with_logits", "smoothing adds s/C alone",
            [](const auto& in) { return soft(in, [](auto t, auto s, double n) { return t + s / n; }); }),
      wrong("categorical_cross_entropy_with_logits", "smoothing towards 1/2",
            [](const auto& in) {
              return soft(in, [](auto t, auto s, double) { return (1 - s) * t + s / 2; });
            }),
      wrong("categorical_cross_entropy_with_logits", "log of softmax",
            [](const auto& in) {
              const auto x = in.row("logits"), t = in.row("target");
              const auto m = shift(x);
              auto terms = x;
              for (auto& each : terms) each = exp(each - m);
              const auto total = sum(terms);
              const auto s = in.real("label_smoothing");
              for (std::size_t c = 0; c < x.size(); ++c)
                terms[c] = weigh((1 - s) * t[c] + s / static_cast<double>(x.size()), -log(terms[c] / total));
              return sum(terms);
            }),
      wrong("categorical_cross_entropy_with_logits", "gradient p - t, as if targets summed to one",
            [](const auto& in) {
              auto out = soft(in, [](auto t, auto s, double n) { return (1 - s) * t + s / n; });
              const auto l = log_softmax(in.row("logits"));
              const auto x = in.row("logits"), t = in.row("target");
              const auto s = in.real("label_smoothing");
              out.d = 0;
              for (std::size_t c = 0; c < l.size(); ++c)
                if (x[c].d != 0)
                  out.d = std::exp(l[c].v) - ((1 - s) * t[c] + s / static_cast<double>(l.size())).v;
              return out;
            }),
      wrong("categorical_cross_entropy_with_logits", "0 times -infinity is NaN",
            [](const auto& in) {
              auto l = log_softmax(in.row("logits"));
              const auto t = in.row("target");
              const auto s = in.real("label_smoothing");
              for (std::size_t c = 0; c < l.size(); ++c) {
                const auto w = (1 - s) * t[c] + s / static_cast<double>(l.size());
                l[c] = {-w.v * l[c].v, weigh(w, -l[c]).d};
              }
              return sum(l);
            }),
      wrong("sparse_categorical_cross_entropy", "log2",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              return Term<X>(-log(in.row("probability")[chosen(in)]) / std::log(2.));
            }),
      wrong("sparse_categorical_cross_entropy", "renormalised rows",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto p = in.row("probability");
              return Term<X>(-log(p[chosen(in)] / sum(p)));
            }),
      wrong("sparse_categorical_cross_entropy", "ignored rows count in the mean",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>(X(0));
              return Term<X>(-log(in.row("probability")[chosen(in)]));
            }),
      wrong("sparse_categorical_cross_entropy", "a floor of 1e-7",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              return Term<X>(-log(in.row("probability")[chosen(in)] + 1e-7));
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "the mean divides by the count of rows",
            [](const auto& in) {
              return sparse(in, [](const auto& l, const auto& w, std::size_t y, auto s) {
                return smoothed(l, w, y, s);
              });
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "the mean divides by the sum of all weights",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto l = log_softmax(in.row("logits"));
              const auto w = class_weights(in, l.size());
              return weighted<X>(smoothed(l, w, chosen(in), in.real("label_smoothing")), sum(w));
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "smoothing without class weights",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto l = log_softmax(in.row("logits"));
              const auto w = class_weights(in, l.size());
              const X s = in.real("label_smoothing");
              const X own = weigh((1 - s) * w[chosen(in)], -l[chosen(in)]);
              return weighted<X>(own - s / static_cast<double>(l.size()) * sum(l), w[chosen(in)]);
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "smoothing leaves the label out",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto l = log_softmax(in.row("logits"));
              const auto w = class_weights(in, l.size());
              const std::size_t y = chosen(in);
              const X s = in.real("label_smoothing"), share = s / static_cast<double>(l.size());
              return weighted<X>(smoothed(l, w, y, s) - weigh(share * w[y], -l[y]), w[y]);
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "logits clipped to [1e-7, 1 - 1e-7]",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              auto x = in.row("logits");
              for (auto& each : x) each = max(min(each, X(1 - 1e-7)), X(1e-7));
              const auto l = log_softmax(x);
              const auto w = class_weights(in, l.size());
              return weighted<X>(smoothed(l, w, chosen(in), in.real("label_smoothing")), w[chosen(in)]);
            }),
      wrong("sparse_categorical_cross_entropy_with_logits", "weights divided by their mean",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto l = log_softmax(in.row("logits"));
              const auto w = class_weights(in, l.size());
              const X mean = sum(w) / static_cast<double>(w.size());
              return weighted<X>(smoothed(l, w, chosen(in), in.real("label_smoothing")) / mean,
                                 w[chosen(in)]);
            }),
      wrong("nll", "takes the logarithm once more",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              return Term<X>(-log_softmax(in.row("log_probability"))[chosen(in)]);
            }),
      wrong("nll", "not negated",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              return Term<X>(in.row("log_probability")[chosen(in)]);
            }),
      wrong("nll", "the mean divides by the count of rows",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>::ignored();
              const auto l = in.row("log_probability");
              return Term<X>(weigh(class_weights(in, l.size())[chosen(in)], -l[chosen(in)]));
            }),
      wrong("nll", "ignored rows count in the mean",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              if (ignored(in)) return Term<X>(X(0));
              const auto l = in.row("log_probability");
              const auto w = class_weights(in, l.size())[chosen(in)];
              return weighted<X>(weigh(w, -l[chosen(in)]), w);
            }),
      wrong("focal_with_logits", "p instead of 1 - p",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              const std::size_t y = chosen(in);
              return class_weights(in, l.size())[y] * pow(exp(l[y]), in.real("gamma").v) * -l[y];
            }),
      wrong("focal_with_logits", "1 - p cancels",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              const std::size_t y = chosen(in);
              return class_weights(in, l.size())[y] * pow(1 - exp(l[y]), in.real("gamma").v) * -l[y];
            }),
      wrong("focal_with_logits", "the factor takes no gradient",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              const std::size_t y = chosen(in);
              return class_weights(in, l.size())[y] * constant(pow(1 - exp(l[y]), in.real("gamma").v)) *
                     -l[y];
            }),
      wrong("focal_with_logits", "weighted mean",
            [](const auto& in) {
              using X = NumberOf<decltype(in)>;
              const auto l = log_softmax(in.row("logits"));
              const std::size_t y = chosen(in);
              const X w = class_weights(in, l.size())[y];
              return weighted<X>(w * pow(1 - exp(l[y]), in.real("gamma").v) * -l[y], w);
            }),
      wrong("poly_cross_entropy_with_logits", "the first coefficient alone",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              const auto e = in.list("epsilon");
              return -l[chosen(in)] + (e.empty() ? 0 : e.front()) * (1 - exp(l[chosen(in)]));
            }),
      wrong("poly_cross_entropy_with_logits", "p instead of 1 - p",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              auto out = -l[chosen(in)];
              double degree = 0;
              for (const double e : in.list("epsilon")) {
                ++degree;
                out = out + e * pow(exp(l[chosen(in)]), degree);
              }
              return out;
            }),
      wrong("poly_cross_entropy_with_logits", "degrees from 0 on",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              auto out = -l[chosen(in)];
              double degree = 0;
              for (const double e : in.list("epsilon")) {
                out = out + e * pow(1 - exp(l[chosen(in)]), degree);
                ++degree;
              }
              return out;
            }),
      wrong("poly_cross_entropy_with_logits", "terms always divided by their degree",
            [](const auto& in) {
              const auto l = log_softmax(in.row("logits"));
              auto out = -l[chosen(in)];
              double degree = 0;
              for (const double e : in.list("epsilon")) {
                ++degree;
                out = out + e * pow(1 - exp(l[chosen(in)]), degree) / degree;
              }
              return out;
            }),
      wrong("multi_margin", "not divided by C",
            [=](const auto& in) {
              return over_others(in, [&](auto own, auto other) { return hinge(in, own, other); });
            }),
      wrong("multi_margin", "divided by C - 1",
            [=](const auto& in) {
              return over_others(in, [&](auto own, auto other) { return hinge(in, own, other); }) /
                     std::max(width(in) - 1, 1.);
            }),
      wrong("multi_margin", "the label's own term counted",
            [=](const auto& in) {
              const auto x = in.row("score");
              const auto w = class_weights(in, x.size())[chosen(in)];
              const auto own = weigh(w, hinge(in, x[chosen(in)], x[chosen(in)]));
              return (over_others(in, [&](auto a, auto b) { return hinge(in, a, b); }) + own) / width(in);
            }),
      wrong("multi_margin", "never squared",
            [=](const auto& in) {
              return over_others(in,
                                 [&](auto own, auto other) {
                                   return positive_part(in.real("margin") - (own - other));
                                 }) /
                     width(in);
            }),
      wrong("multi_margin", "the greatest violation alone",
            [=](const auto& in) {
              auto worst = in.row("score")[0] * 0;
              over_others(in,
                          [&](auto own, auto other) { return worst = max(worst, hinge(in, own, other)); });
              return worst / width(in);
            }),
      wrong("multi_margin", "weight inside the square",
            [=](const auto& in) {
              const auto x = in.row("score");
              const auto w = class_weights(in, x.size())[chosen(in)];
              std::vector<NumberOf<decltype(in)>> terms;
              for (std::size_t c = 0; c < x.size(); ++c) {
                const auto h = w * positive_part(in.real("margin") - (x[chosen(in)] - x[c]));
                if (c != chosen(in)) terms.push_back(in.whole("p") == 2 ? square(h) : h);
              }
              return sum(terms) / width(in);
            }),
      wrong("categorical_hinge", "the label's own score in the maximum",
            [](const auto& in) {
              const auto x = in.row("score"), t = in.row("target");
              return positive_part(1 + maximum(x) - dot(x, t));
            }),
      wrong("categorical_hinge", "the true class enters the maximum as 0",
            [](const auto& in) {
              auto x = in.row("score");
              const auto t = in.row("target");
              const auto own = dot(x, t);
              for (std::size_t c = 0; c < x.size(); ++c) x[c] = (1 - t[c]) * x[c];
              return positive_part(1 + maximum(x) - own);
            }),
      wrong("categorical_hinge", "not cut off",
            [](const auto& in) {
              const auto x = in.row("score"), t = in.row("target");
              std::vector<NumberOf<decltype(in)>> others;
              for (std::size_t c = 0; c < x.size(); ++c)
                if (t[c] == 0) others.push_back(x[c]);
              return others.empty() ? x[0] * 0 : 1 + maximum(others) - dot(x, t);
            }),
      wrong("categorical_hinge", "a sum instead of the maximum",
            [](const auto& in) {
              const auto x = in.row("score"), t = in.row("target");
              const auto own = dot(x, t);
              std::vector<NumberOf<decltype(in)>> terms;
              for (std::size_t c = 0; c < x.size(); ++c)
                if (t[c] == 0) terms.push_back(positive_part(1 + x[c] - own));
              return sum(terms);
            }),
      wrong("multilabel_margin", "the list not ended",
            [](const auto& in) {
              const auto x = in.row("score");
              const auto slice = in.slice("labels");
              std::vector<bool> listed(x.size(), false);
              for (std::int64_t k = slice.first; k < slice.first + slice.count; ++k)
                if (const std::int64_t y = in.integers("labels")[static_cast<std::size_t>(k)];
                    y >= 0 && y < slice.count)
                  listed[static_cast<std::size_t>(y)] = true;
              std::vector<NumberOf<decltype(in)>> terms;
              for (std::size_t y = 0; y < x.size(); ++y)
                for (std::size_t c = 0; c < x.size(); ++c)
                  if (listed[y] && !listed[c]) terms.push_back(positive_part(1 - (x[y] - x[c])));
              return sum(terms) / static_cast<double>(x.size());
            }),
      wrong("multilabel_margin", "the first label alone",
            [](const auto& in) {
              const auto x = in.row("score");
              const std::int64_t y = in.label("labels");
              std::vector<NumberOf<decltype(in)>> terms;
              for (std::size_t c = 0; c < x.size() && y >= 0; ++c)
                if (c != static_cast<std::size_t>(y))
                  terms.push_back(positive_part(1 - (x[static_cast<std::size_t>(y)] - x[c])));
              return sum(terms) / static_cast<double>(x.size());
            }),
      wrong("multilabel_soft_margin", "a sum over the classes",
            [](const auto& in) {
              auto x = in.row("logits");
              const auto t = in.row("target"), w = class_weights(in, x.size());
              for (std::size_t c = 0; c < x.size(); ++c)
                x[c] = weigh(w[c], weigh(t[c], softplus(-x[c])) + weigh(1 - t[c], softplus(x[c])));
              return sum(x);
            }),
      wrong("multilabel_soft_margin", "weights on the positive half alone",
            [](const auto& in) {
              auto x = in.row("logits");
              const auto t = in.row("target"), w = class_weights(in, x.size());
              for (std::size_t c = 0; c < x.size(); ++c)
                x[c] = weigh(w[c] * t[c], softplus(-x[c])) + weigh(1 - t[c], softplus(x[c]));
              return sum(x) / static_cast<double>(x.size());
            }),
      wrong("multilabel_soft_margin", "divided by the sum of the weights",
            [](const auto& in) {
              auto x = in.row("logits");
              const auto t = in.row("target"), w = class_weights(in, x.size());
              for (std::size_t c = 0; c < x.size(); ++c)
                x[c] = weigh(w[c], weigh(t[c], softplus(-x[c])) + weigh(1 - t[c], softplus(x[c])));
              return sum(x) / sum(w);
            }),
  };
}

}  // namespace assay::tests::mutants
