#include "tools/testees/quotation.hpp"

#include <fmt/format.h>

#include "tools/text/printable.hpp"

namespace assay {
namespace {

constexpr std::size_t quoted_bytes = 200, brief_bytes = 1000;

std::string beginning(std::string_view text, std::size_t bytes) {
  return printable(text.substr(0, bytes)) + (text.size() <= bytes ? "" : "...");
}

}  // namespace

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", beginning(text, quoted_bytes)); }
std::string brief(std::string_view text) { return beginning(text, brief_bytes); }

std::string last_words(std::string_view errors) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t end = errors.find_last_not_of(blank);
  if (end == std::string_view::npos) return "";
  errors = errors.substr(0, end + 1);
  const std::size_t start = errors.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("; it last wrote to standard error: {}", quoted(errors.substr(start)));
}

}  // namespace assay
