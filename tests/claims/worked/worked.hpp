// Values that nobody here made: worked examples of documentation, papers and bug reports, checked on the
// reference and on the kernels. Each says where it stands.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/claims/answers.hpp"

namespace assay::tests {

struct Worked {
  const char* source;
  const char* question;  ///< a case as the protocol carries it
  std::vector<double> value;
  std::vector<double> gradient;  ///< of the only input in wrt; empty: not given there
  double tolerance;              ///< half a unit of the last digit that is printed there
};

class WorkedValue : public ::testing::TestWithParam<Worked> {};

inline std::string by_number(const ::testing::TestParamInfo<Worked>& each) {
  return "Number" + std::to_string(each.index);
}

}  // namespace assay::tests
