#include "tools/audit/sweep_campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::audit {
namespace {

constexpr std::string_view schema = "assay-sweeps-v1";

std::size_t blocks_of(Dtype dtype) {
  return static_cast<std::size_t>(last_pattern(dtype) / block_patterns + 1);
}

Json counted(std::uint64_t n) { return Json::integer(static_cast<std::int64_t>(n)); }

Json to_json(const SweepTally& tally, Dtype dtype) {
  Json worst = Json::array();
  for (const auto& [binade, each] : tally.worst)
    worst.items.push_back(Json::array(
        {std::isinf(each.error) ? Json::string("Infinity") : Json::number(fmt::format("{:.17g}", each.error)),
         counted(each.pattern), counted(pattern(dtype, each.got))}));
  Json out = Json::object();
  out.add("inputs", counted(tally.inputs))
      .add("correctly_rounded", counted(tally.correctly_rounded))
      .add("faithful", counted(tally.faithful))
      .add("beyond", counted(tally.beyond))
      .add("undecided", counted(tally.undecided))
      .add("unanswered", counted(tally.unanswered))
      .add("worst", std::move(worst));
  return out;
}

[[noreturn]] void refuse(const std::string& why) {
  throw UsageError("this is no part of an exhaustive audit: " + why);
}

const Json& member(const Json& json, std::string_view key, Json::Kind kind) {
  const Json* found = json.find(key);
  if (!found || !found->is(kind)) refuse(fmt::format("\"{}\" is missing or not what it should be", key));
  return *found;
}
std::uint64_t whole(const Json& json) {
  std::uint64_t out = 0;
  const char* end = json.text.data() + json.text.size();
  if (!json.is(Json::Kind::number) || std::from_chars(json.text.data(), end, out).ptr != end ||
      out >> 62 != 0)
    refuse("a count is no whole number");
  return out;
}
std::uint64_t whole(const Json& json, std::string_view key) {
  return whole(member(json, key, Json::Kind::number));
}
const std::string& text(const Json& json, std::string_view key) {
  return member(json, key, Json::Kind::string).text;
}

SweepTally tally_from(const Json& json, Dtype dtype) {
  SweepTally out;
  out.inputs = whole(json, "inputs");
  out.correctly_rounded = whole(json, "correctly_rounded");
  out.faithful = whole(json, "faithful");
  out.beyond = whole(json, "beyond");
  out.undecided = whole(json, "undecided");
  out.unanswered = whole(json, "unanswered");
  for (const Json& each : member(json, "worst", Json::Kind::array).items) {
    if (each.items.size() != 3) refuse("\"worst\" holds lists of an error, an input and an answer");
    SweepTally::Worst worst{infinity, whole(each.items[1]), from_pattern(dtype, whole(each.items[2]))};
    const Json& error = each.items[0];
    if (error.is(Json::Kind::number) &&
        std::from_chars(error.text.data(), error.text.data() + error.text.size(), worst.error).ec !=
            std::errc())
      refuse("an error is no number");
    out.worst[worst.pattern >> (format(dtype).precision - 1)] = worst;
  }
  return out;
}

SweepState state_from(const Json& json) {
  const std::optional<Dtype> dtype = dtype_named(text(json, "dtype"));
  const std::string& loss = text(json, "loss");
  if (!dtype || !find(loss)) refuse(fmt::format("no loss \"{}\" or no dtype", printable(loss)));
  std::vector<std::pair<std::string, double>> held;
  for (const auto& [input, value] : member(json, "held", Json::Kind::object).members)
    held.emplace_back(input, from_pattern(*dtype, whole(value)));
  SweepState out{
      sweep_of(loss, *dtype, text(json, "input"), held), std::vector<bool>(blocks_of(*dtype), false), {}, {}};
  if (const auto why = why_invalid(out.plan.one)) refuse(*why);
  if (json.find("variant")) out.plan.one.variant = text(json, "variant");
  for (const Json& run : member(json, "done", Json::Kind::array).items) {
    if (run.items.size() != 2) refuse("\"done\" holds pairs of a first and a last block");
    const std::uint64_t first = whole(run.items[0]), last = whole(run.items[1]);
    if (last >= out.done.size()) refuse("a block lies past the dtype's last");
    for (std::uint64_t b = first; b <= last; ++b) out.done[static_cast<std::size_t>(b)] = true;
  }
  out.value = tally_from(member(json, "value", Json::Kind::object), *dtype);
  if (const Json* gradient = json.find("gradient"))
    out.gradient = tally_from(*gradient, *dtype);
  else
    out.plan.one.wrt.clear();
  return out;
}

bool same(const SweepState& a, const SweepState& b) {
  return a.plan.text() == b.plan.text() && a.plan.swept == b.plan.swept && a.plan.one.wrt == b.plan.one.wrt;
}

}  // namespace

bool SweepCampaign::takes(std::size_t sweep, std::size_t block) const {
  const std::uint64_t first = block * block_patterns;
  return shard.takes(sweep * sweeps[sweep].done.size() + block) && first <= range.to &&
         first + block_patterns > range.from;
}
std::uint64_t SweepCampaign::blocks() const {
  std::uint64_t all = 0;
  for (std::size_t s = 0; s < sweeps.size(); ++s)
    for (std::size_t b = 0; b < sweeps[s].done.size(); ++b) all += takes(s, b) ? 1 : 0;
  return all;
}
std::uint64_t SweepCampaign::blocks_done() const {
  std::uint64_t all = 0;
  for (const SweepState& each : sweeps)
    all += static_cast<std::uint64_t>(std::count(each.done.begin(), each.done.end(), true));
  return all;
}

SweepCampaign new_campaign(const std::vector<SweepPlan>& plans, const Handshake& handshake,
                           const PatternRange& range, const Shard& shard) {
  SweepCampaign out{handshake.implementation, range, shard, {}, {}};
  for (const SweepPlan& plan : plans)
    for (const Offer* offer : offers_of(handshake, plan.one.loss.name())) {
      Case one = plan.one;
      one.variant = offer->variant;
      const std::optional<Case> asked = offered(one, handshake);
      if (!asked) continue;
      out.sweeps.push_back({plan, std::vector<bool>(blocks_of(plan.one.dtype), false), {}, {}});
      out.sweeps.back().plan.one.wrt = asked->wrt;
      out.sweeps.back().plan.one.variant = asked->variant;
    }
  return out;
}

Json to_json(const SweepCampaign& campaign) {
  Json sweeps = Json::array(), findings = Json::array();
  for (const SweepState& each : campaign.sweeps) {
    const Dtype dtype = each.plan.one.dtype;
    Json done = Json::array(), held = Json::object();
    for (std::size_t b = 0; b < each.done.size(); ++b) {
      if (!each.done[b]) continue;
      const std::size_t first = b;
      while (b + 1 < each.done.size() && each.done[b + 1]) ++b;
      done.items.push_back(Json::array({counted(first), counted(b)}));
    }
    for (const auto& [input, tensor] : each.plan.one.inputs)
      if (input != each.plan.swept) held.add(input, counted(pattern(dtype, tensor.real.front())));
    Json sweep = Json::object();
    if (!each.plan.one.variant.empty()) sweep.add("variant", Json::string(each.plan.one.variant));
    sweep.add("loss", Json::string(each.plan.one.loss.name()))
        .add("dtype", Json::string(name(dtype)))
        .add("input", Json::string(each.plan.swept))
        .add("held", std::move(held))
        .add("done", std::move(done))
        .add("value", to_json(each.value, dtype));
    if (!each.plan.one.wrt.empty()) sweep.add("gradient", to_json(each.gradient, dtype));
    sweeps.items.push_back(std::move(sweep));
  }
  for (const Finding& each : campaign.findings) {
    findings.items.push_back(
        Json::object({{"id", Json::string(each.id)}, {"message", Json::string(each.message)}}));
    if (each.severity == Severity::note)
      findings.items.back().add("severity", Json::string(name(each.severity)));
  }
  Json out = Json::object();
  out.add("schema", Json::string(schema))
      .add("testee", Json::object({{"name", Json::string(campaign.testee.name)},
                                   {"version", Json::string(campaign.testee.version)},
                                   {"language", Json::string(campaign.testee.language)}}))
      .add("from", counted(campaign.range.from))
      .add("to", counted(campaign.range.to))
      .add("shard", Json::array({Json::integer(campaign.shard.index), Json::integer(campaign.shard.count)}))
      .add("sweeps", std::move(sweeps))
      .add("findings", std::move(findings));
  return out;
}

SweepCampaign campaign_from(const Json& json) {
  if (!json.is(Json::Kind::object) || text(json, "schema") != schema)
    refuse(fmt::format("\"schema\" should be \"{}\"", schema));
  const Json& testee = member(json, "testee", Json::Kind::object);
  SweepCampaign out{{text(testee, "name"), text(testee, "version"), text(testee, "language")},
                    {whole(json, "from"), whole(json, "to")},
                    {},
                    {},
                    {}};
  const Json& shard = member(json, "shard", Json::Kind::array);
  if (shard.items.size() != 2) refuse("\"shard\" should be an index and a count");
  const std::uint64_t index = whole(shard.items[0]), count = whole(shard.items[1]);
  if (index < 1 || index > count || count > 1'000'000'000)
    refuse("\"shard\" should be I, N with I from 1 to N");
  out.shard = {static_cast<int>(index), static_cast<int>(count)};
  for (const Json& each : member(json, "sweeps", Json::Kind::array).items)
    out.sweeps.push_back(state_from(each));
  for (const Json& each : member(json, "findings", Json::Kind::array).items)
    out.findings.push_back({text(each, "id"),
                            text(each, "message"),
                            {},
                            each.find("severity") ? Severity::note : Severity::failure});
  return out;
}

void merge(SweepCampaign& into, const SweepCampaign& part) {
  if (into.testee.name != part.testee.name || into.testee.version != part.testee.version)
    throw UsageError(fmt::format("these are parts of two audits: of {} {} and of {} {}",
                                 printable(into.testee.name), printable(into.testee.version),
                                 printable(part.testee.name), printable(part.testee.version)));
  const bool alike =
      into.range == part.range && into.shard.count == part.shard.count &&
      std::equal(into.sweeps.begin(), into.sweeps.end(), part.sweeps.begin(), part.sweeps.end(), same);
  if (!alike) throw UsageError("these are parts of two audits: other losses, numbers or count of shards");
  for (std::size_t s = 0; s < into.sweeps.size(); ++s) {
    SweepState& ours = into.sweeps[s];
    const SweepState& theirs = part.sweeps[s];
    for (std::size_t b = 0; b < ours.done.size(); ++b) {
      if (!theirs.done[b]) continue;
      if (ours.done[b])
        throw UsageError(fmt::format("{}: the numbers from {:#010x} on are in two parts", ours.plan.text(),
                                     b * block_patterns));
      ours.done[b] = true;
    }
    ours.value.add(theirs.value);
    ours.gradient.add(theirs.gradient);
  }
  into.findings.insert(into.findings.end(), part.findings.begin(), part.findings.end());
}

std::vector<std::string> missing(const SweepCampaign& campaign) {
  std::vector<std::string> out;
  SweepCampaign whole = campaign;
  whole.shard = {};
  for (std::size_t s = 0; s < whole.sweeps.size(); ++s) {
    std::uint64_t count = 0;
    std::size_t first = 0;
    for (std::size_t b = whole.sweeps[s].done.size(); b-- > 0;)
      if (whole.takes(s, b) && !whole.sweeps[s].done[b]) {
        ++count;
        first = b;
      }
    if (count > 0)
      out.push_back(fmt::format("{}: {} block{}, from {:#010x}", whole.sweeps[s].plan.text(), count,
                                count == 1 ? "" : "s", first * block_patterns));
  }
  return out;
}

}  // namespace assay::audit
