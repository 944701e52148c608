#include "tools/testees/offer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "losses/catalogue/records.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::int64_t most_axes = 8;
constexpr std::size_t longest_variant = 60;
constexpr std::string_view in_variants = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+";

/// Of an offer. "answers" says of a loss in a format of 16 bits what its answers come in.
constexpr std::array<std::string_view, 8> fields{"dtypes", "reductions",  "gradient", "parameters",
                                                 "inputs", "conventions", "ranks",    "answers"};
/// The formats that the protocol names and this version asks in none of.
constexpr std::array<std::string_view, 2> later_dtypes{"f16", "bf16"};

std::vector<std::string> names_of(const auto& all) {
  std::vector<std::string> out;
  for (const auto& each : all) out.emplace_back(each);
  return out;
}

std::vector<std::string> strings(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::array)) refuse_handshake(where, "a list of strings");
  std::vector<std::string> out;
  for (const Json& each : value.items) {
    if (!each.is(Json::Kind::string)) refuse_handshake(where, "a list of strings");
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
  refuse_handshake(where, "a list of values: numbers, booleans, texts or lists of numbers");
}

/// Reads one offer of a loss.
class OfferReader {
 public:
  OfferReader(const std::string& loss, std::string where, const Json& value, Oddities& oddities)
      : loss_(loss), record_(find(loss)), where_(std::move(where)), value_(value), oddities_(oddities) {}

  Offer read() {
    if (!value_.is(Json::Kind::object)) refuse_handshake(where_, "an object");
    for (const auto& [key, unused] : value_.members)
      if (std::ranges::find(fields, key) == fields.end())
        oddities_.unknown(where_, key, "field of an offer", names_of(fields));
    Offer offer;
    read_dtypes(offer);
    read_reductions(offer);
    if (const Json* gradient = value_.find("gradient")) {
      if (gradient->is(Json::Kind::boolean))
        offer.any_gradient = gradient->truth;
      else if (gradient->is(Json::Kind::array))
        offer.gradient = inputs("gradient", *gradient);
      else
        refuse_handshake(at("gradient"), "true, false or a list of input names");
    }
    read_parameters(offer);
    if (const Json* all = value_.find("inputs")) offer.inputs = inputs("inputs", *all);
    read_conventions(offer);
    read_ranks(offer);
    return offer;
  }

 private:
  [[nodiscard]] std::string at(std::string_view key) const { return fmt::format("{}.{}", where_, key); }

  /// Without these nothing could be asked; who misspelt them is shown what stands there instead.
  const Json& needed(std::string_view key) const {
    if (const Json* found = value_.find(key)) return *found;
    std::vector<std::string> others;
    for (const auto& [other, unused] : value_.members)
      if (std::ranges::find(fields, other) == fields.end()) others.push_back(other);
    const auto near = nearest(key, others);
    refuse_handshake(
        at(key), near ? fmt::format("a list of strings; it has \"{}\" instead", *near) : "a list of strings");
  }

  void read_dtypes(Offer& offer) {
    for (const std::string& text : strings(needed("dtypes"), at("dtypes"))) {
      if (const std::optional<Dtype> known = dtype_named(text)) {
        offer.dtypes.push_back(*known);
      } else if (std::ranges::find(later_dtypes, text) != later_dtypes.end()) {
        oddities_.add(fmt::format("{} is offered and not asked for: this version of the suite knows {}", text,
                                  fmt::join(dtype_names, " and ")),
                      Severity::note);
      } else {
        oddities_.unknown(at("dtypes"), text, "dtype", names_of(dtype_names));
      }
    }
  }

  void read_reductions(Offer& offer) {
    std::vector<std::string> known;
    for (const Reduction each : reductions) known.emplace_back(name(each));
    for (const std::string& text : strings(needed("reductions"), at("reductions"))) {
      const auto found = std::ranges::find(known, text);
      if (found == known.end())
        oddities_.unknown(at("reductions"), text, "reduction", known);
      else
        offer.reductions.push_back(reductions.at(static_cast<std::size_t>(found - known.begin())));
    }
  }

  std::vector<std::string> inputs(std::string_view key, const Json& value) {
    std::vector<std::string> given = strings(value, at(key)), known;
    if (!record_) return given;
    for (const Input& each : record_->inputs) known.emplace_back(each.name);
    return those_known(key, std::move(given), known, "input");
  }

  void read_parameters(Offer& offer) {
    const Json* parameters = value_.find("parameters");
    if (!parameters) return;
    if (!parameters->is(Json::Kind::object)) refuse_handshake(at("parameters"), "an object of lists");
    std::vector<std::string> known;
    if (record_)
      for (const ParameterFacts& each : record_->parameters) known.emplace_back(each.name);
    for (const auto& [key, values] : parameters->members) {
      const std::string here = fmt::format("{}.{}", at("parameters"), key);
      if (!values.is(Json::Kind::array)) refuse_handshake(here, "the list of values that are offered");
      if (record_ && !record_->parameter(key)) {
        oddities_.unknown(at("parameters"), key, fmt::format("parameter of {}", loss_), known);
        continue;
      }
      auto& list = offer.parameters[key];
      for (const Json& each : values.items) list.push_back(parameter_value(each, here));
    }
  }

  void read_conventions(Offer& offer) {
    const Json* conventions = value_.find("conventions");
    if (!conventions) return;
    std::vector<std::string> given = strings(*conventions, at("conventions")), known;
    if (record_)
      for (const Convention& each : record_->conventions) known.emplace_back(each.name);
    if (record_) those_known("conventions", given, known, "convention");
    offer.conventions = std::move(given);  // golden files from elsewhere may know more of them
  }

  void read_ranks(Offer& offer) {
    const Json* ranks = value_.find("ranks");
    if (!ranks) return;
    const auto refuse = [&] {
      refuse_handshake(at("ranks"), fmt::format("a list of numbers of axes, 0 to {}", most_axes));
    };
    if (!ranks->is(Json::Kind::array)) refuse();
    offer.ranks.emplace();
    for (const Json& each : ranks->items) {
      const auto rank = each.is(Json::Kind::number) ? whole_number(each.text) : std::nullopt;
      if (!rank || *rank < 0 || *rank > most_axes) refuse();
      offer.ranks->push_back(*rank);
    }
  }

  std::vector<std::string> those_known(std::string_view key, std::vector<std::string> given,
                                       const std::vector<std::string>& known, std::string_view kind) {
    std::erase_if(given, [&](const std::string& each) {
      if (std::ranges::find(known, each) != known.end()) return false;
      oddities_.unknown(at(key), each, fmt::format("{} of {}", kind, loss_), known);
      return true;
    });
    return given;
  }

  const std::string& loss_;
  const Record* record_;  // null: a loss that is unknown
  std::string where_;
  const Json& value_;
  Oddities& oddities_;
};

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

}  // namespace

void refuse_handshake(std::string_view where, std::string_view rule) {
  throw CodecError(fmt::format("the handshake's {} must be {}", where, rule));
}

std::vector<Offer> offers_from_json(const std::string& loss, const Json& value, Oddities& oddities) {
  const std::string where = "losses." + excerpt_name(loss);
  const Json* variants = value.is(Json::Kind::object) ? value.find("variants") : nullptr;
  if (!variants) return {OfferReader(loss, where, value, oddities).read()};
  if (!variants->is(Json::Kind::object))
    refuse_handshake(where + ".variants", "an object, one offer a variant");
  for (const auto& [key, unused] : value.members)
    if (key != "variants")
      oddities.add(
          fmt::format("the handshake's {} has {} beside \"variants\", which is not read: each variant "
                      "has an offer of its own",
                      where, quoted(key)));
  std::vector<Offer> out;
  for (const auto& [variant, offer] : variants->members) {
    if (variant.empty() || variant.size() > longest_variant ||
        variant.find_first_not_of(in_variants) != std::string::npos) {
      oddities.add(
          fmt::format("the handshake's {}.variants has {}, which is no name: a variant is left out "
                      "unless it has 1 to {} of A-Z a-z 0-9 - _ . +",
                      where, quoted(variant), longest_variant));
      continue;
    }
    out.push_back(OfferReader(loss, fmt::format("{}.variants.{}", where, variant), offer, oddities).read());
    out.back().variant = variant;
  }
  return out;
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
  if (offer.ranks) {
    std::vector<Json> ranks;
    for (const std::int64_t each : *offer.ranks) ranks.push_back(Json::integer(each));
    out.add("ranks", Json::array(std::move(ranks)));
  }
  return out;
}

Json variants_to_json(const std::vector<Offer>& offers) {
  Json variants = Json::object();
  for (const Offer& each : offers) variants.add(each.variant, offer_to_json(each));
  return Json::object({{"variants", std::move(variants)}});
}

}  // namespace assay
