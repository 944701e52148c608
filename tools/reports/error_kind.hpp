// What an answer is in place of what is due: the kind of an error, by which failures are told together.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/judge.hpp"

namespace assay {

enum class ErrorKind : std::uint8_t {
  none,
  no_answer,         ///< a crash, a time-out, a wrong shape: the finding says which
  error,             ///< on a valid request
  skipped,           ///< though it is offered
  invalid_answered,  ///< a number where an error is due
  broken_promise,    ///< answers that are wrong together
  nan_for_number,
  nan_for_infinity,
  infinity_for_number,
  number_for_nan,
  number_for_infinity,
  infinity_of_wrong_sign,
  no_subgradient,  ///< at a kink, outside of what its sides allow
  zero_for_number,
  wrong_sign,
  lost_digits,  ///< near the number that is due, by the size of what it is computed from
  other_number,
};

/// In words that follow "gradient": "is NaN where a number is due".
std::string_view words(ErrorKind kind);

/// Of a number that failed. `scale` is the truth's intrinsic one, 0 where it is not known.
ErrorKind kind_of(double got, const reference::Component& truth, double scale);

/// A number by which all wrong numbers of one output are off, and how many they are.
struct CommonFactor {
  double factor = std::numeric_limits<double>::quiet_NaN();  ///< NaN: there is none
  int numbers = 0;
};
/// Of the output that `where` is a component of ("gradient.logits[2]"). Wrong is what is worse than
/// `required`. The answer has the truth's shapes.
CommonFactor common_factor(const std::string& where, const reference::Truth& truth, const Answer& answer,
                           Dtype dtype, Grade required);

/// What a failed case is told by.
struct Told {
  ErrorKind kind = ErrorKind::none;
  CommonFactor factor{};               ///< of the output that is the worst
  std::size_t numbers = 0;             ///< that the case is made of, or the one row of it that is shown
  std::string inputs{}, inputs_hex{};  ///< "prediction 2.5, target 0; delta 1"; empty where it is long
  bool special_inputs = false;         ///< NaN or an infinity is among these numbers
  std::string got{}, expected{};       ///< the worst component, in the shortest decimals that read back
  std::string said{};                  ///< by the testee, of an error or a skip; made visible
  std::string mechanism{};             ///< where one is known of the case by itself: its sentence
};

/// Fills `kind`, `got` and `expected` from the worst component, of which no more than this may be known.
void tell_component(Told& told, double got, const reference::Component& truth, Grade grade, Dtype dtype);

/// "value" or "gradient": of "gradient.logits[2]".
std::string_view output_of(std::string_view where);

/// "is half of what it should be", "is 3 times what it should be", "has the opposite sign".
std::string factor_words(double factor);

}  // namespace assay
