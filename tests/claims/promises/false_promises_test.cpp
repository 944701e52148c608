// Promises that would be false are refuted, one of each property at least: no claim passes whatever is asked.
#include <gtest/gtest.h>

#include "tests/claims/promises/trials.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests {
namespace {

struct False {
  const char* what;
  const char* loss;
  Promise promise;
};

const False all_false[] = {
    {"Nonnegative", "log_softmax", {Property::nonnegative}},
    {"Bound", "cosine_distance", {Property::at_most, "", 1.5}},
    {"UnitRange", "softplus", {Property::unit_range}},
    {"SumOfShares", "log_softmax", {Property::sums_to_one}},
    {"ZeroOfFuzzySets", "jaccard", {Property::zero_at_match}},
    {"ConvexSigmoid", "sigmoid", {Property::convex, "x"}},
    {"ConvexFocalLoss", "binary_focal_with_logits", {Property::convex, "logits"}},
    {"ConvexFarOut", "msle", {Property::convex, "prediction"}},
    {"ConvexTogether", "poisson_nll", {Property::convex, "prediction,target"}},
    {"Concave", "mse", {Property::concave, "prediction"}},
    {"Affine", "binary_focal_with_logits", {Property::affine, "target"}},
    {"SmallerSlope", "softplus", {Property::lipschitz, "x", .9}},
    {"SlopeWithoutPositiveWeight", "binary_cross_entropy_with_logits", {Property::lipschitz, "logits", 1}},
    {"SlopeWithoutWeight", "nll", {Property::lipschitz, "log_probability", 1}},
    {"SlopeOfSquares",
     "multi_margin",
     {.property = Property::lipschitz, .subject = "score", .constant = 1, .weight = "weight"}},
    {"SmallerCurvature", "softplus", {Property::smooth, "x", .249}},
    {"CurvatureWhateverBeta", "smooth_l1", {Property::smooth, "prediction", 1}},
    {"Symmetric", "quantile", {Property::symmetric}},
    {"Shift", "log_sum_exp", {Property::shift_invariant, "x"}},
    {"ScaleOfDotProducts", "info_nce", {Property::scale_invariant, "query"}},
    {"ScaleOfOneUtterance", "ge2e", {Property::scale_invariant, "embedding"}},
    {"HomogeneousWithoutDelta", "huber", {Property::homogeneous, "prediction,target", 2}},
    {"Degree", "mae", {Property::homogeneous, "prediction,target", 2}},
    {"HomogeneousJaccard",
     "jaccard",
     {.property = Property::homogeneous, .subject = "probability,target", .where = {{"smooth", 0, 0}}}},
    {"Translation", "cosine_distance", {Property::translation_invariant, "x1,x2"}},
    {"RotationOfTaxicabs",
     "triplet_margin",
     {.property = Property::rotation_invariant, .where = {{"p", 1, 1}}}},
    {"Repetition", "jaccard", {Property::repetition_invariant}},
};

/// Refuted by an answer that breaks it, and by no accident on the way. Draws are as many as a true promise
/// keeps.
void expect_refuted(Testee& testee, const char* loss, const Promise& promise, const search::Check& check,
                    Dtype dtype) {
  const Record& record = *find(loss);
  const search::Promised promised{record, promise, dtype,
                                  search::Tolerance::declared(record.accuracy[dtype])};
  const auto result = kept(testee, promised, check);
  ASSERT_TRUE(result.template is<rc::detail::FailureResult>()) << name(dtype);
  search::PromiseSearch search(promised, check, 7, 100);
  testee.ask(search);
  EXPECT_TRUE(search.broken()) << name(dtype);
  EXPECT_FALSE(search.unanswered()) << search.unanswered()->reason;
}

class FalsePromises : public ::testing::TestWithParam<False> {};
INSTANTIATE_TEST_SUITE_P(Of, FalsePromises, ::testing::ValuesIn(all_false),
                         [](const auto& each) { return each.param.what; });

TEST_P(FalsePromises, AreRefuted) {
  const auto kernels = kernel_testee();
  for (const Dtype dtype : dtypes)
    expect_refuted(*kernels, GetParam().loss, GetParam().promise,
                   search::check_of(GetParam().promise.property), dtype);
}

// An answer that tells the place of a row or a class.
TEST(FalseAnswers, AreRefutedWhereOrderIsSeen) {
  const auto counted = in_process_testee(everything({"counted", "1", "c++"}), [](const Case& c) {
    Answer answer = kernel_answer(c);
    for (std::size_t i = 0; i < answer.value.real.size(); ++i) answer.value.real[i] += static_cast<double>(i);
    return answer;
  });
  const Promise of_classes{Property::permutation_invariant};
  expect_refuted(*counted, "mse", {}, search::order_of_rows(), Dtype::f64);
  expect_refuted(*counted, "softmax", of_classes, search::check_of(of_classes.property), Dtype::f64);
  // One that takes labels for what they were before.
  const auto label_less = in_process_testee(everything({"label-less", "1", "c++"}), [](const Case& c) {
    Case first = c;
    for (std::int64_t& y : first.inputs.at("labels").integer) y = 0;
    return kernel_answer(first);
  });
  expect_refuted(*label_less, "multi_margin", of_classes, search::check_of(of_classes.property), Dtype::f64);
}

}  // namespace
}  // namespace assay::tests
