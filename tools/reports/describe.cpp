#include "tools/reports/describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>

#include "tools/audit/groups.hpp"
#include "tools/reports/report.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/program_name.hpp"

namespace assay {
namespace {

std::string numbers(const Tensor& t, Dtype dtype, Numerals numerals) {
  std::vector<std::string> all;
  for (const double x : t.real) all.push_back(number_text(x, dtype, numerals));
  for (const std::int64_t i : t.integer) all.push_back(fmt::format("{}", i));
  if (t.shape.empty() && all.size() == 1) return all.front();
  return fmt::format("[{}]", fmt::join(all, ", "));
}

std::string parameter_text(const ParameterValue& value, Dtype dtype) {
  struct Visit {
    Dtype type;
    std::string operator()(double x) const { return shortest(type, x); }
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t i) const { return fmt::format("{}", i); }
    std::string operator()(const std::string& s) const { return printable(s); }
    std::string operator()(const std::vector<double>& all) const {
      std::vector<std::string> each;
      for (const double x : all) each.push_back(shortest(type, x));
      return fmt::format("[{}]", fmt::join(each, ", "));
    }
  };
  return std::visit(Visit{dtype}, value);
}

}  // namespace

std::string hex(double x) { return fmt::format("{:a}", x); }

std::string ulps_text(double ulps) {
  if (!std::isfinite(ulps)) return "incomparable";
  if (ulps == 0) return "0";
  return ulps < 10    ? fmt::format("{:.3f}", ulps)
         : ulps < 1e5 ? fmt::format("{:.1f}", ulps)
                      : fmt::format("{:.2g}", ulps);
}

std::string condition_text(double condition) {
  if (std::isnan(condition)) return "";
  return condition < 100 ? fmt::format("{:.2g}", condition) : fmt::format("{:.1g}", condition);
}

std::string number_text(double x, Dtype dtype, Numerals numerals) {
  switch (numerals) {
    case Numerals::decimal:
      return shortest(dtype, x);
    case Numerals::hex:
      break;
  }
  return hex(x);
}

std::string witness(const Case& c, std::size_t limit, Numerals numerals) {
  std::size_t count = 0;
  for (const auto& [name, tensor] : c.inputs) count += tensor.size();
  if (count > limit) return "";
  std::vector<std::string> inputs, parameters;
  for (const auto& [name, tensor] : c.inputs)
    inputs.push_back(fmt::format("{} {}", printable(name), numbers(tensor, c.dtype, numerals)));
  for (const auto& [name, value] : c.parameters)
    parameters.push_back(fmt::format("{} {}", printable(name), parameter_text(value, c.dtype)));
  return fmt::format("{}{}{}", fmt::join(inputs, ", "), inputs.empty() || parameters.empty() ? "" : "; ",
                     fmt::join(parameters, ", "));
}

Excerpt excerpt(const Case& c, const std::string& where) {
  const std::size_t bracket = where.find('[');
  if (bracket == std::string::npos || c.record() == nullptr) return {c};
  const std::string output = where.substr(0, bracket);
  const std::string_view prefix = "gradient.";
  const std::string by = output.starts_with(prefix) ? output.substr(prefix.size()) : "";
  std::size_t at = 0;
  std::from_chars(where.data() + bracket + 1, where.data() + where.size(), at);
  const std::int64_t components =
      product(by.empty() || !c.inputs.contains(by) ? value_shape(c) : c.inputs.at(by).shape);
  const audit::Groups groups(c, by);
  if (groups.count() <= 1 || components <= 0) return {c};
  const std::size_t row = groups.of_component(at, static_cast<std::size_t>(components));
  return {groups.alone(c, row), fmt::format("row {} of {}", row, groups.count())};
}

std::string truth_text(const reference::Component& truth, Dtype dtype, std::string_view convention) {
  const auto text = [&](double x) { return number_text(x, dtype, Numerals::decimal); };
  if (!convention.empty()) return fmt::format("by the convention {} {}", convention, text(truth.rounded));
  if (truth.lower < truth.upper)
    return fmt::format("true between {} and {}", text(truth.lower), text(truth.upper));
  return "true " + text(truth.rounded);
}

std::string failure_line(const Case& c, const std::string& slug, const CaseVerdict& verdict, Grade required) {
  const std::string head =
      fmt::format("{} {} {}", title(c.loss.name(), c.variant), name(c.dtype), name(c.reduction));
  if (!verdict.protocol.empty()) return fmt::format("{}: {} ({})", head, verdict.protocol, slug);
  const std::string at = witness(c, 12, Numerals::decimal);
  std::string line = fmt::format(
      "{}: {} ({}, {} required), {}, at {}: got {}, {}", head,
      std::isfinite(verdict.ulps) ? ulps_text(verdict.ulps) + " ulp" : "not comparable", name(verdict.grade),
      name(required), verdict.where, at.empty() ? fmt::format("{} ({})", c.id, slug) : at,
      number_text(verdict.got, c.dtype, Numerals::decimal),
      truth_text(verdict.truth, c.dtype, verdict.measured_from));
  if (!verdict.convention.empty() && !verdict.declared)
    line +=
        fmt::format("; it follows the convention {}, which the testee does not declare", verdict.convention);
  return line;
}

std::string reproduce_command(const std::string& id, const std::string& golden,
                              const std::vector<std::string>& command, const std::string& variant) {
  std::string line = shell_quoted(program_name()) + " explain " + shell_quoted(id);
  if (!variant.empty()) line += " --variant " + shell_quoted(variant);
  if (!golden.empty()) line += " --golden " + shell_quoted(golden);
  for (const std::string& word : command) line += " " + shell_quoted(word);
  return line;
}

}  // namespace assay
