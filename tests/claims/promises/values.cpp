// Promises about one answer.
#include <cmath>

#include "tests/claims/promises/promises.hpp"

namespace assay::tests {
namespace {

template <class Holds>
void expect_each(const Promised& p, const Case& c, const Holds& holds) {
  for (const double v : p.values(c)) {
    if (!std::isnan(v) && !holds(v)) RC_LOG() << witness(c) << " " << v;
    RC_ASSERT(std::isnan(v) || holds(v));
  }
}

}  // namespace

void is_nonnegative(const Promised& p) {
  expect_each(p, drawn(p), [](double v) { return v >= 0; });
}

void is_at_most(const Promised& p) {
  expect_each(p, drawn(p), [&](double v) { return v <= p.promise.constant; });
}

void is_in_unit_range(const Promised& p) {
  expect_each(p, drawn(p), [](double v) { return v >= 0 && v <= 1; });
}

void is_zero_at_match(const Promised& p) {
  Case c = drawn(p);
  const std::string first(p.record.inputs[0].name), second(p.record.inputs[1].name);
  const Domain domain = under_parameters(p.record, p.record.inputs[1], c).domain;
  for (double& x : c.inputs[first].real)
    if (!domain.contains(x)) x = 1;
  c.inputs[second] = c.inputs[first];
  for (const double v : p.values(c)) {
    if (v != 0) RC_LOG() << witness(c);
    RC_ASSERT(v == 0);
  }
}

void sums_to_one(const Promised& p) {
  const Case c = drawn(p);
  const std::vector<double> shares = p.values(c);
  const auto width = static_cast<std::size_t>(c.inputs.at(std::string(p.record.inputs[0].name)).shape.back());
  for (std::size_t row = 0; row < shares.size(); row += width) {
    double total = 0;
    for (std::size_t k = row; k < row + width; ++k) total += shares[k];
    // No share is above 1; each is within its bound, and each sum here rounds once.
    RC_ASSERT(std::isnan(total) ||
              std::abs(total - 1) <= static_cast<double>(width) * (p.error(1) + 0x1p-53));
  }
}

}  // namespace assay::tests
