// THE list of losses. Tests, golden files, tools, benchmarks and pages iterate it; nothing else enumerates
// them. Of each loss one block stands in the header of its family: the struct, `parameters<...>` where it has
// fields, and `facts<...>`; what several of a family share stands above them.
//
// Every struct repeats its call operator. C++20 takes that one as a member alone, and a base class that had
// it for all makes g++ warn of `Huber{.delta = 1.5}` (-Wextra: the base has no initializer).
#pragma once

#include <array>
#include <cstddef>
#include <variant>

#include "losses/catalogue/activation.hpp"
#include "losses/catalogue/angular_margin.hpp"
#include "losses/catalogue/classification.hpp"
#include "losses/catalogue/contrastive.hpp"
#include "losses/catalogue/divergence.hpp"
#include "losses/catalogue/margin.hpp"
#include "losses/catalogue/metric.hpp"
#include "losses/catalogue/multiclass.hpp"
#include "losses/catalogue/multiclass_margin.hpp"
#include "losses/catalogue/overlap.hpp"
#include "losses/catalogue/records.hpp"
#include "losses/catalogue/regression.hpp"
#include "losses/catalogue/sequence.hpp"
#include "losses/catalogue/speaker.hpp"
#include "losses/spec/well_formed.hpp"

namespace assay {

template <class... Losses>
struct List {};

using Catalogue =
    List<Sigmoid, LogSigmoid, Softplus, LogSumExp, Softmax, LogSoftmax, Mse, Mae, Msle, Mape, Huber, SmoothL1,
         LogCosh, Quantile, PoissonNll, GaussianNll, TweedieDeviance, BinaryCrossEntropy, LogLoss,
         BinaryCrossEntropyWithLogits, BinaryFocalWithLogits, Exponential, Hinge, SquaredHinge, SoftMargin,
         HingeEmbedding, MarginRanking, Entropy, CategoricalCrossEntropy, Brier, KlDivergence, JsDivergence,
         CategoricalCrossEntropyWithLogits, SparseCategoricalCrossEntropy,
         SparseCategoricalCrossEntropyWithLogits, Nll, FocalWithLogits, PolyCrossEntropyWithLogits,
         MultiMargin, CategoricalHinge, MultilabelMargin, MultilabelSoftMargin, Dice, Jaccard, Tversky,
         CosineDistance, CosineEmbedding, TripletMargin, Contrastive, InfoNce, NtXent,
         MultipleNegativesRanking, Ge2e, ArcFace, CosFace, Circle, SupCon, Ctc>;

/// Calls visit.template operator()<Loss>() for every loss, in the catalogue's order.
template <class Visit, class... Losses>
constexpr void for_each_loss(Visit&& visit, List<Losses...>) {
  (visit.template operator()<Losses>(), ...);
}
template <class Visit>
constexpr void for_each_loss(Visit&& visit) {
  for_each_loss(visit, Catalogue{});
}

/// The defaults in the order of `parameters`. A constant: computed at run time, g++ 12 warns of the members
/// that a loss does not have.
template <class Loss>
inline constexpr auto initial_values = [] {
  std::array<ParameterFacts::Value, parameters<Loss>.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = std::visit([](auto member) -> ParameterFacts::Value { return Loss{}.*member; },
                        parameters<Loss>[i].member);
  return out;
}();

namespace detail {
template <class... Losses>
constexpr bool all_well_formed(List<Losses...>) {
  return ((sizeof(WellFormed<Losses>) != 0) && ...);
}
template <class... Losses>
constexpr bool names_distinct(List<Losses...>) {
  constexpr std::array names{facts<Losses>.name...};
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j]) return false;
  return true;
}
static_assert(all_well_formed(Catalogue{}));
static_assert(names_distinct(Catalogue{}), "two losses of the catalogue have one name");
}  // namespace detail

}  // namespace assay
