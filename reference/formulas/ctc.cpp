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

// `l` is what counts as log_probability; `given` is what came, where -inf says that no alignment leads there.
Term ctc(const Row& in, const std::vector<Vector>& l, const std::vector<Vector>& given) {
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
        const auto y = static_cast<std::size_t>(states[s]);
        if (!before.empty() && possible(given[t][y])) next[s] = sum(before) * exp(l[t][y]);
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
    term.infinite_around.insert(term.infinite_around.end(), given[t].begin(), given[t].end());
  return term;
}

}  // namespace

template <>
Term formula<Ctc>(const Row& in) {
  const std::vector<Vector> l = in.matrix("log_probability");
  return ctc(in, l, l);
}

template <>
Term conventional<Ctc>(std::string_view name, const Row& in) {
  const std::vector<Vector> l = in.matrix("log_probability");
  const auto frames = static_cast<std::size_t>(in.label("input_lengths"));
  if (name == "logits-normalized-first") {
    std::vector<Vector> normalized;
    for (std::size_t t = 0; t < frames; ++t) normalized.push_back(log_softmax(l[t]));
    return ctc(in, normalized, l);
  }
  // log-softmax-gradient: through one that made the numbers. Its derivative adds their exponentials.
  Term term = ctc(in, l, l);
  if (term.gradient_sensitivity_factor.index() < 0) return term;  // infeasible
  for (std::size_t t = 0; t < frames; ++t)
    for (const Real each : l[t]) term.added_gradient.emplace_back(each, exp(each));
  return term;
}

}  // namespace assay::reference
