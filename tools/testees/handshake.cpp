#include "tools/testees/handshake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "losses/catalogue/records.hpp"
#include "tools/testees/offer.hpp"

namespace assay {
namespace {

constexpr std::array encodings{Encoding::data, Encoding::bits, Encoding::base64};

const Json& member(const Json& object, std::string_view key, Json::Kind kind, std::string_view where,
                   std::string_view rule) {
  const Json* found = object.find(key);
  if (!found || !found->is(kind)) refuse_handshake(where, rule);
  return *found;
}

/// What a testee calls itself stands in every report.
std::string short_text(const std::string& text) { return text.substr(0, 200); }

std::string text_member(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  return found && found->is(Json::Kind::string) ? short_text(found->text) : "";
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
    refuse_handshake("\"assay\"", "1, the version of the protocol that both sides speak");
  const Json& implementation =
      member(value, "implementation", Json::Kind::object, "\"implementation\"", "an object with a name");
  Implementation& self = reply.handshake.implementation;
  self.name =
      short_text(member(implementation, "name", Json::Kind::string, "implementation.name", "a string").text);
  self.version = text_member(implementation, "version");
  self.language = text_member(implementation, "language");
  const Json& losses =
      member(value, "losses", Json::Kind::object, "\"losses\"", "an object, one offer a loss");
  Oddities oddities;
  std::vector<std::string> all;
  for (const Record& each : catalogue()) all.emplace_back(each.name);
  for (const auto& [loss, offer] : losses.members) {
    if (!find(loss)) oddities.unknown("\"losses\"", loss, "loss of the catalogue", all);
    std::vector<Offer> offers = offers_from_json(loss, offer, oddities);
    if (offer.find("variants"))
      reply.handshake.variants.emplace(loss, std::move(offers));
    else
      reply.handshake.losses.emplace(loss, std::move(offers.front()));
  }
  reply.oddities = oddities.findings();
  if (const Json* encoding = value.find("encoding")) {
    bool known = false;
    for (const Encoding each : encodings)
      if (encoding->is(Json::Kind::string) && encoding->text == name(each)) {
        reply.encoding = each;
        known = true;
      }
    if (!known) refuse_handshake("\"encoding\"", "\"data\", \"bits\" or \"base64\"");
  }
  if (const Json* snippets = value.find("snippets")) {
    if (!snippets->is(Json::Kind::boolean)) refuse_handshake("\"snippets\"", "true or false");
    reply.handshake.snippets = snippets->truth;
  }
  if (const Json* strided = value.find("strided")) {
    if (!strided->is(Json::Kind::boolean)) refuse_handshake("\"strided\"", "true or false");
    reply.strided = strided->truth;
  }
  return reply;
}

std::vector<Dtype> dtypes_offered(const Handshake& handshake) {
  std::vector<Dtype> out;
  for (const Dtype dtype : dtypes) {
    const auto has = [dtype](const Offer& offer) {
      return std::ranges::find(offer.dtypes, dtype) != offer.dtypes.end();
    };
    if (std::ranges::any_of(handshake.losses, [&](const auto& loss) { return has(loss.second); }) ||
        std::ranges::any_of(handshake.variants,
                            [&](const auto& loss) { return std::ranges::any_of(loss.second, has); }))
      out.push_back(dtype);
  }
  return out;
}

Json handshake_to_json(const Handshake& handshake, Encoding encoding) {
  Json implementation = Json::object();
  implementation.add("name", Json::string(handshake.implementation.name));
  implementation.add("version", Json::string(handshake.implementation.version));
  implementation.add("language", Json::string(handshake.implementation.language));
  Json losses = Json::object();
  for (const auto& [loss, offer] : handshake.losses) losses.add(loss, offer_to_json(offer));
  for (const auto& [loss, offers] : handshake.variants) losses.add(loss, variants_to_json(offers));
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
