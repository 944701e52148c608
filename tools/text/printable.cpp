#include "tools/text/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace assay {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t length = 0;  ///< 0: not UTF-8
};

/// The first code point of a non-empty text; overlong forms, surrogates and what lies beyond Unicode are
/// refused.
Decoded decode(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return {};
  auto code = static_cast<char32_t>(lead & (0x7f >> length));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3f);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length};
}

bool acts(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Decoded d = decode(text);
    const std::size_t length = d.length == 0 ? 1 : d.length;
    if (d.length == 0)
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
    else if (text[0] == '\n')
      out += "\\n";
    else if (text[0] == '\t')
      out += "\\t";
    else if (acts(d.code))
      out += d.code < 0x80 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(d.code))
                           : fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(d.code));
    else
      out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

std::string last_lines(std::string_view text, int limit) {
  std::string out;
  for (int count = 0; count < limit; ++count) {
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) break;
    text = text.substr(0, end + 1);
    const std::size_t start = text.rfind('\n') + 1;  // npos + 1 is 0
    out = fmt::format("  | {}\n{}", printable(text.substr(start)), out);
    text = text.substr(0, start);
  }
  return out;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace assay
