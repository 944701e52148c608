#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {

std::vector<Mutant> wrong_binary() {
  const auto entropy = [](const auto& in) {
    const auto p = in("probability"), t = in("target");
    return -(weigh(t, log(p)) + weigh(1 - t, log1p(-p)));
  };
  const auto margin = [](const auto& in) { return in("target") * in("score"); };
  const auto logistic = [](const auto& in) {
    const auto x = in("logits"), t = in("target");
    const auto w = in.has("pos_weight") ? in("pos_weight") : NumberOf<decltype(in)>(1);
    return weigh(t, weigh(w, softplus(-x))) + weigh(1 - t, softplus(x));
  };
  const auto missed = [](const auto& in) {
    return sigmoid(-in("logits")) * in("target") + sigmoid(in("logits")) * (1 - in("target"));
  };
  const auto balance = [](const auto& in) {
    const auto alpha = in.real("alpha"), t = in("target");
    return alpha == -1 ? alpha * 0 + 1 : alpha * t + (1 - alpha) * (1 - t);
  };
  return {
      wrong("binary_cross_entropy", "an epsilon inside the logs",
            [](const auto& in) {
              const auto p = in("probability"), t = in("target");
              return -(weigh(t, log(p + 1e-7)) + weigh(1 - t, log(1 - p + 1e-7)));
            }),
      wrong("binary_cross_entropy", "the positive half alone",
            [](const auto& in) { return -weigh(in("target"), log(in("probability"))); }),
      wrong("binary_cross_entropy", "log(1-p) as log(1 - p), rounded",
            [](const auto& in) {
              const auto p = in("probability"), t = in("target");
              return -(weigh(t, log(p)) + weigh(1 - t, log(1 - p)));
            }),
      wrong("binary_cross_entropy", "0 log 0 is NaN",
            [](const auto& in) {
              const auto p = in("probability"), t = in("target");
              auto out = -(weigh(t, log(p)) + weigh(1 - t, log1p(-p)));
              out.v = -(t.v * std::log(p.v) + (1 - t.v) * std::log1p(-p.v));
              return out;
            }),
      wrong("binary_cross_entropy", "base 2", [=](const auto& in) { return entropy(in) / std::log(2.); }),
      wrong("log_loss", "natural logarithm", entropy),
      wrong("log_loss", "multiplied by log(base)",
            [=](const auto& in) { return entropy(in) * log(in.real("base")); }),
      wrong("log_loss", "divided by the base", [=](const auto& in) { return entropy(in) / in.real("base"); }),
      wrong("log_loss", "the gradient is that of the natural one",
            [=](const auto& in) {
              auto out = entropy(in) / log(in.real("base"));
              out.d = entropy(in).d;
              return out;
            }),
      wrong("binary_cross_entropy_with_logits", "sigmoid, then logs",
            [](const auto& in) {
              const auto p = sigmoid(in("logits")), t = in("target");
              const auto w = in.has("pos_weight") ? in("pos_weight") : NumberOf<decltype(in)>(1);
              return -(weigh(t * w, log(p)) + weigh(1 - t, log(1 - p)));
            }),
      wrong("binary_cross_entropy_with_logits", "pos_weight on both halves",
            [](const auto& in) {
              const auto x = in("logits"), t = in("target");
              const auto w = in.has("pos_weight") ? in("pos_weight") : NumberOf<decltype(in)>(1);
              return weigh(w, weigh(t, softplus(-x)) + weigh(1 - t, softplus(x)));
            }),
      wrong("binary_cross_entropy_with_logits", "pos_weight on the negative half",
            [](const auto& in) {
              const auto x = in("logits"), t = in("target");
              const auto w = in.has("pos_weight") ? in("pos_weight") : NumberOf<decltype(in)>(1);
              return weigh(t, softplus(-x)) + weigh(1 - t, weigh(w, softplus(x)));
            }),
      wrong("binary_cross_entropy_with_logits", "log1p lost",
            [](const auto& in) {
              const auto x = in("logits"), t = in("target");
              return max(x, x * 0) - x * t + log(1 + exp(-abs(x)));
            }),
      wrong("binary_cross_entropy_with_logits", "the target's sign",
            [](const auto& in) {
              const auto x = in("logits"), t = in("target");
              return softplus(x) + x * t;
            }),
      wrong("binary_cross_entropy_with_logits", "target rounded to a class",
            [](const auto& in) {
              const auto x = in("logits"), t = in("target");
              return t >= .5 ? softplus(-x) : softplus(x);
            }),
      wrong("binary_focal_with_logits", "gamma on the wrong side",
            [=](const auto& in) {
              return balance(in) * pow(1 - missed(in), in.real("gamma").v) * logistic(in);
            }),
      wrong("binary_focal_with_logits", "alpha not mirrored for negatives",
            [=](const auto& in) {
              const auto alpha = in.real("alpha");
              return (alpha == -1 ? alpha * 0 + 1 : alpha) * pow(missed(in), in.real("gamma").v) *
                     logistic(in);
            }),
      wrong("binary_focal_with_logits", "alpha of -1 taken for a weight",
            [=](const auto& in) {
              const auto alpha = in.real("alpha"), t = in("target");
              return (alpha * t + (1 - alpha) * (1 - t)) * pow(missed(in), in.real("gamma").v) * logistic(in);
            }),
      wrong("binary_focal_with_logits", "the factor takes no gradient",
            [=](const auto& in) {
              return balance(in) * constant(pow(missed(in), in.real("gamma").v)) * logistic(in);
            }),
      wrong("binary_focal_with_logits", "1 - p cancels in the tail",
            [=](const auto& in) {
              const auto p = sigmoid(in("logits")), t = in("target");
              return balance(in) * pow(1 - (p * t + (1 - p) * (1 - t)), in.real("gamma").v) * logistic(in);
            }),
      wrong("exponential", "sign of the score", [=](const auto& in) { return exp(margin(in)); }),
      wrong("exponential", "e^-tx - 1", [=](const auto& in) { return expm1(-margin(in)); }),
      wrong("exponential", "halved margin", [=](const auto& in) { return exp(-margin(in) / 2); }),
      wrong("exponential", "exponent capped at 80",
            [=](const auto& in) { return exp(min(-margin(in), margin(in) * 0 + 80)); }),
      wrong("hinge", "not cut off", [=](const auto& in) { return 1 - margin(in); }),
      wrong("hinge", "sign of the margin", [=](const auto& in) { return positive_part(1 + margin(in)); }),
      wrong("hinge", "perceptron", [=](const auto& in) { return positive_part(-margin(in)); }),
      wrong("hinge", "labels of 0 and 1",
            [](const auto& in) { return positive_part(1 - (2 * in("target") - 1) * in("score")); }),
      wrong("squared_hinge", "halved",
            [=](const auto& in) { return square(positive_part(1 - margin(in))) / 2; }),
      wrong("squared_hinge", "not squared", [=](const auto& in) { return positive_part(1 - margin(in)); }),
      wrong("squared_hinge", "squared before it is cut off",
            [=](const auto& in) { return square(1 - margin(in)); }),
      wrong("squared_hinge", "a linear gradient",
            [=](const auto& in) {
              auto out = square(positive_part(1 - margin(in)));
              out.d = positive_part(1 - margin(in)).d;
              return out;
            }),
      wrong("soft_margin", "log(1+e^-tx) overflows",
            [=](const auto& in) { return log(1 + exp(-margin(in))); }),
      wrong("soft_margin", "sign of the margin", [=](const auto& in) { return softplus(margin(in)); }),
      wrong("soft_margin", "base 2", [=](const auto& in) { return softplus(-margin(in)) / std::log(2.); }),
      wrong(
          "soft_margin", "log1p lost in the tail",
          [=](const auto& in) { return max(-margin(in), margin(in) * 0) + log(1 + exp(-abs(margin(in)))); }),
      wrong("hinge_embedding", "not cut off",
            [](const auto& in) {
              return in("target") == 1 ? in("distance") : in.real("margin") - in("distance");
            }),
      wrong("hinge_embedding", "labels exchanged",
            [](const auto& in) {
              return in("target") == -1 ? in("distance") : positive_part(in.real("margin") - in("distance"));
            }),
      wrong("hinge_embedding", "absolute distance",
            [](const auto& in) {
              return in("target") == 1 ? abs(in("distance"))
                                       : positive_part(in.real("margin") - abs(in("distance")));
            }),
      wrong("hinge_embedding", "margin of 1",
            [](const auto& in) {
              return in("target") == 1 ? in("distance") : positive_part(1 - in("distance"));
            }),
      wrong("margin_ranking", "sign of the target",
            [](const auto& in) {
              return positive_part(in("target") * (in("x1") - in("x2")) + in.real("margin"));
            }),
      wrong("margin_ranking", "margin subtracted",
            [](const auto& in) {
              return positive_part(-in("target") * (in("x1") - in("x2")) - in.real("margin"));
            }),
      wrong("margin_ranking", "not cut off",
            [](const auto& in) { return -in("target") * (in("x1") - in("x2")) + in.real("margin"); }),
      wrong("margin_ranking", "the target of -1 ignored",
            [](const auto& in) { return positive_part(in("x2") - in("x1") + in.real("margin")); }),
  };
}

}  // namespace assay::tests::mutants
