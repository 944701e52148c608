// What a testee says of itself first, and what of a case that covers (contract, section 5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/testees/testee.hpp"
#include "tools/text/codec.hpp"

namespace assay {

struct HandshakeReply {
  Handshake handshake;
  Encoding encoding = Encoding::data;
  std::vector<std::string> oddities;  ///< names of the catalogue's losses that do not exist: one line each
};

/// Throws CodecError: one line that names the field. Losses and dtypes that the catalogue does not know pass,
/// so that one testee serves several versions of the suite; they are never asked for.
HandshakeReply handshake_from_json(const Json& value);

Json handshake_to_json(const Handshake& handshake, Encoding encoding);

/// Every loss of the catalogue, whole.
Handshake everything(Implementation implementation);

/// "data", "bits" or "base64".
std::string_view name(Encoding encoding);

}  // namespace assay
