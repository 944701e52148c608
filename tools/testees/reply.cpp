#include "tools/testees/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/text/decimal.hpp"

namespace assay {

Tensor answered_tensor(Json value, Dtype dtype, std::string_view where) {
  std::erase_if(value.members, [](const Json::Member& m) {
    return m.first != "shape" && m.first != "data" && m.first != "bits" && m.first != "base64";
  });
  return tensor_from_json(value, dtype, false, where);
}

std::variant<Answer, Finding> answer_from_json(Json value, Dtype dtype) {
  const auto malformed = [](std::string message) {
    return Finding{"protocol/malformed", fmt::format("the answer cannot be read: {}", brief(message))};
  };
  constexpr std::array<std::string_view, 3> outcomes{"value", "skipped", "error"};
  std::vector<std::string_view> present;
  for (const std::string_view each : outcomes)
    if (value.find(each)) present.push_back(each);
  if (present.empty()) return malformed("it has no \"value\", \"skipped\" or \"error\"");
  if (present.size() > 1)
    return Finding{
        "protocol/two-outcomes",
        fmt::format("the answer has both \"{}\" and \"{}\"; it must have one", present[0], present[1])};

  Answer answer;
  const auto member = [&](std::string_view key) {
    const auto found = std::find_if(value.members.begin(), value.members.end(),
                                    [&](const Json::Member& m) { return m.first == key; });
    return found == value.members.end() ? nullptr : &found->second;
  };
  Json& outcome = *member(present[0]);
  if (present[0] != "value") {
    if (!outcome.is(Json::Kind::string)) return malformed(fmt::format("\"{}\" must be a string", present[0]));
    answer.outcome = present[0] == "error" ? Answer::Outcome::errored : Answer::Outcome::skipped;
    answer.reason = brief(outcome.text);
    return answer;
  }
  try {
    answer.value = answered_tensor(std::move(outcome), dtype, "value");
    if (Json* gradient = member("gradient")) {
      if (!gradient->is(Json::Kind::object))
        return malformed("\"gradient\" must be an object, one tensor an input");
      for (auto& [name, tensor] : gradient->members)
        answer.gradient[name] = answered_tensor(std::move(tensor), dtype, "gradient." + excerpt_name(name));
    }
  } catch (const CodecError& e) {
    return malformed(e.what());
  }
  return answer;
}

}  // namespace assay
