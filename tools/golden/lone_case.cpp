#include "tools/golden/lone_case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/cases/canonical.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/json_layout.hpp"

namespace assay {
namespace {

constexpr std::size_t inputs_indent = 12;  // behind `"inputs": {` and a blank
constexpr std::size_t most_decimal = 64;   // numbers of an input as decimals, as in golden files

/// Adds what a golden file has of every case, where it is missing.
void fill(Json& value, const Case& question) {
  const auto add_missing = [&](std::string_view key, Json what) {
    if (!value.find(key)) value.add(key, std::move(what));
  };
  add_missing("id", Json::string(canonical_id(question)));
  add_missing("slug", Json::string(""));
  add_missing("flags", Json::array());
  add_missing("comment", Json::string(""));
  add_missing("regime",
              Json::string(name(value.find("expected")->find("error") ? Regime::invalid : Regime::everyday)));
}

/// The golden file that holds just this case.
Json file_of(Json value, const Case& question) {
  return Json::object({{"schema", Json::string("assay-golden-v1")},
                       {"loss", Json::string(question.loss)},
                       {"dtype", Json::string(name(question.dtype))},
                       {"count", Json::integer(1)},
                       {"license", Json::string("CC0-1.0")},
                       {"generator", Json::object({{"name", Json::string("assay")},
                                                   {"version", Json::string(ASSAY_VERSION)},
                                                   {"seed", Json::integer(0)}})},
                       {"notes", Json::object()},
                       {"cases", Json::array({std::move(value)})}});
}

/// Its truth, as `generate` would have it.
void certify(GoldenCase& golden) {
  if (why_invalid(golden.question)) {
    golden.error = true;
    golden.regime = Regime::invalid;
    return;
  }
  golden.question = complete(std::move(golden.question));
  golden.truth = reference::certify(golden.question);
  if (!golden.truth.undecided.empty())
    fail_at(golden.truth.undecided, "no precision decides how the exact result rounds");
  golden.regime = regime_of(golden.question, golden.truth);
  golden.conventions =
      conventional_answers(golden.question, reference::conventions(golden.question, golden.truth));
}

GoldenFile lone_case(Json value) {
  if (value.find("cases") || value.find("schema")) {
    GoldenFile file = golden_from_json(value);
    if (file.cases.size() != 1)
      throw CodecError(fmt::format("holds {} cases; explain one by its id, with --golden and the folder",
                                   file.cases.size()));
    return file;
  }
  const Case question = case_from_json(value, {"slug", "flags", "comment", "regime", "expected"});
  // It is no part of what golden files say.
  std::erase_if(value.members, [](const Json::Member& m) { return m.first == "variant"; });
  if (value.find("expected")) {
    const bool told = value.find("regime") != nullptr;
    fill(value, question);
    GoldenFile file = golden_from_json(file_of(std::move(value), question));
    GoldenCase& golden = file.cases.front();
    golden.question.variant = question.variant;
    if (!told && !golden.error) golden.regime = regime_of(golden.question, golden.truth);
    return file;
  }
  GoldenFile file;
  file.loss = question.loss.name();
  file.dtype = question.dtype;
  file.version = ASSAY_VERSION;
  GoldenCase golden;
  golden.question = question;
  golden.question.id = canonical_id(question);
  const auto text = [&](std::string_view key) {
    const Json* given = value.find(key);
    return given ? text_from_json(*given, key) : std::string();
  };
  golden.slug = text("slug");
  golden.comment = text("comment");
  certify(golden);
  file.cases.push_back(std::move(golden));
  return file;
}

}  // namespace

std::string write_lone_case(const AnnotatedCase& c) {
  Json question = case_to_json(c.question, Encoding::data);
  for (auto& [key, value] : question.members) {
    if (key != "inputs") continue;
    for (auto& [input, tensor] : value.members)
      if (const Tensor& t = c.question.inputs.at(input); t.size() > most_decimal)
        tensor = tensor_to_json(t, c.question.dtype, Encoding::base64);
  }
  std::string out = fmt::format("{{\"id\": {}", dump_json(Json::string(canonical_id(c.question))));
  if (!c.slug.empty()) out += fmt::format(", \"slug\": {}", dump_json(Json::string(c.slug)));
  for (const auto& [key, value] : question.members) {
    if (key == "id") continue;
    const bool begins_line = key == "loss" || key == "inputs" || key == "wrt";
    out += fmt::format("{}\"{}\": {}", begins_line ? ",\n " : ", ", key,
                       key == "inputs" ? json_block(value, inputs_indent) : json_line(value));
  }
  if (!c.comment.empty()) out += fmt::format(",\n \"comment\": {}", dump_json(Json::string(c.comment)));
  return out + "}\n";
}

GoldenFile read_lone_case(std::string_view text, std::string_view where) {
  try {
    return lone_case(parse_json(text));
  } catch (const std::runtime_error& e) {  // JsonError, CodecError: both one line
    fail_at(where, e.what());
  }
}

}  // namespace assay
