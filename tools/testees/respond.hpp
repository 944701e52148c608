// The testee's side of the protocol: one request answered by a testee in process. What `assay serve` says,
// without how it is carried.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/testees/testee.hpp"
#include "tools/text/tensor_codec.hpp"

namespace assay {

/// How a testee is served.
struct Served {
  std::int64_t most_numbers = std::int64_t{8} << 20;  ///< in one answer, so that a line holds it
  Encoding wanted = Encoding::bits;                   ///< what the handshake asks for
  Encoding written = Encoding::data;                  ///< of its answers
};

struct Response {
  std::string line;
  bool bye = false;  ///< the conversation is over, and there is no line
};

/// Never throws: whatever is wrong with the request, or with its case, is the response. A case whose answer
/// would have more than `most_numbers` numbers is refused before it is computed.
Response respond(std::string_view request, Testee& testee, const Served& how);

/// The response to a line that was too long to be kept.
Response respond_to_long_line();

}  // namespace assay
