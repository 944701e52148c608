// `assay losses`: the catalogue, for people or as JSON.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <memory>

#include "losses/catalogue/records.hpp"
#include "tools/commands/command.hpp"
#include "tools/text/json.hpp"

namespace assay {
namespace {

Json text(std::string_view s) { return Json::string(s); }

Json number(double x) {
  if (std::isinf(x)) return text(x > 0 ? "Infinity" : "-Infinity");
  return Json::number(fmt::format("{}", x));
}

Json domain_to_json(const Domain& d) {
  Json out = Json::object();
  out.add("kind", text(name(d.kind))).add("text", text(d.text));
  if (d.kind == Domain::Kind::interval || d.kind == Domain::Kind::points)
    out.add("low", number(d.low)).add("high", number(d.high));
  if (d.kind == Domain::Kind::interval)
    out.add("low_open", Json::boolean(d.low_open)).add("high_open", Json::boolean(d.high_open));
  if (d.also == d.also) out.add("also", number(d.also));
  if (d.except == d.except) out.add("except", number(d.except));
  return out.add("infinities", Json::boolean(d.infinities));
}

Json input_to_json(const Input& in) {
  Json out = Json::object();
  out.add("name", text(in.name)).add("axes", text(in.axes.text())).add("about", text(in.about));
  out.add("domain", domain_to_json(in.domain)).add("integer", Json::boolean(in.integer));
  out.add("optional", Json::boolean(in.optional)).add("differentiable", Json::boolean(in.differentiable()));
  out.add("origin", text(name(in.origin)));
  if (!in.partner.empty()) out.add("partner", text(in.partner));
  if (!in.lengths.empty()) out.add("lengths", text(in.lengths));
  return out;
}

Json instead_to_json(const Instead& each) {
  Json out = Json::object();
  out.add("input", text(each.input)).add("parameter", text(each.parameter));
  out.add("from", number(each.low)).add("to", number(each.high));
  return out.add("domain", domain_to_json(each.domain)).add("constant", Json::boolean(each.constant));
}

Json axis_rule_to_json(const AxisRule& rule) {
  Json out = Json::object();
  out.add("axis", text(std::string_view(&rule.axis, 1))).add("text", text(rule.text));
  return out.add("least", Json::integer(rule.least)).add("multiple", Json::integer(rule.multiple));
}

struct Initial {
  std::string_view type;
  Json json;
  std::string text;
};

Initial initial_of(const ParameterFacts& p) {
  struct Visit {
    Initial operator()(double x) const { return {"real", number(x), fmt::format("{}", x)}; }
    Initial operator()(bool b) const { return {"boolean", Json::boolean(b), b ? "true" : "false"}; }
    Initial operator()(std::int64_t i) const { return {"integer", Json::integer(i), fmt::format("{}", i)}; }
    Initial operator()(std::string_view s) const { return {"text", Json::string(s), std::string(s)}; }
    Initial operator()(std::span<const double> all) const {
      Json list = Json::array();
      for (const double x : all) list.items.push_back(number(x));
      return {"list", list, fmt::format("[{}]", fmt::join(all, ", "))};
    }
  };
  return std::visit(Visit{}, p.initial);
}

Json parameter_to_json(const ParameterFacts& p) {
  Initial initial = initial_of(p);
  Json out = Json::object();
  out.add("name", text(p.name)).add("type", text(initial.type)).add("default", std::move(initial.json));
  if (!p.domain.text.empty()) out.add("domain", domain_to_json(p.domain));
  if (!p.choices.empty()) {
    Json choices = Json::array();
    for (const std::string_view each : p.choices) choices.items.push_back(text(each));
    out.add("choices", std::move(choices));
  }
  return out;
}

bool has_constant(Property p) {
  return p == Property::at_most || p == Property::lipschitz || p == Property::smooth ||
         p == Property::homogeneous;
}

Json promise_to_json(const Promise& p) {
  Json out = Json::object();
  out.add("property", text(name(p.property)));
  if (!p.subject.empty()) {
    Json subject = Json::array();
    each_name(p.subject, [&](std::string_view each) { subject.items.push_back(text(each)); });
    out.add("subject", std::move(subject));
  }
  if (has_constant(p.property)) out.add("constant", number(p.constant));
  if (!p.times.empty()) out.add("times", text(p.times));
  if (!p.over.empty()) out.add("over", text(p.over));
  if (!p.weight.empty()) out.add("weight", text(p.weight)).add("least", number(p.least));
  if (p.always()) return out;
  Json where = Json::array();
  for (const While& each : p.where) {
    Json one = Json::object();
    one.add("parameter", text(each.parameter)).add("from", number(each.low)).add("to", number(each.high));
    where.items.push_back(std::move(one));
  }
  return out.add("while", std::move(where));
}

Json convention_to_json(const Convention& c) {
  Json out = Json::object();
  return out.add("name", text(c.name))
      .add("about", text(c.about))
      .add("used_by", text(c.used_by))
      .add("link", text(c.link));
}

Json accuracy_to_json(const Accuracy& a) {
  Json out = Json::object();
  out.add("ulp", number(a.ulp)).add("conditioned", Json::integer(a.conditioned));
  if (a.norm_wise) out.add("norm_wise", Json::boolean(true));
  return out;
}

template <class Items, class ToJson>
Json list(const Items& items, ToJson to_json) {
  Json out = Json::array();
  for (const auto& each : items) out.items.push_back(to_json(each));
  return out;
}

std::string block(const Record& r) {
  std::string out = fmt::format("{}\n  {}\n  {}\n", r.name, r.title, r.formula);
  std::vector<std::string> inputs;
  for (const Input& in : r.inputs)
    inputs.push_back(fmt::format("{} ({}{})", in.name, in.domain.text, in.optional ? "; optional" : ""));
  out += fmt::format("  inputs: {}\n", fmt::join(inputs, ", "));
  if (r.parameters.empty()) return out;
  std::vector<std::string> parameters;
  for (const ParameterFacts& p : r.parameters)
    parameters.push_back(fmt::format("{}={}", p.name, initial_of(p).text));
  return out + fmt::format("  parameters: {}\n", fmt::join(parameters, ", "));
}

/// Every fact of a record.
Json record_to_json(const Record& r) {
  Json out = Json::object();
  out.add("name", text(r.name)).add("type", text(r.type)).add("title", text(r.title));
  out.add("formula", text(r.formula)).add("kind", text(name(r.kind)));
  out.add("inputs", list(r.inputs, input_to_json)).add("output", text(r.output.text()));
  if (!r.axis_rules.empty()) out.add("axis_rules", list(r.axis_rules, axis_rule_to_json));
  if (!r.instead.empty()) out.add("instead", list(r.instead, instead_to_json));
  out.add("rows_depend", Json::boolean(r.rows_depend))
      .add("parameters", list(r.parameters, parameter_to_json));
  out.add("scale", text(r.scale)).add("promises", list(r.promises, promise_to_json));
  out.add("conventions", list(r.conventions, convention_to_json));
  Json accuracy = Json::object();
  for (const Dtype each : dtypes) accuracy.add(name(each), accuracy_to_json(r.accuracy[each]));
  out.add("accuracy", std::move(accuracy));
  Json source = Json::object();
  source.add("citation", text(r.source.citation)).add("year", Json::integer(r.source.year));
  source.add("link", text(r.source.link));
  return out.add("source", std::move(source));
}

/// A block a loss, or {"version", "losses": [record...]}.
int losses(bool json) {
  if (json) {
    std::string out = fmt::format("{{\"version\":\"{}\",\n\"losses\":[", ASSAY_VERSION);
    const char* separator = "\n";
    for (const Record& each : catalogue()) {
      out += separator + dump_json(record_to_json(each));
      separator = ",\n";
    }
    fmt::print("{}]}}\n", out);
    return 0;
  }
  for (const Record& each : catalogue()) fmt::print("{}\n", block(each));
  fmt::print(
      "{} losses; 'assay losses --json' tells domains, promises, accuracy, conventions and sources too\n",
      catalogue().size());
  return 0;
}

}  // namespace

Command losses_command() {
  const auto json = std::make_shared<bool>(false);
  return {.name = "losses",
          .purpose = "the catalogue",
          .options = {{"--json", json.get(), "every fact of every record"}},
          .run = [json] { return losses(*json); }};
}

}  // namespace assay
