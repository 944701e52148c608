#include "tools/search/simpler.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <optional>

#include "reference/cases/shapes.hpp"
#include "tools/cases/case_builder.hpp"

namespace assay::search {
namespace {

/// An axis that inputs share: a letter, or one of the leading axes.
struct Axis {
  char letter = Axes::leading;
  std::size_t place = 0;  // among the leading ones
  std::int64_t extent = 0;
};

std::vector<Axis> axes_of(const Record& record, const reference::AxisExtents& axes) {
  std::vector<Axis> out;
  if (axes.leading)
    for (std::size_t k = 0; k < axes.leading->size(); ++k)
      out.push_back({Axes::leading, k, (*axes.leading)[k]});
  for (const auto& [letter, extent] : axes.extent)
    if (!record.along_last_leading(letter)) out.push_back({letter, 0, extent});
  return out;
}

/// Which dimension of a tensor of these axes it is, `rank` of them leading; nothing where the tensor does not
/// have it.
std::optional<std::size_t> dimension(const Record& record, Axes of, const Axis& axis, std::size_t rank) {
  if (axis.letter == Axes::leading) {
    if (of.has_leading()) return axis.place;
    for (std::size_t k = 0; k < of.size(); ++k)
      if (axis.place + 1 == rank && record.along_last_leading(of[k])) return k;
    return std::nullopt;
  }
  const std::optional<std::size_t> at = of.position(axis.letter);
  return at && of.has_leading() ? *at - 1 + rank : at;
}

/// The numbers without those at `from`.. `from + count` of one dimension.
template <class Number>
std::vector<Number> cut(const std::vector<Number>& numbers, const std::vector<std::int64_t>& shape,
                        std::size_t dimension, std::int64_t from, std::int64_t count) {
  std::int64_t inner = 1;
  for (std::size_t k = dimension + 1; k < shape.size(); ++k) inner *= shape[k];
  std::vector<Number> out;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t at = static_cast<std::int64_t>(i) / inner % shape[dimension];
    if (at < from || at >= from + count) out.push_back(numbers[i]);
  }
  return out;
}

/// A class keeps its name as far as it is still there, and the lengths fit.
void follow(const Record& record, Case& c, const Axis& axis, std::int64_t from, std::int64_t count) {
  const auto renamed = [&](std::int64_t y) {
    if (y >= from + count) return y - count;
    return y >= from ? 0 : y;
  };
  for (const Input& input : record.inputs) {
    const auto given = c.inputs.find(std::string(input.name));
    if (given == c.inputs.end()) continue;
    for (std::int64_t& y : given->second.integer) {
      if (axis.letter == Axes::classes && input.domain.is_class_index()) y = renamed(y);
      if (input.domain.kind == Domain::Kind::length && input.domain.axis == axis.letter)
        y = std::min(y, axis.extent - count);
    }
  }
  for (const ParameterFacts& each : record.parameters)
    if (const auto given = c.parameters.find(std::string(each.name));
        axis.letter == Axes::classes && each.domain.is_class_index() && given != c.parameters.end())
      given->second = renamed(std::get<std::int64_t>(given->second));
}

void shorten(const Record& record, Case& c, const Axis& axis, std::size_t rank, std::int64_t from,
             std::int64_t count) {
  const auto tensor = [&](Tensor& t, Axes axes) {
    const auto at = dimension(record, axes, axis, rank);
    if (!at || *at >= t.shape.size()) return;
    t.real = cut(t.real, t.shape, *at, from, count);
    t.integer = cut(t.integer, t.shape, *at, from, count);
    t.shape[*at] -= count;
  };
  for (const Input& input : record.inputs)
    if (const auto given = c.inputs.find(std::string(input.name)); given != c.inputs.end())
      tensor(given->second, input.axes);
  if (const auto weights = c.inputs.find("cotangent");
      weights != c.inputs.end() && !weights->second.shape.empty())
    tensor(weights->second, record.output);
  follow(record, c, axis, from, count);
}

/// Both points of a draw change alike.
template <class Change>
Simpler to_both(Change change) {
  return [change](Draw d) {
    change(d.base);
    if (!d.far.inputs.empty()) change(d.far);
    return d;
  };
}

/// Halves first, then less and less, as many as the record's rule goes by.
void add_shorter(std::vector<Simpler>& ways, const Record& record, const Axis& axis, std::size_t rank) {
  std::int64_t least = 1;
  for (const AxisRule& rule : record.axis_rules)
    if (rule.axis == axis.letter) least = rule.multiple;
  for (std::int64_t count = axis.extent / 2 / least * least; count > 0; count = count / 2 / least * least)
    for (std::int64_t from = axis.extent - count; from >= 0; from -= count)
      ways.push_back(to_both(
          [&record, axis, rank, from, count](Case& c) { shorten(record, c, axis, rank, from, count); }));
}

std::vector<double> simpler_numbers(double x) {
  std::vector<double> all{0, 1, -1, 2, -2};
  if (x != 0 && std::isfinite(x)) {
    int exponent = 0;
    const double significand = std::frexp(x, &exponent);
    for (const int bits : {1, 2, 3, 4, 6, 8, 12, 16, 20, 26, 32, 40, 46, 50, 52})
      all.push_back(std::ldexp(std::trunc(std::ldexp(significand, bits)), exponent - bits));
    for (const int nearer : {0, exponent / 2, exponent - exponent / 8, exponent - (exponent > 0 ? 1 : -1)})
      all.push_back(std::ldexp(significand, nearer));
    all.push_back(std::abs(x));
  }
  std::vector<double> out;
  for (const double each : all)
    if (complexity(each) < complexity(x) && std::ranges::find(out, each) == out.end()) out.push_back(each);
  return out;
}

/// What changes the numbers of an input: at one point of a draw, or at both where it is held between them.
template <class Change>
Simpler of_input(const Draw& draw, Case Draw::*point, const std::string& input, Change change) {
  const auto other = draw.far.inputs.find(input);
  const bool held = other != draw.far.inputs.end() && other->second.real == draw.base.inputs.at(input).real;
  return [point, input, change, held](Draw d) {
    change((d.*point).inputs.at(input));
    if (held) d.far.inputs.at(input) = d.base.inputs.at(input);
    return d;
  };
}

void add_rounder(std::vector<Simpler>& ways, const Draw& draw, Case Draw::*point, const std::string& input) {
  const Tensor& t = (draw.*point).inputs.at(input);
  for (const double all : {0., 1.})
    if (std::ranges::any_of(t.real, [&](double x) { return complexity(x) > complexity(all); }) &&
        std::ranges::all_of(t.real, [&](double x) { return complexity(x) >= complexity(all); }))
      ways.push_back(of_input(draw, point, input, [all](Tensor& to) { std::ranges::fill(to.real, all); }));
  for (std::size_t i = 0; i < t.real.size(); ++i)
    for (const double x : simpler_numbers(t.real[i]))
      ways.push_back(of_input(draw, point, input, [i, x](Tensor& to) { to.real[i] = x; }));
  for (std::size_t i = 0; i < t.integer.size(); ++i)
    if (t.integer[i] != 0)
      ways.push_back(to_both([input, i](Case& c) { c.inputs.at(input).integer[i] = 0; }));
}

bool is_initial(const std::string& parameter, const Case& c) {
  Case without = c;
  without.parameters.erase(parameter);
  return complete(c).parameters.at(parameter) == complete(std::move(without)).parameters.at(parameter);
}

}  // namespace

int complexity(double x) {
  if (x == 0) return std::signbit(x) ? 1 : 0;
  if (!std::isfinite(x)) return 3;
  int exponent = 0;
  const auto bits = static_cast<std::uint64_t>(std::ldexp(std::frexp(std::abs(x), &exponent), 53));
  return 3 * (53 - std::countr_zero(bits)) + std::abs(exponent - 1) + (x < 0 ? 1 : 0);
}

std::vector<Simpler> ways_to_simplify(const Record& record, const Draw& draw) {
  std::vector<Simpler> ways;
  const Case& c = draw.base;
  const reference::AxisExtents axes = reference::bind_axes(record, c).axes;
  const std::size_t rank = axes.leading ? axes.leading->size() : 0;
  for (const Axis& each : axes_of(record, axes)) add_shorter(ways, record, each, rank);
  for (const auto& [name, tensor] : c.inputs) {
    const Input* input = record.input(name);
    if (input && !input->optional) continue;
    ways.push_back(to_both([name = name](Case& without) {
      without.inputs.erase(name);
      std::erase(without.wrt, name);
    }));
  }
  for (const std::string& name : c.wrt)
    ways.push_back(to_both([name](Case& without) { std::erase(without.wrt, name); }));
  for (const auto& [name, value] : c.parameters)
    if (!is_initial(name, c))
      ways.push_back(to_both([name = name](Case& other) {
        Case without = other;
        without.parameters.erase(name);
        other.parameters[name] = complete(std::move(without)).parameters.at(name);
      }));
  for (const auto& [name, tensor] : c.inputs) add_rounder(ways, draw, &Draw::base, name);
  for (const auto& [name, tensor] : draw.far.inputs)
    if (tensor.real != c.inputs.at(name).real) add_rounder(ways, draw, &Draw::far, name);
  return ways;
}

}  // namespace assay::search
