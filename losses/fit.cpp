#include "losses/fit.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

namespace assay::detail {
namespace {

[[noreturn]] void refuse(std::string_view loss, const std::string& why) {
  throw std::invalid_argument(std::string(loss) + ": " + why);
}

std::string text(std::size_t n) { return std::to_string(n); }
std::string numbers(std::size_t n) { return n == 1 ? "1 number" : text(n) + " numbers"; }

/// The extent of each axis as far as the inputs have told, and which input told it first.
class Axes {
 public:
  explicit Axes(std::string_view loss) : loss_(loss) {}

  void set(char axis, std::size_t extent, std::string_view input) {
    const auto known = std::find_if(all_.begin(), all_.end(), [&](const Axis& a) { return a.name == axis; });
    if (known == all_.end()) {
      all_.push_back({axis, extent, input});
    } else if (known->extent != extent) {
      refuse(loss_, std::string(input) + " has " + text(extent) + " " + noun(axis) + " where " +
                        std::string(known->input) + " has " + text(known->extent) + "; they must agree");
    }
  }
  [[nodiscard]] std::size_t extent(char axis) const {
    for (const Axis& a : all_)
      if (a.name == axis) return a.extent;
    return 1;
  }

 private:
  struct Axis {
    char name;
    std::size_t extent;
    std::string_view input;
  };
  static std::string noun(char axis) { return axis == '.' ? "values" : std::string("along ") + axis; }

  std::string_view loss_;
  std::vector<Axis> all_;
};

std::string shown(const ParameterFacts::Value& value) {
  if (const auto* real = std::get_if<double>(&value)) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *real);
    return {digits.data(), end.ptr};
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* word = std::get_if<std::string_view>(&value)) return '"' + std::string(*word) + '"';
  return "outside its domain";
}

bool allowed(const ParameterFacts& p) {
  if (const auto* real = std::get_if<double>(&p.initial)) return p.domain.contains(*real);
  if (const auto* whole = std::get_if<std::int64_t>(&p.initial))
    return p.domain.contains(static_cast<double>(*whole));
  if (const auto* word = std::get_if<std::string_view>(&p.initial))
    return std::find(p.choices.begin(), p.choices.end(), *word) != p.choices.end();
  if (const auto* list = std::get_if<std::span<const double>>(&p.initial))
    return std::all_of(list->begin(), list->end(), [&](double x) { return p.domain.contains(x); });
  return true;
}

}  // namespace

Fit fitted(const Facts& record, std::span<const Given> given) {
  for (std::size_t i = given.size(); i < record.inputs.size(); ++i)
    if (!record.inputs[i].optional) refuse(record.name, std::string(record.inputs[i].name) + " is missing");

  Axes axes(record.name);
  Fit fit;
  std::optional<std::size_t> last_axis;  // of what '.' stands for in an element-wise loss
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Input& input = record.inputs[i];
    const Given& g = given[i];
    const std::string name(input.name);
    if (g.integer != input.integer)
      refuse(record.name,
             name + (input.integer ? " holds labels: pass std::int64_t" : " holds real numbers"));
    if (g.is_matrix && (g.columns == 0 || g.count % g.columns != 0))
      refuse(record.name,
             name + " has " + numbers(g.count) + ", which is no whole number of rows of " + text(g.columns));
    fit.extent[i] = {1, 1, 1};
    if (input.axes.size() == 2) {
      const std::size_t columns = g.is_matrix ? g.columns : g.count;
      if (columns == 0) refuse(record.name, name + " is empty: a row needs a number at least");
      axes.set(input.axes[0], g.count / columns, input.name);
      axes.set(input.axes[1], columns, input.name);
      fit.extent[i] = {static_cast<std::int64_t>(g.count / columns), static_cast<std::int64_t>(columns), 1};
      continue;
    }
    if (input.axes.size() != 1) refuse(record.name, name + " has three axes: fill a Call and use evaluate");
    fit.extent[i][0] = static_cast<std::int64_t>(g.count);
    if (input.axes == ".") {
      axes.set('.', g.count, input.name);
      // A plain range beside a matrix takes its shape.
      if (g.is_matrix && last_axis && *last_axis != g.columns)
        refuse(record.name, name + " has rows of " + text(g.columns) + " where another input has rows of " +
                                text(*last_axis));
      if (g.is_matrix) last_axis = g.columns;
    } else if (record.kind == Kind::element_wise) {
      check_size(record.name, input.name, g.count, last_axis.value_or(given[0].count));
    } else {
      axes.set(input.axes[0], g.count, input.name);
    }
  }
  fit.values = 1;
  for (const char axis : record.output) fit.values *= axes.extent(axis);
  return fit;
}

void check_size(std::string_view loss, std::string_view what, std::size_t size, std::size_t expected) {
  if (size != expected)
    refuse(loss, std::string(what) + " has " + numbers(size) + "; it must have " + text(expected));
}

void check_gradient(const Facts& record, std::size_t i, std::size_t inputs_given, std::size_t size,
                    std::size_t expected) {
  if (i >= record.inputs.size())
    refuse(record.name, "there is no input " + text(i + 1) + " to differentiate by");
  const std::string name(record.inputs[i].name);
  if (!record.inputs[i].differentiable())
    refuse(record.name, name + " holds labels: there is no derivative by it");
  if (i >= inputs_given) refuse(record.name, name + " is not given: there is no derivative by it");
  check_size(record.name, "the gradient by " + name, size, expected);
}

void check_parameters(std::string_view loss, std::span<const ParameterFacts> values) {
  for (const ParameterFacts& p : values) {
    if (allowed(p)) continue;
    std::string rule(p.domain.text);
    for (const std::string_view choice : p.choices)
      rule += (rule.empty() ? "\"" : " or \"") + std::string(choice) + '"';
    refuse(loss, std::string(p.name) + " is " + shown(p.initial) + "; it must be " + rule);
  }
}

}  // namespace assay::detail
