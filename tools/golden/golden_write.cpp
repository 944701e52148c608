// golden_file.hpp's writer: laid out for people who read a diff, a case a paragraph, a tensor a line.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "losses/catalogue/records.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/json_layout.hpp"
#include "tools/text/truth_number.hpp"

namespace assay {
namespace {

using reference::Component;
using reference::TensorTruth;

constexpr std::size_t most_explicit = 16;  // numbers of an expected tensor with data and digits
constexpr std::size_t most_decimal = 64;   // numbers of an input as decimals

Json texts(const std::vector<std::string>& all) {
  Json out = Json::array();
  for (const std::string& each : all) out.items.push_back(Json::string(each));
  return out;
}

template <class F>
Json list(const TensorTruth& t, F&& each_as) {
  Json out = Json::array();
  for (const Component& each : t.components) out.items.push_back(each_as(each));
  return out;
}

Json digits(const Component& c) {
  if (std::isnan(c.rounded)) return Json::string("NaN");
  return Json::string(c.digits.empty() ? shortest(Dtype::f64, c.rounded) : c.digits);
}

Json offset(const Component& c) {
  return std::isfinite(c.rounded) && std::isfinite(c.offset) ? Json::number(offset_text(c.offset)) : Json{};
}

Json sensitivity(const Component& c) {
  if (!c.checked || std::isnan(c.rounded) || std::isnan(c.sensitivity)) return {};
  // Beyond binary64, next to an overflowing value: no JSON number that every reader takes.
  if (std::isinf(c.sensitivity)) return Json::string("Infinity");
  return Json::number(sensitivity_text(c.sensitivity));
}

/// What every component says, said once where they all say the same.
template <class F>
Json shared(const TensorTruth& t, F&& number) {
  const auto& all = t.components;
  const bool one = !all.empty() && std::all_of(all.begin(), all.end(), [&](const Component& c) {
    return number(c).text == number(all.front()).text;
  });
  return one ? number(all.front()) : list(t, number);
}

Json reach(const Component& c) { return Json::integer(c.input_count); }
/// In full: a bound is made of it, and who reads it has no other way to the number.
Json scale(const Component& c) { return number_to_json(Dtype::f64, c.scale); }

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// The hull; where any number passes it is everything, which is what tells such a component from a true NaN.
double lower(const Component& c) { return c.checked ? c.lower : -infinity; }
double upper(const Component& c) { return c.checked ? c.upper : infinity; }

Json expected_tensor(const TensorTruth& t, Dtype dtype) {
  Tensor rounded;
  rounded.shape = t.shape;
  for (const Component& each : t.components) rounded.real.push_back(each.rounded);
  const bool small = t.components.size() <= most_explicit;
  const bool hull = std::any_of(t.components.begin(), t.components.end(), [](const Component& c) {
    return !same(lower(c), c.rounded) || !same(upper(c), c.rounded);
  });

  Json out = tensor_to_json(rounded, dtype, Encoding::bits);
  if (small) out.add("data", list(t, [&](const Component& c) { return number_to_json(dtype, c.rounded); }));
  if (hull) {
    out.add("lower", list(t, [&](const Component& c) { return number_to_json(dtype, lower(c)); }));
    out.add("upper", list(t, [&](const Component& c) { return number_to_json(dtype, upper(c)); }));
  }
  out.add(small ? "digits" : "offset", list(t, small ? digits : offset));
  out.add("sensitivity", list(t, sensitivity));
  return out.add("reach", shared(t, reach)).add("scale", shared(t, scale));
}

Json input_tensor(const Tensor& t, Dtype dtype) {
  return tensor_to_json(t, dtype, t.size() > most_decimal ? Encoding::base64 : Encoding::data);
}

Json by_name(const std::vector<std::string>& order, const std::map<std::string, TensorTruth>& all,
             Dtype dtype) {
  Json out = Json::object();
  for (const std::string& each : order)
    if (const auto found = all.find(each); found != all.end())
      out.add(each, expected_tensor(found->second, dtype));
  return out;
}

Json conventional(const ConventionalAnswer& answer, Dtype dtype) {
  Json out = Json::object();
  out.add("name", Json::string(answer.name));
  out.add("used_by", texts(answer.used_by));
  out.add("value", input_tensor(answer.value, dtype));
  if (answer.gradient.empty()) return out;
  Json gradient = Json::object();
  for (const auto& [name, tensor] : answer.gradient) gradient.add(name, input_tensor(tensor, dtype));
  return out.add("gradient", std::move(gradient));
}

std::string expected(const GoldenCase& g) {
  if (g.error) return R"({"error": true})";
  const Dtype dtype = g.question.dtype;
  std::string out =
      fmt::format("{{\"value\": {},\n   \"gradient\": {}", json_line(expected_tensor(g.truth.value, dtype)),
                  json_block(by_name(g.question.wrt, g.truth.gradient, dtype), 16));
  if (!g.conventions.empty()) {
    out += ",\n   \"conventions\": [";
    for (const ConventionalAnswer& each : g.conventions)
      out += (&each == g.conventions.data() ? "" : ",\n    ") + json_line(conventional(each, dtype));
    out += "]";
  }
  return out + "}";
}

std::string golden_case(const GoldenCase& g) {
  Json question = case_to_json(g.question, Encoding::data);
  for (auto& [key, value] : question.members) {
    if (key != "inputs") continue;
    for (auto& [name, tensor] : value.members)
      tensor = input_tensor(g.question.inputs.at(name), g.question.dtype);
  }
  std::string out = fmt::format("{{\"id\": {}, \"slug\": {},\n ", dump_json(Json::string(g.question.id)),
                                dump_json(Json::string(g.slug)));
  for (const auto& [key, value] : question.members) {
    if (key == "id") continue;
    if (key == "inputs")
      out += "\n \"inputs\": " + json_block(value, 12) + ",\n ";
    else
      out += fmt::format("\"{}\": {}, ", key, json_line(value));
  }
  return out + fmt::format("\"flags\": {}, \"regime\": \"{}\",\n \"comment\": {},\n \"expected\": {}}}",
                           json_line(texts(g.flags)), name(g.regime), dump_json(Json::string(g.comment)),
                           expected(g));
}

}  // namespace

std::string golden_file_name(std::string_view loss, Dtype dtype) {
  return fmt::format("{}.{}.json", loss, name(dtype));
}

std::string write_golden(const GoldenFile& file) {
  std::string out = fmt::format(
      "{{\"schema\": \"assay-golden-v1\", \"loss\": \"{}\", \"dtype\": \"{}\", \"count\": {}, \"license\": "
      "\"CC0-1.0\",\n"
      " \"generator\": {{\"name\": \"assay\", \"version\": {}, \"seed\": {}}},\n \"notes\": {{",
      file.loss, name(file.dtype), file.cases.size(), dump_json(Json::string(file.version)), file.seed);
  bool first = true;
  for (const auto& [key, note] : file.notes) {
    out += fmt::format("{}\n  {}: {{\"kind\": {}, \"description\": {},\n   \"effect\": {}, \"links\": {}}}",
                       first ? "" : ",", dump_json(Json::string(key)), dump_json(Json::string(note.kind)),
                       dump_json(Json::string(note.description)), dump_json(Json::string(note.effect)),
                       json_line(texts(note.links)));
    first = false;
  }
  out += "},\n \"cases\": [";
  for (const GoldenCase& each : file.cases)
    out += (&each == file.cases.data() ? "\n" : ",\n") + golden_case(each);
  return out + "]}\n";
}

}  // namespace assay
