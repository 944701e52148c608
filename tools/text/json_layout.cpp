#include "tools/text/json_layout.hpp"

#include <fmt/format.h>

namespace assay {

std::string json_line(const Json& value) {
  std::string out;
  if (value.is(Json::Kind::array)) {
    for (const Json& each : value.items) out += (out.empty() ? "" : ", ") + json_line(each);
    return "[" + out + "]";
  }
  if (value.is(Json::Kind::object)) {
    for (const auto& [key, each] : value.members)
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", dump_json(Json::string(key)), json_line(each));
    return "{" + out + "}";
  }
  return dump_json(value);
}

std::string json_block(const Json& object, std::size_t indent) {
  std::string out;
  for (const auto& [key, each] : object.members)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ",\n" + std::string(indent, ' '),
                       dump_json(Json::string(key)), json_line(each));
  return "{" + out + "}";
}

}  // namespace assay
