// Of kernel_testee.hpp, kernel_snippet(): a case as the program that a user of the library would write.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/text/decimal.hpp"

namespace assay {
namespace {

constexpr std::size_t line_width = 110;

/// How C++ calls the numbers of a dtype, and what its literals end in.
struct Spelling {
  std::string_view type, suffix;
};
constexpr PerDtype<Spelling> spellings{.f32 = {"float", "f"}, .f64 = {"double", ""}};

/// Few binary places and an ordinary size: the decimal is short, and exactly the number.
bool plain(double x) { return std::fabs(x) < 1e6 && x * 64 == std::nearbyint(x * 64); }

/// Exact: hexadecimal, but for what a person reads as exactly from decimals.
std::string real_literal(Dtype dtype, double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-infinity" : "infinity";
  const std::string_view suffix = spellings[dtype].suffix;
  if (!plain(x)) return fmt::format("{:a}{}", x, suffix);
  const std::string decimal = fmt::format("{}", x);
  return fmt::format("{}{}{}", decimal, decimal.find('.') == std::string::npos ? "." : "", suffix);
}

/// The least integer is no literal: -9223372036854775808 is a minus before a number that is too large.
std::string integer_literal(std::int64_t i) {
  return i == std::numeric_limits<std::int64_t>::min() ? "INT64_MIN" : fmt::format("{}", i);
}

/// `head` and the items in braces, in lines of a page's width.
std::string braced(const std::string& head, const std::vector<std::string>& items) {
  std::string out, line = head + "{";
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
    if (line.size() + 1 + item.size() > line_width) {
      out += line + "\n";
      line = "     ";
    }
    line += (i == 0 ? "" : " ") + item;
  }
  return out + line + "};\n";
}

std::string vector_line(const std::string& name, const Tensor& t, Dtype dtype) {
  std::vector<std::string> items;
  for (const double x : t.real) items.push_back(real_literal(dtype, x));
  for (const std::int64_t i : t.integer) items.push_back(integer_literal(i));
  return braced(
      fmt::format("  const std::vector<{}> {}", t.is_integer ? "std::int64_t" : spellings[dtype].type, name),
      items);
}

bool has_leading(const Record& record, const Input& input) {
  return input.axes.has_leading() && !record.along_last_leading(input.axes.front());
}

/// Whether an element-wise loss was given numbers that go along the last of its axes: then the call has to
/// say how long these are.
bool last_axis_matters(const Record& record, const Case& c) {
  return std::any_of(record.inputs.begin(), record.inputs.end(), [&](const Input& each) {
    return record.along_last_leading(each.axes.front()) && c.inputs.contains(std::string(each.name));
  });
}

/// The input as an argument: as it is, or with the extents that the loss needs to know.
std::string argument(const Record& record, const Input& input, const Case& c) {
  const std::vector<std::int64_t>& shape = c.inputs.at(std::string(input.name)).shape;
  const std::size_t axes = input.axes.size();
  if (axes == 3)
    return fmt::format("assay::Shaped{{{}, {{{}, {}, {}}}}}", input.name, shape[0], shape[1], shape[2]);
  const bool rows = axes == 2 || (has_leading(record, input) && last_axis_matters(record, c));
  if (!rows || shape.size() < 2 || shape.back() == 0) return std::string(input.name);
  return fmt::format("assay::Rows{{{}, {}}}", input.name, shape.back());
}

/// The header refuses rows without a number, which a few losses admit.
bool has_empty_rows(const Record& record, const Case& c) {
  return std::any_of(record.inputs.begin(), record.inputs.end(), [&](const Input& each) {
    const auto given = c.inputs.find(std::string(each.name));
    return each.axes.size() > 1 && given != c.inputs.end() && given->second.shape.back() == 0;
  });
}

std::string parameter_text(const ParameterFacts& facts, const ParameterValue& value) {
  struct Visit {
    const ParameterFacts& facts;
    std::string operator()(double x) const {
      if (std::holds_alternative<std::int64_t>(facts.initial))
        return integer_literal(static_cast<std::int64_t>(x));
      return shortest(Dtype::f64, x);
    }
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t i) const { return integer_literal(i); }
    std::string operator()(const std::string& s) const { return dump_json(Json::string(s)); }
    std::string operator()(const std::vector<double>&) const { return std::string(facts.name); }
  };
  return std::visit(Visit{facts}, value);
}

/// The struct with the case's parameters, in the order of its members, as designated initialisers demand.
std::string loss_text(const Record& record, const Case& c) {
  std::string out;
  for (const ParameterFacts& each : record.parameters)
    if (const auto given = c.parameters.find(std::string(each.name)); given != c.parameters.end())
      out +=
          fmt::format("{}.{} = {}", out.empty() ? "" : ", ", each.name, parameter_text(each, given->second));
  return fmt::format("assay::{}{{{}}}", record.type, out);
}

bool wanted(const Case& c, std::string_view input) {
  return std::find(c.wrt.begin(), c.wrt.end(), input) != c.wrt.end();
}

/// into(...) up to the last gradient that is wanted; empty where none is.
std::string into_text(const Record& record, const Case& c) {
  std::string out, pending;
  for (const Input& each : record.inputs) {
    if (!wanted(c, each.name)) {
      pending += pending.empty() && out.empty() ? "assay::unwanted" : ", assay::unwanted";
      continue;
    }
    out += pending + (pending.empty() && out.empty() ? "by_" : ", by_") + std::string(each.name);
    pending.clear();
  }
  if (out.empty()) return "";
  return fmt::format("assay::into({}){}, ", out, c.inputs.contains("cotangent") ? ".times(cotangent)" : "");
}

std::string inputs_text(const Record& record, const Case& c) {
  std::string out;
  for (const Input& each : record.inputs)
    if (c.inputs.contains(std::string(each.name)))
      out += (out.empty() ? "" : ", ") + argument(record, each, c);
  return out;
}

std::string print_text(std::string_view vector, std::string_view type) {
  return fmt::format("  for (const {} number : {}) std::printf(\"{} %a\\n\", number);\n", type, vector,
                     vector);
}

/// Names for what is no literal, where a number needs them.
std::string constants(const Case& c, std::string_view type) {
  const auto any = [&](bool (*is)(double)) {
    return std::any_of(c.inputs.begin(), c.inputs.end(), [&](const auto& each) {
      return std::any_of(each.second.real.begin(), each.second.real.end(), is);
    });
  };
  std::string out;
  if (any([](double x) { return std::isinf(x); }))
    out += fmt::format("  constexpr {0} infinity = std::numeric_limits<{0}>::infinity();\n", type);
  if (any([](double x) { return std::isnan(x); }))
    out += fmt::format("  constexpr {0} nan = std::numeric_limits<{0}>::quiet_NaN();\n", type);
  return out;
}

}  // namespace

std::optional<std::string> kernel_snippet(const Case& c) {
  if (why_invalid(c) || has_empty_rows(*c.record(), c)) return std::nullopt;
  const Record& record = *c.record();
  const std::string_view type = spellings[c.dtype].type;
  const bool each_value = c.reduction == Reduction::none;

  std::string out =
      "#include <assay/losses.hpp>\n#include <cstdint>\n#include <cstdio>\n#include <limits>\n"
      "#include <vector>\n\nint main() {\n";
  out += constants(c, type);
  for (const Input& input : record.inputs)
    if (const auto given = c.inputs.find(std::string(input.name)); given != c.inputs.end())
      out += vector_line(given->first, given->second, c.dtype);
  if (const auto given = c.inputs.find("cotangent"); given != c.inputs.end() && !c.wrt.empty())
    out += vector_line("cotangent", given->second, c.dtype);
  for (const ParameterFacts& each : record.parameters)
    if (const auto given = c.parameters.find(std::string(each.name)); given != c.parameters.end())
      if (const auto* list = std::get_if<std::vector<double>>(&given->second)) {
        Tensor numbers;
        numbers.real = *list;
        out += vector_line(std::string(each.name), numbers, Dtype::f64);
      }
  std::string by;
  for (const Input& each : record.inputs)
    if (wanted(c, each.name))
      by += fmt::format("{}by_{}({})", by.empty() ? "" : ", ", each.name,
                        c.inputs.at(std::string(each.name)).size());
  if (!by.empty()) out += fmt::format("  std::vector<{}> {};\n", type, by);

  const std::string arguments = into_text(record, c) + inputs_text(record, c);
  if (each_value)
    out += fmt::format("  std::vector<{}> value({});\n  each({}, value, {});\n", type,
                       product(value_shape(c)), loss_text(record, c), arguments);
  else
    out += fmt::format("  const {} value = {}({}, {});\n", type, name(c.reduction), loss_text(record, c),
                       arguments);
  out += each_value ? print_text("value", type) : "  std::printf(\"value %a\\n\", value);\n";
  for (const Input& each : record.inputs)
    if (wanted(c, each.name)) out += print_text(fmt::format("by_{}", each.name), type);
  return out + "}\n";
}

}  // namespace assay
