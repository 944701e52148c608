// The golden files spare a careful textbook implementation in the dtype of the case: what its arithmetic
// loses by itself is no finding where `absolute` is all that is asked. The few cases where the dtype itself
// gives out, whatever the formula's care, stand below with the reason; one that passes has to leave the list.
#include "tests/witnesses/textbook/textbook.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "tools/golden/golden_folder.hpp"
#include "tools/judge/judge.hpp"

namespace assay::tests {
namespace {

/// Slugs of a loss, in both dtypes or in the one that follows a slash.
using Slugs = std::map<std::string_view, std::string_view>;

/// One over the length of a row, or the square of a difference, is outside the dtype or subnormal in it.
const Slugs no_length{
    {"cosine_distance", "subnormal-rows-x1 subnormal-rows-x2 special-rows-x1 special-rows-x2"},
    {"cosine_embedding", "subnormal-rows-x1 special-rows-x1 special-rows-x2"},
    {"triplet_margin", "subnormal-differences subnormal-rows-anchor subnormal-rows-negative"},
    {"contrastive", "subnormal-rows-x1/f32"},
    {"info_nce",
     "subnormal-vectors subnormal-rows-query subnormal-rows-positive subnormal-rows-negative "
     "special-rows-query special-rows-positive"},
    {"nt_xent", "subnormal-rows-z random-2/f32"},
    {"multiple_negatives_ranking", "tiny-rows subnormal-rows-anchor subnormal-rows-positive"},
    {"ge2e", "lengths-do-not-matter subnormal-rows-embedding random-7/f64"},
    {"arcface",
     "tiny-rows subnormal-rows subnormal-rows-embedding subnormal-rows-weight special-rows-embedding"},
    {"cosface", "tiny-rows subnormal-rows-embedding subnormal-rows-weight special-rows-embedding random-7"},
    {"supcon", "tiny-rows subnormal-rows"},
};

/// A term, a factor or a slope overflows where the result need not; two of them may cancel, or meet a 0.
const Slugs too_large{
    {"poisson_nll", "random-1"},
    {"binary_cross_entropy_with_logits", "special-pairs-target-pos_weight"},
    {"binary_focal_with_logits",
     "one-half-far-out infinities special-logits minus-infinity-in-logits-mean "
     "minus-infinity-in-logits-sum random-6"},
    {"sparse_categorical_cross_entropy_with_logits", "random-9 random-7/f64"},
    {"nll", "random-9/f64"},
    {"multi_margin", "parameter-margin-largest"},
    {"multilabel_soft_margin",
     "special-logits special-weight-largest special-pairs-logits-target neighbours-in-row-logits"},
    {"triplet_margin",
     "special-rows-anchor random-5 random-12 special-pairs-anchor-positive/f64 random-6/f64"},
    {"contrastive", "parameter-margin-largest/f64"},
    {"info_nce", "parameter-temperature-least-subnormal random-3 random-12"},
    {"nt_xent", "parameter-temperature-least-subnormal"},
    {"multiple_negatives_ranking", "cotangent-extremes parameter-scale-largest/f64"},
    {"ge2e", "cotangent-extremes largest-utterances-cancel random-3 random-8"},
    {"arcface", "cotangent-extremes random-12"},
    {"cosface", "cotangent-extremes"},
    {"circle",
     "parameter-scale-largest special-rows-score_positive special-rows-score_negative "
     "cotangent-extremes/f64 random-5/f64"},
    {"supcon", "parameter-temperature-least-subnormal random-3/f64"},
};

/// Products vanish, and with them the ratio that they are in.
const Slugs too_small{
    {"binary_focal_with_logits", "special-pairs-logits-target"},
    {"dice", "all-tiny"},
    {"jaccard", "all-tiny random-8/f64"},
    {"tversky", "all-tiny subnormal-probabilities"},
    {"ctc", "random-6/f32"},
};

/// Beside NaN or an infinity the limit is known to algebra alone: shares that sum to 1 whatever they are,
/// terms that cannot cancel an infinite one.
const Slugs known_to_algebra{
    {"softmax", "fully-masked-row one-infinity special-rows-x"},
    {"binary_cross_entropy_with_logits", "special-pairs-logits-pos_weight"},
    {"kl_divergence", "special-pairs-target-probability"},
    {"categorical_cross_entropy_with_logits", "special-pairs-logits-target"},
    {"sparse_categorical_cross_entropy_with_logits",
     "infinity-in-logits-mean minus-infinity-in-logits-mean special-rows-logits"},
    {"focal_with_logits", "special-rows-logits"},
    {"multi_margin", "equal-infinities nan-in-weight-sum"},
    {"multilabel_margin", "equal-infinities"},
    {"ctc", "masked-class masked-throughout opposite-infinities special-log_probability-nan"},
};

/// The rounding of a unit vector is as large as the angle, that of a sum as the sum, that of a share a
/// thousand times what its power bears.
const Slugs all_rounding{
    {"arcface", "a-step-beside-parallel nearly-opposite parallel-nearly-embedding-weight"},
    {"ge2e", "cancelling-utterances"},
    {"binary_focal_with_logits", "large-gamma/f64"},
};

std::set<std::string> beyond(const std::string& loss, Dtype dtype) {
  std::set<std::string> out;
  const std::string here = "/" + std::string(name(dtype));
  for (const Slugs* reason : {&no_length, &too_large, &too_small, &known_to_algebra, &all_rounding}) {
    const auto at = reason->find(loss);
    if (at == reason->end()) continue;
    std::istringstream words{std::string(at->second)};
    for (std::string slug; words >> slug;) {
      const std::size_t slash = slug.find('/');
      if (slash == std::string::npos || slug.substr(slash) == here) out.insert(slug.substr(0, slash));
    }
  }
  return out;
}

class Textbook : public testing::TestWithParam<std::tuple<std::string, Dtype>> {};
INSTANTIATE_TEST_SUITE_P(Of, Textbook,
                         testing::Combine(testing::ValuesIn([] {
                                            std::vector<std::string> out;
                                            for (const Record& each : catalogue())
                                              out.emplace_back(each.name);
                                            return out;
                                          }()),
                                          testing::ValuesIn(dtypes)),
                         [](const auto& each) {
                           return std::get<0>(each.param) + "_" + std::string(name(std::get<1>(each.param)));
                         });

/// A derivative by each of many numbers is as many evaluations: of a large case the value alone.
void lighten(GoldenCase& golden) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : golden.question.inputs) numbers += tensor.size();
  if (numbers < 500) return;
  golden.question.wrt.clear();
  golden.truth.gradient.clear();
}

TEST_P(Textbook, IsSparedWhereAbsoluteIsAllThatIsAsked) {
  const auto& [loss, dtype] = GetParam();
  const textbook::Formula* formula = textbook::find(loss);
  ASSERT_NE(formula, nullptr) << "no textbook formula of " << loss
                              << "; write one in its family's file in tests/witnesses/textbook/";
  GoldenFile file =
      read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" / golden_file_name(loss, dtype));
  std::set<std::string> listed = beyond(loss, dtype);
  for (GoldenCase& each : file.cases) {
    if (each.error) continue;
    lighten(each);
    const CaseVerdict verdict = judge(each.question, each.truth, each.conventions,
                                      textbook::evaluate(*formula, complete(each.question)));
    const bool spared = verdict.grade <= Grade::absolute, unlisted = listed.erase(each.slug) == 0;
    EXPECT_EQ(spared, unlisted) << each.question.id << " (" << each.slug << "): " << verdict.where << ": "
                                << verdict.got << " for " << verdict.truth.rounded << " is "
                                << name(verdict.grade) << verdict.protocol
                                << (spared ? "; take it from the list of exceptions" : "");
  }
  for (const std::string& slug : listed) ADD_FAILURE() << "no case of " << loss << " is called " << slug;
}

}  // namespace
}  // namespace assay::tests
