#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {

std::vector<Mutant> wrong_activations() {
  const auto x = [](const auto& in) { return in("x"); };
  const auto shares = [](const auto& in, const auto& change) {
    auto all = in.row("x");
    const auto m = shift(all);
    for (auto& each : all) each = exp(each - m);
    return Term(change(all));
  };
  return {
      wrong("sigmoid", "sign of x", [=](const auto& in) { return sigmoid(-x(in)); }),
      wrong("sigmoid", "1 - sigmoid(-x): the lower tail cancels",
            [=](const auto& in) { return 1 - sigmoid(-x(in)); }),
      wrong("sigmoid", "e^x/(1+e^x) overflows",
            [=](const auto& in) { return exp(x(in)) / (1 + exp(x(in))); }),
      wrong("sigmoid", "hard sigmoid",
            [=](const auto& in) { return max(min(x(in) / 6 + .5, x(in) * 0 + 1), x(in) * 0); }),
      wrong("log_sigmoid", "log of sigmoid", [=](const auto& in) { return log(sigmoid(x(in))); }),
      wrong("log_sigmoid", "sign of x", [=](const auto& in) { return -softplus(x(in)); }),
      wrong("log_sigmoid", "-log(1+e^-x) overflows", [=](const auto& in) { return -log(1 + exp(-x(in))); }),
      wrong("log_sigmoid", "log1p lost",
            [=](const auto& in) { return min(x(in), x(in) * 0) - log(1 + exp(-abs(x(in)))); }),
      wrong("softplus", "log(1+e^x) overflows", [=](const auto& in) { return log(1 + exp(x(in))); }),
      wrong("softplus", "identity above 20",
            [=](const auto& in) { return x(in) > 20 ? x(in) : log1p(exp(x(in))); }),
      wrong("softplus", "0 below -20",
            [=](const auto& in) { return x(in) < -20 ? x(in) * 0 : softplus(x(in)); }),
      wrong("softplus", "base 2", [=](const auto& in) { return softplus(x(in)) / std::log(2.); }),
      wrong("log_sum_exp", "not shifted",
            [](const auto& in) {
              std::vector<NumberOf<decltype(in)>> powers;
              for (const auto& each : in.row("x")) powers.push_back(exp(each));
              return log(sum(powers));
            }),
      wrong("log_sum_exp", "mean instead of sum",
            [](const auto& in) {
              return log_sum_exp(in.row("x")) - std::log(static_cast<double>(in.row("x").size()));
            }),
      wrong("log_sum_exp", "the maximum alone", [](const auto& in) { return maximum(in.row("x")); }),
      wrong("log_sum_exp", "last class dropped",
            [](const auto& in) {
              auto all = in.row("x");
              if (all.size() > 1) all.pop_back();
              return log_sum_exp(all);
            }),
      wrong("softmax", "not shifted",
            [](const auto& in) {
              auto all = in.row("x");
              for (auto& each : all) each = exp(each);
              const auto total = sum(all);
              for (auto& each : all) each = each / total;
              return Term(all);
            }),
      wrong("softmax", "an epsilon below the line",
            [=](const auto& in) {
              return shares(in, [](auto all) {
                const auto total = sum(all) + 1e-7;
                for (auto& each : all) each = each / total;
                return all;
              });
            }),
      wrong("softmax", "divided by the largest",
            [=](const auto& in) { return shares(in, [](auto all) { return all; }); }),
      wrong("softmax", "diagonal gradient",
            [=](const auto& in) {
              return shares(in, [](auto all) {
                auto total = sum(all);
                total.d = 0;
                for (auto& each : all) each = each / total;
                return all;
              });
            }),
      wrong("log_softmax", "log of softmax",
            [=](const auto& in) {
              return shares(in, [](auto all) {
                const auto total = sum(all);
                for (auto& each : all) each = log(each / total);
                return all;
              });
            }),
      wrong("log_softmax", "x - (m + log sum): the shift cancels",
            [](const auto& in) {
              auto all = in.row("x");
              const auto total = log_sum_exp(all);
              for (auto& each : all) each = each - total;
              return Term(all);
            }),
      wrong("log_softmax", "the sum takes no gradient",
            [](const auto& in) {
              auto all = in.row("x");
              const auto l = log_softmax(all);
              for (std::size_t c = 0; c < all.size(); ++c) all[c] = {l[c].v, all[c].d};
              return Term(all);
            }),
  };
}

}  // namespace assay::tests::mutants
