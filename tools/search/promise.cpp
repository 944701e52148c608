#include "tools/search/promise.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <utility>

#include "tools/search/trials.hpp"

namespace assay::search {

// No default: a property without its check does not compile.
Check check_of(Property property) {
  using enum Check::Numbers;
  switch (property) {
    case Property::nonnegative:
      return {"IsNonnegative", anywhere, trials::nonnegative};
    case Property::at_most:
      return {"IsBounded", anywhere, trials::at_most};
    case Property::zero_at_match:
      return {"IsZeroWhereInputsMatch", anywhere, trials::zero_at_match};
    case Property::symmetric:
      return {"IsSymmetric", anywhere, trials::symmetric};
    case Property::convex:
      return {"IsConvex", two_on_grid, trials::convex};
    case Property::concave:
      return {"IsConcave", two_on_grid, trials::concave};
    case Property::affine:
      return {"IsAffine", two_on_grid, trials::affine};
    case Property::lipschitz:
      return {"IsLipschitz", anywhere, trials::lipschitz};
    case Property::smooth:
      return {"IsSmooth", on_grid, trials::smooth};
    case Property::shift_invariant:
      return {"IsShiftInvariant", on_grid, trials::shift_invariant};
    case Property::scale_invariant:
      return {"IsScaleInvariant", on_grid, trials::scale_invariant};
    case Property::homogeneous:
      return {"IsHomogeneous", on_grid, trials::homogeneous};
    case Property::translation_invariant:
      return {"IsTranslationInvariant", on_grid, trials::translation_invariant};
    case Property::rotation_invariant:
      return {"IsRotationInvariant", on_grid, trials::rotation_invariant};
    case Property::permutation_invariant:
      return {"IsPermutationInvariant", anywhere, trials::permutation_invariant};
    case Property::repetition_invariant:
      return {"IsRepetitionInvariant", anywhere, trials::repetition_invariant};
    case Property::unit_range:
      return {"IsInTheUnitRange", anywhere, trials::unit_range};
    case Property::sums_to_one:
      return {"SumsToOne", anywhere, trials::sums_to_one};
  }
  std::abort();
}

Check order_of_rows() { return {"SeesNoOrderOfRows", Check::Numbers::anywhere, trials::order_of_rows}; }

std::optional<Draw> drawn(const Promised& p, const Check& check, Random& random) {
  const Ground ground{p.record, p.dtype, p.promise.where, p.offers};
  std::optional<Case> base =
      check.numbers == Check::Numbers::anywhere ? anywhere(ground, random) : on_grid(ground, random);
  if (!base) return std::nullopt;
  Draw out{std::move(*base), {}};
  if (check.numbers != Check::Numbers::two_on_grid) return out;
  out.far = out.base;
  for (const std::string& name : names(p.promise.subject)) {
    const Domain domain = under_parameters(p.record, *p.record.input(name), out.base).domain;
    std::vector<double>& near = out.base.inputs.at(name).real;
    // Both points on one grid: what is between them is exact.
    const std::vector<double> both = grid_numbers(domain, 2 * near.size(), random);
    const auto middle = both.begin() + static_cast<std::ptrdiff_t>(near.size());
    near.assign(both.begin(), middle);
    out.far.inputs.at(name).real.assign(middle, both.end());
  }
  return out;
}

std::optional<std::string> misfit(const Case& question, const Answer& answer) {
  const auto fits = [](const Tensor& t, const std::vector<std::int64_t>& shape) {
    return t.shape == shape && !t.is_integer && std::cmp_equal(t.real.size(), product(shape));
  };
  if (const auto shape = value_shape(question); !fits(answer.value, shape))
    return fmt::format("the value has shape [{}], should have [{}]", fmt::join(answer.value.shape, ", "),
                       fmt::join(shape, ", "));
  for (const std::string& name : question.wrt) {
    const auto given = answer.gradient.find(name);
    if (given == answer.gradient.end()) return fmt::format("the gradient by {} is missing", name);
    if (const auto& shape = question.inputs.at(name).shape; !fits(given->second, shape))
      return fmt::format("the gradient by {} has shape [{}], should have [{}]", name,
                         fmt::join(given->second.shape, ", "), fmt::join(shape, ", "));
  }
  return std::nullopt;
}

std::vector<std::string> names(std::string_view list) {
  std::vector<std::string> out;
  each_name(list, [&](std::string_view each) { out.emplace_back(each); });
  return out;
}

}  // namespace assay::search
