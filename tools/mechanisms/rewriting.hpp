// A formula as implementations write it rather than the paper: the record of a case, operation by operation,
// with some operations replaced. Derivatives are recorded anew, so that a rewriting has the gradient that
// differentiating it gives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/graph/recorded_case.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "tools/mechanisms/observation.hpp"

namespace assay::mechanisms {

/// A case's formula, rewritten.
struct Written {
  reference::Graph graph;
  std::vector<std::int32_t> values;                           ///< -1 is exactly 0
  std::map<std::string, std::vector<std::int32_t>> gradient;  ///< number by number
  bool changed = false;                                       ///< there was something to rewrite
  std::int32_t constant = -1;                                 ///< the node of the fitted constant
  std::map<std::int32_t, std::string> names;  ///< of inputs and parameters: "logits[3]", "delta"

  [[nodiscard]] const std::vector<std::int32_t>& roots(const Part& part) const {
    return part.empty() ? values : gradient.at(part);
  }
};

/// Copies the record of a formula; what a rewriting does to one node, it says here.
class Rewriter {
 public:
  using Replace = std::optional<reference::Real> (*)(Rewriter& w, std::int32_t node);

  Rewriter(const reference::Graph& original, const std::vector<Replace>& replacements, double fit)
      : from(original), constant(fit), replacements_(replacements), copies_(original.nodes.size(), -1) {}

  /// The node in the new record; recorded when it is first asked for.
  reference::Real copy(std::int32_t node);
  /// The same with nothing replaced at this node itself.
  reference::Real plain(std::int32_t node);

  [[nodiscard]] const reference::Node& at(std::int32_t node) const {
    return from.nodes[static_cast<std::size_t>(node)];
  }
  [[nodiscard]] bool is(std::int32_t node, reference::Op op) const { return at(node).op == op; }
  [[nodiscard]] bool is_whole(std::int32_t node, std::int64_t wanted) const {
    return is(node, reference::Op::whole) && at(node).whole == wanted;
  }
  /// The fitted constant: one node of the new record.
  [[nodiscard]] reference::Real fitted();
  [[nodiscard]] std::int32_t fitted_node() const { return fitted_; }

  const reference::Graph& from;
  const double constant;
  bool changed = false;

 private:
  const std::vector<Replace>& replacements_;
  std::vector<std::int32_t> copies_;
  std::int32_t fitted_ = -1;
};

/// Null where the case cannot be recorded.
std::unique_ptr<Written> written(const Case& c, const std::vector<Rewriter::Replace>& replacements,
                                 double constant = 0);

/// The terms of a sum that was recorded from left to right.
std::vector<std::int32_t> summands(const reference::Graph& graph, std::int32_t node);

/// The node as a formula, so many operations deep: "exp(x - t)".
std::string formula_text(const Written& formula, std::int32_t node, int depth = 4);

// The rewritings that implementations are known for.
namespace rewritings {
using Real = reference::Real;
/// Of a softmax, its logarithm, or a logarithm of a sum: the largest is subtracted before e^x.
std::optional<Real> shifted(Rewriter& w, std::int32_t node);
/// log(e^x / sum) as x - (m + log of the shifted sum).
std::optional<Real> less_log_sum(Rewriter& w, std::int32_t node);
/// The same as (x - m) - log of the shifted sum.
std::optional<Real> shifted_less_log(Rewriter& w, std::int32_t node);
/// log(1 + e^a) as max(a, 0) + log(1 + e^-|a|).
std::optional<Real> softplus(Rewriter& w, std::int32_t node);
/// log(1 + e^a) as minus the logarithm of a sigmoid, or of 1 less it.
std::optional<Real> log_of_sigmoid(Rewriter& w, std::int32_t node);
/// The same where the sigmoid is e^x / (1 + e^x) below 0.
std::optional<Real> log_of_split_sigmoid(Rewriter& w, std::int32_t node);
/// 1/(1 + e^-x) as e^x / (1 + e^x); as 1 - 1/(1 + e^x).
std::optional<Real> quotient_sigmoid(Rewriter& w, std::int32_t node);
std::optional<Real> complement_sigmoid(Rewriter& w, std::int32_t node);
/// The other shares of a softmax, and of a sigmoid, as 1 - p.
std::optional<Real> complement_share(Rewriter& w, std::int32_t node);
/// The other shares of a softmax as 1 - e^(x - m - log of the shifted sum).
std::optional<Real> complement_log_share(Rewriter& w, std::int32_t node);
/// (1 - p) t + p (1 - t) as 1 - (p t + (1 - p)(1 - t)).
std::optional<Real> complement_mixture(Rewriter& w, std::int32_t node);
/// log cosh a as a + log(1 + e^-2a) - log 2, and by |a|.
std::optional<Real> log_cosh(Rewriter& w, std::int32_t node);
std::optional<Real> log_cosh_of_size(Rewriter& w, std::int32_t node);
/// (x - t)^2 as x^2 - 2xt + t^2, in two orders.
std::optional<Real> expanded_square(Rewriter& w, std::int32_t node);
std::optional<Real> expanded_square_last(Rewriter& w, std::int32_t node);
/// |a| as the root of a^2.
std::optional<Real> root_of_square(Rewriter& w, std::int32_t node);
/// Fractions by divisions one after the other: a / (b c) as a / b / c.
std::optional<Real> divided_twice(Rewriter& w, std::int32_t node);

// With a constant.
std::optional<Real> added_in_log(Rewriter& w, std::int32_t node);
std::optional<Real> floor_in_log(Rewriter& w, std::int32_t node);
std::optional<Real> floor_of_log(Rewriter& w, std::int32_t node);
std::optional<Real> added_below(Rewriter& w, std::int32_t node);
std::optional<Real> added_to_shifted(Rewriter& w, std::int32_t node);
std::optional<Real> floor_below(Rewriter& w, std::int32_t node);
std::optional<Real> added_in_differences(Rewriter& w, std::int32_t node);
std::optional<Real> added_under_root(Rewriter& w, std::int32_t node);
std::optional<Real> smoothed_size(Rewriter& w, std::int32_t node);
std::optional<Real> capped_exponent(Rewriter& w, std::int32_t node);
}  // namespace rewritings

}  // namespace assay::mechanisms
