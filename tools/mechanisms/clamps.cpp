// Of table.hpp: the right answer to a question whose numbers are held within bounds, or have a constant
// added.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "losses/catalogue/records.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/misreading.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

/// How an input may be held within bounds.
struct Clamp {
  const char* words;  ///< with {0} for the input and {1} for the constant
  double low, high;   ///< where the constant is looked for
  double (*of)(double x, double c);
};
constexpr Clamp clamps_of_units[]{
    {"`{0}` is clamped to [{1}, 1 - {1}]", 0x1p-120, .25,
     [](double x, double c) { return std::isnan(x) ? x : std::clamp(x, c, 1 - c); }},
    {"`{0}` is held above {1}", 0x1p-120, .25, [](double x, double c) { return x < c ? c : x; }},
    {"{1} is added to `{0}`", 0x1p-120, .25, [](double x, double c) { return std::min(x + c, 1.); }},
};
constexpr Clamp clamps_of_positives[]{
    {"`{0}` is held above {1}", 0x1p-120, 1, [](double x, double c) { return x < c ? c : x; }},
    {"{1} is added to `{0}`", 0x1p-120, 1, [](double x, double c) { return x + c; }},
};
constexpr Clamp clamps_of_reals[]{
    {"`{0}` is clamped to [-{1}, {1}]", 1, 0x1p14,
     [](double x, double c) { return std::isnan(x) ? x : std::clamp(x, -c, c); }},
    {"`{0}` is held below {1}", 1, 0x1p14, [](double x, double c) { return x > c ? c : x; }},
    {"`{0}` is held above -{1}", 1, 0x1p14, [](double x, double c) { return x < -c ? -c : x; }},
    {"`{0}` is clamped to [{1}, 1 - {1}]", 0x1p-60, .25,
     [](double x, double c) { return std::isnan(x) ? x : std::clamp(x, c, 1 - c); }},
};
std::span<const Clamp> clamps(const Domain& domain) {
  if (domain.discrete() || domain.kind == Domain::Kind::nonzero) return {};
  if (domain.low == 0 && domain.high == 1) return clamps_of_units;
  if (domain.low == 0) return clamps_of_positives;
  return clamps_of_reals;
}

/// The constants with which a clamp gives the first wrong answers.
std::vector<double> fitted(const Clamp& clamp, const std::string& input, const std::vector<Observation>& seen,
                           const Part& part) {
  std::vector<double> out;
  int tried = 0;
  for (const Observation& each : seen) {
    const Tensor* got = numbers(each.answer, part);
    if (!got || !each.question.inputs.contains(input)) continue;
    for (std::size_t i = 0; i < got->real.size(); ++i) {
      if (!wrong(each, part, i) || !std::isfinite(got->real[i])) continue;
      if (++tried > 4) return out;
      const auto above = [&](double c) {
        Case other = asking(each.question, part);
        change_numbers(other, input, [&](double x) { return clamp.of(x, c); });
        const Answer answer = certified_answer(other);
        const Tensor* said = numbers(answer, part);
        return said && i < said->real.size() ? said->real[i] - got->real[i] : std::nan("");
      };
      if (const auto c = crossing(clamp.low, clamp.high, above))
        for (const double constant : written(*c)) out.push_back(constant);
      break;
    }
  }
  return out;
}

void clamped_input(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  const Dtype dtype = seen.front().question.dtype;
  for (const Input& each : seen.front().question.record()->inputs) {
    if (each.integer) continue;
    const std::string name(each.name);
    for (const Clamp& clamp :
         clamps(under_parameters(*seen.front().question.record(), each, seen.front().question).domain)) {
      std::vector<double> constants = fitted(clamp, name, seen, part);
      const Format& f = format(dtype);
      if (clamp.low < f.epsilon() && !constants.empty())
        for (const double known : {f.epsilon(), f.epsilon() / 2, f.smallest_normal()})
          constants.push_back(known);
      std::vector<double> done;
      for (const double c : constants) {
        if (std::ranges::find(done, c) != done.end() || done.size() > 12) continue;
        done.push_back(c);
        models.push_back(right_answer_to(
            std::string_view(clamp.words).starts_with("{1}") ? "additive-epsilon" : "clamped-input",
            fmt::format(fmt::runtime(clamp.words), name, constant_text(c)), 1,
            [name, c, of = clamp.of](Case& other) {
              return change_numbers(other, name, [&](double x) { return of(x, c); });
            }));
      }
    }
  }
}

constexpr Mechanism clamps_table[]{
    {"clamped-input", "an input is held within bounds, or has a constant added", clamped_input},
};

}  // namespace

std::span<const Mechanism> clamped_questions() { return clamps_table; }

}  // namespace assay::mechanisms
