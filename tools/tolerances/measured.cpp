#include "tools/tolerances/measured.hpp"

#include <fmt/format.h>

#include "tools/text/codec_error.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/json_number.hpp"

namespace assay::tolerances {
namespace {

const Json& member(const Json& of, std::string_view key) {
  const Json* found = of.is(Json::Kind::object) ? of.find(key) : nullptr;
  if (!found) fail_at("measured", fmt::format("\"{}\" is missing", key));
  return *found;
}
double number(const Json& of, std::string_view key) {
  return number_from_json(member(of, key), Dtype::f64, key);
}
int whole(const Json& of, std::string_view key) {
  return static_cast<int>(integer_from_json(member(of, key), key));
}
std::string text(const Json& of, std::string_view key) { return text_from_json(member(of, key), key); }
const std::vector<Json>& list(const Json& of, std::string_view key) {
  const Json& found = member(of, key);
  if (!found.is(Json::Kind::array)) fail_at(key, "must be a list");
  return found.items;
}

Json part_to_json(const MeasuredPart& part) {
  Json out = Json::object();
  out.add("grade", Json::string(name(part.grade))).add("ulps", json_number(part.ulps));
  out.add("cases", Json::integer(part.cases)).add("wrong", Json::integer(part.wrong));
  out.add("off", json_number(part.off));
  if (part.example) {
    const Example& e = *part.example;
    Json example = Json::object();
    example.add("id", Json::string(e.id)).add("slug", Json::string(e.slug));
    example.add("where", Json::string(e.where));
    example.add("got", json_number(e.got)).add("expected", json_number(e.expected));
    out.add("example", std::move(example));
  }
  for (const Operand operand : operands) {
    const Needs& needs = part[operand];
    Json errors = Json::array();
    for (const Error& each : needs.errors())
      errors.items.push_back(Json::array({json_number(each.size), json_number(each.distance)}));
    Json all = Json::object();
    all.add("hopeless", Json::boolean(needs.hopeless())).add("errors", std::move(errors));
    out.add(name(operand), std::move(all));
  }
  return out;
}

MeasuredPart part_from_json(const Json& value) {
  MeasuredPart out;
  const auto grade = grade_named(text(value, "grade"));
  if (!grade) fail_at("grade", "is none");
  out.grade = *grade;
  out.ulps = number(value, "ulps");
  out.cases = whole(value, "cases");
  out.wrong = whole(value, "wrong");
  out.off = number(value, "off");
  if (const Json* e = value.find("example"))
    out.example = Example{text(*e, "id"), text(*e, "slug"), text(*e, "where"), number(*e, "got"),
                          number(*e, "expected")};
  for (const Operand operand : operands) {
    Needs& needs = out.needs[static_cast<std::size_t>(operand)];
    const Json& all = member(value, name(operand));
    if (member(all, "hopeless").truth) needs.fail();
    for (const Json& each : list(all, "errors")) {
      if (!each.is(Json::Kind::array) || each.items.size() != 2) fail_at("errors", "must be pairs");
      needs.add(Error{number_from_json(each.items[0], Dtype::f64, "errors"),
                      number_from_json(each.items[1], Dtype::f64, "errors")});
    }
  }
  return out;
}

}  // namespace

std::string_view name(Part part) {
  switch (part) {
    case Part::value:
      return "value";
    case Part::gradient:
      break;
  }
  return "gradient";
}

Json measured_to_json(const Measured& m) {
  Json kinds = Json::array();
  for (const std::string& each : m.kinds) kinds.items.push_back(Json::string(each));
  Json out = Json::object();
  out.add("loss", Json::string(m.loss)).add("dtype", Json::string(name(m.dtype)));
  out.add("number", Json::integer(m.number)).add("name", Json::string(m.name)).add("kinds", std::move(kinds));
  out.add("sound", Json::boolean(m.sound));
  for (const Part each : parts) out.add(name(each), part_to_json(m[each]));
  return out;
}

Measured measured_from_json(const Json& value) {
  Measured out;
  out.loss = text(value, "loss");
  const auto dtype = dtype_named(text(value, "dtype"));
  if (!dtype) fail_at("dtype", "is none");
  out.dtype = *dtype;
  out.number = whole(value, "number");
  out.name = text(value, "name");
  for (const Json& each : list(value, "kinds")) out.kinds.push_back(text_from_json(each, "kinds"));
  out.sound = member(value, "sound").truth;
  out.value = part_from_json(member(value, name(Part::value)));
  out.gradient = part_from_json(member(value, name(Part::gradient)));
  return out;
}

}  // namespace assay::tolerances
