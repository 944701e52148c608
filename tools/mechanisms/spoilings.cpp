// Of table.hpp: the right answer, spoilt.
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
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

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
  // The smaller a number, the more digits of the constant it shows.
  std::vector<std::pair<double, double>> shown;  // what its truth may be off, and what was added
  first_wrong(seen, part, 64, [&](const Observation&, double g, double v, double slack) {
    shown.emplace_back(slack, g - v);
  });
  std::ranges::sort(shown);
  if (shown.size() > 3) shown.resize(3);
  std::vector<double> done;
  for (const auto& [slack, added] : shown)
    for (const double c : written(added)) {
      if (c == 0 || std::ranges::find(done, c) != done.end()) continue;
      done.push_back(c);
      models.push_back(spoilt_answer(
          "additive-epsilon",
          fmt::format("{} is added to the {}", constant_text(c), part.empty() ? "value" : "gradient"), 2,
          [c](const Observation& o, std::size_t, double x, double sound) {
            const Dtype dtype = o.question.dtype;
            return Spoilt{x + c, std::max({sound, search::ulp(dtype, x + c), search::ulp(dtype, c)})};
          }));
    }
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
/// says. In f32 it is the truth of the inputs as they are there.
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
    const Answer answer = why_invalid(other) ? Answer::error("") : certified_answer(complete(other));
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
  constexpr int fewest = 6;  // powers of two are short for other reasons
  if (most >= fewest)
    add(most, "fewer-digits", fmt::format("the answers have {} significant bits at most", most), 2);
}

constexpr Mechanism spoilings_table[]{
    {"flushed-subnormals", "subnormal results become 0", flushed_results},
    {"special-numbers", "NaN or an infinity is replaced", lost_specials},
    {"dropped-element", "the last number is missing", missing_last},
    {"narrow-arithmetic", "results have fewer digits than their dtype", fewer_digits},
    {"clamped-result", "the result is held within bounds", clamped_result},
    {"additive-epsilon", "a constant is added", additive_epsilon},
};

}  // namespace

std::span<const Mechanism> spoilings() { return spoilings_table; }

}  // namespace assay::mechanisms
