// What a handshake says of one loss, and how that is written.
#pragma once

#include <string>
#include <vector>

#include "tools/testees/oddities.hpp"
#include "tools/testees/testee.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// The offers of one loss: one, or one a variant. `where` is the loss's place in the handshake. Throws
/// CodecError for a field of the wrong type.
std::vector<Offer> offers_from_json(const std::string& loss, const Json& value, Oddities& oddities);

/// The reverse: of an offer by itself, and of those of several variants.
Json offer_to_json(const Offer& offer);
Json variants_to_json(const std::vector<Offer>& offers);

/// A handshake that does not say what it must.
[[noreturn]] void refuse_handshake(std::string_view where, std::string_view rule);

}  // namespace assay
