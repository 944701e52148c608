#include "tools/audit/result.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "tools/text/codec.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/json_number.hpp"

namespace assay::audit {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void add_if_any(Json& to, std::string_view key, const std::string& text) {
  if (!text.empty()) to.add(key, Json::string(text));
}

Json cases(const std::vector<Case>& all) {
  Json out = Json::array();
  for (const Case& each : all) out.items.push_back(case_to_json(each, Encoding::data));
  return out;
}

Json to_json(const Worst& w) {
  Json out = Json::object();
  out.add("case", case_to_json(w.question, Encoding::data)).add("regime", Json::string(name(w.regime)));
  out.add("grade", Json::string(name(w.grade)))
      .add("ulps", json_number(w.ulps))
      .add("height", json_number(w.height));
  out.add("condition", json_number(w.condition))
      .add("where", Json::string(w.where))
      .add("got", json_number(w.got));
  out.add("expected", Json::string(w.expected));
  add_if_any(out, "digits", w.digits);
  add_if_any(out, "measured_from", w.measured_from);
  add_if_any(out, "convention", w.convention);
  return out.add("conforms", Json::boolean(w.conforms));
}

Json to_json(const Shrunk& s) {
  Json out = Json::object();
  out.add("worst", to_json(s.worst)).add("trials", Json::integer(s.trials));
  add_if_any(out, "mechanism", s.mechanism);
  add_if_any(out, "sentence", s.sentence);
  add_if_any(out, "evidence", s.evidence);
  out.add("confident", Json::boolean(s.confident));
  add_if_any(out, "snippet", s.snippet);
  return out;
}

// Reading. Whatever is missing or of another kind is named.

const Json& member(const Json& value, std::string_view key) {
  const Json* found = value.is(Json::Kind::object) ? value.find(key) : nullptr;
  if (!found) fail_at("strand", fmt::format("needs \"{}\"; the file is not a part of an audit", key));
  return *found;
}

std::string text_of(const Json& value, std::string_view key) {
  const Json& found = member(value, key);
  if (!found.is(Json::Kind::string)) fail_at(key, "must be a text");
  return found.text;
}
std::string text_or_nothing(const Json& value, std::string_view key) {
  return value.find(key) ? text_of(value, key) : "";
}

double number_of(const Json& found, std::string_view key) {
  if (found.is(Json::Kind::string)) {
    if (found.text == "NaN") return nan;
    if (found.text == "Infinity") return infinity;
    if (found.text == "-Infinity") return -infinity;
  }
  double x = 0;
  const auto [end, error] = std::from_chars(found.text.data(), found.text.data() + found.text.size(), x);
  if (!found.is(Json::Kind::number) || error != std::errc{}) fail_at(key, "must be a number");
  return x;
}
double number_at(const Json& value, std::string_view key) { return number_of(member(value, key), key); }
std::int64_t whole_at(const Json& value, std::string_view key) {
  return static_cast<std::int64_t>(number_at(value, key));
}
bool flag_at(const Json& value, std::string_view key) {
  const Json& found = member(value, key);
  if (!found.is(Json::Kind::boolean)) fail_at(key, "must be true or false");
  return found.truth;
}

Regime regime_at(const Json& value) {
  const std::string text = text_of(value, "regime");
  const auto regime = regime_named(text);
  if (!regime) fail_at("regime", fmt::format("is {}, which is none", excerpt(text)));
  return *regime;
}

Worst worst_from_json(const Json& value) {
  Worst out;
  out.question = case_from_json(member(value, "case"));
  out.regime = regime_at(value);
  const std::string grade = text_of(value, "grade");
  if (const auto known = grade_named(grade))
    out.grade = *known;
  else
    fail_at("grade", fmt::format("is {}, which is none", excerpt(grade)));
  out.ulps = number_at(value, "ulps");
  out.height = number_at(value, "height");
  out.condition = number_at(value, "condition");
  out.where = text_of(value, "where");
  out.got = number_at(value, "got");
  out.expected = text_of(value, "expected");
  out.digits = text_or_nothing(value, "digits");
  out.measured_from = text_or_nothing(value, "measured_from");
  out.convention = text_or_nothing(value, "convention");
  out.conforms = flag_at(value, "conforms");
  return out;
}

Shrunk shrunk_from_json(const Json& value) {
  Shrunk out;
  out.worst = worst_from_json(member(value, "worst"));
  out.trials = whole_at(value, "trials");
  out.mechanism = text_or_nothing(value, "mechanism");
  out.sentence = text_or_nothing(value, "sentence");
  out.evidence = text_or_nothing(value, "evidence");
  out.confident = flag_at(value, "confident");
  out.snippet = text_or_nothing(value, "snippet");
  return out;
}

const std::vector<Json>& items(const Json& value, std::string_view key) {
  const Json& found = member(value, key);
  if (!found.is(Json::Kind::array)) fail_at(key, "must be a list");
  return found.items;
}

}  // namespace

Json to_json(const StrandResult& r) {
  Json out = Json::object();
  out.add("strand", Json::integer(static_cast<std::int64_t>(r.number))).add("cell", Json::string(r.cell));
  out.add("loss", Json::string(r.loss)).add("dtype", Json::string(r.dtype));
  add_if_any(out, "variant", r.variant);
  out.add("output", Json::string(r.output)).add("asked", Json::integer(r.asked));
  out.add("judged", Json::integer(r.judged)).add("unjudged", Json::integer(r.unjudged));
  out.add("seconds", json_number(r.seconds));
  Json worst = Json::array();
  for (const Worst& each : r.worst) worst.items.push_back(to_json(each));
  out.add("worst", std::move(worst));
  if (r.shrunk) out.add("shrunk", to_json(*r.shrunk));
  if (r.silence) {
    Json silence = Json::object();
    silence.add("case", case_to_json(r.silence->question, Encoding::data));
    silence.add("finding", Json::string(r.silence->finding)).add("message", Json::string(r.silence->message));
    add_if_any(silence, "detail", r.silence->detail);
    out.add("silence", std::move(silence));
  }
  if (r.unsteady) {
    Json unsteady = Json::object();
    unsteady.add("case", case_to_json(r.unsteady->question, Encoding::data));
    out.add("unsteady", unsteady.add("message", Json::string(r.unsteady->message)));
  }
  if (r.trials) {
    Json trials = Json::object();
    trials.add("sentence", Json::string(r.trials->sentence)).add("kept", Json::integer(r.trials->kept));
    trials.add("unjudged", Json::integer(r.trials->unjudged));
    if (!r.trials->why.empty())
      trials.add("why", Json::string(r.trials->why)).add("questions", cases(r.trials->questions));
    out.add("trials", std::move(trials));
  }
  Json binades = Json::array();
  for (const auto& [place, error] : r.binades)
    binades.items.push_back(Json::array({Json::string(name(place.first)), Json::integer(place.second),
                                         json_number(error.ulps), json_number(error.allowed),
                                         json_number(error.condition), Json::string(name(error.grade))}));
  return out.add("binades", std::move(binades));
}

StrandResult strand_result_from_json(const Json& value) {
  StrandResult r;
  r.number = static_cast<std::size_t>(whole_at(value, "strand"));
  r.cell = text_of(value, "cell");
  r.loss = text_of(value, "loss");
  r.dtype = text_of(value, "dtype");
  r.variant = text_or_nothing(value, "variant");
  r.output = text_of(value, "output");
  r.asked = whole_at(value, "asked");
  r.judged = whole_at(value, "judged");
  r.unjudged = whole_at(value, "unjudged");
  r.seconds = number_at(value, "seconds");
  for (const Json& each : items(value, "worst")) r.worst.push_back(worst_from_json(each));
  if (const Json* shrunk = value.find("shrunk")) r.shrunk = shrunk_from_json(*shrunk);
  if (const Json* silence = value.find("silence"))
    r.silence = {case_from_json(member(*silence, "case")), text_of(*silence, "finding"),
                 text_of(*silence, "message"), text_or_nothing(*silence, "detail")};
  if (const Json* unsteady = value.find("unsteady"))
    r.unsteady = {case_from_json(member(*unsteady, "case")), text_of(*unsteady, "message")};
  if (const Json* trials = value.find("trials")) {
    r.trials = Trials{.sentence = text_of(*trials, "sentence"),
                      .kept = whole_at(*trials, "kept"),
                      .unjudged = whole_at(*trials, "unjudged"),
                      .why = text_or_nothing(*trials, "why"),
                      .questions = {}};
    if (trials->find("questions"))
      for (const Json& each : items(*trials, "questions"))
        r.trials->questions.push_back(case_from_json(each));
  }
  for (const Json& each : items(value, "binades")) {
    if (!each.is(Json::Kind::array) || each.items.size() != 6 || !each.items[0].is(Json::Kind::string) ||
        !each.items[5].is(Json::Kind::string))
      fail_at("binades",
              "must be lists of a regime, an exponent, an error, what is allowed, a condition and a grade");
    const auto regime = regime_named(each.items[0].text);
    if (!regime) fail_at("binades", fmt::format("name {}, which is no regime", excerpt(each.items[0].text)));
    const auto grade = grade_named(each.items[5].text);
    if (!grade) fail_at("binades", fmt::format("name {}, which is no grade", excerpt(each.items[5].text)));
    r.binades[{*regime, static_cast<int>(number_of(each.items[1], "binades"))}] = {
        number_of(each.items[2], "binades"), number_of(each.items[3], "binades"),
        number_of(each.items[4], "binades"), *grade};
  }
  return r;
}

}  // namespace assay::audit
