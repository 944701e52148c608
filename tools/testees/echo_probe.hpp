// The protocol's echo: numbers sent through a testee's own tensor type and back, before any loss is blamed
// for what that type does.
#pragma once

#include <optional>
#include <string>

#include "tools/testees/testee.hpp"

namespace assay {

/// Zeros, ones and their neighbours, full significands, the extremes, subnormals, infinities, NaN; each sign.
Tensor echo_probe(Dtype dtype);

struct EchoChange {
  std::string text;  ///< one line
  Severity severity = Severity::failure;
};
/// How the echo differs from what was sent. Nothing if it is the same, bit by bit; a NaN is a NaN. Where
/// nothing but the sign of zeros is lost, which JSON writers of several languages drop and no verdict asks
/// for, that is a note.
std::optional<EchoChange> echo_change(const Tensor& sent, const Tensor& came, Dtype dtype);

}  // namespace assay
