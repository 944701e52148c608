#include "tools/text/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/text/printable.hpp"

namespace assay {

std::string markdown_text(std::string_view raw) {
  std::string out;
  for (const char c : printable(raw)) {
    if (std::string_view("|\\`*_<>[]#&~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_code(std::string_view raw) {
  std::string inside;
  std::size_t run = 0, longest = 0;
  for (const char c : printable(raw)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    inside += c == '|' ? std::string("\\|") : std::string(1, c);  // '|' would end the cell even there
  }
  const std::string fence(longest + 1, '`');
  const std::string_view gap = longest > 0 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, gap, inside);
}

}  // namespace assay
