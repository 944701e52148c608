// The record of a loss: what its inputs, parameters, promises, conventions and sources make together. Facts
// only: nothing in spec/ computes a loss, and nothing in it depends on anything but the standard library.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "losses/spec/axes.hpp"
#include "losses/spec/bounded_list.hpp"
#include "losses/spec/dtype.hpp"
#include "losses/spec/input.hpp"
#include "losses/spec/parameter.hpp"
#include "losses/spec/promise.hpp"

namespace assay {

enum class Reduction : std::uint8_t { none, mean, sum };
inline constexpr std::array reductions{Reduction::none, Reduction::mean, Reduction::sum};
constexpr std::string_view name(Reduction reduction) {
  switch (reduction) {
    case Reduction::none:
      return "none";
    case Reduction::mean:
      return "mean";
    case Reduction::sum:
      break;
  }
  return "sum";
}

/// A documented deviation that public frameworks choose on purpose.
struct Convention {
  std::string_view name;
  std::string_view about;
  std::string_view used_by;  ///< comma-separated
  std::string_view link;
};

/// Where the definition was first given, or is best given.
struct Source {
  std::string_view citation;
  int year;
  std::string_view link;  ///< a DOI or an arXiv id, or a page where there is neither
};

/// How far a kernel's component may lie from the exact result, in ulp of it, conditioning aside: the bound is
/// `ulp` * ulp(v) + 2^`conditioned` * A.
struct Accuracy {
  double ulp;
  int conditioned;
  /// A gradient is held by the row, as vectors usually are: + 2^`conditioned` of its row's largest component.
  /// For sums of directions: opposite ones leave what is smaller than any digit that either carries, and no
  /// sensitivity shows it, because each input moves its own direction by as little.
  bool norm_wise = false;
};

/// What records declare: results of kernels that compute f32 in binary64 and f64 in some 106 bits.
inline constexpr PerDtype<Accuracy> declared_accuracy{.f32 = {.501, -49}, .f64 = {1, -92}};
inline constexpr PerDtype<Accuracy> declared_norm_wise{.f32 = {.501, -49, true}, .f64 = {1, -92, true}};

enum class Kind : std::uint8_t { element_wise, row_wise };
/// As in 'assay losses --json'.
constexpr std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::element_wise:
      return "element-wise";
    case Kind::row_wise:
      return "row-wise";
  }
  return "";
}

/// The facts of one loss that do not mention its type.
struct Facts {
  std::string_view name;     ///< as in cases, files and on the command line
  std::string_view type;     ///< the struct in C++
  std::string_view title;    ///< the field's term for it
  std::string_view formula;  ///< the unreduced value, in plain text
  Kind kind;
  Inputs inputs;
  BoundedList<Instead, 3> instead{};  ///< inputs whose domain depends on a parameter
  BoundedList<AxisRule, 1> axis_rules{};
  Axes output;               ///< of the unreduced value
  bool rows_depend = false;  ///< a row's value depends on other rows of an input
  std::string_view scale;    ///< the intrinsic scale S of the contract, section 7
  BoundedList<Promise, 8> promises{};
  BoundedList<Convention, 6> conventions{};
  Source source;
  PerDtype<Accuracy> accuracy = declared_accuracy;

  [[nodiscard]] constexpr const Input* input(std::string_view wanted) const {
    for (const Input& each : inputs)
      if (each.name == wanted) return &each;
    return nullptr;
  }
  /// g++ 12 with -fsanitize=undefined takes no comparison of such an address with null for a constant.
  [[nodiscard]] constexpr bool has_input(std::string_view wanted) const {
    for (const Input& each : inputs)
      if (each.name == wanted) return true;
    return false;
  }

  /// Whether an input has leading axes.
  [[nodiscard]] constexpr bool has_leading() const {
    for (const Input& each : inputs)
      if (each.axes.has_leading()) return true;
    return false;
  }
  /// Whether the letter goes along the last leading axis instead of an axis of its own: one number a class of
  /// an element-wise loss. So it is where an input has leading axes, and none that has them has the letter.
  [[nodiscard]] constexpr bool along_last_leading(char letter) const {
    for (const Input& each : inputs)
      if (each.axes.has_leading() && each.axes.contains(letter)) return false;
    return has_leading();
  }
  /// Whether a row's value is a row: of the shape of the first input's.
  [[nodiscard]] constexpr bool keeps_rows() const {
    return kind == Kind::row_wise && output == inputs.front().axes;
  }
  /// The axes whose positions tell one row, or one element, from another.
  [[nodiscard]] constexpr Axes row_axes() const { return keeps_rows() ? output.without_last() : output; }
};

/// The input as it is while value_of(parameter) are the parameters' values; a flag counts as 0 or 1.
template <class ValueOf>
constexpr Input under_parameters(const Facts& f, Input input, const ValueOf& value_of) {
  for (const Instead& each : f.instead) {
    if (each.input != input.name) continue;
    const double at = value_of(each.parameter);
    if (!(at >= each.low && at <= each.high)) continue;
    input.domain = each.domain;
    input.constant = each.constant;
  }
  return input;
}

/// The record of a loss: `facts<Huber>` and `parameters<Huber>`, specialised in catalogue/.
template <class Loss>
inline constexpr Facts facts{};
template <class Loss>
inline constexpr std::array<Parameter<Loss>, 0> parameters{};

}  // namespace assay
