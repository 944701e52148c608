// Golden files: cases with the truth already written down (contract, section 4).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/text/codec.hpp"

namespace assay {

/// A named deviation's answer to a case.
struct ConventionalAnswer {
  std::string name;
  std::vector<std::string> used_by;
  Tensor value;
  std::map<std::string, Tensor> gradient;  ///< where it differs from the truth
};

struct GoldenCase {
  Case question;  ///< id filled in
  std::string slug;
  std::vector<std::string> flags;
  std::string comment;
  bool error = false;  ///< the request is outside the domain
  reference::Truth truth;
  std::vector<ConventionalAnswer> conventions;
};

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

}  // namespace assay
