#include "losses/call_check.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>

namespace assay::detail {
namespace {

[[noreturn]] void refuse(std::string_view loss, const std::string& why) {
  throw std::invalid_argument(std::string(loss) + ": " + why);
}

std::string text(std::size_t n) { return std::to_string(n); }
std::string numbers(std::size_t n) { return n == 1 ? "1 number" : text(n) + " numbers"; }

/// The extent of each axis as far as the inputs have told, and which input told it first. Allocates nothing.
class KnownExtents {
 public:
  explicit KnownExtents(std::string_view loss) : loss_(loss) {}

  void set(char axis, std::size_t extent, std::string_view input) {
    const auto known = std::find_if(begin(), end(), [&](const Axis& a) { return a.name == axis; });
    if (known == end()) {
      all_[count_++] = {axis, extent, input};
    } else if (known->extent != extent) {
      refuse(loss_, std::string(input) + " has " + text(extent) + " " + noun(axis) + " where " +
                        std::string(known->input) + " has " + text(known->extent) + "; they must agree");
    }
  }
  [[nodiscard]] std::size_t extent(char axis) const {
    const auto known = std::find_if(begin(), end(), [&](const Axis& a) { return a.name == axis; });
    return known == end() ? 1 : known->extent;
  }

 private:
  struct Axis {
    char name;
    std::size_t extent;
    std::string_view input;
  };
  using All = std::array<Axis, 3 * max_inputs>;

  [[nodiscard]] All::const_iterator begin() const { return all_.begin(); }
  [[nodiscard]] All::const_iterator end() const { return all_.begin() + static_cast<std::ptrdiff_t>(count_); }
  static std::string noun(char axis) {
    return axis == Axes::leading ? "values" : std::string("along ") + axis;
  }

  std::string_view loss_;
  All all_{};
  std::size_t count_ = 0;
};

/// Whether those extents make `count`; their product need not be a number.
bool makes(const std::array<std::size_t, 3>& extent, std::size_t count) {
  for (const std::size_t each : extent) {
    if (each == 0) return count == 0;
    if (count % each != 0) return false;
    count /= each;
  }
  return count == 1;
}

/// "T, N, C"
std::string listed(Axes axes) {
  std::string out;
  for (const char axis : axes) out += (out.empty() ? "" : ", ") + std::string(1, axis);
  return out;
}

/// The extents that a kernel sees of one input. `last` is that of its last axis: 0 for a plain range that
/// stands for any shape.
struct InputExtents {
  std::array<std::size_t, 3> extent{1, 1, 1};
  std::size_t last = 0;
};

InputExtents check_shape(std::string_view loss, const Input& input, const PassedShape& passed) {
  const auto fail = [&](const std::string& why) { refuse(loss, std::string(input.name) + why); };
  const std::array<std::size_t, 3>& e = passed.extent;
  if (passed.integer != input.integer)
    fail(input.integer ? " holds whole numbers: pass std::int64_t" : " holds real numbers");
  if (passed.rank == 2 && (e[1] == 0 || passed.count % e[1] != 0))
    fail(" has " + numbers(passed.count) + ", which is no whole number of rows of " + text(e[1]));
  if (passed.rank == 3 && !makes(e, passed.count))
    fail(" has " + numbers(passed.count) + ", which is not " + text(e[0]) + " x " + text(e[1]) + " x " +
         text(e[2]));

  const Axes axes = input.axes;  // further axes in front are as good as one leading axis
  if (axes.size() == 3 && passed.rank != 3)
    fail(" has three axes: pass Shaped{numbers, {" + listed(axes) + "}}");
  if (axes.size() == 2 && passed.rank == 3 && !axes.has_leading())
    fail(" has two axes: pass Rows{numbers, " + std::string(1, axes.back()) + "}");
  if (axes.size() == 1 && passed.rank != 1 && !axes.has_leading()) fail(" has one axis: pass a plain range");

  InputExtents out;
  if (passed.rank > 1) out.last = e[passed.rank - 1];
  if (axes.size() == 1) {
    out.extent[0] = passed.count;
  } else {
    if (passed.rank == 1) out.last = passed.count;
    if (out.last == 0) fail(" is empty: a row needs a number at least");
    out.extent = axes.size() == 3 ? e : std::array<std::size_t, 3>{passed.count / out.last, out.last, 1};
  }
  return out;
}

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

/// A flag is 0 or 1; what is no number is NaN.
double as_number(const ParameterFacts::Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  return std::numeric_limits<double>::quiet_NaN();
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

CheckedShapes check_shapes(const Facts& record, std::span<const PassedShape> passed) {
  for (std::size_t i = passed.size(); i < record.inputs.size(); ++i)
    if (!record.inputs[i].optional) refuse(record.name, std::string(record.inputs[i].name) + " is missing");

  KnownExtents known(record.name);
  CheckedShapes shapes;
  std::size_t last_leading = 0;  // its extent in an element-wise loss; 0 while no input has told
  for (std::size_t i = 0; i < passed.size(); ++i) {
    const Input& input = record.inputs[i];
    const InputExtents checked = check_shape(record.name, input, passed[i]);
    std::copy(checked.extent.begin(), checked.extent.end(), shapes.extent[i].begin());
    if (record.along_last_leading(input.axes.front())) {
      check_size(record.name, input.name, passed[i].count,
                 last_leading != 0 ? last_leading : passed[0].count);
      continue;
    }
    for (std::size_t k = 0; k < input.axes.size(); ++k)
      known.set(input.axes[k], checked.extent[k], input.name);
    // A plain range beside a matrix takes its shape.
    if (input.axes.size() > 1 || !input.axes.has_leading() || checked.last == 0) continue;
    if (last_leading != 0 && last_leading != checked.last)
      refuse(record.name, std::string(input.name) + " has rows of " + text(checked.last) +
                              " where another input has rows of " + text(last_leading));
    last_leading = checked.last;
  }
  for (const AxisRule& rule : record.axis_rules)
    if (const std::size_t extent = known.extent(rule.axis); !rule.admits(static_cast<std::int64_t>(extent)))
      refuse(record.name, "the axis " + std::string(1, rule.axis) + " is " + text(extent) + "; it must be " +
                              std::string(rule.text));
  shapes.values = 1;
  for (const char axis : record.output) shapes.values *= known.extent(axis);
  return shapes;
}

void check_threads(std::string_view loss, int threads) {
  if (threads < 1) refuse(loss, "Threads is " + std::to_string(threads) + "; it must be 1 or more");
}

void check_workspace(std::string_view loss, std::size_t size, std::size_t needed) {
  if (size < needed)
    refuse(loss,
           "the workspace has " + numbers(size) + "; it must have " + text(needed) + " (workspace_size)");
}

void check_size(std::string_view loss, std::string_view what, std::size_t size, std::size_t expected) {
  if (size != expected)
    refuse(loss, std::string(what) + " has " + numbers(size) + "; it must have " + text(expected));
}

void check_gradient(const Facts& record, std::span<const ParameterFacts> values, std::size_t i,
                    std::size_t inputs_given, std::size_t size, std::size_t expected) {
  if (i >= record.inputs.size())
    refuse(record.name, "there is no input " + text(i + 1) + " to differentiate by");
  const auto name = [&] { return std::string(record.inputs[i].name); };
  if (!record.inputs[i].differentiable())
    refuse(record.name, name() + (record.inputs[i].integer ? " holds whole numbers" : " holds labels") +
                            ": there is no derivative by it");
  const Input input = under_parameters(record, record.inputs[i], [&](std::string_view wanted) {
    for (const ParameterFacts& each : values)
      if (each.name == wanted) return as_number(each.initial);
    return std::numeric_limits<double>::quiet_NaN();
  });
  if (!input.differentiable())
    refuse(record.name, name() + " is a constant under these parameters: there is no derivative by it");
  if (i >= inputs_given) refuse(record.name, name() + " is not given: there is no derivative by it");
  if (size != expected) check_size(record.name, "the gradient by " + name(), size, expected);
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
