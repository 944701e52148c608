// Identities between losses, on the kernels and on the reference: what holds for every input holds for these.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "tests/claims/answers.hpp"

namespace assay::tests {

inline constexpr double u = 0x1p-53;

struct Subject {
  const char* name;
  Answer (*ask)(const Case&);
};

class Identities : public ::testing::TestWithParam<Subject> {
 public:
  static Answer answer(const Case& c) {
    Answer a = GetParam().ask(c);
    RC_ASSERT(a.outcome == Answer::Outcome::answered);
    return a;
  }
  static double value(const Case& c) { return answer(c).value.real.at(0); }
};

inline Case make(const char* loss, std::map<std::string, Tensor> inputs,
                 Reduction reduction = Reduction::sum) {
  Case c;
  c.loss = loss;
  c.reduction = reduction;
  c.inputs = std::move(inputs);
  return c;
}

/// Any double between 2^-30 and 2^30 in size, with either sign.
double moderate();

/// A row of probabilities that sums to one exactly: parts of 2^20, zeros among them.
std::vector<double> distribution(std::size_t classes);
std::vector<double> without_zeros(std::vector<double> p);

/// Numbers of few digits, zeros among them.
std::vector<double> embedding(std::size_t features);
/// Three rows of three such numbers, no row of zeros.
std::vector<double> three_rows();

inline Tensor row(std::vector<double> numbers) {
  const auto n = static_cast<std::int64_t>(numbers.size());
  return reals({1, n}, std::move(numbers));
}
inline Tensor one(double x) { return reals({1}, {x}); }

}  // namespace assay::tests
