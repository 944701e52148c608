// Golden files: cases with the truth already written down (contract, section 4).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/cases/annotated_case.hpp"
#include "tools/judge/convention.hpp"
#include "tools/judge/regime.hpp"
#include "tools/text/json.hpp"

namespace assay {

struct GoldenCase : AnnotatedCase {
  reference::Truth truth;
  std::vector<ConventionalAnswer> conventions;
  Regime regime = Regime::everyday;  ///< made with the truth before any of its digits are left out
};

/// What a flag of the cases means.
struct Note {
  std::string kind, description, effect;
  std::vector<std::string> links;
};

struct GoldenFile {
  std::string loss;
  Dtype dtype = Dtype::f64;
  std::uint64_t seed = 0;
  std::string version;
  std::map<std::string, Note> notes;
  std::vector<GoldenCase> cases;
};

std::string golden_file_name(std::string_view loss, Dtype dtype);

/// The whole file as text, the same bytes on every machine.
std::string write_golden(const GoldenFile& file);

/// Throws CodecError, one line that names the file, the case and the field; FileError where it cannot be
/// read.
GoldenFile read_golden(const std::filesystem::path& path);
/// The same of its content; throws CodecError.
GoldenFile golden_from_json(const Json& value);

}  // namespace assay
