#include "tools/judge/regime.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "losses/catalogue/records.hpp"
#include "tools/judge/degenerate.hpp"

namespace assay {
namespace {

using reference::Component;
using reference::TensorTruth;

bool is_special(const Case& question) {
  return std::ranges::any_of(question.inputs, [](const auto& named) {
    return std::ranges::any_of(named.second.real, [](double x) { return !std::isfinite(x); });
  });
}

bool has_far_parameter(const Case& question) {
  return std::ranges::any_of(question.record()->parameters, [&](const ParameterFacts& facts) {
    if (std::holds_alternative<double>(facts.initial))
      return is_far(number_of(question, facts.name), question.dtype);
    const auto* initial = std::get_if<std::span<const double>>(&facts.initial);
    if (!initial) return false;
    const auto given = question.parameters.find(std::string(facts.name));
    const std::span<const double> all =
        given == question.parameters.end() ? *initial : std::get<std::vector<double>>(given->second);
    return std::ranges::any_of(all,
                               [&](double x) { return is_far(round_to(question.dtype, x), question.dtype); });
  });
}

bool has_far_number(const Case& question) {
  return std::ranges::any_of(question.inputs, [&](const auto& named) {
    return std::ranges::any_of(named.second.real, [&](double x) { return is_far(x, question.dtype); });
  });
}

Regime regime_of_valid(const Case& question) {
  if (is_special(question)) return Regime::special;
  if (is_degenerate(question)) return Regime::degenerate;
  return has_far_number(question) || has_far_parameter(question) ? Regime::extreme : Regime::everyday;
}

/// Of the exact number. What rounds to 0 may be so small that no distance in ulp shows it; its digits do.
bool is_zero(const Component& c) {
  return c.rounded == 0 && c.offset == 0 && (c.digits.empty() || c.digits == "0");
}

/// Whether the exact number is nearer to 0 than a bound: by the rounded one and its distance, which decides
/// where both are the same.
bool is_below(const Component& c, double bound, Dtype dtype) {
  const double size = std::abs(c.rounded);
  if (std::isinf(size)) return false;
  // Of numbers of no sign the distance is a size; below a power of two it counts in halves of the unit there.
  const double outwards = c.rounded > 0 ? c.offset : c.rounded < 0 ? -c.offset : std::abs(c.offset);
  int exponent = 0;
  const bool halved = outwards < 0 && std::frexp(size, &exponent) == .5 &&
                      exponent - 1 > format(dtype).least_normal_exponent();
  const double unit = std::ldexp(1., ulp_exponent(dtype, size) - (halved ? 1 : 0));
  return (size - bound) / unit + outwards < 0;
}

/// S as a tail is measured by. One that takes all of binary64's digits was rounded to them: what equals it,
/// a third of u beside a third, is no nearer to 0.
double surely(double scale) {
  const bool exact = round_to(Dtype::f32, scale) == scale;
  return exact ? scale : scale * (1 - power_of_two(-50));
}

/// What a regime asks of the rows of a result.
struct Rows {
  bool subnormal = false;  ///< the largest component of some row is not 0 and below the least normal number
  bool tail = false;       ///< it is not 0 and below u S
};

void look_at(const TensorTruth& tensor, std::size_t width, Dtype dtype, Rows& found) {
  const Format& f = format(dtype);
  const double u = power_of_two(-std::max(f.precision, format_of<float>.precision));
  const std::span<const Component> all = tensor.components;
  for (std::size_t first = 0; width > 0 && first + width <= all.size(); first += width) {
    const auto row = all.subspan(first, width);
    bool zero = true, subnormal = true, tail = true;
    double scale = 0;
    for (const Component& c : row)
      if (std::isfinite(c.scale)) scale = std::max(scale, c.scale);
    for (const Component& c : row) {
      if (std::isnan(c.rounded)) continue;
      zero = zero && is_zero(c);
      subnormal = subnormal && is_below(c, f.smallest_normal(), dtype);
      tail = tail && is_below(c, u * surely(scale), dtype);
    }
    found.subnormal |= !zero && subnormal;
    found.tail |= !zero && tail && scale > 0;
  }
}

std::size_t last_extent(const TensorTruth& tensor) {
  return tensor.shape.empty() ? 1 : static_cast<std::size_t>(tensor.shape.back());
}

/// How many components of the value are a row of it: one, but where the loss keeps rows.
std::size_t row_of_value(const Case& question, const TensorTruth& value) {
  return question.record()->keeps_rows() && question.reduction == Reduction::none ? last_extent(value) : 1;
}

/// A gradient's rows are the input's: what it has along an axis that tells no row from another.
std::size_t row_of_gradient(const Record& record, std::string_view input, const TensorTruth& gradient) {
  const Axes axes = record.input(input)->axes;
  const bool row =
      record.kind == Kind::row_wise && !axes.letters().empty() && !record.row_axes().contains(axes.back());
  return row ? last_extent(gradient) : 1;
}

/// v is finite and has no number of the dtype.
bool overflows(const Component& c) { return std::isinf(c.rounded) && !std::isnan(c.sensitivity); }

/// A finite value has a gradient, unless something of nothing was taken: a centroid of zeros, too.
bool has_no_gradient(const reference::Truth& truth) {
  const bool finite = std::ranges::all_of(truth.value.components,
                                          [](const Component& c) { return std::isfinite(c.rounded); });
  return finite && std::ranges::any_of(truth.gradient, [](const auto& named) {
           return std::ranges::any_of(named.second.components, [](const Component& c) { return !c.checked; });
         });
}

}  // namespace

// Of a format that has no such numbers, what it has without the ends: 2^-14..2^14.
bool is_far(double x, Dtype dtype) {
  const int least = format(dtype).least_normal_exponent();
  const double size = std::abs(x);
  return size != 0 &&
         !(size >= power_of_two(std::max(-30, least)) && size <= power_of_two(std::min(20, -least)));
}

std::string_view name(Regime regime) {
  switch (regime) {
    case Regime::everyday:
      return "everyday";
    case Regime::tail:
      return "tail";
    case Regime::extreme:
      return "extreme";
    case Regime::degenerate:
      return "degenerate";
    case Regime::special:
      return "special";
    case Regime::invalid:
      break;
  }
  return "invalid";
}

std::optional<Regime> regime_named(std::string_view name) {
  for (const Regime each : regimes)
    if (assay::name(each) == name) return each;
  return std::nullopt;
}

Regime regime_of_inputs(const Case& question) {
  return why_invalid(question) ? Regime::invalid : regime_of_valid(question);
}

Regime regime_of(const Case& question, const reference::Truth& truth) {
  if (!truth.error.empty()) return Regime::invalid;
  const Regime by_inputs = regime_of_valid(question);
  if (by_inputs > Regime::extreme) return by_inputs;
  if (has_no_gradient(truth)) return Regime::degenerate;
  if (by_inputs == Regime::extreme) return by_inputs;

  const Record& record = *question.record();
  const auto any_overflow = [](const TensorTruth& t) { return std::ranges::any_of(t.components, overflows); };
  bool overflow = any_overflow(truth.value);
  Rows rows;
  look_at(truth.value, row_of_value(question, truth.value), question.dtype, rows);
  for (const auto& [input, gradient] : truth.gradient) {
    overflow = overflow || any_overflow(gradient);
    look_at(gradient, row_of_gradient(record, input, gradient), question.dtype, rows);
  }
  if (overflow || rows.subnormal) return Regime::extreme;
  return rows.tail ? Regime::tail : Regime::everyday;
}

}  // namespace assay
