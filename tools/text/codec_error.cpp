#include "tools/text/codec_error.hpp"

#include <fmt/format.h>

#include "losses/spec/well_formed.hpp"

namespace assay {

void fail_at(std::string_view where, std::string_view message) {
  throw CodecError(fmt::format("{}: {}", where, message));
}

const std::string& text_from_json(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::string)) fail_at(where, "must be a text");
  return value.text;
}

std::string excerpt(std::string_view text) {
  std::string out = dump_json(Json::string(text.substr(0, 40)));
  if (text.size() > 40) out.insert(out.size() - 1, "...");
  return out;
}

std::string excerpt_name(std::string_view text) {
  return text.size() <= 40 && is_identifier(text) ? std::string(text) : excerpt(text);
}

}  // namespace assay
