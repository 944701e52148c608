// What a record may promise of its loss, and to which inputs and parameters a promise refers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "losses/spec/bounded_list.hpp"

namespace assay {

/// What holds for every admissible input, and is therefore tested on every admissible input.
enum class Property : std::uint8_t {
  nonnegative,      ///< each unreduced value >= 0
  at_most,          ///< each unreduced value <= `constant`
  zero_at_match,    ///< the first two inputs equal: exactly 0
  symmetric,        ///< the first two inputs exchanged: the same value
  convex,           ///< in the inputs of `subject` together, the others held
  concave,          ///< likewise
  affine,           ///< likewise: convex and concave
  lipschitz,        ///< in each number of `subject`, the others held, with the promise's constant
  smooth,           ///< so is the slope by that number
  shift_invariant,  ///< a constant added to each number of a row of `subject`: the same value
  scale_invariant,  ///< a row of `subject` multiplied by a positive number: the same value
  homogeneous,      ///< all of `subject` multiplied by c > 0: the value times c to the power of `constant`
  translation_invariant,  ///< the same numbers added to each input of `subject`: the same value
  rotation_invariant,     ///< the rows of every input of features turned alike: the same value
  permutation_invariant,  ///< the last axis reordered alike in every input, labels following: the same value
  repetition_invariant,   ///< each row twice over, alike in every input: the same value
  unit_range,             ///< each unreduced value in [0, 1]
  sums_to_one,            ///< each row of the result
};

/// As in 'assay losses --json'.
constexpr std::string_view name(Property property) {
  switch (property) {
    case Property::nonnegative:
      return "nonnegative";
    case Property::at_most:
      return "at_most";
    case Property::zero_at_match:
      return "zero_at_match";
    case Property::symmetric:
      return "symmetric";
    case Property::convex:
      return "convex";
    case Property::concave:
      return "concave";
    case Property::affine:
      return "affine";
    case Property::lipschitz:
      return "lipschitz";
    case Property::smooth:
      return "smooth";
    case Property::shift_invariant:
      return "shift_invariant";
    case Property::scale_invariant:
      return "scale_invariant";
    case Property::homogeneous:
      return "homogeneous";
    case Property::translation_invariant:
      return "translation_invariant";
    case Property::rotation_invariant:
      return "rotation_invariant";
    case Property::permutation_invariant:
      return "permutation_invariant";
    case Property::repetition_invariant:
      return "repetition_invariant";
    case Property::unit_range:
      return "unit_range";
    case Property::sums_to_one:
      return "sums_to_one";
  }
  return "";
}

/// Values of a parameter under which something holds; a flag counts as 0 or 1.
struct While {
  std::string_view parameter;
  double low, high;
};

struct Promise {
  Property property;
  std::string_view subject = "";  ///< inputs, and parameters where it is homogeneous; comma-separated
  double constant = 0;            ///< times `times`, over `over`, times the largest number of `weight`
  std::string_view times = "", over = "";  ///< parameters
  std::string_view weight = "";            ///< an input whose numbers count as 1 where it is left out
  double least = 0;                        ///< stands in for that largest number where it is more
  BoundedList<While, 2> where{};           ///< what else must be so

  [[nodiscard]] constexpr bool always() const { return where.empty(); }
};

/// Visits the names of a comma-separated list, the empty one of an empty list included.
template <class Visit>
constexpr void each_name(std::string_view list, const Visit& visit) {
  for (;;) {
    const std::size_t end = list.find(',');
    visit(list.substr(0, end));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}
/// Whether all of them are as asked.
template <class Ask>
constexpr bool all_named(std::string_view list, const Ask& ask) {
  bool all = true;
  each_name(list, [&](std::string_view name) { all = all && ask(name); });
  return all;
}

}  // namespace assay
