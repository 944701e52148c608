// The vocabulary in which the catalogue states facts: inputs, parameters, conventions, sources, and what they
// make. Facts only: nothing here computes a loss, and nothing here depends on anything but the standard
// library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>
#include <variant>

#include "losses/spec/domain.hpp"
#include "losses/spec/dtype.hpp"
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

inline constexpr std::size_t max_inputs = 4;

/// Where an input's relative error is measured from (the sensitivity A of the contract, section 7).
enum class Origin : std::uint8_t {
  zero,         ///< |x|
  partner,      ///< |x - partner|: the formula meets x only in that difference, counted here
  counted,      ///< the other side of such a difference: counted there, 0 here
  row_maximum,  ///< |x - max of its row|
  nearer_end,   ///< min(x, 1 - x)
};

/// One input tensor. `axes` is its shape: a letter is an axis, the same letter the same extent everywhere in
/// the loss; '.' stands for any number of leading axes, the same in every input that has it. A letter that
/// no '.'-input carries binds to the last axis that '.' stands for.
struct Input {
  std::string_view name;
  std::string_view axes;
  Domain domain;
  Origin origin = Origin::zero;
  std::string_view partner = "";
  std::string_view about = "";
  bool optional = false;
  bool integer = false;
  bool constant = false;  ///< nothing is differentiated with respect to it
  /// The input that says how far this one counts along the axis that its lengths are of; the rest is dropped.
  std::string_view lengths = "";

  [[nodiscard]] constexpr bool differentiable() const { return !integer && !constant && !domain.discrete(); }
};

/// What an input is instead while a parameter lies in low..high; a flag counts as 0 or 1. The input's own
/// entry says what it is under the defaults.
struct Instead {
  std::string_view input, parameter;
  double low, high;
  Domain domain;
  bool constant = false;
};

/// A parameter: a member of the loss's struct, its exact name outside, and the values it may take. Its
/// default is the member's own initialiser and is stated nowhere else.
template <class Loss>
struct Parameter {
  using Member = std::variant<double Loss::*, bool Loss::*, std::int64_t Loss::*, std::string_view Loss::*,
                              std::span<const double> Loss::*>;
  std::string_view name;
  Member member;
  Domain domain{};
  std::span<const std::string_view> choices{};  ///< what a text parameter may be
};

/// A parameter without its type, as tests, tools and messages iterate them.
struct ParameterFacts {
  using Value = std::variant<double, bool, std::int64_t, std::string_view, std::span<const double>>;
  std::string_view name;
  Value initial;
  Domain domain{};
  std::span<const std::string_view> choices{};
};

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

enum class Kind : std::uint8_t { element_wise, row_wise };

/// The facts of one loss that do not mention its type.
struct Facts {
  std::string_view name;     ///< as in cases, files and on the command line
  std::string_view type;     ///< the struct in C++
  std::string_view title;    ///< the field's term for it
  std::string_view formula;  ///< the unreduced value, in plain text
  Kind kind;
  std::span<const Input> inputs;
  std::span<const Instead> instead{};  ///< inputs whose domain depends on a parameter
  std::span<const AxisRule> axis_rules{};
  std::string_view output;   ///< axes of the unreduced value
  bool rows_depend = false;  ///< a row's value depends on other rows of an input
  std::string_view scale;    ///< the intrinsic scale S of the contract, section 7
  std::span<const Promise> promises;
  std::span<const Convention> conventions;
  Source source;
  PerDtype<Accuracy> accuracy{.f32 = {.501, -49}, .f64 = {1, -92}};

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

/// What the compiler holds every record to; see catalogue.hpp.
constexpr bool is_identifier(std::string_view s) {
  if (s.empty() || s.front() < 'a' || s.front() > 'z') return false;
  for (char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

constexpr bool well_formed(const Facts& f, const Promise& p) {
  const auto is_input = [&](std::string_view name) { return f.has_input(name); };
  for (const While& each : p.where)
    if (!(each.low <= each.high)) return false;
  if (!p.weight.empty() && !is_input(p.weight)) return false;
  switch (p.property) {
    case Property::lipschitz:
    case Property::smooth:
      return is_input(p.subject) && p.constant > 0;
    case Property::shift_invariant:
    case Property::scale_invariant:
      return is_input(p.subject);
    case Property::convex:
    case Property::concave:
    case Property::affine:
    case Property::translation_invariant:
      return all_named(p.subject, is_input);
    case Property::homogeneous:  // parameters: see well_formed_parameters
      return !p.subject.empty();
    default:
      return p.subject.empty();
  }
}

constexpr bool well_formed(const Facts& f) {
  if (!is_identifier(f.name) || f.type.empty() || f.title.empty() || f.formula.empty()) return false;
  if (f.scale.empty() || f.source.citation.empty() || f.source.year < 1700 || f.source.link.empty())
    return false;
  if (f.inputs.empty() || f.inputs.size() > max_inputs || f.inputs.front().optional) return false;
  for (std::size_t i = 0; i < f.inputs.size(); ++i) {
    const Input& in = f.inputs[i];
    if (!is_identifier(in.name) || in.name == "cotangent" || in.domain.text.empty()) return false;
    if ((in.origin == Origin::partner) != !in.partner.empty()) return false;
    if (in.domain.kind == Domain::Kind::length && in.domain.axis == 0) return false;
    if (in.origin == Origin::partner && !f.has_input(in.partner)) return false;
    if (!in.lengths.empty()) {
      bool known = false;
      for (const Input& each : f.inputs)
        known = known || (each.name == in.lengths && each.domain.kind == Domain::Kind::length &&
                          in.axes.find(each.domain.axis) != std::string_view::npos);
      if (!known) return false;
    }
    for (std::size_t j = 0; j < i; ++j)
      if (f.inputs[j].name == in.name) return false;
    for (std::size_t k = 0; k < in.axes.size(); ++k)
      if (!(in.axes[k] >= 'A' && in.axes[k] <= 'Z') && !(in.axes[k] == '.' && k == 0)) return false;
  }
  for (const AxisRule& each : f.axis_rules)
    if (each.text.empty() || each.least < 0 || each.multiple < 1) return false;
  for (const Instead& each : f.instead)
    if (!f.has_input(each.input) || each.domain.text.empty() || !(each.low <= each.high)) return false;
  for (const Promise& p : f.promises)
    if (!well_formed(f, p)) return false;
  for (const Convention& c : f.conventions)
    if (c.name.empty() || c.about.empty() || c.used_by.empty() || c.link.empty()) return false;
  for (const Dtype each : dtypes)
    if (!(f.accuracy[each].ulp >= .5)) return false;
  return true;
}

template <class Loss>
constexpr bool well_formed_parameters() {
  const auto& all = parameters<Loss>;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_identifier(all[i].name)) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (all[j].name == all[i].name) return false;
    const Loss initial{};
    if (all[i].member.index() == 0)
      if (all[i].domain.text.empty() || !all[i].domain.contains(initial.*std::get<0>(all[i].member)))
        return false;
    if (std::holds_alternative<std::string_view Loss::*>(all[i].member) && all[i].choices.empty())
      return false;
  }
  const auto is_parameter = [&](std::string_view name) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == name) return true;
    return false;
  };
  for (const Instead& each : facts<Loss>.instead)
    if (!is_parameter(each.parameter)) return false;
  for (const Promise& p : facts<Loss>.promises) {
    for (const While& each : p.where)
      if (!is_parameter(each.parameter)) return false;
    if (!p.times.empty() && !is_parameter(p.times)) return false;
    if (!p.over.empty() && !is_parameter(p.over)) return false;
    if (p.property == Property::homogeneous && !all_named(p.subject, [&](std::string_view name) {
          return facts<Loss>.has_input(name) || is_parameter(name);
        }))
      return false;
  }
  return true;
}

}  // namespace assay
