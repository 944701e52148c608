// What the tests over all losses do not see of the element-wise kernels: elements that lanes leave to Quad
// because of one beside them, and slopes as small as the least number.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"

namespace assay {
namespace {

template <class T>
struct Focal {
  std::vector<T> logits, target, cotangent{};
  std::vector<T> by_target{};

  void evaluate(const BinaryFocalWithLogits& loss, Reduction reduction) {
    by_target.assign(logits.size(), 0);
    std::vector<T> value(logits.size());
    Call<T> call;
    const auto count = static_cast<std::int64_t>(logits.size());
    call.inputs[0] = {.real = logits.data(), .extent = {count, 1, 1}};
    call.inputs[1] = {.real = target.data(), .extent = {count, 1, 1}};
    call.reduction = reduction;
    call.value = value.data();
    if (!cotangent.empty()) call.cotangent = cotangent.data();
    call.gradient[1] = by_target.data();
    assay::evaluate(loss, call);
  }
};

template <class T>
class ElementWise : public testing::Test {};
using Dtypes = testing::Types<float, double>;
TYPED_TEST_SUITE(ElementWise, Dtypes);

// A sum that is NaN is computed again in Quad, where the exponentials of numbers beyond 2^31 have exponents
// beyond an int.
TYPED_TEST(ElementWise, ANanChangesNoSlopeBesideIt) {
  for (const TypeParam size : {TypeParam{0x1p30f}, TypeParam{0x1p32f}, TypeParam{0x1p33f},
                               TypeParam{0x1.1p33f}, TypeParam{0x1p37f}}) {
    Focal<TypeParam> focal{{-size, std::numeric_limits<TypeParam>::quiet_NaN()}, {1, 0}};
    focal.evaluate({.alpha = .25, .gamma = 2}, Reduction::sum);
    EXPECT_EQ(focal.by_target[0], size / 4);
    EXPECT_TRUE(std::isnan(focal.by_target[1]));
  }
}

// By t: M^2 W (2 (1-2p) B/M - x) for alpha = 1/2, near x = 0 and at t = 1/2 -x (1 + 2 log 2) / 8.
TEST(BinaryFocal, HasASlopeByTheTargetForTheLeastLogit) {
  for (const double logit : {0x1p-1074, -0x1p-1070, 0x1p-1020, 0x1p-300}) {
    Focal<double> focal{{logit}, {.5}, {0x1p200}};
    focal.evaluate({.alpha = .5, .gamma = 2}, Reduction::none);
    const double expected = -(logit * 0x1p200) * (1 + 2 * std::log(2)) / 8;
    EXPECT_NEAR(focal.by_target[0] / expected, 1, 1e-15) << logit;
  }
}

}  // namespace
}  // namespace assay
