#include "tests/witnesses/mutants/kinds.hpp"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::tests::mutants {
namespace {

using Kinds = std::set<std::string>;

/// Of faults that any loss may have: what stands in their names.
const std::vector<std::pair<std::string_view, Kinds>>& of_faults() {
  static const std::vector<std::pair<std::string_view, Kinds>> all{
      {"a running sum", {"running-sum"}},
      {"beyond whole blocks of", {"seam"}},
      {"lies beyond", {"seam"}},
      {" exchanged", {"argument-order"}},
      {" doubled", {"misread-parameter"}},
      {" inverted", {"misread-parameter"}},
      {"cotangent ignored", {"ignored-cotangent"}},
      {"first cotangent taken", {"ignored-cotangent"}},
      {"cotangent of 0 does not drop", {"zero-times-infinity"}},
      {"mean counts ignored rows", {"wrong-denominator"}},
      {"ignored rows are of class 0", {"ignored-rows-counted"}},
      {"weight ignored", {"ignored-input"}},
      {" ignored", {"ignored-parameter"}},
      {" off by one", {"shifted-labels"}},
      {"flushed to 0", {"flushed-subnormals"}},
      {"taken for a number", {"lost-nan"}},
      {"NaN results are 0", {"lost-nan"}},
      {"infinities in ", {"clipped-infinity"}},
      {"positive infinities", {"clipped-infinity"}},
      {" clipped ", {"clamped-input"}},
      {" clamped ", {"clamped-input"}},
      {"mean is a sum", {"wrong-reduction"}},
      {"sum is a mean", {"wrong-reduction"}},
      {"without its divisor", {"wrong-reduction"}},
      {"mean divides by", {"wrong-denominator"}},
      {"last element dropped", {"dropped-element"}},
      {"misses its last number", {"dropped-element"}},
      {" negated", {"wrong-sign"}},
      {" halved", {"constant-factor"}},
      {" is 0", {"missing-gradient"}},
      {"rounded to half the digits", {"fewer-digits", "narrow-arithmetic"}},
      {"an epsilon of 1e-7 in the value", {"additive-epsilon"}},
      {"f64 computed as f32", {"narrow-arithmetic"}},
  };
  return all;
}

/// Of wrong formulas: a loss, a fault, and what it comes to. Several where the same text overflows at one end
/// and cancels at the other: the witness decides.
struct Known {
  std::string_view loss, fault;
  Kinds kinds;
};
const std::vector<Known>& of_formulas() {
  static const Kinds unshifted{"overflowing-exponential", "vanished-probability", "missing-log1p"};
  static const Kinds log_of_share{"vanished-probability", "missing-log1p", "indeterminate-infinity"};
  static const Kinds by_sigmoid{"vanished-probability", "missing-log1p", "overflowing-exponential",
                                "cancellation"};
  static const Kinds squares{"overflowing-square", "vanishing-square"};
  static const Kinds capped{"clamped-input", "clamped-intermediate", "clamped-result"};
  static const Kinds expanded{"cancellation", "overflowing-product", "overflowing-square",
                              "vanishing-square"};
  static const std::vector<Known> all{
      {"sigmoid", "sign of x", {"wrong-sign"}},
      {"sigmoid", "1 - sigmoid(-x): the lower tail cancels", {"cancellation"}},
      {"sigmoid", "e^x/(1+e^x) overflows", {"overflowing-exponential"}},
      {"log_sigmoid", "log of sigmoid", by_sigmoid},
      {"log_sigmoid", "-log(1+e^-x) overflows", unshifted},
      {"log_sigmoid", "log1p lost", {"missing-log1p"}},
      {"softplus", "log(1+e^x) overflows", unshifted},
      {"softplus", "base 2", {"constant-factor"}},
      {"log_sum_exp", "not shifted", unshifted},
      {"softmax", "not shifted", unshifted},
      {"softmax", "an epsilon below the line", {"additive-epsilon"}},
      {"log_softmax", "log of softmax", log_of_share},
      {"log_softmax", "x - (m + log sum): the shift cancels", {"cancellation"}},
      {"mse", "halved", {"constant-factor"}},
      {"mse", "x^2 - 2xt + t^2 cancels", expanded},
      {"mse", "gradient halved", {"constant-factor"}},
      {"mse", "clipped at 1e6", {"clamped-result"}},
      {"mae", "root of the square underflows", squares},
      {"mae", "smoothed near 0", {"additive-epsilon"}},
      {"msle", "log(1+x) loses small numbers", {"missing-log1p"}},
      {"mape", "a fraction, no percentage", {"constant-factor"}},
      {"mape", "an epsilon below the line", {"additive-epsilon"}},
      {"huber", "quadratic part not halved", {"constant-factor"}},
      {"smooth_l1", "the square overflows", squares},
      {"log_cosh", "log of cosh overflows", unshifted},
      {"log_cosh", "x + softplus(-2x) - log 2 cancels near 0", {"cancellation"}},
      {"log_cosh", "log 2 forgotten", {"additive-epsilon"}},
      {"log_cosh", "gradient's sign", {"wrong-sign", "overflowing-exponential", "missing-log1p"}},
      {"quantile", "q and 1 - q exchanged", {"argument-order", "misread-parameter"}},
      {"quantile", "twice the loss", {"constant-factor"}},
      {"quantile", "mean absolute error", {"ignored-parameter"}},
      {"poisson_nll", "an epsilon of 1e-8 in the log of the rate", {"additive-epsilon"}},
      {"gaussian_nll", "variance held above 1e-6", {"clamped-input"}},
      {"binary_cross_entropy", "an epsilon inside the logs", {"additive-epsilon"}},
      {"binary_cross_entropy", "log(1-p) as log(1 - p), rounded", {"missing-log1p", "overflowing-product"}},
      {"binary_cross_entropy", "0 log 0 is NaN", {"zero-times-infinity", "overflowing-product"}},
      {"binary_cross_entropy", "base 2", {"constant-factor"}},
      {"binary_cross_entropy_with_logits", "sigmoid, then logs", by_sigmoid},
      {"binary_cross_entropy_with_logits", "log1p lost", {"missing-log1p", "ignored-input"}},
      {"binary_focal_with_logits", "1 - p cancels in the tail", {"cancellation"}},
      {"exponential", "sign of the score", {"wrong-sign", "exchanged-labels"}},
      {"exponential", "exponent capped at 80", capped},
      {"hinge", "sign of the margin", {"wrong-sign", "exchanged-labels"}},
      {"squared_hinge", "halved", {"constant-factor"}},
      {"soft_margin", "log(1+e^-tx) overflows", unshifted},
      {"soft_margin", "sign of the margin", {"wrong-sign", "exchanged-labels"}},
      {"soft_margin", "base 2", {"constant-factor"}},
      {"soft_margin", "log1p lost in the tail", {"missing-log1p"}},
      {"hinge_embedding", "labels exchanged", {"exchanged-labels"}},
      {"hinge_embedding", "margin of 1", {"ignored-parameter"}},
      {"margin_ranking", "sign of the target", {"exchanged-labels", "argument-order"}},
      {"margin_ranking", "margin subtracted", {"misread-parameter"}},
      {"entropy", "sign", {"wrong-sign"}},
      {"entropy", "bits", {"constant-factor"}},
      {"entropy", "an epsilon in the log", {"additive-epsilon"}},
      {"categorical_cross_entropy", "0 log 0 is NaN", {"zero-times-infinity"}},
      {"kl_divergence", "argument order", {"argument-order"}},
      {"kl_divergence", "mean over the classes", {"wrong-denominator"}},
      {"kl_divergence", "an epsilon on both sides", {"additive-epsilon"}},
      {"js_divergence", "not halved", {"constant-factor"}},
      {"brier", "halved", {"constant-factor"}},
      {"brier", "the mean over the classes", {"wrong-denominator"}},
      {"brier", "p^2 - 2pt + t^2 cancels", expanded},
      {"brier", "gradient halved", {"constant-factor"}},
      {"dice", "an epsilon of 1e-7 below the line", {"additive-epsilon"}},
      {"tversky", "alpha and beta exchanged", {"argument-order"}},
      {"categorical_cross_entropy_with_logits", "log of softmax", log_of_share},
      {"categorical_cross_entropy_with_logits", "0 times -infinity is NaN", {"zero-times-infinity"}},
      {"sparse_categorical_cross_entropy", "log2", {"constant-factor"}},
      {"sparse_categorical_cross_entropy", "a floor of 1e-7", {"additive-epsilon"}},
      {"sparse_categorical_cross_entropy", "ignored rows count in the mean", {"wrong-denominator"}},
      {"sparse_categorical_cross_entropy_with_logits",
       "the mean divides by the count of rows",
       {"wrong-denominator"}},
      {"sparse_categorical_cross_entropy_with_logits",
       "the mean divides by the sum of all weights",
       {"wrong-denominator"}},
      {"sparse_categorical_cross_entropy_with_logits",
       "logits clipped to [1e-7, 1 - 1e-7]",
       {"clamped-input"}},
      {"nll", "the mean divides by the count of rows", {"wrong-denominator"}},
      {"nll", "ignored rows count in the mean", {"wrong-denominator"}},
      {"focal_with_logits", "1 - p cancels", {"cancellation"}},
      {"multi_margin", "not divided by C", {"wrong-denominator"}},
      {"multi_margin", "divided by C - 1", {"wrong-denominator"}},
      {"multi_margin", "never squared", {"ignored-parameter"}},
      {"multilabel_soft_margin", "a sum over the classes", {"wrong-denominator"}},
      {"cosine_distance", "1 - cos cancels", {"cancellation"}},
      {"cosine_distance", "lengths held above 1e-8 in the product", {"clamped-intermediate"}},
      {"cosine_embedding", "labels exchanged", {"exchanged-labels"}},
      {"cosine_embedding", "margin added", {"misread-parameter"}},
      {"triplet_margin", "margin subtracted", {"misread-parameter"}},
      {"triplet_margin", "an epsilon of 1e-6 in each component", {"additive-epsilon"}},
      {"triplet_margin", "always the Euclidean distance", {"ignored-parameter"}},
      {"triplet_margin", "squares overflow", squares},
      {"contrastive", "labels exchanged", {"exchanged-labels"}},
      {"contrastive", "not halved", {"constant-factor"}},
      {"contrastive", "an epsilon under the root", {"additive-epsilon"}},
      {"info_nce", "multiplied by the temperature", {"misread-parameter"}},
      {"nt_xent", "multiplied by the temperature", {"misread-parameter"}},
      {"multiple_negatives_ranking", "divided by the scale", {"misread-parameter"}},
      {"multiple_negatives_ranking", "over the anchors of a positive", {"argument-order"}},
      {"arcface", "margin subtracted from the angle", {"misread-parameter"}},
      {"arcface", "margin in degrees", {"misread-parameter"}},
      {"cosface", "margin added", {"misread-parameter"}},
  };
  return all;
}

/// What is the same in every answer: a softmax sums to one, so that its gradient with all cotangents 1 is 0;
/// the logarithm of an inverted base is its own negative.
const std::vector<Known>& of_equals() {
  static const std::vector<Known> all{
      {"softmax", "gradient by x is 0", {"missing-gradient", "ignored-cotangent"}},
      {"log_loss", "base inverted", {"misread-parameter", "wrong-sign"}},
      {"margin_ranking", "x1 and x2 exchanged", {"argument-order", "exchanged-labels"}},
      {"quantile", "prediction and target exchanged", {"argument-order", "misread-parameter"}},
  };
  return all;
}

}  // namespace

std::set<std::string> kinds(const Mutant& mutant) {
  for (const std::vector<Known>* known : {&of_equals(), &of_formulas()})
    for (const Known& each : *known)
      if (each.loss == mutant.loss && each.fault == mutant.fault) return each.kinds;
  if (mutant.formula) return {};
  // Signs for numbers are no numbers of their domain but now and then: nothing to learn from.
  const bool labels_exchanged = mutant.fault.find("target exchanged") != std::string::npos &&
                                find(mutant.loss)->input("target")->domain.discrete();
  if (labels_exchanged) return {};
  for (const auto& [words, kind] : of_faults())
    if (mutant.fault.find(words) != std::string::npos) return kind;
  return {};
}

}  // namespace assay::tests::mutants
