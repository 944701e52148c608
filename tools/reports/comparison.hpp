// Reports side by side: implementations, or versions of one, and what changed between two of one.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tools/reports/report.hpp"

namespace assay {

/// One report, a column of the comparison.
struct ComparedReport {
  std::string path;    ///< as it was named; empty: not from a file
  std::string label;   ///< "pytorch 1.13.1", told apart from the other columns'
  bool audit = false;  ///< its cases are the worst places that an audit found, and promises
  bool conforms = false;
  Report report;
};

/// What is counted apart.
enum class Part : std::uint8_t { value, gradient, promise };
std::string_view name(Part part);

/// A cell: of one implementation, the cases of one row.
struct Tally {
  std::size_t offered = 0;                  ///< were asked and have a right answer; 0: the cell is empty
  std::size_t conforming = 0;               ///< of these
  std::size_t unanswered = 0;               ///< of these; no answer of theirs could be judged
  std::optional<ComponentVerdict> worst{};  ///< of those that were judged
  std::size_t worst_case = 0;               ///< its place in Report::cases

  [[nodiscard]] bool conforms() const { return conforming == offered; }
};

struct ComparisonRow {
  std::string loss;
  std::string dtype{};  ///< empty where dtypes are counted together
  Regime regime = Regime::everyday;
  Part part = Part::value;
  std::vector<Tally> cells{};  ///< one a column
};

/// What fails in several columns for one cause, told by reports alike.
struct ComparedCause {
  std::string loss;
  Regime regime = Regime::everyday;  ///< the most ordinary of all columns
  std::string what{};
  std::vector<std::optional<std::size_t>> causes{};  ///< one a column: its place in Report::causes
};

/// Two reports of one implementation, the earlier column first: places in Report::cases.
struct Changes {
  struct Pair {
    std::optional<std::size_t> before{}, after{};
  };
  std::size_t before = 0, after = 0;  ///< the columns
  std::vector<Pair> fixed{};          ///< failed, and conforms now
  std::vector<Pair> broken{};         ///< did not fail, and fails now
  std::vector<Pair> added{};          ///< was not asked before
  std::vector<Pair> gone{};           ///< is not asked any more
  std::size_t added_failing = 0;
};

struct Comparison {
  std::vector<ComparedReport> reports;
  std::vector<ComparisonRow> rows;  ///< the most ordinary regime first, then by loss, dtype and part
  std::vector<ComparedCause> causes;
  std::vector<Changes> changes;  ///< between neighbours of one implementation, in the order of the columns
};

/// What `verify` or `audit` wrote to FILE.json. Throws UsageError, one line that names the file and the
/// field; FileError where it cannot be read.
ComparedReport read_report(const std::filesystem::path& path);

/// At least one report.
Comparison compare(std::vector<ComparedReport> reports);

/// Rows in the same order, those of all dtypes counted together; or of all losses too, which are then "".
std::vector<ComparisonRow> together(std::span<const ComparisonRow> rows, bool losses_too = false);

/// "12/12, 0.500 ulp", "8/12, wrong, 3e+05 ulp", "8/12, no answer"; "" for an empty cell.
std::string tally_text(const Tally& tally, Grade require);
/// "pytorch 1.13.1 -> pytorch 2.0.0: 12 fixed, 3 broken, 40 new (2 of them fail), 1 gone".
std::string changes_text(const Changes& changes, const Comparison& comparison);

/// For a terminal; for a page.
std::string comparison_summary(const Comparison& comparison);
std::string comparison_markdown(const Comparison& comparison);

/// A badge in the schema of shields.io's endpoint: how many cases conform, in a colour that follows.
std::string badge_json(const ComparedReport& report);

}  // namespace assay
