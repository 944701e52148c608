// A grade as tests print it.
#pragma once

#include <ostream>

#include "tools/judge/grade.hpp"

namespace assay {

inline void PrintTo(Grade g, std::ostream* out) { *out << name(g); }

}  // namespace assay
