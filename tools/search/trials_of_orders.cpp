// Of trials.hpp: promises that two questions have one answer, where what the inputs hold is reordered or
// repeated.
#include <map>
#include <numeric>

#include "tools/cases/case_builder.hpp"
#include "tools/search/trials.hpp"

namespace assay::search::trials {
namespace {

using Order = std::vector<std::size_t>;

std::size_t width_of(const Tensor& t) { return static_cast<std::size_t>(t.shape.back()); }

Order any_order(std::size_t count, Random& random) {
  Order out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

/// Every row reordered alike.
std::vector<double> reordered(const std::vector<double>& rows, const Order& by) {
  std::vector<double> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = rows[i - i % by.size() + by[i % by.size()]];
  return out;
}

/// The numbers of a tensor read backwards along one of its axes.
template <class Number>
std::vector<Number> backwards(const std::vector<Number>& numbers, const std::vector<std::int64_t>& shape,
                              std::size_t axis) {
  std::size_t inner = 1;
  for (std::size_t k = axis + 1; k < shape.size(); ++k) inner *= static_cast<std::size_t>(shape[k]);
  const auto extent = static_cast<std::size_t>(shape[axis]);
  std::vector<Number> out(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t at = i / inner % extent;
    out[i] = numbers[i - at * inner + (extent - 1 - at) * inner];
  }
  return out;
}

/// What names a class names it at its new place.
void relabel(const Record& record, Case& c, const Order& order) {
  // The class k stands where order[k'] = k.
  std::vector<std::int64_t> place(order.size());
  for (std::size_t k = 0; k < place.size(); ++k) place[order[k]] = static_cast<std::int64_t>(k);
  const auto follow = [&](std::int64_t& y) {
    if (y >= 0 && y < static_cast<std::int64_t>(place.size())) y = place[static_cast<std::size_t>(y)];
  };
  for (const Input& input : record.inputs)
    if (input.integer && input.domain.kind != Domain::Kind::length)
      for (std::int64_t& y : c.inputs.at(std::string(input.name)).integer) follow(y);
  for (const char* name : {"ignore_index", "blank"})
    if (const auto given = c.parameters.find(name); given != c.parameters.end())
      follow(std::get<std::int64_t>(given->second));
}

}  // namespace

Trial permutation_invariant(const Promised& p, const Draw& d, Random choices) {
  Case other = d.base;
  std::map<char, Order> orders;
  for (const Input& input : p.record.inputs) {
    const auto given = other.inputs.find(std::string(input.name));
    const char last = input.axes.back();
    if (given == other.inputs.end() || input.integer || !is_width(p.record, last)) continue;
    if (!orders.contains(last)) orders[last] = any_order(width_of(given->second), choices);
    given->second.real = reordered(given->second.real, orders[last]);
  }
  if (const auto classes = orders.find(Axes::classes); classes != orders.end())
    relabel(p.record, other, classes->second);
  Order own;
  if (p.record.output.back() == p.record.inputs[0].axes.back())
    if (const auto found = orders.find(p.record.output.back()); found != orders.end()) own = found->second;
  return same_values(
      p, d.base, std::move(other),
      [own](std::vector<double> values) { return own.empty() ? values : reordered(values, own); }, 2);
}

Trial repetition_invariant(const Promised& p, const Draw& d, Random) {
  Case twice = d.base;
  for (const Input& input : p.record.inputs) {
    if (input.axes.back() != p.record.inputs[0].axes.back()) continue;
    Tensor& t = twice.inputs.at(std::string(input.name));
    const auto width = static_cast<std::ptrdiff_t>(width_of(t));
    std::vector<double> longer;
    for (auto row = t.real.begin(); row != t.real.end(); row += width)
      for (int copy = 0; copy < 2; ++copy) longer.insert(longer.end(), row, row + width);
    t.real = std::move(longer);
    t.shape.back() *= 2;
  }
  return same_values(p, d.base, std::move(twice));
}

Trial order_of_rows(const Promised& p, const Draw& d, Random) {
  const std::vector<std::int64_t> rows = value_shape(d.base);
  if (rows.empty()) return {};
  Case other = d.base;
  const char first = p.record.output.front();
  for (const Input& input : p.record.inputs) {
    const auto given = other.inputs.find(std::string(input.name));
    if (given == other.inputs.end()) continue;
    Tensor& t = given->second;
    std::optional<std::size_t> axis = input.axes.position(first);
    // One a class of an element-wise loss, whose only axis is the classes'.
    if (!axis && p.record.along_last_leading(input.axes.front()) && rows.size() == 1) axis = 0;
    if (!axis) continue;
    t.real = backwards(t.real, t.shape, *axis);
    t.integer = backwards(t.integer, t.shape, *axis);
  }
  return same_values(
      p, d.base, std::move(other),
      [rows](const std::vector<double>& values) { return backwards(values, rows, 0); }, 2);
}

}  // namespace assay::search::trials
