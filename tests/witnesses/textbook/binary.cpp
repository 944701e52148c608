#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

constexpr auto cross_entropy = [](const auto& in) {
  const auto p = in("probability"), t = in("target");
  return -(xlogy(t, p) + (p < .5 ? weigh(1 - t, log1p(-p)) : xlogy(1 - t, 1 - p)));
};
constexpr auto with_logits = [](const auto& in) {
  const auto x = in("logits"), t = in("target");
  const auto w = in.has("pos_weight") ? in("pos_weight") : std::remove_cvref_t<decltype(x)>(1);
  return weigh(w, weigh(t, softplus(-x))) + weigh(1 - t, softplus(x));
};
constexpr auto margin = [](const auto& in) { return in("target") * in("score"); };

}  // namespace

std::vector<Entry> binary() {
  return {
      {"binary_cross_entropy", cross_entropy},
      {"log_loss", [](const auto& in) { return cross_entropy(in) / log(in.real("base")); }},
      {"binary_cross_entropy_with_logits", with_logits},
      {"binary_focal_with_logits",
       [](const auto& in) {
         const auto x = in("logits"), t = in("target"), alpha = in.real("alpha");
         const auto missed = sigmoid(-x) * t + sigmoid(x) * (1 - t);
         const auto focal = weigh(pow(missed, in.real("gamma").v), with_logits(in));
         return alpha == -1 ? focal : weigh(alpha * t + (1 - alpha) * (1 - t), focal);
       }},
      {"exponential", [](const auto& in) { return exp(-margin(in)); }},
      {"hinge", [](const auto& in) { return positive_part(1 - margin(in)); }},
      {"squared_hinge", [](const auto& in) { return square(positive_part(1 - margin(in))); }},
      {"soft_margin", [](const auto& in) { return softplus(-margin(in)); }},
      {"hinge_embedding",
       [](const auto& in) {
         if (std::isnan(in("target").v)) return in.unknown();
         return in("target") == 1 ? in("distance") : positive_part(in.real("margin") - in("distance"));
       }},
      {"margin_ranking",
       [](const auto& in) {
         return positive_part(-in("target") * (in("x1") - in("x2")) + in.real("margin"));
       }},
  };
}

}  // namespace assay::tests::textbook
