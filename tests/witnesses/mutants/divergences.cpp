#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {
namespace {

template <class In, class Each>
auto over(const In& in, const char* a, const char* b, const Each& each) {
  const auto first = in.row(a), second = in.row(b);
  std::vector<NumberOf<In>> terms;
  for (std::size_t i = 0; i < first.size(); ++i) terms.push_back(each(first[i], second[i]));
  return sum(terms);
}
template <class X>
X lacking(X above, X below) {
  return below == 0 ? X(0) : (below - above) / below;
}

/// The sums of p g, p and g, and the smoothing.
template <class In, class Fraction>
auto overlap(const In& in, const Fraction& fraction) {
  const auto both = over(in, "probability", "target", [](auto p, auto g) { return p * g; });
  return fraction(both, sum(in.row("probability")), sum(in.row("target")), in.real("smooth"));
}

}  // namespace

std::vector<Mutant> wrong_divergences() {
  return {
      wrong("entropy", "sign",
            [](const auto& in) { return over(in, "p", "p", [](auto p, auto) { return weigh(p, log(p)); }); }),
      wrong("entropy", "bits",
            [](const auto& in) {
              return -over(in, "p", "p", [](auto p, auto) { return weigh(p, log(p)); }) / std::log(2.);
            }),
      wrong("entropy", "an epsilon in the log",
            [](const auto& in) {
              return -over(in, "p", "p", [](auto p, auto) { return p * log(p + 1e-12); });
            }),
      wrong("entropy", "rows renormalised",
            [](const auto& in) {
              const auto total = sum(in.row("p"));
              return -over(in, "p", "p", [&](auto p, auto) { return weigh(p / total, log(p / total)); });
            }),
      wrong("categorical_cross_entropy", "the largest target alone",
            [](const auto& in) {
              const auto t = in.row("target"), p = in.row("probability");
              std::size_t best = 0;
              for (std::size_t c = 0; c < t.size(); ++c)
                if (t[c] > t[best]) best = c;
              return -log(p[best]);
            }),
      wrong("categorical_cross_entropy", "probabilities renormalised",
            [](const auto& in) {
              const auto total = sum(in.row("probability"));
              return -over(in, "target", "probability",
                           [&](auto t, auto p) { return weigh(t, log(p / total)); });
            }),
      wrong("categorical_cross_entropy", "binary",
            [](const auto& in) {
              return -over(in, "target", "probability",
                           [](auto t, auto p) { return weigh(t, log(p)) + weigh(1 - t, log1p(-p)); });
            }),
      wrong("categorical_cross_entropy", "0 log 0 is NaN",
            [](const auto& in) {
              auto out = -over(in, "target", "probability", [](auto t, auto p) { return weigh(t, log(p)); });
              const auto t = in.row("target"), p = in.row("probability");
              for (std::size_t c = 0; c < t.size(); ++c) out.v += 0 * (t[c].v * std::log(p[c].v));
              return out;
            }),
      wrong("kl_divergence", "argument order",
            [](const auto& in) {
              return over(in, "target", "probability", [](auto p, auto q) { return divergence(q, p); });
            }),
      wrong("kl_divergence", "cross-entropy",
            [](const auto& in) {
              return -over(in, "target", "probability", [](auto p, auto q) { return weigh(p, log(q)); });
            }),
      wrong("kl_divergence", "the generalised one",
            [](const auto& in) {
              return over(in, "target", "probability",
                          [](auto p, auto q) { return divergence(p, q) - p + q; });
            }),
      wrong("kl_divergence", "mean over the classes",
            [](const auto& in) {
              return over(in, "target", "probability", [](auto p, auto q) { return divergence(p, q); }) /
                     static_cast<double>(in.row("target").size());
            }),
      wrong("kl_divergence", "an epsilon on both sides",
            [](const auto& in) {
              return over(in, "target", "probability",
                          [](auto p, auto q) { return p * log((p + 1e-7) / (q + 1e-7)); });
            }),
      wrong("kl_divergence", "the target takes no gradient of its logarithm",
            [](const auto& in) {
              return over(in, "target", "probability", [](auto p, auto q) {
                return p == 0 ? weigh(p, log(q)) : p * (constant(log(p)) - log(q));
              });
            }),
      wrong("js_divergence", "not halved",
            [](const auto& in) {
              return over(in, "p", "q", [](auto p, auto q) {
                const auto m = (p + q) / 2;
                return divergence(p, m) + divergence(q, m);
              });
            }),
      wrong("js_divergence", "symmetrised KL",
            [](const auto& in) {
              return over(in, "p", "q",
                          [](auto p, auto q) { return (divergence(p, q) + divergence(q, p)) / 2; });
            }),
      wrong("js_divergence", "one half alone",
            [](const auto& in) {
              return over(in, "p", "q", [](auto p, auto q) { return divergence(p, (p + q) / 2); });
            }),
      wrong("js_divergence", "the distance, its root",
            [](const auto& in) {
              return sqrt(over(in, "p", "q", [](auto p, auto q) {
                const auto m = (p + q) / 2;
                return (divergence(p, m) + divergence(q, m)) / 2;
              }));
            }),
      wrong("js_divergence", "the mixture takes no gradient",
            [](const auto& in) {
              return over(in, "p", "q", [](auto p, auto q) {
                const auto m = constant(p + q) / 2;
                return (divergence(p, m) + divergence(q, m)) / 2;
              });
            }),
      wrong("brier", "halved",
            [](const auto& in) {
              return over(in, "probability", "target", [](auto p, auto t) { return square(p - t); }) / 2;
            }),
      wrong("brier", "the mean over the classes",
            [](const auto& in) {
              return over(in, "probability", "target", [](auto p, auto t) { return square(p - t); }) /
                     static_cast<double>(in.row("target").size());
            }),
      wrong("brier", "p^2 - 2pt + t^2 cancels",
            [](const auto& in) {
              return over(in, "probability", "target",
                          [](auto p, auto t) { return p * p - 2 * p * t + t * t; });
            }),
      wrong("brier", "the true class alone",
            [](const auto& in) {
              return over(in, "probability", "target", [](auto p, auto t) { return t * square(p - t); });
            }),
      wrong("brier", "absolute errors",
            [](const auto& in) {
              return over(in, "probability", "target", [](auto p, auto t) { return abs(p - t); });
            }),
      wrong("brier", "gradient halved",
            [](const auto& in) {
              auto out = over(in, "probability", "target", [](auto p, auto t) { return square(p - t); });
              out.d = out.d / 2;
              return out;
            }),
      wrong("dice", "squares never",
            [](const auto& in) {
              return overlap(
                  in, [](auto both, auto p, auto g, auto s) { return lacking(2 * both + s, p + g + s); });
            }),
      wrong("dice", "smooth above the line alone",
            [](const auto& in) {
              const auto size = over(in, "probability", "target", [&](auto p, auto g) {
                return in.flag("squared") ? p * p + g * g : p + g;
              });
              return overlap(in, [&](auto both, auto, auto, auto s) { return 1 - (2 * both + s) / size; });
            }),
      wrong("dice", "smooth below the line alone",
            [](const auto& in) {
              const auto size = over(in, "probability", "target", [&](auto p, auto g) {
                return in.flag("squared") ? p * p + g * g : p + g;
              });
              return overlap(in, [&](auto both, auto, auto, auto s) { return lacking(2 * both, size + s); });
            }),
      wrong("dice", "the overlap not doubled",
            [](const auto& in) {
              const auto size = over(in, "probability", "target", [&](auto p, auto g) {
                return in.flag("squared") ? p * p + g * g : p + g;
              });
              return overlap(in, [&](auto both, auto, auto, auto s) { return lacking(both + s, size + s); });
            }),
      wrong("dice", "the square of the sum",
            [](const auto& in) {
              return overlap(in, [&](auto both, auto p, auto g, auto s) {
                return lacking(2 * both + s, (in.flag("squared") ? p * p + g * g : p + g) + s);
              });
            }),
      wrong("dice", "an epsilon of 1e-7 below the line",
            [](const auto& in) {
              const auto size = over(in, "probability", "target", [&](auto p, auto g) {
                return in.flag("squared") ? p * p + g * g : p + g;
              });
              return overlap(
                  in, [&](auto both, auto, auto, auto s) { return 1 - (2 * both + s) / (size + s + 1e-7); });
            }),
      wrong("dice", "the coefficient, not the loss",
            [](const auto& in) {
              const auto size = over(in, "probability", "target", [&](auto p, auto g) {
                return in.flag("squared") ? p * p + g * g : p + g;
              });
              return overlap(
                  in, [&](auto both, auto, auto, auto s) { return 1 - lacking(2 * both + s, size + s); });
            }),
      wrong("jaccard", "Dice",
            [](const auto& in) {
              return overlap(
                  in, [](auto both, auto p, auto g, auto s) { return lacking(2 * both + s, p + g + s); });
            }),
      wrong("jaccard", "the overlap not taken from the union",
            [](const auto& in) {
              return overlap(in,
                             [](auto both, auto p, auto g, auto s) { return lacking(both + s, p + g + s); });
            }),
      wrong("jaccard", "smooth above the line alone",
            [](const auto& in) {
              return overlap(
                  in, [](auto both, auto p, auto g, auto s) { return 1 - (both + s) / (p + g - both); });
            }),
      wrong("jaccard", "0/0 is loss 1",
            [](const auto& in) {
              return overlap(in, [](auto both, auto p, auto g, auto s) {
                const auto size = p + g - both + s;
                return size == 0 ? size + 1 : lacking(both + s, size);
              });
            }),
      wrong("tversky", "alpha and beta exchanged",
            [](const auto& in) {
              return overlap(in, [&](auto both, auto p, auto g, auto s) {
                return lacking(both + s,
                               both + in.real("beta") * (p - both) + in.real("alpha") * (g - both) + s);
              });
            }),
      wrong("tversky", "alpha on both",
            [](const auto& in) {
              return overlap(in, [&](auto both, auto p, auto g, auto s) {
                return lacking(both + s, both + in.real("alpha") * (p + g - 2 * both) + s);
              });
            }),
      wrong("tversky", "beta is 1 - alpha",
            [](const auto& in) {
              return overlap(in, [&](auto both, auto p, auto g, auto s) {
                const auto alpha = in.real("alpha");
                return lacking(both + s, both + alpha * (p - both) + (1 - alpha) * (g - both) + s);
              });
            }),
      wrong("tversky", "smooth twice above the line",
            [](const auto& in) {
              return overlap(in, [&](auto both, auto p, auto g, auto s) {
                const auto below = both + in.real("alpha") * (p - both) + in.real("beta") * (g - both) + s;
                return below == 0 ? below : 1 - (both + 2 * s) / below;
              });
            }),
  };
}

}  // namespace assay::tests::mutants
