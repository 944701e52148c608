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
  std::vector<Finding> oddities;  ///< what it names and nobody knows
  bool strided = false;           ///< of a plugin: it takes inputs with strides
};

/// Throws CodecError: one line that names the field. A name of an offer that is unknown is an oddity; the
/// rest of the offer is used, and the dtypes that only other versions of the suite ask for are a note.
HandshakeReply handshake_from_json(const Json& value);

Json handshake_to_json(const Handshake& handshake, Encoding encoding);

/// Those that a loss is offered in, in the order of all.
std::vector<Dtype> dtypes_offered(const Handshake& handshake);

/// Every loss of the catalogue, whole.
Handshake everything(Implementation implementation);

/// "data", "bits" or "base64".
std::string_view name(Encoding encoding);

}  // namespace assay
