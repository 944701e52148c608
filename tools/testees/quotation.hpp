// What a testee wrote, as our messages quote it: short, of one line, every character visible.
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// The beginning of what a testee wrote: in quotes, and longer without.
std::string quoted(std::string_view text);
std::string brief(std::string_view text);

/// "; it last wrote to standard error: ..." with the last line that is not blank, or nothing.
std::string last_words(std::string_view errors);

}  // namespace assay
