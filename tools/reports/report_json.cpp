#include "tools/reports/report_json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "tools/reports/binades.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/json.hpp"
#include "tools/text/json_number.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

Json text(std::string_view s) { return Json::string(printable(s)); }

Json list(const std::vector<std::string>& all) {
  Json out = Json::array();
  for (const std::string& each : all) out.items.push_back(text(each));
  return out;
}

void add_if_any(Json& to, std::string_view key, const std::string& value) {
  if (!value.empty()) to.add(key, text(value));
}

Json row_json(const ReportRow& row) {
  Json out = Json::object();
  out.add("loss", text(row.loss)).add("dtype", text(row.dtype));
  add_if_any(out, "variant", row.variant);
  out.add("cases", Json::integer(row.cases)).add("conforming", Json::integer(row.conforming));
  out.add("failed", Json::integer(row.failed)).add("known", Json::integer(row.known));
  out.add("unchecked_domain", Json::integer(row.unchecked_domain));
  out.add("not_offered", Json::integer(row.not_offered)).add("conventional", Json::integer(row.conventional));
  out.add("regime", row.failing ? text(name(*row.failing)) : Json());
  return out.add("worst", row.worst ? text(row.worst->id) : Json());
}

Json part_json(const ComponentVerdict& worst) {
  Json out = Json::object();
  return out.add("grade", text(name(worst.grade))).add("ulps", json_number(worst.ulps));
}

Json case_json(const ReportedCase& c) {
  Json out = Json::object();
  out.add("id", text(c.id)).add("loss", text(c.loss)).add("dtype", text(c.dtype)).add("slug", text(c.slug));
  add_if_any(out, "variant", c.variant);
  if (!c.flags.empty()) out.add("flags", list(c.flags));
  out.add("regime", text(name(c.regime))).add("status", text(name(c.status)));
  if (c.grade) {
    out.add("grade", text(name(*c.grade))).add("ulps", json_number(c.ulps));
    if (!std::isnan(c.condition)) out.add("condition", json_number(c.condition));
    add_if_any(out, "where", c.where);
    add_if_any(out, "got", c.got);
    add_if_any(out, "expected", c.expected);
    add_if_any(out, "digits", c.digits);
  }
  if (c.value) out.add("value", part_json(*c.value));
  if (c.gradient_asked) out.add("gradient", c.gradient ? part_json(*c.gradient) : Json());
  add_if_any(out, "measured_from", c.measured_from);
  add_if_any(out, "convention", c.convention);
  add_if_any(out, "message", c.message);
  add_if_any(out, "finding", c.finding);
  add_if_any(out, "detail", c.detail);
  add_if_any(out, "reason", c.reason);
  add_if_any(out, "reproduce", c.reproduce);
  return out;
}

Json example_json(const Cause& cause, const ReportedCase& told) {
  Json out = Json::object();
  out.add("id", text(told.id)).add("slug", text(told.slug));
  add_if_any(out, "inputs", cause.inputs);
  add_if_any(out, "inputs_hex", cause.inputs_hex);
  if (told.grade) {
    add_if_any(out, "where", told.where);
    add_if_any(out, "got", cause.got);
    add_if_any(out, "expected", cause.expected);
    add_if_any(out, "got_hex", told.got);
    add_if_any(out, "expected_hex", told.expected);
    out.add("ulps", json_number(told.ulps)).add("grade", text(name(*told.grade)));
  }
  add_if_any(out, "message", told.message);
  add_if_any(out, "reproduce", told.reproduce);
  return out;
}

Json cause_json(const Cause& cause, const Report& report) {
  Json out = Json::object(), cases = Json::array();
  out.add("loss", text(cause.loss));
  add_if_any(out, "variant", cause.variant);
  out.add("dtypes", list(cause.dtypes)).add("regime", text(name(cause.regime)));
  out.add("what", text(cause.what));
  out.add("count", Json::integer(static_cast<std::int64_t>(cause.cases.size())));
  out.add("known", Json::boolean(cause.known));
  add_if_any(out, "reason", cause.reason);
  add_if_any(out, "convention", cause.convention);
  for (const std::size_t i : cause.cases) cases.items.push_back(text(report.cases.at(i).id));
  out.add("cases", std::move(cases));
  out.add("example", example_json(cause, report.cases.at(cause.cases.front())));
  if (!cause.mechanism.empty()) {
    Json mechanism = Json::object();
    mechanism.add("name", text(cause.mechanism)).add("sentence", text(cause.sentence));
    mechanism.add("evidence", text(cause.evidence)).add("confident", Json::boolean(cause.confident));
    out.add("mechanism", std::move(mechanism));
  }
  add_if_any(out, "language", cause.language);
  if (!cause.snippet.empty()) out.add("snippet", Json::string(printable_lines(cause.snippet)));
  return out;
}

/// The array under that key, one line an item.
template <class Items, class ToJson>
void append(std::string& out, std::string_view key, const Items& items, ToJson to_json) {
  out += fmt::format(",\n\"{}\": [", key);
  const char* separator = "\n";
  for (const auto& each : items) {
    out += separator + dump_json(to_json(each));
    separator = ",\n";
  }
  out += "]";
}

}  // namespace

std::string report_json(const Report& report) {
  Json head = Json::object();
  head.add("schema", text("assay-report-v1")).add("version", text(report.version));
  Json implementation = Json::object();
  implementation.add("name", text(report.implementation.name));
  implementation.add("version", text(report.implementation.version));
  implementation.add("language", text(report.implementation.language));
  head.add("implementation", std::move(implementation)).add("command", list(report.command));
  head.add("golden", text(report.golden)).add("require", text(name(report.require)));
  head.add("conforms", Json::boolean(conforms(report)));

  std::string out = dump_json(head);
  out.pop_back();
  append(out, "losses", by_regime(rows(report)), row_json);
  append(out, "causes", report.causes, [&](const Cause& c) { return cause_json(c, report); });
  append(out, "cases", by_regime(report.cases), [](const ReportedCase* c) { return case_json(*c); });
  append(out, "binades", report.binades, binade_json);
  append(out, "findings", report.findings, [](const ReportedFinding& f) {
    Json each = Json::object();
    each.add("id", text(f.id)).add("message", text(f.message)).add("severity", text(name(f.severity)));
    add_if_any(each, "reason", f.reason);
    add_if_any(each, "detail", f.detail);
    return each;
  });
  append(out, "stale", report.stale, [](const StaleEntry& s) {
    Json each = Json::object();
    return each.add("pattern", text(s.pattern)).add("why", text(s.why)).add("line", Json::integer(s.line));
  });
  return out + "}\n";
}

}  // namespace assay
