#include "tools/audit/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "losses/catalogue/records.hpp"

namespace assay::audit {
namespace {

std::size_t index_of(const std::string& loss) {
  const auto all = catalogue();
  const auto found = std::ranges::find(all, std::string_view(loss), &Record::name);
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

std::string text(const Place& place) {
  return fmt::format("{}/{}/{}/{}{}{}", catalogue()[place.loss].name, place.dtype, place.output,
                     name(place.regime), place.variant.empty() ? "" : "@", place.variant);
}

std::map<Place, WorstOfAll> worst_found(const std::map<std::size_t, StrandResult>& results) {
  std::map<Place, WorstOfAll> out;
  for (const auto& [number, result] : results)
    for (const Worst& each : result.worst) {
      WorstOfAll& known =
          out[{each.regime, index_of(result.loss), result.dtype, result.output, result.variant}];
      const auto badness = [](const Worst& w) { return std::tuple(!w.conforms, w.height, w.ulps); };
      if (!known.worst || badness(each) > badness(*known.worst)) known = {&each, number};
    }
  return out;
}

std::map<Place, std::size_t> worst_shrunk(const std::map<std::size_t, StrandResult>& results) {
  std::map<Place, std::pair<double, std::size_t>> highest;
  for (const auto& [number, result] : results) {
    if (!result.shrunk) continue;
    double height = 0;
    for (const Worst& each : result.worst)
      if (!each.conforms) height = std::max(height, each.height);
    const Place place{result.shrunk->worst.regime, index_of(result.loss), result.dtype, result.output,
                      result.variant};
    const auto [known, is_new] = highest.try_emplace(place, height, number);
    if (!is_new && height > known->second.first) known->second = {height, number};
  }
  std::map<Place, std::size_t> out;
  for (const auto& [place, which] : highest) out.emplace(place, which.second);
  return out;
}

BinadesByOutput binades(const std::map<std::size_t, StrandResult>& results) {
  BinadesByOutput out;
  for (const auto& [number, result] : results) {
    if (result.binades.empty()) continue;
    Binades& all = out[{index_of(result.loss), result.dtype, result.output, result.variant}];
    for (const auto& [place, error] : result.binades) {
      const auto [most, is_new] = all.try_emplace(place, error);
      if (!is_new && error.ulps > most->second.ulps) most->second = error;
    }
  }
  return out;
}

std::map<std::tuple<std::size_t, std::string, std::string>, PromiseKept> promises(
    const std::map<std::size_t, StrandResult>& results) {
  std::map<std::tuple<std::size_t, std::string, std::string>, PromiseKept> out;
  for (const auto& [number, result] : results) {
    if (!result.trials) continue;
    PromiseKept& all = out[{index_of(result.loss), result.dtype, result.cell}];
    all.sentence = result.trials->sentence;
    all.variant = result.variant;
    all.kept += result.trials->kept;
    all.unjudged += result.trials->unjudged;
    ++all.strands;
    if (!all.broken && !result.trials->why.empty()) all.broken = &result;
  }
  return out;
}

Counts counts(const std::map<std::size_t, StrandResult>& results) {
  Counts out;
  for (const auto& [number, result] : results) {
    out.asked += result.asked;
    out.judged += result.judged;
    out.unjudged += result.unjudged;
  }
  return out;
}

}  // namespace assay::audit
