// A testee in process, served to whoever is at the other end of two streams: the protocol's other side.
#pragma once

#include "tools/testees/respond.hpp"

namespace assay {

/// Answers until bye or the end of `input`; returns the exit code: 0, or 1 when nobody listens any more. A
/// request that cannot be read gets an error and ends nothing. Answers are written as they come; requests
/// that arrive while nobody reads them are kept, up to 256 MiB, so that a peer may send everything before it
/// reads.
int serve(Testee& testee, const Served& how, int input, int output);

}  // namespace assay
