#include "tools/reports/report.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <tuple>

#include "tools/golden/golden_folder.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

struct Form {
  std::string_view ending;
  std::string (*write)(const Report&);
};
constexpr std::array forms{Form{".json", report_json}, Form{".xml", report_junit},
                           Form{".md", report_markdown}};

const Form* form_of(const fs::path& path) {
  for (const Form& each : forms)
    if (path.extension() == each.ending) return &each;
  return nullptr;
}

bool declared_convention(const ReportedCase& c) {
  return c.status == ReportedCase::Status::conforming && !c.convention.empty();
}

/// Orders cases by how bad they are.
auto badness(const ReportedCase& c) {
  const bool unanswered =
      !c.grade && (c.status == ReportedCase::Status::failed || c.status == ReportedCase::Status::known);
  return std::tuple(unanswered, c.grade ? static_cast<int>(*c.grade) : -1, c.ulps);
}

/// Devices and pipes cannot be replaced by a file beside them; they are written to. Errors name the path
/// given.
void write_into(const fs::path& target, const fs::path& path, const std::string& text) {
  std::FILE* file = std::fopen(target.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = good && std::fflush(file) == 0;
  const int error = errno;
  if (file) std::fclose(file);
  if (!good)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), std::strerror(error)));
}

}  // namespace

std::string_view name(ReportedCase::Status s) {
  constexpr std::array<std::string_view, 5> names{"conforming", "failed", "known", "unchecked domain",
                                                  "not offered"};
  return names[static_cast<std::size_t>(s)];
}

std::vector<ReportRow> rows(const Report& report) {
  std::vector<ReportRow> all;
  for (const ReportedCase& c : report.cases) {
    if (all.empty() || all.back().loss != c.loss || all.back().dtype != c.dtype) {
      ReportRow row;
      row.loss = c.loss;
      row.dtype = c.dtype;
      all.push_back(std::move(row));
    }
    ReportRow& row = all.back();
    ++row.cases;
    switch (c.status) {
      case ReportedCase::Status::conforming:
        ++row.conforming;
        break;
      case ReportedCase::Status::failed:
        ++row.failed;
        break;
      case ReportedCase::Status::known:
        ++row.known;
        break;
      case ReportedCase::Status::unchecked_domain:
        ++row.unchecked_domain;
        break;
      case ReportedCase::Status::not_offered:
        ++row.not_offered;
        break;
    }
    if (declared_convention(c)) {
      ++row.conventional;
      continue;
    }
    const bool says_something =
        c.grade || c.status == ReportedCase::Status::failed || c.status == ReportedCase::Status::known;
    const auto replace_if_worse = [&](const ReportedCase*& worst) {
      if (!worst || badness(c) > badness(*worst)) worst = &c;
    };
    if (says_something) replace_if_worse(row.worst);
    if (c.grade && std::isfinite(c.ulps)) replace_if_worse(row.worst_finite);
  }
  return all;
}

ReportRow total(const std::vector<ReportRow>& all) {
  ReportRow sum;
  for (const ReportRow& row : all) {
    sum.cases += row.cases;
    sum.conforming += row.conforming;
    sum.failed += row.failed;
    sum.known += row.known;
    sum.unchecked_domain += row.unchecked_domain;
    sum.not_offered += row.not_offered;
    sum.conventional += row.conventional;
    if (row.worst && (!sum.worst || badness(*row.worst) > badness(*sum.worst))) sum.worst = row.worst;
  }
  return sum;
}

bool conforms(const Report& report) {
  for (const ReportedCase& c : report.cases)
    if (c.status == ReportedCase::Status::failed) return false;
  for (const ReportedFinding& f : report.findings)
    if (f.reason.empty()) return false;
  return report.stale.empty();
}

std::string ulps_text(double ulps) {
  if (!std::isfinite(ulps)) return "incomparable";
  if (ulps == 0) return "0";
  return ulps < 10    ? fmt::format("{:.3f}", ulps)
         : ulps < 1e5 ? fmt::format("{:.1f}", ulps)
                      : fmt::format("{:.2g}", ulps);
}

std::string condition_text(double condition) {
  if (std::isnan(condition)) return "";
  return condition < 100 ? fmt::format("{:.2g}", condition) : fmt::format("{:.1g}", condition);
}

void check_report_path(const fs::path& path) {
  if (!form_of(path))
    throw UsageError(fmt::format("no report ends like {}; there are .json, .xml (JUnit) and .md",
                                 printable(path.string())));
}

void write_report(const Report& report, const fs::path& path) {
  check_report_path(path);
  const std::string text = form_of(path)->write(report);

  std::error_code error;
  const fs::path target =
      fs::is_symlink(fs::symlink_status(path, error)) ? fs::weakly_canonical(path, error) : path;
  if (error && error != std::errc::no_such_file_or_directory)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), error.message()));
  const fs::file_status status = fs::status(target, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    write_into(target, path, text);
  else
    write_file(target, text);
}

}  // namespace assay
