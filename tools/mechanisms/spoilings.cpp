// Of table.hpp: the right answer, spoilt.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "losses/catalogue/catalogue.hpp"
#include "reference/cases/shapes.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

/// A number of the true result and what it becomes; NaN as its slack: nobody says.
struct Spoilt {
  double number, slack;
};
/// `v` is the true number, `slack` what a sound answer may be off.
using Spoil = std::function<Spoilt(const Observation& seen, std::size_t i, double v, double slack)>;

Model spoilt_answer(std::string mechanism, std::string sentence, int generality, Spoil spoil) {
  const auto expected = [spoil = std::move(spoil)](const Observation& seen, const Part& part,
                                                   bool) -> std::optional<Expected> {
    const reference::TensorTruth& truth = *truth_of(seen.truth, part);
    Expected out;
    for (std::size_t i = 0; i < truth.components.size(); ++i) {
      const Spoilt m = spoil(seen, i, truth.components[i].rounded, allowance(seen.question.dtype, truth, i));
      out.numbers.push_back(round_to(seen.question.dtype, m.number));
      out.slack.push_back(m.slack);
    }
    return out;
  };
  return {std::move(mechanism), std::move(sentence), generality, expected};
}

/// Calls look(g, v, slack) for the first wrong numbers that are finite, as are their truths.
template <class Look>
void first_wrong(const std::vector<Observation>& seen, const Part& part, int most, const Look& look) {
  for (const Observation& each : seen) {
    const Tensor* got = numbers(each.answer, part);
    const reference::TensorTruth* truth = truth_of(each.truth, part);
    if (!got || !truth) continue;
    for (std::size_t i = 0; i < got->real.size(); ++i) {
      const double v = truth->components[i].rounded, g = got->real[i];
      if (!std::isfinite(g) || !std::isfinite(v) || !wrong(each, part, i)) continue;
      if (most-- == 0) return;
      look(each, g, v, allowance(each.question.dtype, *truth, i));
    }
  }
}

void flushed_results(const std::vector<Observation>&, const Part&, std::vector<Model>& models) {
  models.push_back(spoilt_answer("flushed-subnormals", "subnormal results become 0", 0,
                                 [](const Observation& seen, std::size_t, double v, double slack) {
                                   const bool tiny =
                                       std::abs(v) < format(seen.question.dtype).smallest_normal();
                                   return tiny ? Spoilt{0, 0} : Spoilt{v, slack};
                                 }));
}

void lost_specials(const std::vector<Observation>&, const Part&, std::vector<Model>& models) {
  models.push_back(spoilt_answer("lost-nan", "a NaN that should come out becomes 0", 0,
                                 [](const Observation&, std::size_t, double v, double slack) {
                                   return std::isnan(v) ? Spoilt{0, 0} : Spoilt{v, slack};
                                 }));
  models.push_back(
      spoilt_answer("clipped-infinity", "an infinite result becomes the largest number", 0,
                    [](const Observation& seen, std::size_t, double v, double slack) {
                      const double largest = format(seen.question.dtype).largest();
                      return std::isinf(v) ? Spoilt{std::copysign(largest, v), 0} : Spoilt{v, slack};
                    }));
}

void additive_epsilon(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  std::vector<double> done;
  first_wrong(seen, part, 6, [&](const Observation&, double g, double v, double) {
    for (const double c : written(g - v)) {
      if (c == 0 || std::ranges::find(done, c) != done.end()) continue;
      done.push_back(c);
      models.push_back(spoilt_answer(
          "additive-epsilon",
          fmt::format("{} is added to the {}", constant_text(c), part.empty() ? "value" : "gradient"), 2,
          [c](const Observation& o, std::size_t, double x, double slack) {
            const Dtype dtype = o.question.dtype;
            return Spoilt{x + c, std::max({slack, search::ulp(dtype, x + c), search::ulp(dtype, c)})};
          }));
    }
  });
}

void clamped_result(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  std::vector<double> done;
  first_wrong(seen, part, 6, [&](const Observation&, double g, double v, double) {
    if (std::ranges::find(done, g) != done.end()) return;
    done.push_back(g);
    const bool above = v > g;
    models.push_back(spoilt_answer("clamped-result",
                                   fmt::format("the {} is held {} {}", part.empty() ? "value" : "gradient",
                                               above ? "below" : "above", constant_text(g)),
                                   // Near 0 a constant is more often added than a bound.
                                   above || std::abs(g) > 1e-3 ? 2 : 3,
                                   [g, above](const Observation&, std::size_t, double x, double slack) {
                                     return Spoilt{above ? std::min(x, g) : std::max(x, g), slack};
                                   }));
  });
}

// --- factors

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

void missing_last(const std::vector<Observation>&, const Part& part, std::vector<Model>& models) {
  if (part.empty()) return;
  models.push_back(spoilt_answer("dropped-element",
                                 fmt::format("the last number of the gradient by `{}` is 0", part), 0,
                                 [part](const Observation& seen, std::size_t i, double v, double slack) {
                                   const bool last = i + 1 == truth_of(seen.truth, part)->components.size();
                                   return last ? Spoilt{0, 0} : Spoilt{v, slack};
                                 }));
}

/// So many leading bits of x's significand are used.
int significant_bits(double x) {
  if (x == 0 || !std::isfinite(x)) return 0;
  int e = 0;
  double f = std::abs(std::frexp(x, &e));
  int bits = 0;
  for (; f != 0; ++bits) f = 2 * f - std::floor(2 * f);
  return bits;
}

/// Answers that use fewer bits than their dtype has were rounded to fewer, sometime.
struct Narrow {
  int bits;
  const char* words;
};
constexpr Narrow narrow_formats[]{{8, "bf16"}, {11, "f16"}, {24, "f32"}};

/// What an answer would be is not known to the bit; that it has so few, and is about right, is what the model
/// says. In f32 it is what the kernels say of the inputs as they are there.
std::optional<Expected> few_bits(const Observation& o, const Part& part, int bits) {
  const reference::TensorTruth& truth = *truth_of(o.truth, part);
  const Tensor& got = *numbers(o.answer, part);
  const double widened = std::exp2(format(o.question.dtype).precision - bits);
  std::vector<double> narrow;
  if (bits == format(Dtype::f32).precision) {
    Case other = asking(o.question, part);
    other.dtype = Dtype::f32;
    for (auto& [name, tensor] : other.inputs)
      for (double& x : tensor.real) x = round_to(Dtype::f32, x);
    const Answer answer = why_invalid(other) ? Answer::error("") : kernel_answer(complete(other));
    const Tensor* said = numbers(answer, part);
    if (answer.outcome != Answer::Outcome::answered || !said) return std::nullopt;
    narrow = said->real;
  }
  Expected out;
  for (std::size_t i = 0; i < truth.components.size(); ++i) {
    const double g = got.real[i], v = truth.components[i].rounded, m = narrow.empty() ? v : narrow[i];
    const double allowed = allowance(o.question.dtype, truth, i),
                 roundings = std::isfinite(allowed * widened) ? allowed * widened : 0;
    const bool so = std::isfinite(g)
                        ? significant_bits(g) <= bits && (alike(g, m, roundings) || alike(g, v, roundings))
                        : alike(g, m, 0);
    out.numbers.push_back(so ? g : m);
    out.slack.push_back(so ? 0 : 4 * std::max(search::ulp(Dtype::f32, m), search::ulp(o.question.dtype, m)));
  }
  return out;
}

void fewer_digits(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  const int precision = format(seen.front().question.dtype).precision;
  int most = 0;
  first_wrong(seen, part, 64, [&](const Observation&, double g, double, double) {
    most = std::max(most, significant_bits(g));
  });
  const auto add = [&](int bits, std::string mechanism, std::string sentence, int generality) {
    if (bits > precision - 4 || most > bits) return;
    models.push_back({std::move(mechanism), std::move(sentence), generality,
                      [bits](const Observation& o, const Part& p, bool) { return few_bits(o, p, bits); }});
  };
  for (const Narrow& each : narrow_formats)
    add(each.bits, "narrow-arithmetic",
        fmt::format("computed in {}: the answers have {} significant bits at most", each.words, each.bits),
        1);
  if (most != 0)
    add(most, "fewer-digits", fmt::format("the answers have {} significant bits at most", most), 2);
}

constexpr Mechanism table[]{
    {"flushed-subnormals", "subnormal results become 0", flushed_results},
    {"special-numbers", "NaN or an infinity is replaced", lost_specials},
    {"wrong-denominator", "divided by another count", wrong_denominator},
    {"constant-factor", "multiplied by a constant", constant_factor},
    {"dropped-element", "the last number is missing", missing_last},
    {"narrow-arithmetic", "results have fewer digits than their dtype", fewer_digits},
    {"clamped-result", "the result is held within bounds", clamped_result},
    {"additive-epsilon", "a constant is added", additive_epsilon},
};

}  // namespace

std::span<const Mechanism> spoilings() { return table; }

}  // namespace assay::mechanisms
