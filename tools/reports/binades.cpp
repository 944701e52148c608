#include "tools/reports/binades.hpp"

#include <cmath>
#include <memory>
#include <optional>

#include "losses/catalogue/records.hpp"
#include "tools/audit/bar.hpp"
#include "tools/audit/groups.hpp"
#include "tools/text/json_number.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

bool worse(const ComponentVerdict& a, const BinadeWorst& b) {
  return a.grade != b.grade ? a.grade > b.grade : a.ulps > b.ulps;
}

constexpr std::string_view gradient_prefix = "gradient.";

/// The tensor that is being visited: its groups of rows, and where the worst of each is noted.
struct Visited {
  std::string output;
  std::optional<audit::Groups> groups{};
  std::vector<BinadeWorst*> places{};
};

}  // namespace

ComponentVisitor BinadeTally::of(const GoldenCase& golden, const std::string& variant) {
  return [this, &golden, variant, now = std::make_shared<Visited>()](const JudgedComponent& each) {
    const Case& question = golden.question;
    if (!each.expected.checked) return;
    if (!now->groups || now->output != each.output) {
      now->output = each.output;
      now->groups.emplace(question, now->output.starts_with(gradient_prefix)
                                        ? now->output.substr(gradient_prefix.size())
                                        : "");
      now->places.assign(now->groups->count(), nullptr);
    }
    const std::size_t group = now->groups->of_component(each.index, each.truth.components.size());
    BinadeWorst*& place = now->places[group];
    if (!place) {
      const int exponent = now->groups->exponent(question, group);
      const std::string dtype(name(question.dtype));
      const auto [found, is_new] =
          worst_.try_emplace({question.loss.name(), dtype, variant, now->output, golden.regime, exponent},
                             BinadeWorst{.loss = question.loss.name(),
                                         .dtype = dtype,
                                         .variant = variant,
                                         .output = now->output,
                                         .regime = golden.regime,
                                         .exponent = exponent,
                                         .ulps = -1});
      place = &found->second;
    }
    if (!worse(each.verdict, *place)) return;
    place->grade = each.verdict.grade;
    place->ulps = each.verdict.ulps;
    place->condition = condition(each.expected);
    place->allowed = audit::Bar::excused(question.dtype, {{}, {each.expected}}, 0);
    place->id = question.id;
  };
}

std::vector<BinadeWorst> BinadeTally::worst() const {
  std::vector<BinadeWorst> out;
  for (const auto& [key, each] : worst_) out.push_back(each);
  return out;
}

std::vector<BinadeWorst> binades(const audit::BinadesByOutput& measured) {
  std::vector<BinadeWorst> out;
  for (const auto& [key, all] : measured)
    for (const auto& [place, error] : all)
      out.push_back({.loss = std::string(catalogue()[std::get<0>(key)].name),
                     .dtype = std::get<1>(key),
                     .variant = std::get<3>(key),
                     .output = std::get<2>(key),
                     .regime = place.first,
                     .exponent = place.second,
                     .ulps = error.ulps,
                     .grade = error.grade,
                     .condition = error.condition,
                     .allowed = error.allowed});
  return out;
}

Json binade_json(const BinadeWorst& binade) {
  const auto text = [](std::string_view s) { return Json::string(printable(s)); };
  Json out = Json::object();
  out.add("loss", text(binade.loss)).add("dtype", text(binade.dtype));
  if (!binade.variant.empty()) out.add("variant", text(binade.variant));
  out.add("output", text(binade.output)).add("regime", text(name(binade.regime)));
  out.add("exponent", Json::integer(binade.exponent)).add("ulps", json_number(binade.ulps));
  out.add("grade", text(name(binade.grade)));
  if (!std::isnan(binade.condition)) out.add("condition", json_number(binade.condition));
  out.add("allowed", json_number(binade.allowed));
  if (!binade.id.empty()) out.add("id", text(binade.id));
  return out;
}

}  // namespace assay
