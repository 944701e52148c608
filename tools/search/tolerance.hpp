// What an answer is allowed to be off in a search: what a record declares of its kernel, or what the grade
// `stable` of the contract's section 7 allows whoever answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "losses/catalogue/records.hpp"
#include "reference/truth/truth.hpp"
#include "tools/testees/testee.hpp"

namespace assay::search {

/// The unit in the last place of the dtype at x; of zero and of what is not finite, the least subnormal.
double ulp(Dtype dtype, double x);

class Tolerance {
 public:
  /// The bound of a record: `ulp` units and a share of the sensitivity.
  static Tolerance declared(const Accuracy& accuracy) { return Tolerance(accuracy); }
  /// Numbers that are exact but for one rounding.
  static Tolerance rounded() { return Tolerance(Accuracy{.5, nothing}); }
  /// B max(ulp(v), u A).
  static Tolerance stable() { return Tolerance(std::nullopt); }

  /// How far every answer near x may be off, whatever its sensitivity.
  [[nodiscard]] double always(Dtype dtype, double x) const;
  /// What component i of the value of this case, or of a gradient, is allowed besides. Certifies the case, so
  /// it is asked for where `always` does not suffice. Infinity where nobody knows the truth.
  [[nodiscard]] double besides(const Case& c, std::size_t i) const;
  [[nodiscard]] double besides(const Case& c, const std::string& input, std::size_t i) const;

  /// The same of a tensor that is certified already.
  [[nodiscard]] double besides(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                               bool gradient) const;
  /// The same in units in the last place, and those that its component i is allowed all in all.
  [[nodiscard]] double excused_units(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                                     bool gradient) const;
  [[nodiscard]] double units(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                             bool gradient) const;
  /// Whether gradients by this input are held. A record declares nothing of those that are sums over rows:
  /// numbers drawn from the whole range put rows of 1e308 beside rows of 1, and what such rows leave of each
  /// other in a quotient of sums lies beyond the digits that the kernels carry.
  [[nodiscard]] bool holds_gradient(const Record& record, std::string_view input) const;

 private:
  static constexpr int nothing = -10'000;  // a share of 2^-10000
  explicit Tolerance(std::optional<Accuracy> accuracy) : declared_(accuracy) {}

  std::optional<Accuracy> declared_;  // the grade `stable` where there is none
};

/// An input whose gradient is a sum over rows: it has none of their axes, or it is what all rows are compared
/// with, or its rows come in groups that are summed to that.
bool is_shared(const Record& record, std::string_view input);

}  // namespace assay::search
