#include "tools/testees/engine.hpp"

#include <fmt/format.h>

#include <cmath>
#include <new>

#include "reference/truth/truth.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/testee.hpp"
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
  for (const Dtype each : dtypes)
    if (dtype && dtype->is(Json::Kind::string) && dtype->text == name(each)) return each;
  throw CodecError("dtype must be \"f32\" or \"f64\"");
}

/// Null where the exact result is not a finite number, as in golden files.
Json sensitivity_to_json(const reference::Component& c) {
  if (!c.checked || std::isnan(c.rounded) || std::isnan(c.sensitivity)) return Json{};
  if (std::isinf(c.sensitivity)) return Json::string("Infinity");
  return Json::number(sensitivity_text(c.sensitivity));
}

class KernelEngine : public Engine {
  std::string_view name() const override { return "assay"; }
  std::int64_t most_numbers() const override { return std::int64_t{8} << 20; }

  void evaluate(const Case& c, Json& reply) override {
    testee_->ask(
        {c},
        [&](std::size_t, const Answer& answer) {
          if (answer.outcome != Answer::Outcome::answered) {
            reply.add("error", Json::string(answer.reason));
            return;
          }
          reply.add("value", tensor_to_json(answer.value, c.dtype, Encoding::data));
          Json gradient = Json::object();
          for (const auto& [input, tensor] : answer.gradient)
            gradient.add(input, tensor_to_json(tensor, c.dtype, Encoding::data));
          reply.add("gradient", std::move(gradient));
        },
        [](std::size_t, const Finding&) {});
  }

  std::unique_ptr<Testee> testee_ = kernel_testee();
};

class ReferenceEngine : public Engine {
  std::string_view name() const override { return "assay-reference"; }
  std::int64_t most_numbers() const override { return std::int64_t{256} << 10; }

  void evaluate(const Case& c, Json& reply) override {
    const reference::Effort effort;
    const reference::Truth truth = reference::certify(c, effort);
    if (!truth.error.empty() || !truth.undecided.empty()) {
      reply.add("error", Json::string(!truth.error.empty() ? truth.error
                                                           : fmt::format("undecided at {} bits: {}",
                                                                         effort.max_bits, truth.undecided)));
      return;
    }
    reply.add("value", tensor(truth.value, c.dtype));
    Json gradient = Json::object();
    for (const auto& [input, each] : truth.gradient) gradient.add(input, tensor(each, c.dtype));
    reply.add("gradient", std::move(gradient));
  }

  /// As golden files write it, with all digits however large it is. Where any number passes, the hull is
  /// everything: that tells such a component from a true NaN.
  static Json tensor(const reference::TensorTruth& truth, Dtype dtype) {
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
};

}  // namespace

std::string Engine::too_long() {
  return dump_json(
      with_id(Json{}).add("error", Json::string("the line is longer than 64 MiB; send a smaller request")));
}

Engine::Reply Engine::reply(std::string_view request) {
  Json id;
  std::string wrong;
  try {
    const Json message = parse_json(request);
    if (!message.is(Json::Kind::object)) throw CodecError("a request must be a JSON object");
    if (const Json* bye = message.find("bye"); bye && bye->truth) return {{}, true};
    if (const Json* version = message.find("assay")) {
      if (!version->is(Json::Kind::number) || version->text != "1")
        throw CodecError("\"assay\" must be 1, the version of the protocol that is spoken here");
      return {dump_json(
          handshake_to_json(everything({std::string(name()), ASSAY_VERSION, "c++"}), Encoding::bits))};
    }
    if (const Json* given = message.find("id"); given && given->is(Json::Kind::string))
      id = *given;
    else
      throw CodecError("a request needs an \"id\", any string");
    std::string line = dump_json(answer(message, id.text));
    if (line.size() <= max_line_bytes) return {std::move(line)};
    wrong = "the answer does not fit into a line of 64 MiB";
  } catch (const std::bad_alloc&) {
    wrong = "out of memory";
  } catch (const std::exception& e) {
    wrong = e.what();
  }
  return {dump_json(with_id(std::move(id)).add("error", Json::string(wrong)))};
}

Json Engine::answer(const Json& request, const std::string& id) {
  Json out = with_id(Json::string(id));
  if (const Json* echo = request.find("echo")) {
    const Dtype dtype = dtype_from_json(request);
    return out.add("echo",
                   tensor_to_json(tensor_from_json(*echo, dtype, false, "echo"), dtype, Encoding::data));
  }
  // What golden files say beside a case's question does not hinder its being asked again.
  const Case c = case_from_json(request, {"slug", "flags", "comment", "expected"});
  if (const auto why = why_invalid(c)) return out.add("error", Json::string(*why));
  std::int64_t numbers = product(value_shape(c));
  for (const std::string& each : c.wrt) numbers += static_cast<std::int64_t>(c.inputs.at(each).size());
  if (numbers > most_numbers())
    return out.add("error", Json::string(fmt::format("the answer would have {} numbers; {} fit into a line",
                                                     numbers, most_numbers())));
  evaluate(c, out);
  return out;
}

std::unique_ptr<Engine> engine(std::string_view name) {
  if (name == "kernels") return std::make_unique<KernelEngine>();
  if (name == "reference") return std::make_unique<ReferenceEngine>();
  return nullptr;
}

}  // namespace assay
