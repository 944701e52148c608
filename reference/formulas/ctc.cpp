#include <algorithm>
#include <optional>

#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

/// Whether the input is -inf, or a number that stands in for it.
bool is_minus_infinity(Real x) {
  const Node& n = Graph::current().nodes[static_cast<std::size_t>(x.index())];
  return n.op == Op::stand_in ? n.number < 0 : n.number == -infinity;
}

}  // namespace

template <>
Term formula<Ctc>(const Row& in) {
  const std::vector<Vector> l = in.matrix("log_probability");
  const std::int64_t blank = in.whole("blank"), frames = in.label("input_lengths");
  std::vector<std::int64_t> labels = in.labels("labels");
  labels.resize(static_cast<std::size_t>(in.label("target_lengths")));

  // l': blanks in front, between and behind.
  std::vector<std::int64_t> states{blank};
  for (const std::int64_t label : labels) states.insert(states.end(), {label, blank});

  // The forward variable, equations 6 to 8; nothing where no alignment leads: a frame goes on by two states
  // at most, and the last two are where it ends.
  using Forward = std::vector<std::optional<Real>>;
  auto probability = [&](auto possible) -> std::optional<Real> {
    Forward alpha(states.size());
    for (std::size_t t = 0; t < static_cast<std::size_t>(frames); ++t) {
      Forward next(states.size());
      for (std::size_t s = 0; s < states.size(); ++s) {
        if (s + 2 * (static_cast<std::size_t>(frames) - t) < states.size()) continue;
        Vector before;
        if (t == 0 && s < 2) before.push_back(1);
        for (std::size_t back = 0; t > 0 && back <= std::min<std::size_t>(s, 2); ++back)
          if (alpha[s - back] && (back < 2 || (states[s] != blank && states[s] != states[s - 2])))
            before.push_back(*alpha[s - back]);
        const Real y = l[t][static_cast<std::size_t>(states[s])];
        if (!before.empty() && possible(y)) next[s] = sum(before) * exp(y);
      }
      alpha = next;
    }
    if (frames == 0) return labels.empty() ? std::optional<Real>(1) : std::nullopt;
    Vector ends;
    for (std::size_t s = states.size() - std::min<std::size_t>(states.size(), 2); s < states.size(); ++s)
      if (alpha[s]) ends.push_back(*alpha[s]);
    return ends.empty() ? std::nullopt : std::optional<Real>(sum(ends));
  };

  const auto all = probability([](Real) { return true; });
  if (in.flag("zero_infinity") && !probability([](Real y) { return !is_minus_infinity(y); })) return Real(0);
  const Real loss = -log(all.value_or(0));  // equation 12
  Term term(loss, all ? maximum({1, loss}) : Real(1));
  term.divisor_in_mean = std::max<std::size_t>(1, labels.size());
  if (all) term.gradient_sensitivity_factor = abs(loss);
  for (std::size_t t = 0; !all && t < static_cast<std::size_t>(frames); ++t)
    term.infinite_around.insert(term.infinite_around.end(), l[t].begin(), l[t].end());
  return term;
}

/// Through a log-softmax that made the numbers: its derivative adds their exponentials.
template <>
Term conventional<Ctc>(std::string_view, const Row& in) {
  Term term = formula<Ctc>(in);
  if (term.gradient_sensitivity_factor.index() < 0) return term;  // infeasible
  const std::vector<Vector> l = in.matrix("log_probability");
  for (std::size_t t = 0; t < static_cast<std::size_t>(in.label("input_lengths")); ++t)
    for (const Real each : l[t]) term.added_gradient.emplace_back(each, exp(each));
  return term;
}

}  // namespace assay::reference
