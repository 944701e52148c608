#include "tools/testees/case_channel.hpp"

#include "tools/text/codec.hpp"

namespace assay {

Sent CaseChannel::ask(const std::string& id, std::size_t, const Case& c) {
  Json request = case_to_json(c, encoding_, Decimals::binary64);
  std::erase_if(request.members, [](const Json::Member& m) { return m.first == "id"; });
  request.members.emplace(request.members.begin(), "id", Json::string(id));
  const std::string line = dump_json(request);
  if (line.size() > max_line_bytes)
    return Finding{"protocol/request-too-long",
                   "the case does not fit into a line of 64 MiB and was not sent"};
  send(line);
  return UnderWay{};
}

}  // namespace assay
