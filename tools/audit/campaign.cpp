#include "tools/audit/campaign.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "tools/text/codec_error.hpp"

namespace assay::audit {
namespace {

Json list(const std::vector<std::string>& all) {
  Json out = Json::array();
  for (const std::string& each : all) out.items.push_back(Json::string(each));
  return out;
}

const Json& member(const Json& value, std::string_view key) {
  const Json* found = value.is(Json::Kind::object) ? value.find(key) : nullptr;
  if (!found) fail_at("audit", fmt::format("needs \"{}\"; the file is not a part of an audit", key));
  return *found;
}

std::string text_at(const Json& value, std::string_view key) {
  return text_from_json(member(value, key), key);
}

template <class T>
T whole_at(const Json& value, std::string_view key) {
  const Json& found = member(value, key);
  T out{};
  const char* end = found.text.data() + found.text.size();
  const auto [stop, error] = std::from_chars(found.text.data(), end, out);
  if (!found.is(Json::Kind::number) || error != std::errc{} || stop != end)
    fail_at(key, "must be a whole number");
  return out;
}

std::vector<std::string> list_at(const Json& value, std::string_view key) {
  const Json& found = member(value, key);
  if (!found.is(Json::Kind::array)) fail_at(key, "must be a list");
  std::vector<std::string> out;
  for (const Json& each : found.items) out.push_back(text_from_json(each, key));
  return out;
}

}  // namespace

Json to_json(const Task& t) {
  Json out = Json::object(), implementation = Json::object();
  implementation.add("name", Json::string(t.implementation.name));
  implementation.add("version", Json::string(t.implementation.version));
  implementation.add("language", Json::string(t.implementation.language));
  out.add("version", Json::string(t.version)).add("implementation", std::move(implementation));
  out.add("command", list(t.command)).add("losses", list(t.losses)).add("dtypes", list(t.dtypes));
  out.add("regimes", list(t.regimes)).add("require", Json::string(t.require));
  out.add("budget", Json::string(t.budget)).add("seed", Json::number(fmt::format("{}", t.seed)));
  out.add("cells", Json::integer(static_cast<std::int64_t>(t.cells)));
  out.add("strands", Json::integer(static_cast<std::int64_t>(t.strands)));
  return out.add("shard", Json::string(shard_text(t.shard)));
}

Task task_from_json(const Json& value) {
  Task t;
  t.version = text_at(value, "version");
  const Json& implementation = member(value, "implementation");
  t.implementation = {text_at(implementation, "name"), text_at(implementation, "version"),
                      text_at(implementation, "language")};
  t.command = list_at(value, "command");
  t.losses = list_at(value, "losses");
  t.dtypes = list_at(value, "dtypes");
  t.regimes = list_at(value, "regimes");
  t.require = text_at(value, "require");
  t.budget = text_at(value, "budget");
  t.seed = whole_at<std::uint64_t>(value, "seed");
  t.cells = whole_at<std::size_t>(value, "cells");
  t.strands = whole_at<std::size_t>(value, "strands");
  const std::string shard = text_at(value, "shard");
  t.shard = shard_from(shard, [](const char*) -> std::optional<std::string> { return std::nullopt; });
  return t;
}

Json to_json(const Campaign& c) {
  Json out = to_json(c.task);
  out.add("seconds", Json::number(fmt::format("{:.3f}", c.seconds)));
  out.add("interrupted", Json::boolean(c.interrupted));
  Json findings = Json::array(), results = Json::array();
  for (const Finding& each : c.findings) {
    Json finding = Json::object();
    finding.add("id", Json::string(each.id)).add("message", Json::string(each.message));
    if (each.severity == Severity::note) finding.add("severity", Json::string(name(each.severity)));
    findings.items.push_back(finding.add("detail", Json::string(each.detail)));
  }
  for (const auto& [number, each] : c.results) results.items.push_back(to_json(each));
  return out.add("findings", std::move(findings)).add("results", std::move(results));
}

Campaign campaign_from_json(const Json& value) {
  Campaign c;
  c.task = task_from_json(value);
  const Json& seconds = member(value, "seconds");
  std::from_chars(seconds.text.data(), seconds.text.data() + seconds.text.size(), c.seconds);
  c.interrupted = member(value, "interrupted").truth;
  const Json &findings = member(value, "findings"), &results = member(value, "results");
  for (const Json& each : findings.items)
    c.findings.push_back({text_at(each, "id"), text_at(each, "message"), text_at(each, "detail"),
                          each.find("severity") ? Severity::note : Severity::failure});
  for (const Json& each : results.items) {
    StrandResult result = strand_result_from_json(each);
    const std::size_t number = result.number;
    if (!c.results.emplace(number, std::move(result)).second)
      fail_at("results", fmt::format("strand {} stands there twice", number));
  }
  return c;
}

bool same(const Task& a, const Task& b) { return dump_json(to_json(a)) == dump_json(to_json(b)); }

bool belong_together(const Task& a, const Task& b) {
  Task c = b;
  c.shard.index = a.shard.index;
  return same(a, c);
}

std::string missing(const Campaign& campaign, const std::vector<Shard>& present) {
  const Task& task = campaign.task;
  std::string out;
  for (int index = 1; index <= task.shard.count; ++index) {
    const Shard shard{index, task.shard.count};
    std::vector<std::size_t> strands;
    for (std::size_t number = 0; number < task.strands; ++number)
      if (shard.takes(number) && !campaign.results.contains(number)) strands.push_back(number);
    const bool absent = std::ranges::find(present, shard) == present.end();
    if (strands.empty() && !absent) continue;
    if (!out.empty()) out += "; ";
    const std::size_t shown = std::min<std::size_t>(strands.size(), 4);
    out += fmt::format(
        "shard {}{}: strands {}{} of {}", shard_text(shard), absent ? " is missing" : " is incomplete",
        fmt::join(strands.begin(), strands.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < strands.size() ? fmt::format(" and {} more", strands.size() - shown) : "", task.strands);
  }
  return out;
}

}  // namespace assay::audit
