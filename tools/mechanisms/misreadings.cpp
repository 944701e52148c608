// Of table.hpp: the right answer to another question.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "reference/cases/shapes.hpp"
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

/// What a cotangent of 0 should drop comes through as NaN where it is infinite or NaN.
std::optional<Expected> undropped(const Observation& seen, const Part& part, bool careful) {
  const Case own = asking(seen.question, part);
  Case tiny = own;
  change_numbers(tiny, "cotangent",
                 [&](double x) { return x == 0 ? format(own.dtype).smallest_normal() : x; });
  const Answer right = certified_answer(own), through = certified_answer(tiny);
  const Tensor *dropped = numbers(right, part), *kept = numbers(through, part);
  if (!dropped || !kept) return std::nullopt;
  Expected out{dropped->real, {}};
  for (std::size_t i = 0; i < out.numbers.size(); ++i) {
    if (std::isfinite(out.numbers[i]) && !std::isfinite(kept->real.at(i))) out.numbers[i] = std::nan("");
    const double units = 4 * search::ulp(own.dtype, out.numbers[i]);
    out.slack.push_back(careful ? std::max(units, allowance(own.dtype, *truth_of(seen.truth, part), i))
                                : units);
  }
  return out;
}

void zero_cotangent(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models) {
  const auto has_zero = [](const Case& c) {
    const auto found = c.inputs.find("cotangent");
    return found != c.inputs.end() && std::ranges::find(found->second.real, 0.) != found->second.real.end();
  };
  if (part.empty() || !any(seen, has_zero)) return;
  models.push_back(
      {"zero-times-infinity", "a cotangent of 0 is multiplied with what it should drop", 0, undropped});
  models.push_back(right_answer_to(
      "zero-times-infinity", "a cotangent of 0 is held above 0, and does not drop what it should", 0,
      [](Case& c) {
        return change_numbers(c, "cotangent",
                              [&](double x) { return x == 0 ? format(c.dtype).smallest_normal() : x; });
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

constexpr Mechanism table[]{
    {"ignored-parameter", "a parameter is always its default", ignored_parameter},
    {"misread-parameter", "a parameter is doubled, inverted, ...", misread_parameter},
    {"argument-order", "two arguments are exchanged", argument_order},
    {"wrong-sign", "an input has the other sign, or two classes are exchanged", turned_sign},
    {"ignored-input", "an optional input or the cotangent is ignored", ignored_input},
    {"zero-times-infinity", "a cotangent of 0 does not drop", zero_cotangent},
    {"wrong-reduction", "a sum for a mean or a mean for a sum", reduction},
    {"shifted-labels", "labels are off by one, or ignored ones counted", labels},
    {"flushed-subnormals", "subnormal inputs are taken for 0", flushed_subnormals},
    {"special-numbers", "infinities or NaN are replaced", special_numbers},
    {"narrow-arithmetic", "inputs are rounded to f32", narrow_inputs},
    {"dropped-element", "a loop ends early", dropped_elements},
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
    Answer answer = certified_answer(other);
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
