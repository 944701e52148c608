// why_invalid of case.hpp: what the contract's sections 1 and 2 do not admit, each said in one line.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"
#include "reference/cases/shapes.hpp"

namespace assay {
namespace {

using reference::AxisExtents;
using reference::Shape;
using reference::to_text;
using Error = std::optional<std::string>;

/// A name that came from outside: in quotes, on one line, not endless.
std::string quoted(std::string_view name) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char each : name.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte < 0x20 || byte == 0x7f)
      out += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
    else
      out += each;
  }
  return out + (name.size() > 60 ? "...\"" : "\"");
}

std::string number(Dtype dtype, double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  return shortest_decimal(dtype, x);
}

std::string suggestion(std::string_view wanted, const std::vector<std::string>& known) {
  if (const auto meant = nearest(wanted, known)) return "; did you mean " + quoted(*meant) + "?";
  if (known.empty()) return "; it has none";
  std::string out = "; it has ";
  for (std::size_t i = 0; i < known.size(); ++i)
    out += (i == 0 ? "" : i + 1 == known.size() ? " and " : ", ") + quoted(known[i]);
  return out;
}

template <class Range>
std::vector<std::string> names(const Range& all) {
  std::vector<std::string> out;
  for (const auto& each : all) out.emplace_back(each.name);
  return out;
}

std::string unknown_loss(std::string_view wanted) {
  std::string out = "no loss named " + quoted(wanted);
  const auto meant = nearest(wanted, names(catalogue()));
  out += meant ? "; did you mean " + quoted(*meant) + "? " : "; ";
  return out + "'assay losses' lists all " + std::to_string(catalogue().size()) + ".";
}

std::string_view rule(const Domain& domain) { return domain.text.empty() ? "finite" : domain.text; }

struct Inspector {
  const Case& c;
  const Record& record;
  AxisExtents axes{};
  std::vector<bool> ignored{};  ///< by row, when labels may be ignored
  Axes ignored_by{};            ///< the axes of those labels

  Error run() {
    if (auto error = parameters()) return error;
    if (auto error = inputs_present()) return error;
    for (const auto& [name, tensor] : c.inputs)
      if (auto error = tensor_sound(name, tensor)) return error;
    reference::Binding binding = reference::bind_axes(record, c);
    if (binding.error) return binding.error;
    axes = std::move(binding.axes);
    if (auto error = class_parameters()) return error;
    find_ignored_rows();
    for (const Input& each : record.inputs)
      if (const auto at = c.inputs.find(std::string(each.name)); at != c.inputs.end())
        if (auto error = numbers(under_parameters(record, each, c), at->second)) return error;
    if (auto error = wrt()) return error;
    return cotangent();
  }

  Error parameters() const {
    for (const auto& [name, value] : c.parameters) {
      const ParameterFacts* facts = record.parameter(name);
      if (!facts)
        return c.loss.name() + " has no parameter " + quoted(name) +
               suggestion(name, names(record.parameters));
      if (auto error = parameter(*facts, value)) return error;
    }
    return std::nullopt;
  }

  Error parameter(const ParameterFacts& facts, const ParameterValue& value) const {
    static constexpr std::array<std::string_view, 5> kinds{"a number", "true or false", "a whole number",
                                                           "a text", "a list of numbers"};
    const std::string name(facts.name);
    if (value.index() != facts.initial.index()) {
      const auto* real = std::get_if<double>(&value);
      return name + (real ? " is " + number(c.dtype, *real) + "; it" : std::string()) + " must be " +
             std::string(kinds[facts.initial.index()]);
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (std::find(facts.choices.begin(), facts.choices.end(), *text) != facts.choices.end())
        return std::nullopt;
      std::string choices;
      for (std::size_t i = 0; i < facts.choices.size(); ++i)
        choices += (i ? " or " : "") + quoted(facts.choices[i]);
      return name + " is " + quoted(*text) + "; it must be " + choices;
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      if (!facts.domain.contains(static_cast<double>(*whole)))
        return name + " is " + std::to_string(*whole) + "; it must be " + std::string(rule(facts.domain));
    if (const auto* real = std::get_if<double>(&value))
      return parameter_number(name, facts.domain, round_to(c.dtype, *real));
    if (const auto* list = std::get_if<std::vector<double>>(&value))
      for (std::size_t i = 0; i < list->size(); ++i)
        if (auto error = parameter_number(name + "[" + std::to_string(i) + "]", facts.domain,
                                          round_to(c.dtype, (*list)[i])))
          return error;
    return std::nullopt;
  }

  Error parameter_number(const std::string& name, const Domain& domain, double x) const {
    if (domain.contains(x)) return std::nullopt;
    return name + " is " + number(c.dtype, x) + "; it must be " + std::string(rule(domain));
  }

  /// Whole parameters that name a class.
  Error class_parameters() const {
    for (const ParameterFacts& each : record.parameters) {
      const auto classes = axes.classes();
      if (each.domain.kind != Domain::Kind::class_index || !classes) continue;
      if (const std::int64_t at = whole(each.name); at >= *classes)
        return std::string(each.name) + " is " + std::to_string(at) + "; it must be " +
               std::string(rule(each.domain)) + ", C = " + std::to_string(*classes);
    }
    return std::nullopt;
  }

  std::int64_t whole(std::string_view name) const {
    if (const auto given = c.parameters.find(std::string(name)); given != c.parameters.end())
      return std::get<std::int64_t>(given->second);
    return std::get<std::int64_t>(record.parameter(name)->initial);
  }

  Error inputs_present() const {
    for (const auto& [name, tensor] : c.inputs)
      if (name != "cotangent" && !record.input(name))
        return c.loss.name() + " has no input " + quoted(name) + suggestion(name, names(record.inputs));
    for (const Input& each : record.inputs)
      if (!each.optional && !c.inputs.contains(std::string(each.name)))
        return c.loss.name() + " needs the input " + quoted(each.name);
    return std::nullopt;
  }

  Error tensor_sound(const std::string& name, const Tensor& tensor) const {
    const Input* input = record.input(name);
    if (tensor.is_integer != (input && input->integer))
      return name + " must hold " + (tensor.is_integer ? "real numbers" : "integers");
    if (tensor.shape.size() > reference::max_rank)
      return name + " has " + std::to_string(tensor.shape.size()) + " axes; the limit is " +
             std::to_string(reference::max_rank);
    for (const std::int64_t each : tensor.shape)
      if (each < 0) return name + " has shape " + to_text(tensor.shape) + "; an extent cannot be negative";
    const auto count = reference::checked_product(tensor.shape);
    if (!count)
      return name + " has shape " + to_text(tensor.shape) + "; the product of its extents is too large";
    if (static_cast<std::size_t>(*count) != tensor.size())
      return name + " has shape " + to_text(tensor.shape) + " and " + std::to_string(tensor.size()) +
             (tensor.size() == 1 ? " number" : " numbers") + "; that shape needs " + std::to_string(*count);
    return std::nullopt;
  }

  void find_ignored_rows() {
    for (const Input& each : record.inputs) {
      if (each.domain.kind != Domain::Kind::class_index_or_ignored) continue;
      const auto at = c.inputs.find(std::string(each.name));
      if (at == c.inputs.end()) continue;
      ignored_by = each.axes;
      for (const std::int64_t label : at->second.integer) ignored.push_back(label == ignore_index());
    }
  }

  std::int64_t ignore_index() const {
    if (const auto given = c.parameters.find("ignore_index"); given != c.parameters.end())
      return std::get<std::int64_t>(given->second);
    const ParameterFacts* facts = record.parameter("ignore_index");
    return facts ? std::get<std::int64_t>(facts->initial) : -1;
  }

  /// Whether element `index` of an input lies beyond its length. Lengths that are none drop nothing.
  bool beyond_length(const Input& input, std::size_t index) const {
    if (input.lengths.empty()) return false;
    const Input& lengths = *record.input(input.lengths);
    std::int64_t rest = static_cast<std::int64_t>(index), along = 0, row = 0;
    for (std::size_t k = input.axes.size(); k-- > 0;) {
      const std::int64_t extent = axes.extent.at(input.axes[k]), at = rest % extent;
      rest /= extent;
      if (input.axes[k] == lengths.domain.axis) along = at;
      if (input.axes[k] == lengths.axes.front()) row = at;
    }
    const std::int64_t length = c.inputs.at(std::string(lengths.name)).integer[static_cast<std::size_t>(row)];
    return length >= 0 && along >= length;
  }

  /// Whether element `index` of a tensor with these axes and this many elements lies in an ignored row.
  bool dropped(Axes tensor_axes, std::size_t size, std::size_t index) const {
    if (ignored.empty() || !tensor_axes.begins_with(ignored_by)) return false;
    return ignored[index / (size / ignored.size())];
  }

  Error numbers(const Input& input, const Tensor& tensor) const {
    if (tensor.is_integer) return labels(input, tensor);
    for (std::size_t i = 0; i < tensor.real.size(); ++i) {
      const double x = tensor.real[i];
      if (std::isnan(x) || input.domain.contains(x) || dropped(input.axes, tensor.size(), i) ||
          beyond_length(input, i))
        continue;
      return std::string(input.name) + "[" + std::to_string(i) + "] is " + number(c.dtype, x) +
             "; it must be " + std::string(rule(input.domain));
    }
    return input.domain.kind == Domain::Kind::one_hot ? one_hot(input, tensor) : std::nullopt;
  }

  Error one_hot(const Input& input, const Tensor& tensor) const {
    if (tensor.shape.empty() || tensor.real.empty()) return std::nullopt;
    const auto width = static_cast<std::size_t>(tensor.shape.back());
    for (std::size_t row = 0; row < tensor.real.size(); row += width) {
      const auto first = tensor.real.begin() + static_cast<std::ptrdiff_t>(row);
      const auto last = first + static_cast<std::ptrdiff_t>(width);
      const bool unknown = std::any_of(first, last, [](double x) { return std::isnan(x); });
      const auto ones = std::count(first, last, 1.0);
      if (!unknown && ones != 1 && !dropped(input.axes, tensor.size(), row))
        return std::string(input.name) + "[" + std::to_string(row) + "] begins a row with " +
               std::to_string(ones) + " ones; it must have exactly one";
    }
    return std::nullopt;
  }

  Error labels(const Input& input, const Tensor& tensor) const {
    const Domain::Kind kind = input.domain.kind;
    const bool list = kind == Domain::Kind::class_index_or_end;
    const std::size_t width = list ? static_cast<std::size_t>(tensor.shape.back()) : 1;
    bool ended = false;
    for (std::size_t i = 0; i < tensor.integer.size(); ++i) {
      const std::int64_t label = tensor.integer[i];
      if (dropped(input.axes, tensor.size(), i) || beyond_length(input, i)) continue;
      if (list && i % width == 0) ended = false;
      ended = ended || (list && label == -1);
      if (ended) continue;
      const bool left_out = !input.domain.other_than.empty() && label == whole(input.domain.other_than);
      if (kind == Domain::Kind::length) {
        const std::int64_t most = axes.extent.at(input.domain.axis);
        if (label >= 0 && label <= most) continue;
        return std::string(input.name) + "[" + std::to_string(i) + "] is " + std::to_string(label) +
               "; it must be " + std::string(rule(input.domain)) + ", " + input.domain.axis + " = " +
               std::to_string(most);
      }
      const auto classes = axes.classes();
      const bool known = input.domain.is_class_index() && classes;
      if (!left_out &&
          (known ? label >= 0 && label < *classes : input.domain.contains(static_cast<double>(label))))
        continue;
      std::string out = std::string(input.name) + "[" + std::to_string(i) + "] is " + std::to_string(label) +
                        "; it must be " + std::string(rule(input.domain));
      if (known) out += ", C = " + std::to_string(*classes);
      if (!input.domain.other_than.empty())
        out += ", " + std::string(input.domain.other_than) + " = " +
               std::to_string(whole(input.domain.other_than));
      if (kind == Domain::Kind::class_index_or_ignored)
        out += ", ignore_index = " + std::to_string(ignore_index());
      return out;
    }
    return std::nullopt;
  }

  Error wrt() const {
    std::set<std::string_view> seen;
    for (const std::string& each : c.wrt) {
      const Input* input = record.input(each);
      if (!input) {
        std::vector<std::string> known;
        for (const Input& candidate : record.inputs)
          if (candidate.differentiable()) known.emplace_back(candidate.name);
        return "wrt names " + quoted(each) + ", which is not an input of " + c.loss.name() +
               suggestion(each, known);
      }
      if (!input->differentiable())
        return "wrt names " + quoted(each) +
               ", whose values are labels; no gradient exists with respect to it";
      if (!under_parameters(record, *input, c).differentiable())
        return "wrt names " + quoted(each) + ", which is a constant under these parameters";
      if (!c.inputs.contains(each)) return "wrt names " + quoted(each) + ", which the case does not give";
      if (!seen.insert(each).second) return "wrt names " + quoted(each) + " twice; name each input once";
    }
    return std::nullopt;
  }

  Error cotangent() const {
    const auto at = c.inputs.find("cotangent");
    if (at == c.inputs.end()) return std::nullopt;
    const Shape wanted = c.reduction == Reduction::none ? axes.shape(record.output) : Shape{};
    const Tensor& tensor = at->second;
    if (tensor.shape != wanted)
      return "cotangent has shape " + to_text(tensor.shape) + "; it must have the value's shape, " +
             to_text(wanted);
    const Axes tensor_axes = c.reduction == Reduction::none ? record.output : Axes();
    for (std::size_t i = 0; i < tensor.real.size(); ++i)
      if (std::isinf(tensor.real[i]) && !dropped(tensor_axes, tensor.size(), i))
        return "cotangent[" + std::to_string(i) + "] is " + number(c.dtype, tensor.real[i]) +
               "; it must be finite";
    return std::nullopt;
  }
};

}  // namespace

std::optional<std::string> why_invalid(const Case& c) {
  const Record* record = c.record();
  if (!record) return unknown_loss(c.loss);
  return Inspector{c, *record}.run();
}

}  // namespace assay
