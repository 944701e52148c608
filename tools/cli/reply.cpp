#include "tools/cli/reply.hpp"

#include <fmt/format.h>

#include <array>

#include "tools/cli/visible.hpp"

namespace assay {

Tensor answered_tensor(const Json& value, Dtype dtype, std::string_view where) {
  if (!value.is(Json::Kind::object)) throw CodecError(fmt::format("{} must be a tensor, an object with a shape", where));
  Json bare = Json::object();
  for (const std::string_view key : {"shape", "data", "bits", "base64"})
    if (const Json* found = value.find(key)) bare.add(key, *found);
  return tensor_from_json(bare, dtype, false, where);
}

std::variant<Answer, Finding> answer_from_json(const Json& value, Dtype dtype) {
  const auto malformed = [](std::string message) {
    return Finding{"protocol/malformed", fmt::format("the answer cannot be read: {}", visible(message))};
  };
  constexpr std::array<std::string_view, 3> outcomes{"value", "skipped", "error"};
  std::vector<std::string_view> present;
  for (const std::string_view each : outcomes)
    if (value.find(each)) present.push_back(each);
  if (present.empty()) return malformed("it has no \"value\", \"skipped\" or \"error\"");
  if (present.size() > 1)
    return Finding{"protocol/two-outcomes",
                   fmt::format("the answer has both \"{}\" and \"{}\"; it must have one", present[0], present[1])};

  Answer answer;
  const Json& outcome = *value.find(present[0]);
  if (present[0] != "value") {
    if (!outcome.is(Json::Kind::string)) return malformed(fmt::format("\"{}\" must be a string", present[0]));
    answer.outcome = present[0] == "error" ? Answer::Outcome::errored : Answer::Outcome::skipped;
    answer.reason = visible(outcome.text);
    return answer;
  }
  try {
    answer.value = answered_tensor(outcome, dtype, "value");
    if (const Json* gradient = value.find("gradient")) {
      if (!gradient->is(Json::Kind::object)) return malformed("\"gradient\" must be an object, one tensor an input");
      for (const auto& [name, tensor] : gradient->members)
        answer.gradient[name] = answered_tensor(tensor, dtype, "gradient." + name);
    }
  } catch (const CodecError& e) {
    return malformed(e.what());
  }
  return answer;
}

}  // namespace assay
