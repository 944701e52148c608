#include "reference/cases/case.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "losses/catalogue/records.hpp"
#include "reference/cases/shapes.hpp"

namespace assay {
namespace {

static_assert(std::numeric_limits<float>::is_iec559 && std::numeric_limits<double>::is_iec559);

ParameterValue initial(const ParameterFacts& facts) {
  return std::visit(
      [](const auto& value) -> ParameterValue {
        using V = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<V, std::string_view>)
          return std::string(value);
        else if constexpr (std::is_same_v<V, std::span<const double>>)
          return std::vector<double>(value.begin(), value.end());
        else
          return value;
      },
      facts.initial);
}

/// Names are compared as people mistype them: case and hyphens aside.
std::string folded(std::string_view s) {
  std::string out(s);
  for (char& each : out) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    if (each == '-' || each == ' ') each = '_';
  }
  return out;
}

/// Insertions, deletions, substitutions and exchanges of neighbours that turn a into b.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

LossName LossName::found(std::string_view name) { return {std::string(name), find(name)}; }

std::int64_t product(const std::vector<std::int64_t>& shape) {
  std::int64_t out = 1;
  for (const std::int64_t each : shape) out *= each;
  return out;
}

Case complete(Case c) {
  for (const ParameterFacts& each : c.record()->parameters) {
    ParameterValue& value = c.parameters.try_emplace(std::string(each.name), initial(each)).first->second;
    if (auto* number = std::get_if<double>(&value)) *number = round_to(c.dtype, *number);
    if (auto* list = std::get_if<std::vector<double>>(&value))
      for (double& number : *list) number = round_to(c.dtype, number);
  }
  return c;
}

std::vector<std::int64_t> value_shape(const Case& c) {
  if (c.reduction != Reduction::none) return {};
  const Record& record = *c.record();
  return reference::bind_axes(record, c).axes.shape(record.output);
}

Input under_parameters(const Record& record, const Input& input, const Case& c) {
  return under_parameters(static_cast<const Facts&>(record), input, [&](std::string_view name) {
    const auto given = c.parameters.find(std::string(name));
    const ParameterValue value =
        given == c.parameters.end() ? initial(*record.parameter(name)) : given->second;
    if (const auto* real = std::get_if<double>(&value)) return round_to(c.dtype, *real);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::get<bool>(value) ? 1. : 0.;
  });
}

std::array<std::int64_t, 3> extents(const Case& c, const Input& input) {
  return input.axes.folded(c.inputs.at(std::string(input.name)).shape);
}

std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& known) {
  // A name may be of any length when it comes from outside; the table of `edits` must not be.
  if (wanted.empty() || wanted.size() > 100) return std::nullopt;
  const std::string key = folded(wanted);
  std::optional<std::string> best;
  std::size_t least = 0;
  for (const std::string& each : known) {
    const std::size_t count = edits(key, folded(each));
    if (count > std::max<std::size_t>(1, std::max(key.size(), each.size()) / 3) || count >= each.size())
      continue;
    if (!best || count < least) {
      best = each;
      least = count;
    }
  }
  return best;
}

}  // namespace assay
