#include "tools/text/json_number.hpp"
#include "tools/tolerances/tolerance_report.hpp"

namespace assay::tolerances {
namespace {

Json text(std::string_view s) { return Json::string(s); }

Json passed_json(const Measured& m, Part part) {
  const MeasuredPart& measured = m[part];
  Json kinds = Json::array();
  for (const std::string& each : m.kinds) kinds.items.push_back(text(each));
  Json out = Json::object();
  out.add("name", text(m.name)).add("kinds", std::move(kinds)).add("grade", text(name(measured.grade)));
  out.add("ulps", json_number(measured.ulps)).add("off", json_number(measured.off));
  out.add("cases", Json::integer(measured.cases)).add("wrong", Json::integer(measured.wrong));
  if (!measured.example) return out;
  const Example& e = *measured.example;
  Json example = Json::object();
  example.add("id", text(e.id)).add("slug", text(e.slug)).add("where", text(e.where));
  example.add("got", json_number(e.got)).add("expected", json_number(e.expected));
  return out.add("example", std::move(example));
}

Json limit_json(const Limit& limit) {
  const std::optional<double> largest = limit.largest();
  Json out = Json::object();
  out.add("largest", largest ? json_number(*largest) : Json());
  out.add("textbook_needs", json_number(limit.sound_needs));
  return out.add("lets_pass", json_number(limit.lets_pass));
}

Json row_json(const Row& row) {
  Json out = Json::object();
  out.add("loss", text(row.loss)).add("dtype", text(name(row.dtype))).add("output", text(name(row.part)));
  out.add("wrong", Json::integer(row.wrong));
  out.add("pass", Json::integer(static_cast<std::int64_t>(row.passed.size())));
  Json kinds = Json::object();
  for (const auto& [what, count] : row.kinds) {
    Json each = Json::object();
    each.add("wrong", Json::integer(count.wrong)).add("pass", Json::integer(count.passed));
    kinds.add(what, std::move(each));
  }
  out.add("kinds", std::move(kinds)).add("textbook_passes", Json::boolean(row.sound_passes));
  out.add("rtol_at_atol_0", limit_json(row.rtol)).add("atol_at_rtol_0", limit_json(row.atol));
  Json passed = Json::array();
  for (const Measured* each : row.passed) passed.items.push_back(passed_json(*each, row.part));
  return out.add("passed", std::move(passed));
}

}  // namespace

Json json_of(const Question& question, const LetPass& result) {
  Json out = Json::object();
  out.add("version", text(ASSAY_VERSION));
  if (question.like) {
    Json like = Json::object();
    like.add("library", text(question.like->name)).add("function", text(question.like->function));
    like.add("repository", text(question.like->repository)).add("file", text(question.like->file));
    like.add("place", text(question.like->place)).add("commit", text(question.like->commit));
    like.add("version", text(question.like->version));
    out.add("like", std::move(like));
  }
  Json tolerances = Json::array();
  for (const Dtype dtype : question.dtypes) {
    const Tolerance& t = question.tolerance[dtype];
    Json each = Json::object();
    each.add("dtype", text(name(dtype))).add("rtol", json_number(t.rtol)).add("atol", json_number(t.atol));
    tolerances.items.push_back(std::move(each));
  }
  out.add("tolerances", std::move(tolerances)).add("relative_to", text(name(question.operand)));
  out.add("implementations", Json::integer(result.implementations));
  Json unseen = Json::array();
  for (const auto& [loss, name] : result.unseen) {
    Json each = Json::object();
    each.add("loss", text(loss)).add("name", text(name));
    unseen.items.push_back(std::move(each));
  }
  out.add("unseen", std::move(unseen));
  Json rows = Json::array();
  for (const Row& row : result.rows) rows.items.push_back(row_json(row));
  return out.add("rows", std::move(rows));
}

}  // namespace assay::tolerances
