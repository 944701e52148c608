#include "bench/conversation.hpp"

#include <time.h>

#include <charconv>
#include <exception>
#include <iostream>
#include <limits>
#include <stdexcept>

#include "tools/text/json.hpp"

namespace assay::bench {
namespace {

std::int64_t integer(const Json& json) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(json.text.data(), json.text.data() + json.text.size(), out);
  if (!json.is(Json::Kind::number) || error != std::errc() || end != json.text.data() + json.text.size())
    throw std::invalid_argument("not an integer: " + dump_json(json));
  return out;
}

std::vector<std::int64_t> integers(const Json& json) {
  std::vector<std::int64_t> out;
  for (const Json& each : json.items) out.push_back(integer(each));
  return out;
}

NamedTensor tensor(const Json& json) {
  NamedTensor out;
  if (const Json* name = json.find("name")) out.name = name->text;
  if (const Json* shape = json.find("shape")) out.shape = integers(*shape);
  if (const Json* is = json.find("integer")) out.integer = is->truth;
  if (const Json* is = json.find("model")) out.model = is->truth;
  return out;
}

Request request(const std::string& line) {
  const Json json = parse_json(line);
  Request out;
  for (const auto& [key, text] : {std::pair{"do", &out.verb}, std::pair{"loss", &out.loss},
                                  std::pair{"dtype", &out.dtype}, std::pair{"folder", &out.folder}})
    if (const Json* found = json.find(key)) *text = found->text;
  if (const Json* shape = json.find("shape")) out.shape = integers(*shape);
  if (const Json* tensors = json.find("tensors"))
    for (const Json& each : tensors->items) out.tensors.push_back(tensor(each));
  if (const Json* gradient = json.find("gradient")) out.gradient = gradient->truth;
  if (const Json* warm = json.find("warm")) out.warm = warm->truth;
  if (const Json* calls = json.find("calls")) out.calls = integer(*calls);
  return out;
}

/// JSON has no number that is not finite: null, which no driver takes for a measurement.
Json number(double x) {
  if (!(x - x == 0)) return {};
  char text[32];
  return Json::number({text, std::to_chars(text, text + sizeof text, x).ptr});
}

Json object(const Answer& answer) {
  Json out = Json::object();
  if (!answer.skipped.empty()) out.add("skipped", Json::string(answer.skipped));
  if (!answer.texts.empty()) {
    Json texts = Json::object();
    for (const auto& [name, text] : answer.texts) texts.add(name, Json::string(text));
    out.add("texts", std::move(texts));
  }
  if (!answer.numbers.empty()) {
    Json numbers = Json::object();
    for (const auto& [name, x] : answer.numbers) numbers.add(name, number(x));
    out.add("numbers", std::move(numbers));
  }
  if (!answer.tensors.empty()) {
    Json tensors = Json::array();
    for (const NamedTensor& each : answer.tensors) {
      Json shape = Json::array();
      for (const std::int64_t n : each.shape) shape.items.push_back(Json::integer(n));
      Json one = Json::object();
      one.add("name", Json::string(each.name)).add("shape", std::move(shape));
      one.add("integer", Json::boolean(each.integer)).add("model", Json::boolean(each.model));
      tensors.items.push_back(std::move(one));
    }
    out.add("tensors", std::move(tensors));
  }
  return out;
}

}  // namespace

int converse(const std::function<Answer(const Request&)>& answer) {
  for (std::string line; std::getline(std::cin, line);) {
    Json out;
    try {
      out = object(answer(request(line)));
    } catch (const std::exception& e) {
      out = Json::object();
      out.add("error", Json::string(e.what()));
    }
    std::cout << dump_json(out) << std::endl;
  }
  return 0;
}

double seconds_of(const Request& request, const std::function<void()>& call) {
  const auto now = [] {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  };
  if (request.warm) call();
  const double start = now();
  for (std::int64_t i = 0; i < request.calls; ++i) call();
  return now() - start;
}

std::string compiler() {
#if defined(__clang__)
  return std::string("clang++ ") + __clang_version__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}

}  // namespace assay::bench
