#include "reference/cases/shapes.hpp"

#include <limits>

namespace assay::reference {
namespace {

struct Binder {
  const Record& record;
  const Case& c;
  AxisExtents axes{};
  std::string_view leading_from = "";
  Axes leading_axes{};
  std::map<char, std::string_view> extent_from{};

  std::string has(std::string_view name) const {
    return std::string(name) + " has shape " + to_text(c.inputs.at(std::string(name)).shape);
  }

  std::optional<std::string> bind(const Input& input) {
    const Shape& shape = c.inputs.at(std::string(input.name)).shape;
    const std::string_view letters = input.axes.letters();
    if (!input.axes.admits(shape.size()))
      return has(input.name) + "; it must have " + (input.axes.has_leading() ? "at least " : "") +
             std::to_string(letters.size()) + (letters.size() == 1 ? " axis" : " axes");
    const std::size_t leading = input.axes.leading_rank(shape.size());
    if (input.axes.has_leading())
      if (auto error =
              bind_leading(input, Shape(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(leading))))
        return error;
    for (std::size_t k = 0; k < letters.size(); ++k)
      if (auto error = bind_letter(input, letters[k], shape[leading + k])) return error;
    return std::nullopt;
  }

  std::optional<std::string> bind_leading(const Input& input, Shape leading) {
    if (!axes.leading) {
      axes.leading = std::move(leading);
      leading_from = input.name;
      leading_axes = input.axes;
      return std::nullopt;
    }
    if (*axes.leading == leading) return std::nullopt;
    if (input.axes == leading_axes)
      return has(input.name) + "; it must have the shape of " + std::string(leading_from) + ", " +
             to_text(c.inputs.at(std::string(leading_from)).shape);
    return has(input.name) + "; its leading axes must be " + to_text(*axes.leading) + ", since " +
           has(leading_from);
  }

  std::optional<std::string> bind_letter(const Input& input, char letter, std::int64_t extent) {
    if (letter == Axes::classes && extent == 0)
      return has(input.name) + "; the number of classes must be at least 1";
    if (!axes.extent.contains(letter) && record.along_last_leading(letter)) {
      if (!axes.leading || axes.leading->empty())
        return has(input.name) + "; it goes along the last axis of " + std::string(leading_from) +
               ", which is a scalar";
      axes.extent[letter] = axes.leading->back();
      extent_from[letter] = leading_from;
    }
    const auto [at, fresh] = axes.extent.emplace(letter, extent);
    if (fresh) extent_from[letter] = input.name;
    if (at->second == extent) return std::nullopt;
    return has(input.name) + "; its axis " + letter + " must be " + std::to_string(at->second) + ", since " +
           has(extent_from[letter]);
  }
};

}  // namespace

Shape AxisExtents::shape(Axes axes) const {
  Shape out;
  if (axes.has_leading()) out = leading.value();
  for (const char each : axes.letters()) out.push_back(extent.at(each));
  return out;
}

std::optional<std::int64_t> AxisExtents::classes() const {
  const auto at = extent.find(Axes::classes);
  return at == extent.end() ? std::nullopt : std::optional(at->second);
}

Binding bind_axes(const Record& record, const Case& c) {
  Binder binder{record, c};
  for (const bool leading : {true, false})
    for (const Input& each : record.inputs) {
      if (each.axes.has_leading() != leading || !c.inputs.contains(std::string(each.name))) continue;
      if (auto error = binder.bind(each)) return {std::move(binder.axes), std::move(error)};
    }
  for (const AxisRule& rule : record.axis_rules) {
    const auto at = binder.axes.extent.find(rule.axis);
    if (at == binder.axes.extent.end() || rule.admits(at->second)) continue;
    const std::string error = binder.has(binder.extent_from[rule.axis]) + "; its axis " +
                              std::string(1, rule.axis) + " must be " + std::string(rule.text);
    return {std::move(binder.axes), error};
  }
  return {std::move(binder.axes), std::nullopt};
}

std::optional<std::int64_t> checked_product(const Shape& shape) {
  // An extent of 0 makes the product 0 whatever stands beside it.
  for (const std::int64_t each : shape)
    if (each == 0) return 0;
  std::int64_t product = 1;
  for (const std::int64_t each : shape) {
    if (each > std::numeric_limits<std::int64_t>::max() / product) return std::nullopt;
    product *= each;
  }
  return product;
}

std::string to_text(const Shape& shape) {
  std::string out = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) out += (i ? ", " : "") + std::to_string(shape[i]);
  return out + "]";
}

}  // namespace assay::reference
