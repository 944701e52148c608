#include "tools/testees/handshake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "losses/catalogue/catalogue.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::array encodings{Encoding::data, Encoding::bits, Encoding::base64};

[[noreturn]] void refuse(std::string_view where, std::string_view rule) {
  throw CodecError(fmt::format("the handshake's {} must be {}", where, rule));
}

const Json& member(const Json& object, std::string_view key, Json::Kind kind, std::string_view where,
                   std::string_view rule) {
  const Json* found = object.find(key);
  if (!found || !found->is(kind)) refuse(where, rule);
  return *found;
}

std::vector<std::string> strings(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::array)) refuse(where, "a list of strings");
  std::vector<std::string> out;
  for (const Json& each : value.items) {
    if (!each.is(Json::Kind::string)) refuse(where, "a list of strings");
    out.push_back(each.text);
  }
  return out;
}

ParameterValue parameter_value(const Json& value, std::string_view where) {
  switch (value.kind) {
    case Json::Kind::boolean:
      return value.truth;
    case Json::Kind::string:
      return value.text;
    case Json::Kind::number: {
      std::int64_t whole = 0;
      const char* end = value.text.data() + value.text.size();
      if (const auto read = std::from_chars(value.text.data(), end, whole);
          read.ec == std::errc{} && read.ptr == end)
        return whole;
      return number_from_json(value, Dtype::f64, where);
    }
    case Json::Kind::array: {
      std::vector<double> list;
      for (const Json& each : value.items) list.push_back(number_from_json(each, Dtype::f64, where));
      return list;
    }
    case Json::Kind::null:
    case Json::Kind::object:
      break;
  }
  refuse(where, "a list of values: numbers, booleans, texts or lists of numbers");
}

Offer offer_from_json(const Json& value, const std::string& where) {
  if (!value.is(Json::Kind::object)) refuse(where, "an object");
  constexpr std::array<std::string_view, 6> fields{"dtypes",     "reductions", "gradient",
                                                   "parameters", "inputs",     "conventions"};
  for (const auto& [key, unused] : value.members)
    if (std::find(fields.begin(), fields.end(), key) == fields.end())
      throw CodecError(fmt::format("the handshake's {} has an unknown field \"{}\"; an offer has {}", where,
                                   key, fmt::join(fields, ", ")));
  Offer offer;
  const auto at = [&](std::string_view key) { return fmt::format("{}.{}", where, key); };
  for (const std::string& text :
       strings(member(value, "dtypes", Json::Kind::array, at("dtypes"), "a list of strings"), at("dtypes")))
    if (const std::optional<Dtype> known = dtype_named(text)) offer.dtypes.push_back(*known);
  for (const std::string& text :
       strings(member(value, "reductions", Json::Kind::array, at("reductions"), "a list of strings"),
               at("reductions"))) {
    bool known = false;
    for (const Reduction each : reductions)
      if (text == name(each)) {
        offer.reductions.push_back(each);
        known = true;
      }
    if (!known) refuse(at("reductions"), fmt::format("among none, mean and sum, and \"{}\" is not", text));
  }
  if (const Json* gradient = value.find("gradient")) {
    if (gradient->is(Json::Kind::boolean))
      offer.any_gradient = gradient->truth;
    else if (gradient->is(Json::Kind::array))
      offer.gradient = strings(*gradient, at("gradient"));
    else
      refuse(at("gradient"), "true, false or a list of input names");
  }
  if (const Json* parameters = value.find("parameters")) {
    if (!parameters->is(Json::Kind::object)) refuse(at("parameters"), "an object of lists");
    for (const auto& [key, values] : parameters->members) {
      const std::string here = fmt::format("{}.{}", at("parameters"), key);
      if (!values.is(Json::Kind::array)) refuse(here, "the list of values that are offered");
      auto& list = offer.parameters[key];
      for (const Json& each : values.items) list.push_back(parameter_value(each, here));
    }
  }
  if (const Json* inputs = value.find("inputs")) offer.inputs = strings(*inputs, at("inputs"));
  if (const Json* conventions = value.find("conventions"))
    offer.conventions = strings(*conventions, at("conventions"));
  return offer;
}

/// A name that the loss does not have would narrow nothing, or everything, in silence.
void look_for_oddities(const std::string& loss, const Offer& offer, std::vector<std::string>& oddities) {
  const Record* record = find(loss);
  if (!record) return;
  const auto unknown_input = [&](std::string_view field, const std::vector<std::string>& names) {
    for (const std::string& each : names)
      if (!record->input(each))
        oddities.push_back(fmt::format("the handshake's losses.{}.{} names \"{}\", which is no input of {}",
                                       loss, field, each, loss));
  };
  unknown_input("gradient", offer.gradient);
  if (offer.inputs) unknown_input("inputs", *offer.inputs);
  for (const auto& [key, unused] : offer.parameters)
    if (!record->parameter(key))
      oddities.push_back(fmt::format(
          "the handshake's losses.{}.parameters names \"{}\", which is no parameter of {}", loss, key, loss));
}

/// What a testee calls itself stands in every report.
std::string short_text(const std::string& text) { return text.substr(0, 200); }

std::string text_member(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  return found && found->is(Json::Kind::string) ? short_text(found->text) : "";
}

Json parameter_to_json(const ParameterValue& value) {
  struct Visit {
    Json operator()(double x) const { return number_to_json(Dtype::f64, x); }
    Json operator()(bool b) const { return Json::boolean(b); }
    Json operator()(std::int64_t i) const { return Json::integer(i); }
    Json operator()(const std::string& s) const { return Json::string(s); }
    Json operator()(const std::vector<double>& list) const {
      std::vector<Json> items;
      for (const double x : list) items.push_back(number_to_json(Dtype::f64, x));
      return Json::array(std::move(items));
    }
  };
  return std::visit(Visit{}, value);
}

template <class Values, class ToText>
Json list_of(const Values& values, ToText to_text) {
  std::vector<Json> items;
  for (const auto& each : values) items.push_back(Json::string(to_text(each)));
  return Json::array(std::move(items));
}

Json offer_to_json(const Offer& offer) {
  const auto itself = [](const std::string& s) -> std::string_view { return s; };
  Json out = Json::object();
  out.add("dtypes", list_of(offer.dtypes, [](Dtype d) { return name(d); }));
  out.add("reductions", list_of(offer.reductions, [](Reduction r) { return name(r); }));
  out.add("gradient", offer.any_gradient || offer.gradient.empty() ? Json::boolean(offer.any_gradient)
                                                                   : list_of(offer.gradient, itself));
  if (!offer.parameters.empty()) {
    Json parameters = Json::object();
    for (const auto& [key, values] : offer.parameters) {
      std::vector<Json> items;
      for (const ParameterValue& each : values) items.push_back(parameter_to_json(each));
      parameters.add(key, Json::array(std::move(items)));
    }
    out.add("parameters", std::move(parameters));
  }
  if (offer.inputs) out.add("inputs", list_of(*offer.inputs, itself));
  out.add("conventions", list_of(offer.conventions, itself));
  return out;
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::data:
      return "data";
    case Encoding::bits:
      return "bits";
    case Encoding::base64:
      break;
  }
  return "base64";
}

HandshakeReply handshake_from_json(const Json& value) {
  HandshakeReply reply;
  const Json* version = value.find("assay");
  if (!version || !version->is(Json::Kind::number) || version->text != "1")
    refuse("\"assay\"", "1, the version of the protocol that both sides speak");
  const Json& implementation =
      member(value, "implementation", Json::Kind::object, "\"implementation\"", "an object with a name");
  Implementation& self = reply.handshake.implementation;
  self.name =
      short_text(member(implementation, "name", Json::Kind::string, "implementation.name", "a string").text);
  self.version = text_member(implementation, "version");
  self.language = text_member(implementation, "language");
  const Json& losses =
      member(value, "losses", Json::Kind::object, "\"losses\"", "an object, one offer a loss");
  for (const auto& [loss, offer] : losses.members) {
    const Offer& added = reply.handshake.losses[loss] = offer_from_json(offer, "losses." + loss);
    look_for_oddities(loss, added, reply.oddities);
  }
  if (const Json* encoding = value.find("encoding")) {
    bool known = false;
    for (const Encoding each : encodings)
      if (encoding->is(Json::Kind::string) && encoding->text == name(each)) {
        reply.encoding = each;
        known = true;
      }
    if (!known) refuse("\"encoding\"", "\"data\", \"bits\" or \"base64\"");
  }
  if (const Json* snippets = value.find("snippets")) {
    if (!snippets->is(Json::Kind::boolean)) refuse("\"snippets\"", "true or false");
    reply.handshake.snippets = snippets->truth;
  }
  return reply;
}

Json handshake_to_json(const Handshake& handshake, Encoding encoding) {
  Json implementation = Json::object();
  implementation.add("name", Json::string(handshake.implementation.name));
  implementation.add("version", Json::string(handshake.implementation.version));
  implementation.add("language", Json::string(handshake.implementation.language));
  Json losses = Json::object();
  for (const auto& [loss, offer] : handshake.losses) losses.add(loss, offer_to_json(offer));
  Json out = Json::object();
  out.add("assay", Json::integer(1));
  out.add("implementation", std::move(implementation));
  out.add("losses", std::move(losses));
  out.add("encoding", Json::string(name(encoding)));
  if (handshake.snippets) out.add("snippets", Json::boolean(true));
  return out;
}

Handshake everything(Implementation implementation) {
  Handshake out{std::move(implementation), {}};
  for (const Record& each : catalogue()) {
    Offer offer;
    offer.dtypes.assign(dtypes.begin(), dtypes.end());
    offer.reductions.assign(reductions.begin(), reductions.end());
    offer.any_gradient = true;
    out.losses.emplace(each.name, std::move(offer));
  }
  return out;
}

}  // namespace assay
