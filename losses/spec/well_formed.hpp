// What the compiler holds every record to: see catalogue.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

#include "losses/spec/record.hpp"

namespace assay {

constexpr bool is_identifier(std::string_view s) {
  if (s.empty() || s.front() < 'a' || s.front() > 'z') return false;
  for (char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

/// What is wrong with a record, for the compiler's message to say.
enum class Fault : std::uint8_t {
  none,
  name,        ///< not lower-case letters, digits and underscores
  text,        ///< type, title, formula or scale is empty
  source,      ///< no citation, year or link
  inputs,      ///< none, the first one optional, or two of one name
  input,       ///< its name, its domain's text or the axis of a length
  axes,        ///< of an input or of the output: see Axes
  origin,      ///< a partner where there is none to name, or none where there is
  lengths,     ///< an input that is no list of lengths along an axis of the input
  axis_rule,   ///< no text, or extents that cannot be
  instead,     ///< an input or a parameter that is none, or an empty range
  promise,     ///< inputs or parameters that are none, or a constant that says nothing
  convention,  ///< one of its texts is empty
  accuracy,    ///< less than half an ulp
  parameter,   ///< its name, its domain's text or its choices, or two of one name
  initial,     ///< a parameter's default is outside its domain
  not_an_aggregate,
};

constexpr bool is_well_formed(const Facts& f, const Promise& p) {
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
    case Property::homogeneous:  // of parameters too: see fault_of_parameters
      return !p.subject.empty();
    case Property::nonnegative:
    case Property::at_most:
    case Property::zero_at_match:
    case Property::symmetric:
    case Property::rotation_invariant:
    case Property::permutation_invariant:
    case Property::repetition_invariant:
    case Property::unit_range:
    case Property::sums_to_one:
      return p.subject.empty();
  }
  return false;
}

/// Whether the input that `in` names says how far it counts along one of its axes.
constexpr bool has_lengths(const Facts& f, const Input& in) {
  for (const Input& each : f.inputs)
    if (each.name == in.lengths && each.domain.kind == Domain::Kind::length &&
        in.axes.contains(each.domain.axis))
      return true;
  return false;
}

constexpr Fault fault_of(const Facts& f, const Input& in) {
  if (!is_identifier(in.name) || in.name == "cotangent" || in.domain.text.empty()) return Fault::input;
  if (in.domain.kind == Domain::Kind::length && in.domain.axis == 0) return Fault::input;
  if (!in.axes.well_formed()) return Fault::axes;
  if ((in.origin == Origin::partner) != !in.partner.empty()) return Fault::origin;
  if (in.origin == Origin::partner && !f.has_input(in.partner)) return Fault::origin;
  if (!in.lengths.empty() && !has_lengths(f, in)) return Fault::lengths;
  std::size_t so_named = 0;
  for (const Input& each : f.inputs) so_named += each.name == in.name ? 1 : 0;
  return so_named == 1 ? Fault::none : Fault::inputs;
}

constexpr Fault fault_of(const Facts& f) {
  if (!is_identifier(f.name)) return Fault::name;
  if (f.type.empty() || f.title.empty() || f.formula.empty() || f.scale.empty()) return Fault::text;
  if (f.source.citation.empty() || f.source.year < 1700 || f.source.link.empty()) return Fault::source;
  if (f.inputs.empty() || f.inputs.front().optional) return Fault::inputs;
  for (const Input& each : f.inputs)
    if (const Fault fault = fault_of(f, each); fault != Fault::none) return fault;
  if (!f.output.well_formed()) return Fault::axes;
  for (const AxisRule& each : f.axis_rules)
    if (each.text.empty() || each.least < 0 || each.multiple < 1) return Fault::axis_rule;
  for (const Instead& each : f.instead)
    if (!f.has_input(each.input) || each.domain.text.empty() || !(each.low <= each.high))
      return Fault::instead;
  for (const Promise& each : f.promises)
    if (!is_well_formed(f, each)) return Fault::promise;
  for (const Convention& each : f.conventions)
    if (each.name.empty() || each.about.empty() || each.used_by.empty() || each.link.empty())
      return Fault::convention;
  for (const Dtype each : dtypes)
    if (!(f.accuracy[each].ulp >= .5)) return Fault::accuracy;
  return Fault::none;
}

template <class Loss>
constexpr Fault fault_of_parameters() {
  constexpr const auto& all = parameters<Loss>;
  constexpr Loss initial{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_identifier(all[i].name)) return Fault::parameter;
    for (std::size_t j = 0; j < i; ++j)
      if (all[j].name == all[i].name) return Fault::parameter;
    // Not get_if: g++ 12 with -fsanitize=undefined takes no comparison of such an address with null for a
    // constant.
    if (std::holds_alternative<double Loss::*>(all[i].member)) {
      if (all[i].domain.text.empty()) return Fault::parameter;
      if (!all[i].domain.contains(initial.*std::get<double Loss::*>(all[i].member))) return Fault::initial;
    }
    if (std::holds_alternative<std::string_view Loss::*>(all[i].member) && all[i].choices.empty())
      return Fault::parameter;
  }
  const auto is_parameter = [&](std::string_view name) {
    for (const Parameter<Loss>& each : all)
      if (each.name == name) return true;
    return false;
  };
  for (const Instead& each : facts<Loss>.instead)
    if (!is_parameter(each.parameter)) return Fault::instead;
  for (const Promise& p : facts<Loss>.promises) {
    for (const While& each : p.where)
      if (!is_parameter(each.parameter)) return Fault::promise;
    if (!p.times.empty() && !is_parameter(p.times)) return Fault::promise;
    if (!p.over.empty() && !is_parameter(p.over)) return Fault::promise;
    if (p.property == Property::homogeneous && !all_named(p.subject, [&](std::string_view name) {
          return facts<Loss>.has_input(name) || is_parameter(name);
        }))
      return Fault::promise;
  }
  return Fault::none;
}

/// Of the record and of the struct.
template <class Loss>
constexpr Fault fault_of() {
  if constexpr (!std::is_aggregate_v<Loss>) {
    return Fault::not_an_aggregate;
  } else {
    const Fault fault = fault_of(facts<Loss>);
    return fault != Fault::none ? fault : fault_of_parameters<Loss>();
  }
}

/// Does not compile for a malformed record; the message names the loss and the fault.
template <class Loss, Fault fault = fault_of<Loss>()>
struct WellFormed {
  static_assert(fault == Fault::none,
                "the record of this loss is malformed: see Fault in spec/well_formed.hpp");
};

}  // namespace assay
