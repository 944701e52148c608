// The smaller sections of an HTML report. Each is empty where there is nothing to say.
#pragma once

#include <string>
#include <vector>

#include "tools/audit/summary.hpp"
#include "tools/reports/report.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// Of each output the worst error in each regime: the charts, as a table.
std::string binades_html(const std::vector<BinadeWorst>& binades);
/// [{"loss", "variant", "dtype", "output", "regime", "points": [[exponent, ulps, grade, condition,
/// allowed]]}], grades as places in the list of them; null is infinity, and a condition that there is not.
/// Three digits.
Json binades_json(const std::vector<BinadeWorst>& binades);

/// Reasons of known failures, with how many cases each excuses, and the entries that nothing needs.
std::string known_html(const Report& report);
/// Deviations that answers follow, by loss.
std::string conventions_html(const Report& report);
/// What is about no single case; notes, which do not fail a run, are called so.
std::string findings_html(const Report& report);
/// Invalid requests that were answered.
std::string unchecked_html(const Report& report);

using Promises = std::map<std::tuple<std::size_t, std::string, std::string>, audit::PromiseKept>;
/// Broken ones first.
std::string promises_html(const Promises& promises);

/// What the grades mean.
std::string grades_legend_html();

}  // namespace assay
