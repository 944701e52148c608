#include "tests/claims/identities/identities.hpp"

#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {

INSTANTIATE_TEST_SUITE_P(Of, Identities,
                         ::testing::Values(Subject{"Kernels", kernel_answer},
                                           Subject{"Reference", certified_answer}),
                         [](const auto& each) { return std::string(each.param.name); });

double moderate() {
  const double significand =
      1 + static_cast<double>(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 52)) * 0x1p-52;
  const double x = std::ldexp(significand, *rc::gen::inRange(-30, 30));
  return *rc::gen::arbitrary<bool>() ? x : -x;
}

std::vector<double> distribution(std::size_t classes) {
  std::vector<double> p(classes, 0);
  int left = 1 << 20;
  for (std::size_t c = 0; c + 1 < classes; ++c) {
    const int part = *rc::gen::inRange(0, 4) == 0 ? 0 : *rc::gen::inRange(0, left + 1);
    p[c] = part * 0x1p-20;
    left -= part;
  }
  p.back() = left * 0x1p-20;
  return p;
}

std::vector<double> without_zeros(std::vector<double> p) {
  for (double& x : p)
    if (x == 0) x = 0x1p-30;
  return p;
}

std::vector<double> embedding(std::size_t features) {
  std::vector<double> x(features);
  for (double& each : x) each = *rc::gen::inRange(-64, 65) / 8.;
  return x;
}

std::vector<double> three_rows() {
  std::vector<double> x = embedding(9);
  for (std::size_t i = 0; i < 9; i += 3) x[i] += 16;
  return x;
}

}  // namespace assay::tests
