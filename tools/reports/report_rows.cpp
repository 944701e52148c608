#include "tools/reports/report_rows.hpp"

#include <cmath>
#include <tuple>

namespace assay {
namespace {

bool declared_convention(const ReportedCase& c) {
  return c.status == ReportedCase::Status::conforming && !c.convention.empty();
}

/// Orders cases by how bad they are.
auto badness(const ReportedCase& c) {
  const bool unanswered =
      !c.grade && (c.status == ReportedCase::Status::failed || c.status == ReportedCase::Status::known);
  return std::tuple(unanswered, c.grade ? static_cast<int>(*c.grade) : -1, c.ulps);
}

}  // namespace

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

}  // namespace assay
