// What the reference says of a case: certified numbers, or why there are none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay::reference {

/// One number of a result.
struct Component {
  double rounded = 0;           ///< the exact result rounded once to the case's dtype
  double lower = 0, upper = 0;  ///< the hull of the subdifferential, rounded; equal to `rounded` off kinks
  bool checked = true;     ///< false where the contract says that any number passes (`rounded` is NaN then)
  std::string digits;      ///< the exact decimal where 40 digits suffice, else 40 correctly rounded ones
  double offset = 0;       ///< (exact - rounded) / ulp(exact)
  double sensitivity = 0;  ///< A; NaN where the exact result is not finite
  double scale = 0;        ///< S, the intrinsic scale of this component
  std::int64_t input_count = 1;  ///< n, the count of numbers that reach it
};

struct TensorTruth {
  std::vector<std::int64_t> shape;
  std::vector<Component> components;
};

struct Truth {
  std::string error;      ///< not empty: the case is outside the domain, and nothing else is set
  std::string undecided;  ///< not empty: "value[3]", the first component that no allowed precision decided
  TensorTruth value;
  std::map<std::string, TensorTruth> gradient;  ///< one for each name in `wrt`
};

struct Effort {
  bool details = true;  ///< digits, offsets, sensitivities, scales, counts; otherwise only `rounded`
  bool digits = true;   ///< of the details, the decimals: who judges many answers needs none
  /// Enough to see e^-10000 beside 1, which breaks ties of
  /// saturated softmaxes; beyond, the case is undecided.
  long max_bits = 20480;
};

/// The certified truth about a case. Deterministic; thread-safe.
Truth certify(const Case& c, const Effort& effort = {});

/// What a case comes to under a convention of its loss (Facts::conventions). `gradient` holds only the inputs
/// whose gradient the convention gives another value. Without details.
struct ConventionTruth {
  std::string name;
  Truth truth;
};
/// One for each of the loss's conventions whose answer differs from the truth.
std::vector<ConventionTruth> conventions(const Case& c, const Truth& truth);

/// What another arithmetic library, at one fixed high precision, says of the same formula.
struct SecondOpinion {
  std::int64_t confirmed = 0;     ///< components that agree
  std::int64_t out_of_range = 0;  ///< components where that library's exponent range ended first
  std::string disagreement;       ///< not empty: the first component that differs, and both numbers
};
enum class Backend : std::uint8_t { mpfr_float, cpp_bin_float, rational };
SecondOpinion second_opinion(const Case& c, Backend backend);

}  // namespace assay::reference
