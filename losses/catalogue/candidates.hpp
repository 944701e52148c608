// Among how many a row chooses: a fact of each loss that is a softmax, a maximum or a ranking over something.
// Beside the records, not in them: nothing that computes a loss has use for it.
#pragma once

#include <cstdint>

#include "losses/catalogue/catalogue.hpp"

namespace assay {

/// The extent of that axis, and `more`. With one candidate at most the result is known without the numbers.
struct Candidates {
  char axis = 0;  ///< 0: a row chooses nothing
  std::int64_t more = 0;
};

template <class Loss>
inline constexpr Candidates candidates{};
template <>
inline constexpr Candidates candidates<LogSumExp>{Axes::classes};
template <>
inline constexpr Candidates candidates<Softmax>{Axes::classes};
template <>
inline constexpr Candidates candidates<LogSoftmax>{Axes::classes};
template <>
inline constexpr Candidates candidates<CategoricalCrossEntropyWithLogits>{Axes::classes};
template <>
inline constexpr Candidates candidates<SparseCategoricalCrossEntropyWithLogits>{Axes::classes};
template <>
inline constexpr Candidates candidates<FocalWithLogits>{Axes::classes};
template <>
inline constexpr Candidates candidates<PolyCrossEntropyWithLogits>{Axes::classes};
template <>
inline constexpr Candidates candidates<MultiMargin>{Axes::classes};
template <>
inline constexpr Candidates candidates<CategoricalHinge>{Axes::classes};
template <>
inline constexpr Candidates candidates<MultilabelMargin>{Axes::classes};
template <>
inline constexpr Candidates candidates<ArcFace>{Axes::classes};
template <>
inline constexpr Candidates candidates<CosFace>{Axes::classes};
/// The positive beside the negatives.
template <>
inline constexpr Candidates candidates<InfoNce>{'M', 1};
/// Every row but itself.
template <>
inline constexpr Candidates candidates<NtXent>{'N', -1};
template <>
inline constexpr Candidates candidates<SupCon>{'N', -1};
template <>
inline constexpr Candidates candidates<MultipleNegativesRanking>{'N'};
/// The speakers.
template <>
inline constexpr Candidates candidates<Ge2e>{'S'};

namespace detail {
template <class Loss>
constexpr bool candidates_along_an_axis() {
  if (candidates<Loss>.axis == 0) return candidates<Loss>.more == 0;
  for (const Input& each : facts<Loss>.inputs)
    if (each.axes.contains(candidates<Loss>.axis)) return true;
  return false;
}
template <class... Losses>
constexpr bool all_candidates_along_an_axis(List<Losses...>) {
  return (candidates_along_an_axis<Losses>() && ...);
}
static_assert(all_candidates_along_an_axis(Catalogue{}), "candidates along an axis that no input has");
}  // namespace detail

}  // namespace assay
