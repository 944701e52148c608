#include "tools/testees/respond.hpp"

#include <fmt/format.h>

#include <cmath>
#include <new>

#include "reference/truth/truth.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/reply.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/truth_number.hpp"

namespace assay {
namespace {

Json with_id(Json id) {
  Json out = Json::object();
  out.add("id", std::move(id));
  return out;
}

Dtype dtype_from_json(const Json& request) {
  const Json* dtype = request.find("dtype");
  if (dtype && dtype->is(Json::Kind::string))
    if (const std::optional<Dtype> known = dtype_named(dtype->text)) return *known;
  throw CodecError(fmt::format("dtype must be \"{}\"", fmt::join(dtype_names, "\" or \"")));
}

/// Null where the exact result is not a finite number, as in golden files.
Json sensitivity_to_json(const reference::Component& c) {
  if (!c.checked || std::isnan(c.rounded) || std::isnan(c.sensitivity)) return Json{};
  if (std::isinf(c.sensitivity)) return Json::string("Infinity");
  return Json::number(sensitivity_text(c.sensitivity));
}

/// As golden files write it, with all digits however large it is. Where any number passes, the hull is
/// everything: that tells such a component from a true NaN.
Json truth_to_json(const reference::TensorTruth& truth, Dtype dtype) {
  Tensor rounded;
  rounded.shape = truth.shape;
  Json data = Json::array(), digits = Json::array(), sensitivity = Json::array();
  Json lower = Json::array(), upper = Json::array();
  bool hull = false;
  for (const reference::Component& each : truth.components) {
    rounded.real.push_back(each.rounded);
    data.items.push_back(number_to_json(dtype, each.rounded));
    digits.items.push_back(Json::string(std::isnan(each.rounded) ? "NaN" : each.digits));
    sensitivity.items.push_back(sensitivity_to_json(each));
    lower.items.push_back(number_to_json(dtype, each.checked ? each.lower : -infinity));
    upper.items.push_back(number_to_json(dtype, each.checked ? each.upper : infinity));
    hull = hull || !each.checked || each.lower < each.upper;
  }
  Json out = tensor_to_json(rounded, dtype, Encoding::bits);
  out.add("data", std::move(data));
  if (hull) out.add("lower", std::move(lower)).add("upper", std::move(upper));
  return out.add("digits", std::move(digits)).add("sensitivity", std::move(sensitivity));
}

void add_answer(Json& response, const Answer& answer, Dtype dtype, Encoding written) {
  switch (answer.outcome) {
    case Answer::Outcome::answered: {
      Json gradient = Json::object();
      if (answer.truth) {
        response.add("value", truth_to_json(answer.truth->value, dtype));
        for (const auto& [input, each] : answer.truth->gradient)
          gradient.add(input, truth_to_json(each, dtype));
      } else {
        response.add("value", tensor_to_json(answer.value, dtype, written));
        for (const auto& [input, each] : answer.gradient)
          gradient.add(input, tensor_to_json(each, dtype, written));
      }
      response.add("gradient", std::move(gradient));
      return;
    }
    case Answer::Outcome::skipped:
    case Answer::Outcome::errored:
      response.add(field_of(answer.outcome), Json::string(answer.reason));
      return;
  }
}

Json answer_to_json(const Json& request, const std::string& id, Testee& testee, const Served& how) {
  Json out = with_id(Json::string(id));
  if (const Json* echo = request.find("echo")) {
    const Dtype dtype = dtype_from_json(request);
    return out.add("echo", tensor_to_json(tensor_from_json(*echo, dtype, false, "echo"), dtype, how.written));
  }
  // What golden files say beside a case's question does not hinder its being asked again.
  const std::vector<std::string_view> beside{"slug", "flags", "regime", "comment", "expected"};
  if (const Json* asked = request.find("snippet")) {
    if (!testee.handshake().snippets) throw CodecError("no snippets are written here");
    const Case c = case_from_json(*asked, beside);
    if (const auto why = why_invalid(c)) return out.add("error", Json::string(*why));
    const std::optional<std::string> text = testee.snippet(c);
    return text ? out.add("snippet", Json::string(*text))
                : out.add("skipped", Json::string("no snippet can be written of this case"));
  }
  const Case c = case_from_json(request, beside);
  if (const auto why = why_invalid(c)) return out.add("error", Json::string(*why));
  if (!c.variant.empty() && !offer_of(testee.handshake(), c))
    return out.add("error", Json::string(fmt::format("no variant {} of {} is offered here",
                                                     excerpt(c.variant), c.loss.name())));
  std::int64_t numbers = product(value_shape(c));
  for (const std::string& each : c.wrt) numbers += static_cast<std::int64_t>(c.inputs.at(each).size());
  if (numbers > how.most_numbers)
    return out.add("error", Json::string(fmt::format("the answer would have {} numbers; {} fit into a line",
                                                     numbers, how.most_numbers)));
  testee.ask(
      {c}, [&](std::size_t, const Answer& answer) { add_answer(out, answer, c.dtype, how.written); },
      [&](std::size_t, const Finding& finding) { out.add("error", Json::string(finding.message)); });
  return out;
}

}  // namespace

Response respond_to_long_line() {
  return {dump_json(
      with_id(Json{}).add("error", Json::string("the line is longer than 64 MiB; send a smaller request")))};
}

Response respond(std::string_view request, Testee& testee, const Served& how) {
  Json id;
  std::string wrong;
  try {
    const Json message = parse_json(request);
    if (!message.is(Json::Kind::object)) throw CodecError("a request must be a JSON object");
    if (const Json* bye = message.find("bye"); bye && bye->truth) return {{}, true};
    if (const Json* version = message.find("assay")) {
      if (!version->is(Json::Kind::number) || version->text != "1")
        throw CodecError("\"assay\" must be 1, the version of the protocol that is spoken here");
      return {dump_json(handshake_to_json(testee.handshake(), how.wanted))};
    }
    if (const Json* given = message.find("id"); given && given->is(Json::Kind::string))
      id = *given;
    else
      throw CodecError("a request needs an \"id\", any string");
    std::string line = dump_json(answer_to_json(message, id.text, testee, how));
    if (line.size() <= max_line_bytes) return {std::move(line)};
    wrong = "the answer does not fit into a line of 64 MiB";
  } catch (const std::bad_alloc&) {
    wrong = "out of memory";
  } catch (const std::exception& e) {
    wrong = e.what();
  }
  return {dump_json(with_id(std::move(id)).add("error", Json::string(wrong)))};
}

}  // namespace assay
