// Text from elsewhere on a page of Markdown: it stays what it is, and breaks neither a table nor a line.
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// Made visible, and nothing of it is markup.
std::string markdown_text(std::string_view raw);

/// A code span whose fence is longer than any run of backticks in it; fit for a cell of a table.
std::string markdown_code(std::string_view raw);

}  // namespace assay
