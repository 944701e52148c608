// What a handshake says of one loss, and how that is written.
#pragma once

#include <string>
#include <vector>

#include "tools/testees/testee.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// Collects what a handshake names and nobody knows: findings, since a name that is not understood would
/// narrow nothing, or everything, in silence. What is understood is used.
class Oddities {
 public:
  /// `where` names "what", "which is no <kind>"; `known` are those that it could have been.
  void unknown(std::string_view where, std::string_view what, std::string_view kind,
               const std::vector<std::string>& known);
  void add(std::string message, Severity severity = Severity::failure);

  [[nodiscard]] std::vector<Finding> findings() const;

 private:
  std::vector<Finding> first_;
  std::size_t more_ = 0;  // a handshake may be 64 MiB of them
};

/// The offers of one loss: one, or one a variant. `where` is the loss's place in the handshake. Throws
/// CodecError for a field of the wrong type.
std::vector<Offer> offers_from_json(const std::string& loss, const Json& value, Oddities& oddities);

/// The reverse: of an offer by itself, and of those of several variants.
Json offer_to_json(const Offer& offer);
Json variants_to_json(const std::vector<Offer>& offers);

/// A handshake that does not say what it must.
[[noreturn]] void refuse_handshake(std::string_view where, std::string_view rule);

}  // namespace assay
