// What well-known libraries allow in their tests where nothing is said: each looked up in its own source.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "losses/spec/dtype.hpp"
#include "tools/tolerances/tolerance.hpp"

namespace assay::tolerances {

struct LibraryDefaults {
  std::string_view name;                     ///< as --like has it
  std::string_view function;                 ///< whose defaults they are
  std::string_view repository, file, place;  ///< where they stand: on GitHub, and a line or a name there
  std::string_view version, commit;          ///< of what was looked at
  PerDtype<Tolerance> tolerance;
};

std::span<const LibraryDefaults> library_defaults();

/// Throws UsageError, which lists what there is and names the nearest.
const LibraryDefaults& defaults_of(const std::string& library);

}  // namespace assay::tolerances
