// A whole case, recorded: leaves, rows, terms, and the reduction over them.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "reference/graph/recorded_inputs.hpp"
#include "reference/graph/term.hpp"

namespace assay::reference {

struct RecordedTerm {
  Term term;
  std::int64_t first_value = 0;  ///< position of its first number among the unreduced values
  bool dropped = false;
};

/// The case's value, number by number, and the terms that it was reduced from.
struct RecordedCase {
  RecordedCase();
  ~RecordedCase();
  RecordedCase(const RecordedCase&) = delete;
  RecordedCase& operator=(const RecordedCase&) = delete;

  Graph graph;
  Case question;  ///< complete
  RecordedInputs inputs;
  std::vector<RecordedTerm> terms;
  Vector values;                ///< under the case's reduction
  Vector seeds;                 ///< the cotangent, number by number
  Real divisor = Real::at(-1);  ///< of a mean
};

/// What stands in for the k-th infinite input of a case: +-factor * 2^exponent.
struct StandIn {
  double factor;
  std::int64_t exponent;
};
using StandIns = std::function<StandIn(std::int64_t k)>;

/// Records a valid case. With a convention's name, that deviation instead of the formula; with stand-ins, the
/// case that has them for its infinities.
std::unique_ptr<RecordedCase> record_case(const Case& c, std::string_view convention = {},
                                          const StandIns& stand_ins = {});

}  // namespace assay::reference
