// Promises that would be false are refuted, one of each property at least: no claim passes whatever is asked.
#include <gtest/gtest.h>

#include "tests/claims/promises/promises.hpp"

namespace assay::tests {
namespace {

struct False {
  const char* what;
  const char* loss;
  Promise promise;
  void (*claim)(const Promised&);
};

const False all_false[] = {
    {"Nonnegative", "log_softmax", {Property::nonnegative}, is_nonnegative},
    {"Bound", "cosine_distance", {Property::at_most, "", 1.5}, is_at_most},
    {"UnitRange", "softplus", {Property::unit_range}, is_in_unit_range},
    {"SumOfShares", "log_softmax", {Property::sums_to_one}, sums_to_one},
    {"ZeroOfFuzzySets", "jaccard", {Property::zero_at_match}, is_zero_at_match},
    {"ConvexSigmoid", "sigmoid", {Property::convex, "x"}, is_convex},
    {"ConvexFocalLoss", "binary_focal_with_logits", {Property::convex, "logits"}, is_convex},
    {"ConvexFarOut", "msle", {Property::convex, "prediction"}, is_convex},
    {"ConvexTogether", "poisson_nll", {Property::convex, "prediction,target"}, is_convex},
    {"Concave", "mse", {Property::concave, "prediction"}, is_concave},
    {"Affine", "binary_focal_with_logits", {Property::affine, "target"}, is_affine},
    {"SmallerSlope", "softplus", {Property::lipschitz, "x", .9}, is_lipschitz},
    {"SlopeWithoutPositiveWeight",
     "binary_cross_entropy_with_logits",
     {Property::lipschitz, "logits", 1},
     is_lipschitz},
    {"SlopeWithoutWeight", "nll", {Property::lipschitz, "log_probability", 1}, is_lipschitz},
    {"SlopeOfSquares",
     "multi_margin",
     {.property = Property::lipschitz, .subject = "score", .constant = 1, .weight = "weight"},
     is_lipschitz},
    {"SmallerCurvature", "softplus", {Property::smooth, "x", .249}, is_smooth},
    {"CurvatureWhateverBeta", "smooth_l1", {Property::smooth, "prediction", 1}, is_smooth},
    {"Symmetric", "quantile", {Property::symmetric}, is_symmetric},
    {"Shift", "log_sum_exp", {Property::shift_invariant, "x"}, is_shift_invariant},
    {"ScaleOfDotProducts", "info_nce", {Property::scale_invariant, "query"}, is_scale_invariant},
    {"ScaleOfOneUtterance", "ge2e", {Property::scale_invariant, "embedding"}, is_scale_invariant},
    {"HomogeneousWithoutDelta", "huber", {Property::homogeneous, "prediction,target", 2}, is_homogeneous},
    {"Degree", "mae", {Property::homogeneous, "prediction,target", 2}, is_homogeneous},
    {"HomogeneousJaccard",
     "jaccard",
     {.property = Property::homogeneous, .subject = "probability,target", .where = {{"smooth", 0, 0}}},
     is_homogeneous},
    {"Translation", "cosine_distance", {Property::translation_invariant, "x1,x2"}, is_translation_invariant},
    {"RotationOfTaxicabs",
     "triplet_margin",
     {.property = Property::rotation_invariant, .where = {{"p", 1, 1}}},
     is_rotation_invariant},
    {"Repetition", "jaccard", {Property::repetition_invariant}, is_repetition_invariant},
};

bool holds(const False& each, Dtype dtype, const Ask& ask) {
  const Record& record = *find(each.loss);
  const Promised promised{record, each.promise, dtype, ask, record.accuracy[dtype]};
  return rc::detail::checkTestable([&] { each.claim(promised); }).template is<rc::detail::SuccessResult>();
}

class FalsePromises : public ::testing::TestWithParam<False> {};
INSTANTIATE_TEST_SUITE_P(Of, FalsePromises, ::testing::ValuesIn(all_false),
                         [](const auto& each) { return each.param.what; });

TEST_P(FalsePromises, AreRefuted) {
  for (const Dtype dtype : dtypes) EXPECT_FALSE(holds(GetParam(), dtype, kernel_answer)) << name(dtype);
}

// An answer that tells the place of a row or a class.
TEST(FalseAnswers, AreRefutedWhereOrderIsSeen) {
  const auto counted = [](const Case& c) {
    Answer answer = kernel_answer(c);
    for (std::size_t i = 0; i < answer.value.real.size(); ++i) answer.value.real[i] += static_cast<double>(i);
    return answer;
  };
  EXPECT_FALSE(holds({"Rows", "mse", {}, sees_no_order_of_rows}, Dtype::f64, counted));
  EXPECT_FALSE(holds({"Classes", "softmax", {}, is_permutation_invariant}, Dtype::f64, counted));
  // One that takes labels for what they were before.
  const auto label_less = [](const Case& c) {
    Case first = c;
    for (std::int64_t& y : first.inputs.at("labels").integer) y = 0;
    return kernel_answer(first);
  };
  EXPECT_FALSE(holds({"Labels", "multi_margin", {}, is_permutation_invariant}, Dtype::f64, label_less));
}

}  // namespace
}  // namespace assay::tests
