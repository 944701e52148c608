// Of comparison.hpp: a report, read back from its JSON. Only what a comparison shows is read; what else a
// later version writes does not hinder it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>
#include <unordered_map>

#include "tools/reports/comparison.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

using Kind = Json::Kind;
using Status = ReportedCase::Status;

constexpr std::array statuses{Status::conforming, Status::failed, Status::known, Status::unchecked_domain,
                              Status::not_offered};

/// A value in the file, and the way to it: "cases[3].grade".
class Field {
 public:
  Field(const Json& value, std::string where) : value_(value), where_(std::move(where)) {}

  [[noreturn]] void refuse(std::string_view rule) const { fail_at(where_, rule); }

  [[nodiscard]] Field operator[](std::string_view key) const {
    const std::optional<Field> found = find(key);
    if (!found) Field(value_, name_of(key)).refuse("is missing");
    return *found;
  }
  [[nodiscard]] std::optional<Field> find(std::string_view key) const {
    if (!value_.is(Kind::object)) refuse("must be an object");
    const Json* found = value_.find(key);
    return found ? std::optional(Field(*found, name_of(key))) : std::nullopt;
  }
  [[nodiscard]] bool is_null() const { return value_.is(Kind::null); }

  [[nodiscard]] std::string text() const {
    if (!value_.is(Kind::string)) refuse("must be a text");
    return printable(value_.text);
  }
  [[nodiscard]] bool truth() const {
    if (!value_.is(Kind::boolean)) refuse("must be true or false");
    return value_.truth;
  }
  [[nodiscard]] double number() const { return number_from_json(value_, Dtype::f64, where_); }

  [[nodiscard]] std::vector<Field> items() const {
    if (!value_.is(Kind::array)) refuse("must be a list");
    std::vector<Field> all;
    for (std::size_t i = 0; i < value_.items.size(); ++i)
      all.emplace_back(value_.items[i], fmt::format("{}[{}]", where_, i));
    return all;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Field& each : items()) all.push_back(each.text());
    return all;
  }

  [[nodiscard]] std::string text_or_nothing(std::string_view key) const {
    const std::optional<Field> found = find(key);
    return found ? found->text() : "";
  }
  [[nodiscard]] std::vector<Field> items_or_none(std::string_view key) const {
    const std::optional<Field> found = find(key);
    return found ? found->items() : std::vector<Field>{};
  }

 private:
  [[nodiscard]] std::string name_of(std::string_view key) const {
    return where_.empty() ? std::string(key) : fmt::format("{}.{}", where_, key);
  }

  const Json& value_;
  std::string where_;
};

Grade grade_in(const Field& field) {
  if (const auto grade = grade_named(field.text())) return *grade;
  field.refuse("is no grade");
}

Regime regime_in(const Field& field) {
  if (const auto regime = regime_named(field.text())) return *regime;
  field.refuse("is no regime");
}

Status status_in(const Field& field) {
  const std::string text = field.text();
  for (const Status each : statuses)
    if (name(each) == text) return each;
  std::vector<std::string_view> names;
  for (const Status each : statuses) names.push_back(name(each));
  field.refuse(fmt::format("must be one of {}", fmt::join(names, ", ")));
}

ComponentVerdict verdict_in(const Field& field) { return {grade_in(field["grade"]), field["ulps"].number()}; }

ReportedCase case_in(const Field& field) {
  ReportedCase c;
  c.id = field["id"].text();
  c.loss = field["loss"].text();
  c.variant = field.text_or_nothing("variant");
  c.dtype = field["dtype"].text();
  c.slug = field["slug"].text();
  c.regime = regime_in(field["regime"]);
  c.status = status_in(field["status"]);
  if (const auto grade = field.find("grade")) {
    c.grade = grade_in(*grade);
    c.ulps = field["ulps"].number();
    c.where = field.text_or_nothing("where");
  }
  if (const auto value = field.find("value")) c.value = verdict_in(*value);
  if (const auto gradient = field.find("gradient")) {
    c.gradient_asked = true;
    if (!gradient->is_null()) c.gradient = verdict_in(*gradient);
  }
  c.convention = field.text_or_nothing("convention");
  c.message = field.text_or_nothing("message");
  c.reason = field.text_or_nothing("reason");
  return c;
}

using Places = std::unordered_map<std::string, std::size_t>;
std::string key(const std::string& id, const std::string& variant) { return id + "\n" + variant; }

Cause cause_in(const Field& field, const Places& places) {
  Cause c;
  c.loss = field["loss"].text();
  c.variant = field.text_or_nothing("variant");
  c.dtypes = field["dtypes"].texts();
  c.regime = regime_in(field["regime"]);
  c.what = field["what"].text();
  c.known = field["known"].truth();
  c.reason = field.text_or_nothing("reason");
  c.convention = field.text_or_nothing("convention");
  for (const Field& each : field["cases"].items()) {
    const auto found = places.find(key(each.text(), c.variant));
    if (found == places.end()) each.refuse("names no case of this report");
    c.cases.push_back(found->second);
  }
  if (c.cases.empty()) field["cases"].refuse("must name a case");
  if (const auto example = field.find("example")) {
    c.inputs = example->text_or_nothing("inputs");
    c.got = example->text_or_nothing("got");
    c.expected = example->text_or_nothing("expected");
  }
  if (const auto mechanism = field.find("mechanism")) {
    c.mechanism = (*mechanism)["name"].text();
    c.sentence = (*mechanism)["sentence"].text();
    c.evidence = mechanism->text_or_nothing("evidence");
    c.confident = (*mechanism)["confident"].truth();
  }
  return c;
}

BinadeWorst binade_in(const Field& field) {
  BinadeWorst b;
  b.loss = field["loss"].text();
  b.dtype = field["dtype"].text();
  b.variant = field.text_or_nothing("variant");
  b.output = field["output"].text();
  b.regime = regime_in(field["regime"]);
  const double exponent = field["exponent"].number();
  if (!(exponent >= -1e6 && exponent <= 1e6)) field["exponent"].refuse("must be the exponent of a number");
  b.exponent = static_cast<int>(exponent);
  b.ulps = field["ulps"].number();
  b.grade = grade_in(field["grade"]);
  const auto condition = field.find("condition");
  b.condition = condition ? condition->number() : std::numeric_limits<double>::quiet_NaN();
  b.allowed = field["allowed"].number();
  b.id = field.text_or_nothing("id");
  return b;
}

ReportedFinding finding_in(const Field& field) {
  const bool note = field.text_or_nothing("severity") == name(Severity::note);
  return {field["id"].text(), field["message"].text(), field.text_or_nothing("reason"), "",
          note ? Severity::note : Severity::failure};
}

ComparedReport report_in(const Json& json) {
  const Field file(json, "");
  if (!json.is(Kind::object) || !json.find("schema"))
    throw CodecError("is no report: it has no \"schema\"; --report FILE.json of verify or audit writes one");
  if (file["schema"].text() != "assay-report-v1")
    file["schema"].refuse("must be \"assay-report-v1\"; --report FILE.json of verify or audit writes it");
  ComparedReport out;
  out.audit = file.find("audit") || file.find("exhaustive");
  out.conforms = file["conforms"].truth();
  Report& r = out.report;
  r.version = file["version"].text();
  const Field implementation = file["implementation"];
  r.implementation = {implementation["name"].text(), implementation["version"].text(),
                      implementation["language"].text()};
  r.command = file["command"].texts();
  r.require = grade_in(file["require"]);
  Places places;
  for (const Field& each : file["cases"].items()) {
    r.cases.push_back(case_in(each));
    places.emplace(key(r.cases.back().id, r.cases.back().variant), r.cases.size() - 1);
  }
  for (const Field& each : file["findings"].items()) r.findings.push_back(finding_in(each));
  for (const Field& each : file.items_or_none("causes")) r.causes.push_back(cause_in(each, places));
  for (const Field& each : file.items_or_none("binades")) r.binades.push_back(binade_in(each));
  return out;
}

}  // namespace

ComparedReport read_report(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    ComparedReport out = report_in(parse_json(text));
    out.path = path.string();
    return out;
  } catch (const std::runtime_error& e) {  // JsonError, CodecError
    throw UsageError(fmt::format("{}: {}", printable(path.string()), e.what()));
  }
}

}  // namespace assay
