// What an audit searches, cut into cells: a loss in a dtype, one of its outputs, a region of its inputs and
// parameters; or one of its promises. Each is searched for itself, so that a gross error in one hides nothing
// in another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "tools/cases/selection.hpp"
#include "tools/judge/regime.hpp"
#include "tools/testees/testee.hpp"

namespace assay::audit {

/// The inputs that a cell is searched for errors on. Those of `special` are drawn, not climbed: NaN,
/// infinities and degenerate shapes have no neighbours.
enum class Aim : std::uint8_t { everyday, tail, extreme, special };
std::string_view name(Aim aim);

struct Cell {
  const Record* record = nullptr;
  Dtype dtype = Dtype::f64;
  std::string variant{};  ///< of the testee's offer; empty where it has none
  std::string by{};       ///< the output: the gradient by that input; empty: the value
  Aim aim = Aim::everyday;
  bool other_parameters = false;  ///< away from the defaults
  /// A promise is on trial instead; `rows_in_order` is what holds for every loss.
  const Promise* promise = nullptr;
  bool rows_in_order = false;

  [[nodiscard]] bool on_trial() const { return promise || rows_in_order; }
};

/// "value", "gradient.logits".
std::string output_name(const Cell& cell);
/// "huber/f32/gradient.prediction/everyday", "huber/f32/value/tail/parameters", "huber/f32/promise/3"; of a
/// variant "huber/f32/value/tail@layers".
std::string name(const Cell& cell);

/// All that the testee offers of the selection, in a fixed order in which the most ordinary of every loss
/// comes first: an audit that ends early has been everywhere once before it is anywhere twice. Only the aims
/// that one of the regimes asks for; no regime given: all of them, and the promises.
std::vector<Cell> cells(const Handshake& handshake, const Selection& selection,
                        const std::vector<Regime>& regimes);

}  // namespace assay::audit
