#include "tools/reports/report_rows.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace assay {
namespace {

bool declared_convention(const ReportedCase& c) {
  return c.status == ReportedCase::Status::conforming && !c.convention.empty();
}

/// The more ordinary the more, and 0 without one.
int ordinary(std::optional<Regime> regime) {
  return regime ? static_cast<int>(regimes.size()) - static_cast<int>(*regime) : 0;
}

/// Orders cases by how bad they are: what fails on ordinary numbers before what fails elsewhere.
auto badness(const ReportedCase& c) {
  return std::tuple(ordinary(fails(c) ? std::optional(c.regime) : std::nullopt), fails(c) && !c.grade,
                    c.grade ? static_cast<int>(*c.grade) : -1, c.ulps);
}

}  // namespace

std::vector<ReportRow> rows(const Report& report) {
  std::vector<ReportRow> all;
  for (const ReportedCase& c : report.cases) {
    if (all.empty() || all.back().loss != c.loss || all.back().dtype != c.dtype ||
        all.back().variant != c.variant) {
      ReportRow row;
      row.loss = c.loss;
      row.dtype = c.dtype;
      row.variant = c.variant;
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
    if (fails(c) && ordinary(c.regime) > ordinary(row.failing)) row.failing = c.regime;
    const auto replace_if_worse = [&](const ReportedCase*& worst) {
      if (!worst || badness(c) > badness(*worst)) worst = &c;
    };
    if (c.grade || fails(c)) replace_if_worse(row.worst);
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
    if (ordinary(row.failing) > ordinary(sum.failing)) sum.failing = row.failing;
    if (row.worst && (!sum.worst || badness(*row.worst) > badness(*sum.worst))) sum.worst = row.worst;
  }
  return sum;
}

std::vector<ReportRow> by_regime(std::vector<ReportRow> all) {
  std::ranges::stable_sort(all, std::greater<>(), [](const ReportRow& row) { return ordinary(row.failing); });
  return all;
}

}  // namespace assay
