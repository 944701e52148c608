#include <fmt/format.h>

#include <cmath>

#include "losses/catalogue/records.hpp"
#include "tools/reports/audit_report.hpp"
#include "tools/reports/report_json.hpp"
#include "tools/text/json_number.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

Json place_json(const AuditedPlace& p, const Report& report) {
  Json out = Json::object();
  out.add("loss", Json::string(catalogue()[p.place.loss].name)).add("dtype", Json::string(p.place.dtype));
  if (!p.place.variant.empty()) out.add("variant", Json::string(p.place.variant));
  out.add("output", Json::string(p.place.output)).add("regime", Json::string(name(p.place.regime)));
  out.add("ulps", json_number(p.worst->ulps)).add("height", json_number(p.worst->height));
  out.add("grade", Json::string(name(p.worst->grade))).add("conforms", Json::boolean(p.worst->conforms));
  out.add("case", Json::string(report.cases[p.reported].id));
  if (!p.shrunk || p.shrunk->mechanism.empty()) return out;
  Json mechanism = Json::object();
  mechanism.add("name", Json::string(p.shrunk->mechanism)).add("sentence", Json::string(p.shrunk->sentence));
  mechanism.add("evidence", Json::string(p.shrunk->evidence));
  return out.add("mechanism", mechanism.add("confident", Json::boolean(p.shrunk->confident)));
}

Json binades_json(std::size_t loss, const std::string& dtype, const std::string& output,
                  const std::string& variant, const audit::Binades& binades) {
  Json out = Json::object(), by_regime = Json::object();
  out.add("loss", Json::string(catalogue()[loss].name)).add("dtype", Json::string(dtype));
  if (!variant.empty()) out.add("variant", Json::string(variant));
  out.add("output", Json::string(output));
  for (const Regime regime : regimes) {
    Json points = Json::array();
    for (const auto& [place, error] : binades)
      if (place.first == regime)
        points.items.push_back(Json::array({Json::integer(place.second), json_number(error.ulps)}));
    if (!points.items.empty()) by_regime.add(name(regime), std::move(points));
  }
  return out.add("worst_by_exponent", std::move(by_regime));
}

Json promise_json(std::size_t loss, const std::string& dtype, const audit::PromiseKept& p) {
  Json out = Json::object();
  out.add("loss", Json::string(catalogue()[loss].name)).add("dtype", Json::string(dtype));
  if (!p.variant.empty()) out.add("variant", Json::string(p.variant));
  out.add("promise", Json::string(p.sentence)).add("kept", Json::integer(p.kept));
  out.add("unjudged", Json::integer(p.unjudged));
  if (p.broken) out.add("broken", Json::string(printable(p.broken->trials->why)));
  return out;
}

}  // namespace

std::string audit_json(const AuditReport& audit) {
  Json places = Json::array(), binades = Json::array(), promises = Json::array(), facts = Json::object();
  for (const AuditedPlace& each : audit.places) places.items.push_back(place_json(each, audit.report));
  for (const auto& [key, all] : audit::binades(audit.campaign.results))
    binades.items.push_back(std::apply([&](const auto&... of) { return binades_json(of..., all); }, key));
  for (const auto& [key, each] : audit::promises(audit.campaign.results))
    promises.items.push_back(promise_json(std::get<0>(key), std::get<1>(key), each));
  facts.add("places", std::move(places)).add("binades", std::move(binades));
  facts.add("promises", std::move(promises)).add("campaign", audit::to_json(audit.campaign));
  std::string out = report_json(audit.report);
  out.resize(out.rfind('}'));
  return out + fmt::format(",\n\"audit\": {}}}\n", dump_json(facts));
}

}  // namespace assay
