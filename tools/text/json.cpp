#include "tools/text/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace assay {
namespace {

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  // Columns count characters, not the continuation bytes of UTF-8.
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return fmt::format("line {}, column {}", line, std::max<std::ptrdiff_t>(column, 1));
}

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The length of the JSON number at the front of `text`; 0 if what stands there is not one.
std::size_t number_length(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0')
    ++at;  // nothing but '.' or 'e' continues a number after a leading zero
  else if (digits() == 0)
    return 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return 0;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return 0;
  }
  return at;
}

/// The parser converts numbers to binary64, which loses "-0" and refuses 1e400. So it is shown a 0, padded
/// with blanks to the number's width, so that no position moves; the numbers' own texts wait here in order.
struct Numbers {
  std::string shown;
  std::vector<std::string_view> texts;

  explicit Numbers(std::string_view text) : shown(text) {
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (in_string) {
        if (text[at] == '\\')
          ++at;
        else
          in_string = text[at] != '"';
      } else if (text[at] == '"') {
        in_string = true;
      } else if (text[at] == '-' || digit(text[at])) {
        const std::size_t length = number_length(text.substr(at));
        if (length == 0) break;  // the parser complains here, so nothing behind it is ever reached
        texts.push_back(text.substr(at, length));
        shown.replace(at, length, length, ' ');
        shown[at] = '0';
        at += length - 1;
      }
    }
  }
};

/// Tells how far the parser has read.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** read;

  reference operator*() const { return *at; }
  Cursor& operator++() {
    *read = ++at;
    return *this;
  }
  Cursor operator++(int) {
    Cursor old = *this;
    ++*this;
    return old;
  }
  bool operator==(const Cursor& other) const { return at == other.at; }
  bool operator!=(const Cursor& other) const { return at != other.at; }
};

class Builder {
 public:
  Builder(std::string_view text, const Numbers& numbers, int nesting)
      : text_(text), numbers_(numbers), nesting_(nesting), read(numbers.shown.data()) {}

  bool null() { return add({}); }
  bool boolean(bool b) { return add(Json::boolean(b)); }
  bool number_integer(std::int64_t) { return add(Json::number(numbers_.texts[next_number_++])); }
  bool number_unsigned(std::uint64_t) { return number_integer(0); }
  bool number_float(double, const std::string&) { return number_integer(0); }
  bool string(std::string& s) { return add(Json::string(s)); }
  bool binary(nlohmann::json::binary_t&) { return false; }  // not in JSON texts

  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool key(std::string& k) {
    if (!levels_.back().keys.insert(k).second) {
      std::string shown = dump_json(Json::string(k));
      if (shown.size() > 80) shown = shown.substr(0, 80) + "...";
      fail(offset(), fmt::format("the key {} stands twice in one object; keep one of them", shown));
    }
    levels_.back().key = std::move(k);
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception& e) {
    std::string_view what = e.what();
    // "... syntax error while parsing X - REASON; last read: 'TOKEN'; expected Y": the token may be endless.
    if (const auto start = what.find("syntax error "); start != std::string_view::npos)
      what.remove_prefix(start + 13);
    std::string out(what.substr(0, what.find("; last read: ")));
    if (const auto expected = what.rfind("; expected ");
        expected != std::string_view::npos && expected > out.size())
      out += what.substr(expected);
    std::replace(out.begin(), out.end(), '\n', ' ');
    fail(std::min(at, text_.size()), "not JSON " + out);
    return false;
  }

  Json result() { return std::move(root_); }

 private:
  struct Level {
    Json value;
    std::string key;
    std::set<std::string> keys;
  };

  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw JsonError(position(text_, at) + ": " + message);
  }
  [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(read - numbers_.shown.data()); }

  bool add(Json value) {
    if (levels_.empty())
      root_ = std::move(value);
    else if (Level& level = levels_.back(); level.value.is(Json::Kind::array))
      level.value.items.push_back(std::move(value));
    else
      level.value.members.emplace_back(std::move(level.key), std::move(value));
    return true;
  }
  bool open(Json value) {
    if (levels_.size() >= static_cast<std::size_t>(nesting_))
      fail(offset(), fmt::format("nested deeper than the limit of {}", nesting_));
    levels_.push_back({std::move(value), {}, {}});
    return true;
  }
  bool close() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  std::string_view text_;
  const Numbers& numbers_;
  int nesting_;
  std::size_t next_number_ = 0;
  std::vector<Level> levels_;
  Json root_;

 public:
  const char* read;
};

/// The length of the UTF-8 character at the front of `s`, 0 if it is malformed (Unicode, table 3-7).
std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const auto in = [](unsigned b, unsigned low, unsigned high) { return b >= low && b <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (in(first, 0xc2, 0xdf)) return in(byte(1), 0x80, 0xbf) ? 2 : 0;
  if (in(first, 0xe0, 0xef)) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80, high = first == 0xed ? 0x9f : 0xbf;
    return in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) ? 3 : 0;
  }
  if (in(first, 0xf0, 0xf4)) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80, high = first == 0xf4 ? 0x8f : 0xbf;
    return in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) && in(byte(3), 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

void dump_string(std::string_view s, std::string& out) {
  out += '"';
  while (!s.empty()) {
    const std::size_t length = utf8_length(s);
    const auto byte = static_cast<unsigned char>(s.front());
    if (length == 0)
      out += "\xef\xbf\xbd";  // U+FFFD
    else if (byte == '"' || byte == '\\')
      (out += '\\') += s.front();
    else if (byte == '\n')
      out += "\\n";
    else if (byte == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += s.substr(0, length);
    s.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

void dump(const Json& value, std::string& out) {
  switch (value.kind) {
    case Json::Kind::null:
      out += "null";
      return;
    case Json::Kind::boolean:
      out += value.truth ? "true" : "false";
      return;
    case Json::Kind::number:
      out += value.text;
      return;
    case Json::Kind::string:
      dump_string(value.text, out);
      return;
    case Json::Kind::array:
      out += '[';
      for (const Json& each : value.items) {
        if (&each != value.items.data()) out += ',';
        dump(each, out);
      }
      out += ']';
      return;
    case Json::Kind::object:
      out += '{';
      for (const Json::Member& each : value.members) {
        if (&each != value.members.data()) out += ',';
        dump_string(each.first, out);
        out += ':';
        dump(each.second, out);
      }
      out += '}';
      return;
  }
}

Json of(Json::Kind kind) {
  Json out;
  out.kind = kind;
  return out;
}

}  // namespace

Json Json::boolean(bool b) {
  Json out = of(Kind::boolean);
  out.truth = b;
  return out;
}
Json Json::string(std::string_view s) {
  Json out = of(Kind::string);
  out.text = s;
  return out;
}
Json Json::number(std::string_view text) {
  Json out = of(Kind::number);
  out.text = text;
  return out;
}
Json Json::integer(std::int64_t i) { return number(std::to_string(i)); }
Json Json::array(std::vector<Json> items) {
  Json out = of(Kind::array);
  out.items = std::move(items);
  return out;
}
Json Json::object(std::vector<Member> members) {
  Json out = of(Kind::object);
  out.members = std::move(members);
  return out;
}

const Json* Json::find(std::string_view key) const {
  for (const Member& each : members)
    if (each.first == key) return &each.second;
  return nullptr;
}

Json& Json::add(std::string_view key, Json value) {
  members.emplace_back(key, std::move(value));
  return *this;
}

Json parse_json(std::string_view text, int nesting) {
  // The parser takes a NUL for the end, and would let pass whatever follows it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)
    throw JsonError(position(text, nul + 1) +
                    ": not JSON: a NUL byte; texts have none, \\u0000 is how to write one");
  const Numbers numbers(text);
  Builder builder(text, numbers, nesting);
  const char* const begin = numbers.shown.data();
  const Cursor first{begin, &builder.read}, last{begin + numbers.shown.size(), &builder.read};
  nlohmann::json::sax_parse(first, last, &builder);
  return builder.result();
}

std::string dump_json(const Json& value) {
  std::string out;
  dump(value, out);
  return out;
}

}  // namespace assay
