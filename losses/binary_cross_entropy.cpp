#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// -(t log p + (1-t) log(1-p)); by p (p-t)/(p (1-p)), by t log(1-p) - log p.
///
/// Both terms of the value are nonnegative. 1-t and 1-p are exact, or good to a rounding of 1. By p: as it
/// stands inside (0, 1), where p-t is rounded once and the sensitivity to t is at least t/(p (1-p)); at the
/// ends the two terms -t/p and (1-t)/(1-p), of which a coefficient 0 drops one: the one-sided slope at p = 0
/// is 1 for t = 0 and -inf otherwise, at p = 1 it is -1 for t = 1 and inf otherwise. By t the formula is
/// plain: at p = 0 it is +inf and at p = 1 -inf, for t = 0 and 1 too. It cancels around p = 1/2 only, where
/// log((1-p)/p) is log1p((1-2p)/p): 1-2p is exact or good to a rounding of 1, and the sensitivity to p is at
/// least 1.
template <class T>
struct Formula<BinaryCrossEntropy, T> {
  using Number = Wide<T>;
  explicit Formula(const BinaryCrossEntropy&) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool wanted) const {
    const auto& [p, t] = input;
    if (p < 0 || p > 1 || t < 0 || t > 1) return undefined<Number, 2>();
    const Number complement = Number(1) - p, rest = Number(1) - t;
    const Number log_p = log(p), log_complement = log1p(-p);
    Element<Number, 2> e;
    e.value = -(weigh(t, log_p) + weigh(rest, log_complement));
    if (!wanted) return e;
    const bool inside = p > 0 && p < 1;
    e.slope[0] = inside ? (p - t) / (p * complement)
                        : weigh(rest, Number(1) / complement) - weigh(t, Number(1) / abs(p));
    const bool middle = p > .25 && p < .75;
    e.slope[1] = middle ? log1p((complement - p) / p) : log_complement - log_p;
    return e;
  }
};

template std::size_t workspace_bytes(const BinaryCrossEntropy&, const Call<float>&);
template std::size_t workspace_bytes(const BinaryCrossEntropy&, const Call<double>&);
template void evaluate(const BinaryCrossEntropy&, const Call<float>&);
template void evaluate(const BinaryCrossEntropy&, const Call<double>&);

}  // namespace assay
