// What a sum and a mean are, on the kernels and on the reference.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, ReductionsAgree) {
  EXPECT_TRUE(::rc::check([] {
    const auto n = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
    std::vector<double> x(n), t(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = moderate();
      t[i] = moderate();
    }
    const auto shape = static_cast<std::int64_t>(n);
    Case c =
        make("huber", {{"prediction", reals({shape}, x)}, {"target", reals({shape}, t)}}, Reduction::none);
    const std::vector<double> each = GetParam().ask(c).value.real;
    double total = 0;
    for (double v : each) total += v;
    c.reduction = Reduction::sum;
    const double sum = value(c);
    c.reduction = Reduction::mean;
    const double mean = value(c), count = static_cast<double>(n);
    // n roundings of the values and n of the sum here; all terms are of one sign.
    RC_ASSERT(std::abs(sum - total) <= 2 * count * u * sum);
    RC_ASSERT(std::abs(mean * count - sum) <= 4 * u * sum);
  }));
}

}  // namespace
}  // namespace assay::tests
