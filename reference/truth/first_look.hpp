// What balls of doubles see of a case before Arb is asked: most of f32, and almost every sensitivity.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "reference/engines/double_engine.hpp"
#include "reference/graph/descent.hpp"
#include "reference/graph/recorded_case.hpp"
#include "reference/graph/recycled.hpp"

namespace assay::reference {

/// What was seen of one root; all of it certain.
struct Seen {
  bool decided = false;          ///< the next two are known
  double rounded = 0;            ///< the exact result rounded once
  double offset = 0;             ///< (exact - rounded) / ulp(exact), to 2^-14
  bool measured = false;         ///< so is this one
  double sensitivity = 0;        ///< A, and at most a thousandth more
  double most = infinity;        ///< in any case A is not above this
  bool smooth = false;           ///< no kink that it is computed from is near
  bool finite_inputs = true;     ///< it is computed from no infinite input
  std::int64_t input_count = 1;  ///< n
};

class FirstLook {
 public:
  /// A root with index -1 is exactly 0.
  FirstLook(const RecordedCase& recorded, std::span<const std::int32_t> roots);

  /// Of a root of the case.
  [[nodiscard]] const Seen& at(std::size_t root) const { return seen_[root]; }
  /// |node|, where doubles hold it exactly.
  [[nodiscard]] std::optional<double> magnitude(std::int32_t node);
  /// |node|, and at most a thousandth more.
  [[nodiscard]] std::optional<double> size(std::int32_t node);
  /// The node is certain to be a number other than 0.
  [[nodiscard]] bool nonzero(std::int32_t node);

 private:
  void decide(Seen& seen, std::int32_t root) const;
  void examine(Seen& seen, std::int32_t root);
  /// It is certain that |h| / (u A_h) is beyond the bound, h the argument of the kink that has this slope.
  bool away_from_kink(const Node& slope, double bound);
  /// Not below A of the node; infinity where it is not known.
  double largest_sensitivity(std::int32_t node);
  const DoubleBall& ball(std::int32_t node);

  const RecordedCase& recorded_;
  const Graph& graph_;
  Dtype dtype_;
  DoubleEngine engine_;
  Descent descent_, inner_;
  Recycled<std::uint8_t> evaluated_, is_input_;
  Recycled<double> sensitivities_;  // of arguments of kinks; below 0 where not measured yet
  std::vector<Seen> seen_;
};

}  // namespace assay::reference
