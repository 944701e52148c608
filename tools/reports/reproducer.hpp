// How to see a case again, for whoever meets it in a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cases/annotated_case.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

/// Three ways, each complete by itself; all texts are made visible.
struct Reproducer {
  std::string
      command;  ///< for a POSIX shell at the root of the source tree; many lines where there is no file
  std::string question;  ///< the case as golden files have it: what `assay explain FILE` takes
  std::string
      language;  ///< of the snippet, as the testee calls it; "json": the request of the testee protocol
  std::string snippet;  ///< of many lines
};

/// Longer cases are no reading matter, and a report would hold nothing else: they have no reproducer.
inline constexpr std::size_t most_reproduced_numbers = 4096;

/// `file` is where the question is kept; empty: it is part of the command. `words` is the testee's command;
/// empty are the built-in kernels. The testee, in no conversation at the time, is asked for the snippet where
/// it offers any; what it does wrong then is among what its finish() returns.
std::optional<Reproducer> reproducer(const AnnotatedCase& c, const std::string& file,
                                     const std::vector<std::string>& words, Testee& testee);

/// Text of several lines made fit to be shown: as `printable`, but that lines stay lines.
std::string printable_lines(std::string_view text);

}  // namespace assay
