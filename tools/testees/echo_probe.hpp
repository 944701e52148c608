// The protocol's echo: numbers sent through a testee's own tensor type and back, before any loss is blamed
// for what that type does.
#pragma once

#include <optional>
#include <string>

#include "reference/cases/case.hpp"

namespace assay {

/// Zeros, ones and their neighbours, full significands, the extremes, subnormals, infinities, NaN; each sign.
Tensor echo_probe(Dtype dtype);

/// How the echo differs from what was sent: one line. Nothing if it is the same, bit by bit; a NaN is a NaN.
std::optional<std::string> echo_difference(const Tensor& sent, const Tensor& came, Dtype dtype);

}  // namespace assay
