// Text from elsewhere made fit to be shown: in a terminal, a table or a report nothing acts, hides or breaks
// a line.
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// Control characters, invalid UTF-8, directional overrides and what XML forbids become \x1b, \u{202e} and
/// the like; the rest stays. One line in, one line out.
std::string printable(std::string_view text);

/// The end of what a program wrote, each line made visible behind "  | "; nothing when it wrote nothing.
std::string last_lines(std::string_view text, int limit = 8);

/// A word as a POSIX shell reads it back.
std::string shell_quoted(std::string_view word);

}  // namespace assay
