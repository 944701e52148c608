#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

/// The sum of term(a_c, b_c) over a row.
template <class In, class Term>
auto summed(const In& in, const char* a, const char* b, const Term& term) {
  const auto first = in.row(a), second = in.row(b);
  std::vector<typename In::Number> terms;
  for (std::size_t i = 0; i < first.size(); ++i) terms.push_back(term(first[i], second[i]));
  return sum(terms);
}

constexpr auto product = [](auto p, auto q) { return p * q; };

/// p log(2p/(p + q)); its slope without (q - p)/(p + q), which is as much more by p as it is less by q, and
/// what the one from p to the middle has, the one from q to it lacks.
template <class T>
Dual<T> to_middle(Dual<T> p, Dual<T> q) {
  const T both = p.v + q.v, share = both == 0 ? T{1} : p.v / both;
  const T far = both != 0 && share > T(.25) ? std::log1p((p.v - q.v) / both)
                                            : std::log(p.v) - std::log(both) + std::log(T(2));
  return {times(p.v, far), times(p.d, both == 0 ? std::log(T(2)) : far)};
}

/// 1 - above/below, where 0/0 is 1.
template <class X>
X lacking(X above, X below) {
  return below == 0 ? X(0) : (below - above) / below;
}

}  // namespace

std::vector<Entry> divergences() {
  return {
      {"entropy",
       [](const auto& in) { return -summed(in, "p", "p", [](auto p, auto) { return xlogx(p); }); }},
      {"categorical_cross_entropy",
       [](const auto& in) {
         return -summed(in, "target", "probability", [](auto t, auto p) { return xlogy(t, p); });
       }},
      {"brier",
       [](const auto& in) {
         return summed(in, "probability", "target", [](auto p, auto t) { return square(p - t); });
       }},
      {"kl_divergence",
       [](const auto& in) {
         return summed(in, "target", "probability", [](auto p, auto q) { return divergence(p, q); });
       }},
      {"js_divergence",
       [](const auto& in) {
         return summed(in, "p", "q", [](auto p, auto q) { return (to_middle(p, q) + to_middle(q, p)) / 2; });
       }},
      {"dice",
       [](const auto& in) {
         const auto s = in.real("smooth");
         const bool squared = in.flag("squared");
         const auto size = summed(in, "probability", "target",
                                  [squared](auto p, auto g) { return squared ? p * p + g * g : p + g; });
         return lacking(2 * summed(in, "probability", "target", product) + s, size + s);
       }},
      {"jaccard",
       [](const auto& in) {
         const auto s = in.real("smooth"), both = summed(in, "probability", "target", product);
         const auto size = summed(in, "probability", "target", [](auto p, auto g) { return p + g - p * g; });
         return lacking(both + s, size + s);
       }},
      {"tversky",
       [](const auto& in) {
         const auto s = in.real("smooth"), both = summed(in, "probability", "target", product);
         const auto extra = summed(in, "probability", "target", [](auto p, auto g) { return p * (1 - g); });
         const auto missed = summed(in, "probability", "target", [](auto p, auto g) { return (1 - p) * g; });
         return lacking(both + s, both + in.real("alpha") * extra + in.real("beta") * missed + s);
       }},
  };
}

}  // namespace assay::tests::textbook
