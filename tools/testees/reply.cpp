#include "tools/testees/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/testees/quotation.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::array outcomes{Answer::Outcome::answered, Answer::Outcome::skipped, Answer::Outcome::errored};

}  // namespace

std::string_view field_of(Answer::Outcome outcome) {
  switch (outcome) {
    case Answer::Outcome::answered:
      return "value";
    case Answer::Outcome::skipped:
      return "skipped";
    case Answer::Outcome::errored:
      break;
  }
  return "error";
}

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
  std::vector<Answer::Outcome> present;
  for (const Answer::Outcome each : outcomes)
    if (value.find(field_of(each))) present.push_back(each);
  if (present.empty()) return malformed("it has no \"value\", \"skipped\" or \"error\"");
  if (present.size() > 1)
    return Finding{"protocol/two-outcomes",
                   fmt::format("the answer has both \"{}\" and \"{}\"; it must have one",
                               field_of(present[0]), field_of(present[1]))};

  Answer answer;
  const auto member = [&](std::string_view key) {
    const auto found = std::find_if(value.members.begin(), value.members.end(),
                                    [&](const Json::Member& m) { return m.first == key; });
    return found == value.members.end() ? nullptr : &found->second;
  };
  answer.outcome = present[0];
  Json& outcome = *member(field_of(answer.outcome));
  if (answer.outcome != Answer::Outcome::answered) {
    if (!outcome.is(Json::Kind::string))
      return malformed(fmt::format("\"{}\" must be a string", field_of(answer.outcome)));
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
