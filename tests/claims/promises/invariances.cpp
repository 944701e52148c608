// Promises about two questions with one answer.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "tests/claims/promises/promises.hpp"
#include "tools/cases/case_builder.hpp"

namespace assay::tests {
namespace {

/// 1, 3, 5 or 7 times a power of two: exact on the grid.
double factor(int least_exponent, int exponent_end) {
  return (2 * *rc::gen::inRange(0, 4) + 1) * std::ldexp(1, *rc::gen::inRange(least_exponent, exponent_end));
}

std::vector<std::size_t> order(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i)
    std::swap(out[i - 1], out[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(i)))]);
  return out;
}

std::size_t width_of(const Tensor& t) { return static_cast<std::size_t>(t.shape.back()); }

std::vector<double> reordered(const std::vector<double>& rows, const std::vector<std::size_t>& by) {
  std::vector<double> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = rows[i - i % by.size() + by[i % by.size()]];
  return out;
}

/// The tensor read backwards along one of its axes.
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

}  // namespace

void is_symmetric(const Promised& p) {
  const Case c = drawn(p);
  Case exchanged = c;
  std::swap(exchanged.inputs[std::string(p.record.inputs[0].name)],
            exchanged.inputs[std::string(p.record.inputs[1].name)]);
  if (why_invalid(exchanged)) return;  // an infinity where only finite numbers go
  expect_same(p, c, exchanged);
}

void is_shift_invariant(const Promised& p) {
  const Case c = drawn_on_grid(p);
  Case shifted = c;
  Tensor& subject = shifted.inputs[std::string(p.promise.subject)];
  double by = 0;
  for (std::size_t i = 0; i < subject.real.size(); ++i) {
    if (i % width_of(subject) == 0) by = *rc::gen::inRange(-64, 65) * 8.;
    subject.real[i] += by;
  }
  expect_same(p, c, shifted);
}

void is_scale_invariant(const Promised& p) {
  const Case c = drawn_on_grid(p);
  Case scaled = c;
  Tensor& subject = scaled.inputs[std::string(p.promise.subject)];
  const int far = PerDtype<int>{.f32 = 60, .f64 = 400}[p.dtype];
  double by = 1;
  for (std::size_t i = 0; i < subject.real.size(); ++i) {
    if (i % width_of(subject) == 0) by = factor(-far, far);
    subject.real[i] *= by;
  }
  expect_same(p, c, scaled);
}

void is_homogeneous(const Promised& p) {
  const Case c = drawn_on_grid(p);
  Case scaled = c;
  // Parameters have all their digits, and powers of two alone keep them; probabilities may only shrink.
  bool exact = true, bounded = false;
  for (const std::string& name : names(p.promise.subject)) {
    const Input* input = p.record.input(name);
    exact = exact && input;
    bounded = bounded || (input && input->domain.high == 1);
  }
  const double by = exact && !bounded ? factor(-8, 9) : std::ldexp(1, *rc::gen::inRange(-8, bounded ? 1 : 9));
  for (const std::string& name : names(p.promise.subject))
    if (p.record.input(name))
      for (double& x : scaled.inputs[name].real) x *= by;
    else
      scaled.parameters[name] = number(c, name) * by;
  expect_same(p, c, scaled, std::pow(by, p.promise.constant));
}

void is_translation_invariant(const Promised& p) {
  const Case c = drawn_on_grid(p);
  Case moved = c;
  const std::vector<std::string> subjects = names(p.promise.subject);
  for (std::size_t i = 0; i < c.inputs.at(subjects.front()).real.size(); ++i) {
    const double by = *rc::gen::inRange(-64, 65) * 8.;
    for (const std::string& name : subjects) moved.inputs[name].real.at(i) += by;
  }
  expect_same(p, c, moved);
}

// By the angle whose cosine is 3/5 in the plane of two features, and all is five times as long: exact.
void is_rotation_invariant(const Promised& p) {
  Case c = drawn_on_grid(p);
  const char features = p.record.inputs[0].axes.back();
  const std::size_t width = width_of(c.inputs.at(std::string(p.record.inputs[0].name)));
  if (width < 2) return;
  const std::vector<std::size_t> plane = order(width);
  Case turned = c;
  for (const Input& input : p.record.inputs) {
    if (input.integer || input.axes.back() != features) continue;
    std::vector<double>&longer = c.inputs.at(std::string(input.name)).real,
    &other = turned.inputs.at(std::string(input.name)).real;
    for (double& x : longer) x *= 5;
    for (std::size_t row = 0; row < other.size(); row += width) {
      const double a = other[row + plane[0]], b = other[row + plane[1]];
      for (std::size_t d = row; d < row + width; ++d) other[d] *= 5;
      other[row + plane[0]] = 3 * a - 4 * b;
      other[row + plane[1]] = 4 * a + 3 * b;
    }
  }
  expect_same(p, c, turned);
}

void is_permutation_invariant(const Promised& p) {
  const Case c = drawn(p);
  Case other = c;
  std::map<char, std::vector<std::size_t>> orders;
  for (const Input& input : p.record.inputs) {
    const auto given = other.inputs.find(std::string(input.name));
    const char last = input.axes.back();
    if (given == other.inputs.end() || input.integer || !is_width(p.record, last)) continue;
    if (!orders.contains(last)) orders[last] = order(width_of(given->second));
    given->second.real = reordered(given->second.real, orders[last]);
  }
  if (const auto classes = orders.find('C'); classes != orders.end()) {
    // The class k stands where order[k'] = k.
    std::vector<std::int64_t> place(classes->second.size());
    for (std::size_t k = 0; k < place.size(); ++k) place[classes->second[k]] = static_cast<std::int64_t>(k);
    const auto follow = [&](std::int64_t& y) {
      if (y >= 0 && y < static_cast<std::int64_t>(place.size())) y = place[static_cast<std::size_t>(y)];
    };
    for (const Input& input : p.record.inputs)
      if (input.integer && input.domain.kind != Domain::Kind::length)
        for (std::int64_t& y : other.inputs.at(std::string(input.name)).integer) follow(y);
    for (const char* name : {"ignore_index", "blank"})
      if (const auto given = other.parameters.find(name); given != other.parameters.end())
        follow(std::get<std::int64_t>(given->second));
  }
  std::vector<double> values = p.values(c);
  if (p.record.output.back() == p.record.inputs[0].axes.back()) {
    const auto own = orders.find(p.record.output.back());
    if (own != orders.end()) values = reordered(values, own->second);
  }
  expect_same(p, c, values, other, p.values(other));
}

void is_repetition_invariant(const Promised& p) {
  const Case c = drawn(p);
  Case twice = c;
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
  expect_same(p, c, twice);
}

void sees_no_order_of_rows(const Promised& p) {
  const Case c = drawn(p);
  const std::vector<std::int64_t> rows = value_shape(c);
  if (rows.empty()) return;
  Case other = c;
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
  expect_same(p, c, backwards(p.values(c), rows, 0), other, p.values(other));
}

}  // namespace assay::tests
