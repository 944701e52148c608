// Of table.hpp: the right answer to another question.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "losses/catalogue/catalogue.hpp"
#include "reference/cases/shapes.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/misreading.hpp"
#include "tools/mechanisms/shortened.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/search/tolerance.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

/// Shorter than what was asked for: what was dropped has no gradient.
bool padded(std::vector<double>& numbers, std::size_t wanted) {
  if (numbers.size() > wanted) return false;
  numbers.resize(wanted, 0);
  return true;
}

bool any(const std::vector<Observation>& seen, const std::function<bool(const Case&)>& of) {
  return std::ranges::any_of(seen, [&](const Observation& each) { return of(each.question); });
}

template <class Change>
bool change_numbers(Case& c, std::string_view input, const Change& change) {
  const auto found = c.inputs.find(std::string(input));
  if (found == c.inputs.end()) return false;
  for (double& x : found->second.real) x = round_to(c.dtype, change(x));
  return true;
}

void ignored_parameter(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  for (const ParameterFacts& each : seen.front().question.record()->parameters) {
    const std::string name(each.name);
    models.push_back(right_answer_to(
        "ignored-parameter", fmt::format("`{}` is ignored: the answers are those of its default", name), 0,
        [name](Case& c) {
          c.parameters.erase(name);
          c = complete(std::move(c));
          return true;
        }));
  }
}

void misread_parameter(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  struct Reading {
    int generality;
    const char* as;
    double (*of)(double);
  };
  static constexpr Reading readings[]{
      {1, "doubled", [](double x) { return 2 * x; }},
      {1, "halved", [](double x) { return x / 2; }},
      {1, "inverted", [](double x) { return 1 / x; }},
      {1, "negated", [](double x) { return -x; }},
      {2, "squared", [](double x) { return x * x; }},
      {2, "taken for its root", [](double x) { return std::sqrt(x); }},
      {1, "taken for 1 less it", [](double x) { return 1 - x; }},
      {1, "taken for degrees", [](double x) { return x * (std::acos(-1.) / 180); }}};
  const Record& record = *seen.front().question.record();
  for (const ParameterFacts& each : record.parameters) {
    const std::string name(each.name);
    if (!std::holds_alternative<double>(each.initial)) continue;
    for (const Reading& reading : readings)
      models.push_back(right_answer_to("misread-parameter", fmt::format("`{}` is {}", name, reading.as),
                                       reading.generality, [name, of = reading.of](Case& c) {
                                         double& x = std::get<double>(c.parameters.at(name));
                                         const double read = round_to(c.dtype, of(x));
                                         if (std::isfinite(read)) x = read;
                                         return true;
                                       }));
    for (const ParameterFacts& other : record.parameters)
      if (const std::string second(other.name);
          name < second && std::holds_alternative<double>(other.initial))
        models.push_back(right_answer_to("argument-order",
                                         fmt::format("`{}` and `{}` are exchanged", name, second), 0,
                                         [name, second](Case& c) {
                                           std::swap(c.parameters.at(name), c.parameters.at(second));
                                           return true;
                                         }));
  }
}

void argument_order(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  // Where the value is right its arguments were in order; so a gradient may come out all the same.
  const int generality = part.empty() ? 0 : 2;
  const auto& inputs = seen.front().question.record()->inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t j = i + 1; j < inputs.size(); ++j) {
      if (inputs[i].axes != inputs[j].axes || inputs[i].integer || inputs[j].integer) continue;
      const std::string a(inputs[i].name), b(inputs[j].name);
      const auto exchange = [a, b](Case& c) {
        if (!c.inputs.contains(a) || !c.inputs.contains(b)) return false;
        std::swap(c.inputs.at(a), c.inputs.at(b));
        return true;
      };
      const std::string sentence = fmt::format("`{}` and `{}` are exchanged", a, b);
      models.push_back(right_answer_to("argument-order", sentence, generality, exchange));
      models.push_back(
          right_answer_to("argument-order", sentence, generality, exchange, [a, b](const Part& asked) {
            return asked == a ? b : asked == b ? a : asked;
          }));
    }
}

void turned_sign(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  for (const Input& each : seen.front().question.record()->inputs) {
    const std::string name(each.name);
    const bool labels = each.domain.kind == Domain::Kind::points;
    if (each.integer || each.domain.kind == Domain::Kind::one_hot ||
        each.domain.kind == Domain::Kind::nonzero)
      continue;
    if (!labels && each.domain.low != -each.domain.high) continue;
    const double sum = labels ? each.domain.low + each.domain.high : 0;
    models.push_back(right_answer_to(labels ? "exchanged-labels" : "wrong-sign",
                                     labels ? fmt::format("the two classes of `{}` are exchanged", name)
                                            : fmt::format("`{}` has the other sign", name),
                                     labels ? 0 : 1, [name, sum](Case& c) {
                                       return change_numbers(c, name, [sum](double x) { return sum - x; });
                                     }));
  }
}

void ignored_input(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  for (const Input& each : seen.front().question.record()->inputs) {
    const std::string name(each.name);
    if (each.optional)
      models.push_back(
          right_answer_to("ignored-input", fmt::format("`{}` is ignored", name), 0, [name](Case& c) {
            return change_numbers(c, name, [](double x) { return std::isnan(x) ? x : 1; });
          }));
  }
  if (!any(seen, [](const Case& c) { return c.inputs.contains("cotangent"); })) return;
  models.push_back(right_answer_to("ignored-cotangent", "the cotangent is ignored: it counts as 1", 0,
                                   [](Case& c) { return c.inputs.erase("cotangent") != 0; }));
  models.push_back(right_answer_to("ignored-cotangent", "the first number of the cotangent is taken for all",
                                   0, [](Case& c) {
                                     const auto found = c.inputs.find("cotangent");
                                     if (found == c.inputs.end() || found->second.real.empty()) return false;
                                     std::ranges::fill(found->second.real, found->second.real.front());
                                     return true;
                                   }));
}

void reduction(const std::vector<Observation>&, const Part& part, std::vector<Model>& models) {
  const auto instead = [](Reduction from, Reduction to) {
    return [from, to](Case& c) {
      if (c.reduction == from) c.reduction = to;
      return true;
    };
  };
  models.push_back(right_answer_to(
      "wrong-reduction", part.empty() ? "the mean is a sum" : "the gradient lacks the mean's divisor", 0,
      instead(Reduction::mean, Reduction::sum)));
  models.push_back(
      right_answer_to("wrong-reduction", "the sum is a mean", 0, instead(Reduction::sum, Reduction::mean)));
}

void labels(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  for (const Input& each : seen.front().question.record()->inputs) {
    const std::string name(each.name);
    if (!each.domain.is_class_index()) continue;
    const bool ignores = each.domain.kind == Domain::Kind::class_index_or_ignored;
    for (const int step : {1, -1})
      models.push_back(right_answer_to("shifted-labels",
                                       fmt::format("`{}` is off by one: each label is taken for the {} one",
                                                   name, step > 0 ? "next" : "previous"),
                                       0, [name, step](Case& c) {
                                         const std::int64_t count =
                                             reference::bind_axes(*c.record(), c).axes.classes().value_or(0);
                                         if (count < 1) return false;
                                         for (std::int64_t& y : c.inputs.at(name).integer)
                                           if (y >= 0) y = (y + step + count) % count;
                                         return true;
                                       }));
    if (!ignores) continue;
    models.push_back(right_answer_to(
        "ignored-rows-counted", fmt::format("rows whose label is `ignore_index` count as rows of class 0"), 0,
        [name](Case& c) {
          const std::int64_t ignored = std::get<std::int64_t>(c.parameters.at("ignore_index"));
          for (std::int64_t& y : c.inputs.at(name).integer)
            if (y == ignored) y = 0;
          c.parameters["ignore_index"] = std::int64_t{-100};
          return true;
        }));
  }
}

bool flush(Case& c, std::string_view input) {
  return change_numbers(c, input, [&](double x) {
    return std::abs(x) < format(c.dtype).smallest_normal() ? std::copysign(0., x) : x;
  });
}

void flushed_subnormals(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  const Record& record = *seen.front().question.record();
  for (const Input& each : record.inputs) {
    if (each.integer || each.domain.discrete()) continue;
    models.push_back(right_answer_to("flushed-subnormals",
                                     fmt::format("subnormal numbers of `{}` are taken for 0", each.name), 0,
                                     [name = std::string(each.name)](Case& c) { return flush(c, name); }));
  }
  models.push_back(right_answer_to("flushed-subnormals", "subnormal inputs are taken for 0", 0, [](Case& c) {
    for (const Input& each : c.record()->inputs)
      if (!each.integer) flush(c, each.name);
    return true;
  }));
}

void special_numbers(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  const Record& record = *seen.front().question.record();
  for (const Input& each : record.inputs) {
    if (each.integer || each.domain.discrete()) continue;
    const std::string name(each.name);
    if (each.domain.infinities)
      models.push_back(right_answer_to(
          "clipped-infinity", fmt::format("infinities in `{}` become the largest number", name), 0,
          [name](Case& c) {
            const double largest = format(c.dtype).largest();
            return change_numbers(
                c, name, [&](double x) { return std::isnan(x) ? x : std::clamp(x, -largest, largest); });
          }));
    for (const double instead : {0., 1.}) {
      if (!each.domain.contains(instead)) continue;
      models.push_back(right_answer_to(
          "lost-nan", fmt::format("NaN in `{}` is taken for {}", name, instead), 0, [name, instead](Case& c) {
            return change_numbers(c, name, [&](double x) { return std::isnan(x) ? instead : x; });
          }));
    }
  }
}

void narrow_inputs(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  if (format(seen.front().question.dtype).precision <= format(Dtype::f32).precision) return;
  models.push_back(right_answer_to("narrow-arithmetic", "inputs are rounded to f32 first", 0, [](Case& c) {
    for (auto& [name, tensor] : c.inputs)
      for (double& x : tensor.real) x = round_to(Dtype::f32, x);
    return true;
  }));
}

void dropped_elements(const std::vector<Observation>& seen, const Part&, std::vector<Model>& models) {
  models.push_back(right_answer_to(
      "dropped-element", "the last element is dropped: a loop that ends one early", 0, [](Case& c) {
        return c.reduction != Reduction::none &&
               shorten(c, [](std::int64_t n) { return std::max<std::int64_t>(n - 1, 1); });
      }));
  const std::string first(seen.front().question.record()->inputs[0].name);
  const std::vector<std::int64_t>& shape = seen.front().question.inputs.at(first).shape;
  const std::int64_t longest = shape.empty() ? 0 : shape[0];
  for (std::int64_t width = 2; width < longest; width *= 2) {
    models.push_back(right_answer_to(
        "seam", fmt::format("what is left beyond the last whole block of {} is dropped", width), 1,
        [width](Case& c) {
          return c.reduction != Reduction::none &&
                 shorten(c, [width](std::int64_t n) { return n < width ? n : n - n % width; });
        }));
    models.push_back(
        right_answer_to("seam", fmt::format("what lies beyond {} is dropped", width), 1, [width](Case& c) {
          return c.reduction != Reduction::none &&
                 shorten(c, [width](std::int64_t n) { return std::min(n, width); });
        }));
  }
}

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
        const Answer answer = kernel_answer(other);
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

constexpr Mechanism table[]{
    {"ignored-parameter", "a parameter is always its default", ignored_parameter},
    {"misread-parameter", "a parameter is doubled, inverted, ...", misread_parameter},
    {"argument-order", "two arguments are exchanged", argument_order},
    {"wrong-sign", "an input has the other sign, or two classes are exchanged", turned_sign},
    {"ignored-input", "an optional input or the cotangent is ignored", ignored_input},
    {"wrong-reduction", "a sum for a mean or a mean for a sum", reduction},
    {"shifted-labels", "labels are off by one, or ignored ones counted", labels},
    {"flushed-subnormals", "subnormal inputs are taken for 0", flushed_subnormals},
    {"special-numbers", "infinities or NaN are replaced", special_numbers},
    {"narrow-arithmetic", "inputs are rounded to f32", narrow_inputs},
    {"dropped-element", "a loop ends early", dropped_elements},
    {"clamped-input", "an input is held within bounds", clamped_input},
};

}  // namespace

Model right_answer_to(std::string mechanism, std::string sentence, int generality, Misread change,
                      std::function<Part(const Part&)> gradient_of) {
  const auto expected = [change = std::move(change), gradient_of = std::move(gradient_of)](
                            const Observation& seen, const Part& part,
                            bool careful) -> std::optional<Expected> {
    const Part asked = gradient_of ? gradient_of(part) : part;
    Case other = asking(seen.question, asked);
    if (!change(other)) other = asking(seen.question, asked);
    Answer answer = kernel_answer(other);
    const Tensor* said = numbers(answer, asked);
    if (answer.outcome != Answer::Outcome::answered || !said) return std::nullopt;
    Expected out{said->real, {}};
    if (!padded(out.numbers, numbers(seen.answer, part)->real.size())) return std::nullopt;
    for (const double m : out.numbers) out.slack.push_back(4 * search::ulp(other.dtype, m));
    if (!careful) return out;
    const reference::Truth truth = reference::certify(other, {.digits = false});
    const reference::TensorTruth* exact = truth_of(truth, asked);
    if (!truth.error.empty() || !truth.undecided.empty() || !exact) return out;
    for (std::size_t i = 0; i < exact->components.size() && i < out.slack.size(); ++i)
      out.slack[i] = std::max(out.slack[i], allowance(other.dtype, *exact, i));
    return out;
  };
  return {std::move(mechanism), std::move(sentence), generality, expected};
}

std::span<const Mechanism> misreadings() { return table; }

}  // namespace assay::mechanisms
