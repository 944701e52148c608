// Of table.hpp: the right answer times a number: another divisor of a mean, a constant, a sign.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/spoiling.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::mechanisms {
namespace {

double count_of_values(const Case& c) {
  Case unreduced = c;
  unreduced.reduction = Reduction::none;
  return static_cast<double>(product(value_shape(unreduced)));
}
double size_of(const Case& c, std::string_view input) {
  const auto found = c.inputs.find(std::string(input));
  return found == c.inputs.end() ? NAN : static_cast<double>(found->second.size());
}
double first_size(const Case& c) { return size_of(c, c.record()->inputs[0].name); }
double first_extent(const Case& c) {
  const std::vector<std::int64_t>& shape = c.inputs.at(std::string(c.record()->inputs[0].name)).shape;
  return shape.empty() ? NAN : static_cast<double>(shape.front());
}
double last_extent(const Case& c) {
  const std::vector<std::int64_t>& shape = c.inputs.at(std::string(c.record()->inputs[0].name)).shape;
  return shape.empty() ? NAN : static_cast<double>(shape.back());
}
/// The rows that are not ignored, and the sum of their weights; of all classes' weights.
struct Kept {
  double rows = 0, weight = 0, all_weights = NAN;
};
Kept kept(const Case& c) {
  Kept out;
  const auto weights = c.inputs.find("weight");
  if (weights != c.inputs.end()) {
    out.all_weights = 0;
    for (const double w : weights->second.real) out.all_weights += w;
  }
  for (const Input& each : c.record()->inputs) {
    if (each.domain.kind != Domain::Kind::class_index_or_ignored) continue;
    const std::int64_t ignored = std::get<std::int64_t>(c.parameters.at("ignore_index"));
    for (const std::int64_t y : c.inputs.at(std::string(each.name)).integer) {
      if (y == ignored) continue;
      ++out.rows;
      if (weights != c.inputs.end() && y >= 0 && static_cast<std::size_t>(y) < weights->second.real.size())
        out.weight += weights->second.real[static_cast<std::size_t>(y)];
    }
  }
  if (weights == c.inputs.end()) out.weight = out.rows;
  return out;
}
/// What the contract's mean divides by, where that is a count.
double contract_divisor(const Case& c) {
  for (const Input& each : c.record()->inputs)
    if (each.domain.kind == Domain::Kind::class_index_or_ignored) return kept(c).weight;
  return count_of_values(c);
}

struct Divisor {
  const char* words;
  double (*of)(const Case&);
};
constexpr Divisor divisors[]{
    {"one less than the count", [](const Case& c) { return count_of_values(c) - 1; }},
    {"the count of all values, ignored ones too", count_of_values},
    {"the count of rows that are kept", [](const Case& c) { return kept(c).rows; }},
    {"the sum of all classes' weights", [](const Case& c) { return kept(c).all_weights; }},
    {"the count of the first input's numbers", first_size},
    {"the length of the first axis", first_extent},
    {"the length of the last axis", last_extent},
};
struct Factor {
  const char* words;
  double (*of)(const Case&);
};
constexpr Factor factors[]{
    {"the number of classes or features", last_extent},
    {"one over the number of classes or features", [](const Case& c) { return 1 / last_extent(c); }},
    {"C/(C - 1): one class too few is divided by",
     [](const Case& c) { return last_extent(c) / std::max(last_extent(c) - 1, 1.); }},
    {"(C - 1)/C", [](const Case& c) { return (last_extent(c) - 1) / last_extent(c); }},
    {"the length of the first axis", first_extent},
};

Model times(std::string mechanism, std::string sentence, int generality,
            std::function<double(const Case&)> factor) {
  return spoilt_answer(
      std::move(mechanism), std::move(sentence), generality,
      [factor = std::move(factor)](const Observation& o, std::size_t, double v, double slack) {
        const double f = factor(o.question), m = v * f;
        if (!std::isfinite(f)) return Spoilt{v, slack};
        return Spoilt{m, std::max(slack * std::abs(f), 4 * search::ulp(o.question.dtype, m))};
      });
}

/// By how much too large a mean is whose divisor forgets something; as means of rows that count alike.
constexpr Factor mean_factors[]{
    {"one less than the count", [](const Case& c) { return count_of_values(c) / (count_of_values(c) - 1); }},
    {"the count of all rows, ignored ones too",
     [](const Case& c) { return kept(c).rows / count_of_values(c); }},
};

void wrong_denominator(const std::vector<Observation>&, const Part& part, std::vector<Model>& models) {
  for (const Divisor& each : divisors)
    models.push_back(times("wrong-denominator", fmt::format("the mean divides by {}", each.words), 0,
                           [of = each.of](const Case& c) {
                             const double by = of(c);
                             return c.reduction != Reduction::mean || !(by > 0) ? 1
                                                                                : contract_divisor(c) / by;
                           }));
  for (const Factor& each : mean_factors)
    models.push_back(times("wrong-denominator", fmt::format("the mean divides by {}", each.words), 0,
                           [of = each.of](const Case& c) {
                             const double by = of(c);
                             return c.reduction != Reduction::mean || !std::isfinite(by) || by == 0 ? 1 : by;
                           }));
  for (const Factor& each : factors)
    models.push_back(
        times("wrong-denominator",
              fmt::format("the {} is too large by {}", part.empty() ? "value" : "gradient", each.words), 1,
              each.of));
}

std::string factor_text(double f) {
  struct Known {
    double value;
    const char* words;
  };
  static const Known known[]{{std::log(2.), "log 2"},
                             {1 / std::log(2.), "1/log 2: logarithms are to base 2"},
                             {std::log(10.), "log 10"},
                             {1 / std::log(10.), "1/log 10"},
                             {std::acos(-1.), "pi"}};
  for (const Known& each : known)
    if (std::abs(f / each.value - 1) < 1e-5) return each.words;
  return constant_text(f);
}

const std::vector<double>& nice_factors() {
  static const std::vector<double> all{std::log(2.),
                                       1 / std::log(2.),
                                       std::log(10.),
                                       1 / std::log(10.),
                                       std::acos(-1.),
                                       1 / std::acos(-1.),
                                       2,
                                       .5,
                                       4,
                                       .25,
                                       100,
                                       .01,
                                       10,
                                       .1};
  return all;
}
bool nice(double factor) {
  return std::ranges::find(nice_factors(), std::abs(factor)) != nice_factors().end();
}

void constant_factor(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  const std::string what = part.empty() ? "value" : "gradient";
  models.push_back(
      times("missing-gradient", fmt::format("the {} is 0", what), 0, [](const Case&) { return 0; }));
  models.push_back(
      times("wrong-sign", fmt::format("the {} has the other sign", what), 0, [](const Case&) { return -1; }));
  std::vector<double> done;
  first_wrong(seen, part, 6, [&](const Observation&, double g, double v, double slack) {
    if (v == 0 || g == 0 || std::abs(v) < 64 * slack) return;
    const double ratio = g / v;
    std::vector<double> constants;
    for (const double each : nice_factors())
      if (std::abs(std::abs(ratio) / each - 1) < 1e-3) constants.push_back(std::copysign(each, ratio));
    constants.push_back(ratio);
    for (const double c : constants) {
      if (c == -1 || std::ranges::find(done, c) != done.end()) continue;
      done.push_back(c);
      models.push_back(times("constant-factor",
                             fmt::format("the {} is multiplied by {}", what, factor_text(c)),
                             c == ratio && !nice(c) ? 3 : 1, [c](const Case&) { return c; }));
    }
  });
}

constexpr Mechanism factors_table[]{
    {"wrong-denominator", "divided by another count", wrong_denominator},
    {"constant-factor", "multiplied by a constant, -1 and 0 among them", constant_factor},
};

}  // namespace

std::span<const Mechanism> multiplied_answers() { return factors_table; }

}  // namespace assay::mechanisms
