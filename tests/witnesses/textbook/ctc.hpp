// Connectionist temporal classification as the forward recursion over logarithms (Graves et al. 2006,
// equations 6 to 8), with what wrong implementations of it change.
#pragma once

#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {

struct CtcHabits {
  bool skips_equal_labels = false;  ///< goes from a label to the same label without a blank between
  bool never_skips = false;         ///< always passes through the blank
  bool must_end_in_blank = false;   ///< leaves out the alignments that end in the last label
  bool reads_all_frames = false;    ///< ignores input_lengths
  bool reads_all_labels = false;    ///< ignores target_lengths
  bool blank_is_0 = false;
  bool mean_by_length = true;
  bool best_path = false;  ///< the most probable alignment alone
};

template <class X>
X log_add(X a, X b) {
  const X m = max(a, b);
  if (std::isinf(m.v)) return a > b ? a : b;
  return m + log1p(exp(-abs(a - b)));
}

template <class In>
auto ctc(const In& in, const CtcHabits& habits = {}) {
  using X = typename In::Number;
  const X never(-std::numeric_limits<decltype(X::v)>::infinity());
  const auto& shape = in.shape("log_probability");
  const auto frames = static_cast<std::size_t>(shape[0]), batch = static_cast<std::size_t>(shape[1]),
             classes = static_cast<std::size_t>(shape[2]);
  const auto n = static_cast<std::size_t>(in.index());
  const auto width = static_cast<std::size_t>(in.shape("labels")[1]);
  const auto& labels = in.integers("labels");
  const auto length =
      habits.reads_all_labels ? width : static_cast<std::size_t>(in.integers("target_lengths")[n]);
  const auto end =
      habits.reads_all_frames ? frames : static_cast<std::size_t>(in.integers("input_lengths")[n]);
  const std::int64_t blank = habits.blank_is_0 ? 0 : in.whole("blank");

  std::vector<std::int64_t> path{blank};
  for (std::size_t s = 0; s < length; ++s) {
    path.push_back(labels[n * width + s]);
    path.push_back(blank);
  }
  const std::vector<X> all = in.all("log_probability");
  // Padding that the habits read as labels may be no class: it reads the nearest one, never foreign memory.
  const auto at = [&](std::size_t t, std::int64_t c) {
    const auto nearest = std::clamp<std::int64_t>(c, 0, static_cast<std::int64_t>(classes) - 1);
    return all[(t * batch + n) * classes + static_cast<std::size_t>(nearest)];
  };
  const auto join = [&](X a, X b) { return habits.best_path ? max(a, b) : log_add(a, b); };
  std::vector<X> alpha(path.size(), never);
  alpha[0] = X(0);
  for (std::size_t t = 0; t < end; ++t) {
    std::vector<X> next(path.size(), never);
    for (std::size_t s = 0; s < path.size(); ++s) {
      // Before the first frame only the first blank and the first label may be entered.
      X from = t == 0 ? (s <= 1 ? X(0) : never) : alpha[s];
      if (t > 0 && s > 0) from = join(from, alpha[s - 1]);
      const bool distinct =
          s > 1 && path[s] != blank && (path[s] != path[s - 2] || habits.skips_equal_labels);
      if (t > 0 && distinct && !habits.never_skips) from = join(from, alpha[s - 2]);
      next[s] = std::isinf(from.v) && from.v < 0 ? never : from + at(t, path[s]);
    }
    alpha = next;
  }
  X total = alpha.back();
  if (end == 0)
    total = length == 0 ? X(0) : never;
  else if (path.size() > 1 && !habits.must_end_in_blank)
    total = join(total, alpha[path.size() - 2]);
  X loss = -total;
  if (std::isinf(loss.v) && in.flag("zero_infinity")) loss = X(0);
  return in.averaged() && habits.mean_by_length ? loss / std::max(1., static_cast<double>(length)) : loss;
}

}  // namespace assay::tests::textbook
