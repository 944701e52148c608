// Any double as JSON: a number, or one of the strings that golden files have for what is none.
#pragma once

#include <fmt/format.h>

#include <cmath>

#include "tools/text/json.hpp"

namespace assay {

/// The shortest decimal that reads back to x; "NaN", "Infinity", "-Infinity".
inline Json json_number(double x) {
  if (std::isnan(x)) return Json::string("NaN");
  if (std::isinf(x)) return Json::string(x > 0 ? "Infinity" : "-Infinity");
  return Json::number(fmt::format("{}", x));
}

}  // namespace assay
