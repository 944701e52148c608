// A report for programs.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// One JSON object, one line a case:
/// {"schema": "assay-report-v1", "version", "implementation": {"name", "version", "language"}, "command":
/// [...],
///  "golden", "require", "conforms",
///  "losses": [{"loss", "dtype", "cases", "conforming", "failed", "known", "unchecked_domain", "not_offered",
///              "conventional", "regime": the most ordinary that fails or null, "worst": id or null}],
///  "causes": [{"loss", "variant", "dtypes", "regime", "what", "count", "known", "reason", "convention",
///              "cases": [ids], "example": {"id", "slug", "inputs", "inputs_hex", "where", "got", "expected",
///              "got_hex", "expected_hex", "ulps", "grade", "message", "reproduce"},
///              "mechanism": {"name", "sentence", "evidence", "confident"}, "language", "snippet"}],
///  "cases": [{"id", "loss", "dtype", "slug", "variant", "flags", "regime", "status", "grade", "ulps",
///  "condition", "where", "got",
///             "expected", "digits", "value", "gradient", "measured_from", "convention", "message",
///             "finding", "detail", "reason", "reproduce"}],
///  "binades": [{"loss", "dtype", "variant", "output", "regime", "exponent", "ulps", "grade", "condition",
///               "allowed", "id"}],
///  "findings": [{"id", "message", "severity", "reason", "detail"}], "stale": [{"pattern", "why", "line"}]}
/// A case's "value" and "gradient" are {"grade", "ulps"}, the worst of each by itself; "gradient" is null
/// where it was asked for and no answer could be judged. Losses and cases are sorted by regime, the most
/// ordinary first. A field of a case that has nothing to say is left out; a number that is not finite is one
/// of the strings of the golden files.
std::string report_json(const Report& report);

}  // namespace assay
