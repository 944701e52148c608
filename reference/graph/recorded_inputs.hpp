// The numbers of a case as leaves of a graph, and where the numbers of one row stand among them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

/// Where the numbers of one row stand in an input: index . row_strides on, or at index modulo an extent.
struct Layout {
  std::string_view name;
  const Vector* leaves = nullptr;  ///< null: an integer input
  const std::vector<std::int64_t>* integers = nullptr;
  std::array<std::int64_t, 2> row_strides{0, 0};  ///< by the value's first and second axis
  std::int64_t modulus = 0;                    ///< of the row's index, where the input has only its last axis
  std::vector<std::int64_t> extents, strides;  ///< of the axes that the value does not have
};

/// The inputs and parameters of a case, recorded.
struct RecordedInputs {
  const Case* question = nullptr;                     ///< complete
  std::map<std::string, Vector, std::less<>> leaves;  ///< the inputs' numbers, row-major; also `cotangent`
  std::map<std::string, Real, std::less<>> reals;     ///< the real parameters
  std::map<std::string, Vector, std::less<>> lists;   ///< those that are lists
  std::map<std::int32_t, Real> normalizers;           ///< leaf -> norm of the row that was normalised
  std::vector<Layout> layouts;                        ///< of the inputs that are present
  std::int64_t second_extent = 1;                     ///< of the value's second axis, where rows have two

  [[nodiscard]] const Record& record() const { return *question->record(); }
  void lay_out();  ///< fills the last two, once the leaves are recorded
};

}  // namespace assay::reference
