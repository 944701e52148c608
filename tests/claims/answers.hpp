// What the kernels and the reference say of one case, and how to write a case down when they are wrong.
#pragma once

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/testees/in_process_testee.hpp"
#include "tools/text/codec.hpp"

namespace assay::tests {

inline Tensor reals(std::vector<std::int64_t> shape, std::vector<double> numbers) {
  return {std::move(shape), std::move(numbers), {}, false};
}
inline Tensor labels(std::vector<std::int64_t> shape, std::vector<std::int64_t> numbers) {
  return {std::move(shape), {}, std::move(numbers), true};
}

/// One line that a person can paste to `assay serve`.
inline std::string witness(const Case& c) { return dump_json(case_to_json(c, Encoding::data)); }

/// "F32", for the names of tests.
inline std::string in_capitals(Dtype dtype) {
  std::string out(name(dtype));
  for (char& each : out) each = static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return out;
}

}  // namespace assay::tests
