// The promises of a record as questions: each trial asks one case or several, and says from the answers
// whether the promise holds. What lies between the questions and the verdict is nobody's business here, so
// that many trials can be under way at once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/search/draws.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::search {

/// A promise of a record, and how far the answers may be off that are asked about it.
struct Promised {
  const Record& record;
  const Promise& promise;
  Dtype dtype;
  Tolerance tolerance;
  const Handshake* offers = nullptr;  ///< of a testee that does not offer every case
};

/// One trial. The answers are one a question, in their order, each an answer with the shapes that were asked
/// for.
struct Trial {
  std::vector<Case> questions;  ///< none where the draw has nothing to do with the promise
  /// Why the promise does not hold, beyond what the answers may be off: one line. Nothing where it does.
  std::function<std::optional<std::string>(const std::vector<Answer>&)> broken;
};

/// How a property is put on trial.
struct Check {
  enum class Numbers : std::uint8_t { anywhere, on_grid, two_on_grid };
  std::string_view sentence;  ///< "IsConvex"
  Numbers numbers;            ///< what a draw is made of
  /// `choices` are what the trial chooses for itself: an order, a factor, a column.
  Trial (*trial)(const Promised&, const Draw&, Random choices);
};

/// Every property has a check: one without does not compile.
Check check_of(Property property);
/// What holds for every loss, promised or not: rows in another order have the same values in that order.
Check order_of_rows();

/// A draw for the check, in which the promise applies; nothing where the testee offers none.
std::optional<Draw> drawn(const Promised& p, const Check& check, Random& random);

/// Why the answer cannot be one to the question: the shape of its value, or of a gradient that was asked for.
std::optional<std::string> misfit(const Case& question, const Answer& answer);

/// The names of a comma-separated list.
std::vector<std::string> names(std::string_view list);

}  // namespace assay::search
