// What all strands of an audit come to: in each place the worst, and what was found on the way. The same in
// whatever order and on however many machines they ran.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "tools/audit/result.hpp"

namespace assay::audit {

/// Where an error is one: the most ordinary regime first.
struct Place {
  Regime regime = Regime::everyday;
  std::size_t loss = 0;  ///< in the catalogue's order
  std::string dtype, output;
  std::string variant{};  ///< of the testee's offer; empty where it has none

  friend auto operator<=>(const Place&, const Place&) = default;
};

/// "softplus/f32/value/everyday"; of a variant "softplus/f32/value/everyday@layers"
std::string text(const Place& place);

struct WorstOfAll {
  const Worst* worst = nullptr;
  std::size_t strand = 0;
};
/// The worst of each place, as it was found. Of equals the lowest strand's.
std::map<Place, WorstOfAll> worst_found(const std::map<std::size_t, StrandResult>& results);
/// Of the failures that were made simple, in each place the one whose strand found the most: the strand.
std::map<Place, std::size_t> worst_shrunk(const std::map<std::size_t, StrandResult>& results);

/// By loss, dtype, output and variant.
using BinadesByOutput = std::map<std::tuple<std::size_t, std::string, std::string, std::string>, Binades>;
BinadesByOutput binades(const std::map<std::size_t, StrandResult>& results);

struct PromiseKept {
  std::string sentence, variant;
  std::int64_t kept = 0, unjudged = 0, strands = 0;
  const StrandResult* broken = nullptr;  ///< the first strand that broke it
};
/// By loss, dtype and cell.
std::map<std::tuple<std::size_t, std::string, std::string>, PromiseKept> promises(
    const std::map<std::size_t, StrandResult>& results);

struct Counts {
  std::int64_t asked = 0, judged = 0, unjudged = 0;
};
Counts counts(const std::map<std::size_t, StrandResult>& results);

}  // namespace assay::audit
