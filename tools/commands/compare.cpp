// `assay compare`: reports side by side, what changed between them, and a badge of the last.
#include <fmt/format.h>

#include <memory>

#include "tools/commands/command.hpp"
#include "tools/reports/comparison.hpp"
#include "tools/reports/comparison_html.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

struct CompareOptions {
  std::vector<std::string> given, reports;
  std::string badge;
};

using Writer = std::string (*)(const Comparison&);

/// By the ending of the file. Throws UsageError.
Writer writer_of(const std::filesystem::path& path) {
  if (path.extension() == ".md") return comparison_markdown;
  if (path.extension() == ".html") return comparison_html;
  throw UsageError(
      fmt::format("no comparison ends like {}; there are .md and .html", printable(path.string())));
}

int compare(const CompareOptions& options) {
  for (const std::string& each : options.reports) {
    writer_of(each);
    check_writable(each);
  }
  if (!options.badge.empty()) check_writable(options.badge);
  std::vector<ComparedReport> given;
  for (const std::string& each : options.given) given.push_back(read_report(each));
  const Comparison comparison = compare(std::move(given));
  fmt::print("{}", comparison_summary(comparison));
  for (const std::string& each : options.reports) write_text(writer_of(each)(comparison), each);
  if (!options.badge.empty()) write_text(badge_json(comparison.reports.back()), options.badge);
  return 0;
}

}  // namespace

Command compare_command() {
  const auto o = std::make_shared<CompareOptions>();
  return {
      .name = "compare",
      .purpose = "reports of several implementations, or of versions of one, side by side",
      .options = {{.name = "file",
                   .value = &o->given,
                   .purpose = "what --report FILE.json of verify or audit wrote; the earlier version first",
                   .required = true},
                  {"--report", &o->reports, "FILE.md or FILE.html; may be repeated"},
                  {"--badge", &o->badge, "FILE.json of the last report, for shields.io's endpoint"}},
      .run = [o] { return compare(*o); }};
}

}  // namespace assay
