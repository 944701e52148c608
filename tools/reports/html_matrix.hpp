// Loss x dtype x regime, counted: the first table of an HTML report, and what the others are filtered by.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/reports/report.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// A grade as pages show it: a sign that can be told without its colour. Nothing stands for no answer.
std::string_view grade_sign(std::optional<Grade> grade);

struct MatrixCell {
  int conforming = 0, failed = 0, known = 0, unchecked_domain = 0;
  std::array<int, 8> grades{};          ///< of each grade; the last, of cases without one
  const ReportedCase* worst = nullptr;  ///< of those that fail, else of all: no answer, then grade, then ulp
  [[nodiscard]] int asked() const { return conforming + failed + known + unchecked_domain; }
};

struct MatrixRow {
  std::string loss, variant;
  std::map<std::pair<std::string, Regime>, MatrixCell> cells;  ///< by dtype and regime; of what was asked
};

struct Matrix {
  std::vector<std::string> dtypes;  ///< that occur
  std::vector<Regime> regimes;      ///< likewise
  std::vector<MatrixRow> rows;      ///< those that fail in the most ordinary regime first
  std::vector<std::string> silent;  ///< losses of which nothing was offered
};
Matrix matrix(const std::vector<const ReportedCase*>& cases);

/// What the colours and signs of a table's cells mean; `unit` is what is counted: "case".
std::string legend_html(std::string_view unit);
/// The table, its legend before it.
std::string matrix_html(const Matrix& matrix, std::string_view unit);
/// How many of each grade in each regime.
std::string grades_html(const Matrix& matrix, std::string_view unit);
/// {"dtypes", "regimes", "grades", "rows": [{"loss", "variant"}], "cells": [[row, dtype, regime, conforming,
/// failed, known, unchecked, [of each grade, then of none]]]}, all but counts being places in the lists.
Json matrix_json(const Matrix& matrix);

/// "f32" first, as everywhere.
void sort_dtypes(std::vector<std::string>& names);

}  // namespace assay
