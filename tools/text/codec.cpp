#include "tools/text/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "losses/catalogue/records.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

/// The one of them whose name the text is.
template <class Enum, std::size_t N>
Enum named(const Json& value, const std::array<Enum, N>& all, std::string_view where) {
  const std::string& text = text_from_json(value, where);
  std::array<std::string_view, N> names;
  for (std::size_t i = 0; i < N; ++i) {
    names[i] = name(all[i]);
    if (names[i] == text) return all[i];
  }
  fail_at(where, fmt::format("is {}; it must be \"{}\"", excerpt(text), fmt::join(names, "\" or \"")));
}

/// A parameter as its record says, where the text allows; otherwise as it stands, and why_invalid objects.
ParameterValue read_parameter(const Json& value, const ParameterFacts* facts, Dtype dtype,
                              std::string_view where) {
  const bool real = facts && std::holds_alternative<double>(facts->initial);
  switch (value.kind) {
    case Json::Kind::boolean:
      return value.truth;
    case Json::Kind::string:
      if (real && (value.text == "NaN" || value.text == "Infinity" || value.text == "-Infinity"))
        return number_from_json(value, dtype, where);
      return value.text;
    case Json::Kind::array: {
      std::vector<double> list;
      for (std::size_t i = 0; i < value.items.size(); ++i)
        list.push_back(number_from_json(value.items[i], dtype, fmt::format("{}[{}]", where, i)));
      return list;
    }
    case Json::Kind::number:
      if (facts && std::holds_alternative<std::int64_t>(facts->initial))
        if (const auto whole = whole_number(value.text)) return *whole;
      return number_from_json(value, dtype, where);
    case Json::Kind::null:
    case Json::Kind::object:
      break;
  }
  fail_at(where, "must be a number, true, false, a text or a list of numbers");
}

Json parameter_to_json(const ParameterValue& value) {
  // Real parameters are binary64 in JSON whatever the dtype: 0.10000000149011612 leaves no doubt in f32.
  if (const auto* number = std::get_if<double>(&value)) return number_to_json(Dtype::f64, *number);
  if (const auto* truth = std::get_if<bool>(&value)) return Json::boolean(*truth);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return Json::integer(*whole);
  if (const auto* text = std::get_if<std::string>(&value)) return Json::string(*text);
  Json list = Json::array();
  for (const double each : std::get<std::vector<double>>(value))
    list.items.push_back(number_to_json(Dtype::f64, each));
  return list;
}

/// The record's order first, so that a case reads like its formula; then whatever else there is.
std::vector<std::string> input_order(const Case& c) {
  std::vector<std::string> out;
  if (const Record* record = c.record())
    for (const Input& each : record->inputs)
      if (c.inputs.contains(std::string(each.name))) out.emplace_back(each.name);
  for (const auto& [name, unused] : c.inputs)
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  return out;
}

}  // namespace

Case case_from_json(const Json& value, const std::vector<std::string_view>& ignored) {
  static constexpr std::array<std::string_view, 8> known{"id",        "loss",       "variant", "dtype",
                                                         "reduction", "parameters", "inputs",  "wrt"};
  if (!value.is(Json::Kind::object)) fail_at("case", "must be an object");
  for (const auto& [key, unused] : value.members) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (std::find(ignored.begin(), ignored.end(), key) != ignored.end()) continue;
    std::string meant;
    if (const auto near = nearest(key, {known.begin(), known.end()}))
      meant = fmt::format("; did you mean \"{}\"?", *near);
    fail_at("case", fmt::format("unknown field {}{}", excerpt(key), meant));
  }
  const auto required = [&](std::string_view key) -> const Json& {
    if (const Json* field = value.find(key)) return *field;
    fail_at("case", fmt::format("needs \"{}\"", key));
  };
  Case c;
  if (const Json* id = value.find("id")) c.id = text_from_json(*id, "id");
  c.loss = text_from_json(required("loss"), "loss");
  if (const Json* variant = value.find("variant")) c.variant = text_from_json(*variant, "variant");
  c.dtype = named(required("dtype"), dtypes, "dtype");
  if (const Json* reduction = value.find("reduction"))
    c.reduction = named(*reduction, reductions, "reduction");

  const Record* record = c.record();
  if (const Json* parameters = value.find("parameters")) {
    if (!parameters->is(Json::Kind::object)) fail_at("parameters", "must be an object");
    for (const auto& [key, each] : parameters->members)
      c.parameters.emplace(key, read_parameter(each, record ? record->parameter(key) : nullptr, c.dtype,
                                               fmt::format("parameters.{}", excerpt_name(key))));
  }
  const Json& inputs = required("inputs");
  if (!inputs.is(Json::Kind::object)) fail_at("inputs", "must be an object");
  for (const auto& [key, each] : inputs.members) {
    const Input* input = record ? record->input(key) : nullptr;
    c.inputs.emplace(key, tensor_from_json(each, c.dtype, input && input->integer,
                                           fmt::format("inputs.{}", excerpt_name(key))));
  }
  if (const Json* wrt = value.find("wrt")) {
    if (!wrt->is(Json::Kind::array)) fail_at("wrt", "must be a list of names of inputs");
    for (const Json& each : wrt->items) c.wrt.push_back(text_from_json(each, "wrt"));
  }
  return c;
}

Json case_to_json(const Case& c, Encoding encoding, Decimals decimals) {
  Json out = Json::object();
  if (!c.id.empty()) out.add("id", Json::string(c.id));
  out.add("loss", Json::string(c.loss));
  if (!c.variant.empty()) out.add("variant", Json::string(c.variant));
  out.add("dtype", Json::string(name(c.dtype)));
  out.add("reduction", Json::string(name(c.reduction)));
  Json parameters = Json::object();
  for (const auto& [key, value] : c.parameters) parameters.add(key, parameter_to_json(value));
  out.add("parameters", std::move(parameters));
  Json inputs = Json::object();
  for (const std::string& key : input_order(c))
    inputs.add(key, tensor_to_json(c.inputs.at(key), c.dtype, encoding, decimals));
  out.add("inputs", std::move(inputs));
  Json wrt = Json::array();
  for (const std::string& each : c.wrt) wrt.items.push_back(Json::string(each));
  return out.add("wrt", std::move(wrt));
}

}  // namespace assay
