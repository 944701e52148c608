// How to see a case again, for whoever meets it in a report.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/cases/annotated_case.hpp"

namespace assay {

/// Three ways, each complete by itself; all texts are made visible.
struct Reproducer {
  std::string command;   ///< one line for a POSIX shell, where the program was started
  std::string question;  ///< the case as golden files have it: what `assay explain FILE` takes
  std::string language;  ///< of the snippet; "json": the request of the testee protocol
  std::string snippet;   ///< of many lines
};

/// Longer cases are no reading matter, and a report would hold nothing else: they have no reproducer.
inline constexpr std::size_t most_reproduced_numbers = 4096;

/// `words` is TESTEE as typed; empty are the built-in kernels. `snippet` is what the testee, which calls
/// its language so, wrote of the case (Testee::snippet).
std::optional<Reproducer> reproducer(const AnnotatedCase& c, const std::vector<std::string>& words,
                                     std::string_view language, const std::optional<std::string>& snippet);

/// "printf %s '{...}' | tools/assay explain - -- python3 adapter.py", which needs no file. Empty where the
/// case is too long for a line.
std::string pasted_command(const Case& question, const std::vector<std::string>& words);

/// Text of several lines made fit to be shown: as `printable`, but that lines stay lines.
std::string printable_lines(std::string_view text);

}  // namespace assay
