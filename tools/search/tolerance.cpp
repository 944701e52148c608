#include "tools/search/tolerance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "tools/judge/judge.hpp"

namespace assay::search {
namespace {

double unless_nan(double x) { return std::isnan(x) ? 0 : x; }

/// The unit in the last place, continuing past overflow.
double unit(Dtype dtype, double x) {
  return std::isinf(x) ? std::ldexp(1, format(dtype).max_exponent + 1 - format(dtype).precision)
                       : ulp(dtype, x);
}

}  // namespace

double ulp(Dtype dtype, double x) { return std::ldexp(1, ulp_exponent(dtype, std::isfinite(x) ? x : 0)); }

double Tolerance::always(Dtype dtype, double x) const {
  return (declared_ ? declared_->ulp : sum_of_roundings(1)) * ulp(dtype, x);
}

double Tolerance::besides(const Case& c, std::size_t i) const {
  if (declared_ && std::ldexp(1, declared_->conditioned) == 0) return 0;
  const reference::Truth truth = reference::certify(c);
  return i < truth.value.components.size() ? besides(c.dtype, truth.value, i, false) : infinity;
}

double Tolerance::besides(const Case& c, const std::string& input, std::size_t i) const {
  if (declared_) return 0;
  const reference::Truth truth = reference::certify(c);
  const auto by = truth.gradient.find(input);
  if (by == truth.gradient.end() || i >= by->second.components.size()) return infinity;
  return besides(c.dtype, by->second, i, true);
}

double Tolerance::besides(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                          bool gradient) const {
  const reference::Component& v = truth.components[i];
  const double sensitivity = unless_nan(v.sensitivity);
  if (!declared_) {
    const double conditioned = std::ldexp(sensitivity, -format(dtype).precision);
    return sum_of_roundings(v.input_count) * std::max(unit(dtype, v.rounded), conditioned) -
           sum_of_roundings(1) * unit(dtype, v.rounded);
  }
  double by = sensitivity;
  // A gradient that is held by the row is excused by the row's largest component.
  if (gradient && declared_->norm_wise && !truth.shape.empty()) {
    const auto width = static_cast<std::size_t>(truth.shape.back());
    double largest = 0;
    for (std::size_t k = i - i % width; k < i - i % width + width; ++k)
      if (std::isfinite(truth.components[k].rounded))
        largest = std::max(largest, std::abs(truth.components[k].rounded));
    by += largest;
  }
  return std::ldexp(by, declared_->conditioned);
}

double Tolerance::excused_units(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                                bool gradient) const {
  const double rounded = truth.components[i].rounded, excused = besides(dtype, truth, i, gradient);
  return excused / (declared_ ? ulp(dtype, rounded) : unit(dtype, rounded));
}

double Tolerance::units(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                        bool gradient) const {
  return (declared_ ? declared_->ulp : sum_of_roundings(1)) + excused_units(dtype, truth, i, gradient);
}

bool Tolerance::holds_gradient(const Record& record, std::string_view input) const {
  return !declared_ || !is_shared(record, input);
}

bool is_shared(const Record& record, std::string_view input) {
  const Input* found = record.input(input);
  const bool grouped = record.rows_depend && record.output.size() > 1;
  const bool compared_with = record.rows_depend && found != record.inputs.data();
  return found && (grouped || compared_with || !std::ranges::any_of(record.output, [&](char axis) {
                     return found->axes.contains(axis);
                   }));
}

}  // namespace assay::search
