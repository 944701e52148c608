#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SparseCategoricalCrossEntropyWithLogits>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  const auto y = static_cast<std::size_t>(label);
  const Vector x = in.row("logits");
  const Vector w = in.has("weight") ? in.row("weight") : Vector(x.size(), 1);
  const Real s = in("label_smoothing"), share = s / x.size();
  Vector powers, terms;
  for (Real each : x) powers.push_back(exp(each));
  const Real total = sum(powers);
  auto log_softmax = [&](std::size_t c) { return weigh(w[c], log(powers[c] / total)); };
  terms.push_back(weigh(1 - s, log_softmax(y)));
  for (std::size_t c = 0; c < x.size(); ++c) terms.push_back(weigh(share, [&] { return log_softmax(c); }));
  Term term(-sum(terms), (1 - s) * w[y] + weigh(share, [&] { return sum(w); }));
  term.weight = w[y];
  return term;
}

// probability-floored-1e-10, the only one: of the value alone.
template <>
Term conventional<SparseCategoricalCrossEntropyWithLogits>(std::string_view, const Row& in) {
  Term term = formula<SparseCategoricalCrossEntropyWithLogits>(in);
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return term;
  const auto y = static_cast<std::size_t>(label);
  const Real w = in.has("weight") ? in.row("weight")[y] : Real(1);
  const Real logarithm = log(softmax_shares(in.row("logits"), y).own),
             least = log(in.rounded(1, 10'000'000'000));
  const Real cut = weigh((1 - in("label_smoothing")) * w, [&] {
    return maximum({logarithm, least}) - logarithm;
  });
  term.value.front() = term.value.front() - stop_gradient(cut);
  return term;
}

}  // namespace assay::reference
