// JSON as the suite needs it: numbers keep their text, so that a decimal is rounded once, to its own dtype;
// keys keep their order; a repeated key, too deep a nesting or a trailing byte is an error. The parser behind
// it is nlohmann/json, in json.cpp alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

/// What was wrong with a text, where, in one line.
struct JsonError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Json {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  using Member = std::pair<std::string, Json>;

  Kind kind = Kind::null;
  bool truth = false;
  std::string text;  ///< of a string, unescaped; of a number, as written
  std::vector<Json> items;
  std::vector<Member> members;

  Json() = default;
  static Json boolean(bool b);
  static Json string(std::string_view s);
  static Json number(std::string_view text);  ///< the text is not checked
  static Json integer(std::int64_t i);
  static Json array(std::vector<Json> items = {});
  static Json object(std::vector<Member> members = {});

  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  /// The member of that name, or null.
  [[nodiscard]] const Json* find(std::string_view key) const;
  /// Appends a member; returns *this.
  Json& add(std::string_view key, Json value);
};

/// Limits of the contract, section 5.
inline constexpr std::size_t max_line_bytes = std::size_t{64} << 20;
inline constexpr int max_nesting = 16;

/// Throws JsonError: "line 3, column 7: ..." and what to do.
Json parse_json(std::string_view text, int nesting = max_nesting);

/// One line; strings escaped, invalid UTF-8 replaced.
std::string dump_json(const Json& value);

}  // namespace assay
