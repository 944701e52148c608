// Of comparison.hpp: a report as a badge.
#include <fmt/format.h>

#include <array>

#include "tools/reports/comparison.hpp"
#include "tools/text/json.hpp"

namespace assay {
namespace {

struct Shade {
  double least = 0;  ///< share of the cases that conform
  std::string_view color;
};
/// Of shields.io's own names. The best is for what conforms in every respect.
constexpr std::array shades{Shade{.99, "green"}, Shade{.95, "yellowgreen"}, Shade{.9, "yellow"},
                            Shade{.75, "orange"}, Shade{0, "red"}};

}  // namespace

std::string badge_json(const ComparedReport& report) {
  std::size_t asked = 0, good = 0, findings = 0;
  for (const ReportedCase& c : report.report.cases) {
    good += c.status == ReportedCase::Status::conforming;
    asked += c.status == ReportedCase::Status::conforming || fails(c);
  }
  for (const ReportedFinding& each : report.report.findings) findings += fails(each);
  std::string message =
      asked == 0 ? "nothing judged" : fmt::format("{} of {} {}", good, asked, name(report.report.require));
  if (findings > 0) message += fmt::format(", {} finding{}", findings, findings == 1 ? "" : "s");

  std::string_view color = "lightgrey";
  if (asked > 0) {
    const double share = static_cast<double>(good) / static_cast<double>(asked);
    for (const Shade& each : shades)
      if (share >= each.least) {
        color = each.color;
        break;
      }
    if (good == asked) color = report.conforms ? "brightgreen" : "yellow";
  }
  Json out = Json::object();
  out.add("schemaVersion", Json::integer(1)).add("label", Json::string("assay"));
  out.add("message", Json::string(message)).add("color", Json::string(color));
  return dump_json(out) + "\n";
}

}  // namespace assay
