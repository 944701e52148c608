// The error over the size of the input: of each output of a loss the worst number of every binade, for
// charts.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "tools/audit/summary.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/judge/judge.hpp"
#include "tools/reports/report.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// Collects from the judge. What is not checked, or lies outside the domain, has no error and is left out.
class BinadeTally {
 public:
  /// A visitor that notes the numbers of one case. It refers to the case and to the tally.
  ComponentVisitor of(const GoldenCase& golden, const std::string& variant = {});
  /// By loss, dtype, variant, output, regime and exponent.
  [[nodiscard]] std::vector<BinadeWorst> worst() const;

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string, Regime, int>;
  std::map<Key, BinadeWorst> worst_;
};

/// What an audit measured: `allowed` is what it held the answers to, and no case is kept of a binade.
std::vector<BinadeWorst> binades(const audit::BinadesByOutput& measured);

/// {"loss", "dtype", "variant", "output", "regime", "exponent", "ulps", "grade", "condition", "allowed",
/// "id"}: a variant, a condition and an id that are not there are left out.
Json binade_json(const BinadeWorst& binade);

}  // namespace assay
