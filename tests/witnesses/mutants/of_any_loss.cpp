// Faults that any loss may have. Where one changes nothing, because a loss is symmetric, say, it is no fault
// and is not made.
#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/cases/shapes.hpp"
#include "tests/claims/answers.hpp"
#include "tests/witnesses/mutants/mutants.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests::mutants {
namespace {

using Numbers = std::vector<double>;
using OfCase = std::function<void(Case&)>;
using OfAnswer = std::function<void(const Case&, Answer&)>;

struct Maker {
  const Record& record;
  std::vector<Mutant> made{};

  /// The right answer to a case that was misread. A case that is invalid so gets no answer.
  void misread(std::string fault, OfCase change) {
    made.push_back({std::string(record.name), std::move(fault), [change = std::move(change)](const Case& c) {
                      Case other = c;
                      change(other);
                      Answer answer = kernel_answer(other);
                      for (const std::string& name : c.wrt)
                        if (const auto own = answer.gradient.find(name); own != answer.gradient.end())
                          own->second.shape = c.inputs.at(name).shape;
                      return answer;
                    }});
  }
  /// The right answer, changed.
  void spoil(std::string fault, OfAnswer change) {
    made.push_back({std::string(record.name), std::move(fault), [change = std::move(change)](const Case& c) {
                      Answer answer = kernel_answer(c);
                      if (answer.outcome == Answer::Outcome::answered) change(c, answer);
                      return answer;
                    }});
  }
  /// The value of one question and the gradient of another.
  void mix(std::string fault, OfCase for_gradient) {
    made.push_back(
        {std::string(record.name), std::move(fault), [change = std::move(for_gradient)](const Case& c) {
           Case other = c;
           change(other);
           Answer answer = kernel_answer(c);
           answer.gradient = kernel_answer(other).gradient;
           return answer;
         }});
  }

  [[nodiscard]] bool promises(Property property) const {
    return std::any_of(record.promises.begin(), record.promises.end(),
                       [&](const Promise& each) { return each.property == property && each.always(); });
  }
};

Numbers* numbers(Case& c, std::string_view input) {
  const auto at = c.inputs.find(std::string(input));
  return at == c.inputs.end() ? nullptr : &at->second.real;
}
template <class Change>
void each_number(Case& c, std::string_view input, const Change& change) {
  if (Numbers* all = numbers(c, input))
    for (double& x : *all) x = round_to(c.dtype, change(x));
}
template <class Change>
void each_result(const Case& c, Answer& answer, const Change& change) {
  for (double& x : answer.value.real) x = round_to(c.dtype, change(x));
  for (auto& [name, tensor] : answer.gradient)
    for (double& x : tensor.real) x = round_to(c.dtype, change(x));
}

double flushed(Dtype dtype, double x) {
  return std::abs(x) < format(dtype).smallest_normal() ? std::copysign(0., x) : x;
}

ParameterValue initial(const ParameterFacts& facts, Dtype dtype) {
  Case c;
  c.loss = "";
  return std::visit(
      [&](const auto& value) -> ParameterValue {
        using V = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<V, std::string_view>)
          return std::string(value);
        else if constexpr (std::is_same_v<V, std::span<const double>>)
          return std::vector<double>(value.begin(), value.end());
        else if constexpr (std::is_same_v<V, double>)
          return round_to(dtype, value);
        else
          return value;
      },
      facts.initial);
}

void add_parameters(Maker& m) {
  for (const ParameterFacts& each : m.record.parameters) {
    const OfCase forget = [&each](Case& c) { c.parameters[std::string(each.name)] = initial(each, c.dtype); };
    const std::string name(each.name);
    m.misread(name + " ignored", forget);
    if (name != "full" && name != "b") m.mix(name + " ignored by the gradient", forget);
    if (std::holds_alternative<double>(each.initial)) {
      m.misread(name + " doubled", [name](Case& c) {
        double& x = std::get<double>(c.parameters.at(name));
        x = round_to(c.dtype, 2 * x);
      });
      m.misread(name + " inverted", [name](Case& c) {
        double& x = std::get<double>(c.parameters.at(name));
        if (x != 0) x = round_to(c.dtype, 1 / x);
      });
    }
  }
}

void add_inputs(Maker& m) {
  const auto& inputs = m.record.inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t j = i + 1; j < inputs.size(); ++j) {
      if (inputs[i].axes != inputs[j].axes || inputs[i].integer || inputs[j].integer) continue;
      if (i == 0 && j == 1 && m.promises(Property::symmetric)) continue;
      const std::string a(inputs[i].name), b(inputs[j].name);
      m.misread(a + " and " + b + " exchanged",
                [a, b](Case& c) { std::swap(c.inputs.at(a), c.inputs.at(b)); });
    }
  for (const Input& each : inputs) {
    const std::string name(each.name);
    if (each.optional) {
      m.misread(name + " ignored",
                [name](Case& c) { each_number(c, name, [](double x) { return std::isnan(x) ? x : 1.; }); });
      m.mix(name + " ignored by the gradient",
            [name](Case& c) { each_number(c, name, [](double x) { return std::isnan(x) ? x : 1.; }); });
    }
    if (each.integer) {
      if (each.domain.kind == Domain::Kind::class_index ||
          each.domain.kind == Domain::Kind::class_index_or_ignored)
        m.misread(name + " off by one", [name](Case& c) {
          const reference::Binding bound = reference::bind_axes(*c.record(), c);
          const std::int64_t count = bound.axes.classes().value_or(2);
          for (std::int64_t& y : c.inputs.at(name).integer)
            if (y >= 0) y = (y + 1) % count;
        });
      continue;
    }
    // Where an exponential is all that meets it, a number is as good as 0 long before it is subnormal.
    const bool exponentiated =
        each.domain.infinities && each.origin != Origin::partner && each.origin != Origin::counted;
    if (!each.domain.discrete() && !exponentiated)
      m.misread("subnormal " + name + " flushed to 0",
                [name](Case& c) { each_number(c, name, [&c](double x) { return flushed(c.dtype, x); }); });
    if (each.domain.kind == Domain::Kind::interval)
      m.misread("NaN in " + name + " taken for a number", [name, &each](Case& c) {
        const double instead = each.domain.contains(0)   ? 0
                               : each.domain.contains(1) ? 1
                                                         : each.domain.low + 1;
        each_number(c, name, [instead](double x) { return std::isnan(x) ? instead : x; });
      });
    if (each.domain.infinities && !m.promises(Property::unit_range) && m.record.name != "exponential")
      m.misread("infinities in " + name + " clipped", [name](Case& c) {
        each_number(c, name, [&c](double x) {
          return std::clamp(x, -format(c.dtype).largest(), format(c.dtype).largest());
        });
      });
    if (each.domain.low == 0 && each.domain.high == 1 && each.name != "target") {
      m.misread(name + " clipped to [1e-7, 1 - 1e-7]", [name](Case& c) {
        each_number(c, name, [](double x) { return std::clamp(x, 1e-7, 1 - 1e-7); });
      });
      m.misread(name + " clipped by the dtype's epsilon", [name](Case& c) {
        const double eps = format(c.dtype).epsilon();
        each_number(c, name, [eps](double x) { return std::clamp(x, eps, 1 - eps); });
      });
    }
    if (each.name == "logits")
      m.misread("logits clamped to [-50, 50]",
                [name](Case& c) { each_number(c, name, [](double x) { return std::clamp(x, -50., 50.); }); });
  }
}

double count_of(const Case& c) {
  Case unreduced = c;
  unreduced.reduction = Reduction::none;
  return static_cast<double>(product(value_shape(unreduced)));
}

void scale_mean(const Case& c, Answer& answer, double factor, bool value, bool gradient) {
  if (c.reduction != Reduction::mean) return;
  if (value) answer.value.real.at(0) = round_to(c.dtype, answer.value.real.at(0) * factor);
  if (gradient)
    for (auto& [name, tensor] : answer.gradient)
      for (double& x : tensor.real) x = round_to(c.dtype, x * factor);
}

void add_reductions(Maker& m) {
  m.misread("mean is a sum", [](Case& c) {
    if (c.reduction == Reduction::mean) c.reduction = Reduction::sum;
  });
  m.misread("sum is a mean", [](Case& c) {
    if (c.reduction == Reduction::sum) c.reduction = Reduction::mean;
  });
  if (!m.promises(Property::sums_to_one))  // whose mean is a constant
    m.mix("gradient of a mean without its divisor", [](Case& c) {
      if (c.reduction == Reduction::mean) c.reduction = Reduction::sum;
    });
  m.spoil("mean divides by one too few", [](const Case& c, Answer& answer) {
    const double n = count_of(c);
    if (n > 1) scale_mean(c, answer, n / (n - 1), true, true);
  });
  m.spoil("mean divides by the numbers of the first input", [](const Case& c, Answer& answer) {
    const double n = static_cast<double>(c.inputs.at(std::string(c.record()->inputs[0].name)).size());
    if (n > 0) scale_mean(c, answer, count_of(c) / n, true, true);
  });
  if (m.record.kind == Kind::element_wise || m.record.output.size() > 1) m.made.pop_back();
  m.misread("last element dropped", [](Case& c) {
    // Of what rows share, too: a loop that ends one early.
    if (c.reduction == Reduction::none) return;
    const Record& record = *c.record();
    const std::string first(record.inputs[0].name);
    const std::vector<std::int64_t> shape = c.inputs.at(first).shape;
    if (shape.empty() || shape[0] < 2) return;
    for (const Input& each : record.inputs) {
      const auto at = c.inputs.find(std::string(each.name));
      if (at == c.inputs.end() || at->second.shape.empty() || at->second.shape[0] != shape[0]) continue;
      if (each.axes.front() != record.inputs[0].axes.front()) continue;
      Tensor& t = at->second;
      const auto width = static_cast<std::ptrdiff_t>(t.size() / static_cast<std::size_t>(t.shape[0]));
      --t.shape[0];
      if (t.is_integer)
        t.integer.resize(t.integer.size() - static_cast<std::size_t>(width));
      else
        t.real.resize(t.real.size() - static_cast<std::size_t>(width));
    }
    c.wrt.clear();
  });
}

void add_gradients(Maker& m) {
  for (const Input& each : m.record.inputs) {
    if (!each.differentiable()) continue;
    const std::string name(each.name);
    const auto change = [&](const std::string& fault, double factor) {
      m.spoil("gradient by " + name + " " + fault, [name, factor](const Case& c, Answer& answer) {
        if (const auto at = answer.gradient.find(name); at != answer.gradient.end())
          for (double& x : at->second.real) x = round_to(c.dtype, x * factor);
      });
    };
    change("negated", -1);
    change("halved", .5);
    change("is 0", 0);
    m.spoil("gradient by " + name + " misses its last number", [name](const Case&, Answer& answer) {
      if (const auto at = answer.gradient.find(name); at != answer.gradient.end() && !at->second.real.empty())
        at->second.real.back() = 0;
    });
  }
  m.mix("cotangent ignored", [](Case& c) { c.inputs.erase("cotangent"); });
  m.mix("the first cotangent taken for all", [](Case& c) {
    if (Numbers* all = numbers(c, "cotangent"); all && !all->empty())
      std::fill(all->begin(), all->end(), all->front());
  });
  m.mix("cotangent of 0 does not drop NaN", [](Case& c) {
    each_number(c, "cotangent", [&c](double x) { return x == 0 ? format(c.dtype).smallest_normal() : x; });
  });
}

void add_numbers(Maker& m) {
  m.spoil("subnormal results flushed to 0", [](const Case& c, Answer& answer) {
    each_result(c, answer, [&c](double x) { return flushed(c.dtype, x); });
  });
  m.spoil("NaN results are 0", [](const Case& c, Answer& answer) {
    each_result(c, answer, [](double x) { return std::isnan(x) ? 0 : x; });
  });
  m.spoil("results rounded to half the digits", [](const Case& c, Answer& answer) {
    each_result(c, answer, [&c](double x) {
      if (!std::isfinite(x) || x == 0) return x;
      int e = 0;
      const double f = std::frexp(x, &e), digits = std::ldexp(1, format(c.dtype).precision / 2);
      return std::ldexp(std::nearbyint(f * digits) / digits, e);
    });
  });
  m.spoil("an epsilon of 1e-7 in the value", [](const Case& c, Answer& answer) {
    for (double& x : answer.value.real) x = round_to(c.dtype, x + 1e-7);
  });
  m.made.push_back({std::string(m.record.name), "f64 computed as f32", [](const Case& c) {
                      if (c.dtype == Dtype::f32) return kernel_answer(c);
                      Case narrow = c;
                      narrow.dtype = Dtype::f32;
                      for (auto& [name, tensor] : narrow.inputs)
                        for (double& x : tensor.real) x = round_to(Dtype::f32, x);
                      return kernel_answer(complete(narrow));
                    }});
  if (m.promises(Property::nonnegative) && !m.promises(Property::unit_range) &&
      m.record.output == m.record.inputs[0].axes)
    m.spoil("positive infinities are the largest number", [](const Case& c, Answer& answer) {
      each_result(c, answer, [&c](double x) { return x == infinity ? format(c.dtype).largest() : x; });
    });
}

void add_ignored_rows(Maker& m) {
  for (const Input& each : m.record.inputs) {
    if (each.domain.kind != Domain::Kind::class_index_or_ignored) continue;
    const std::string name(each.name);
    m.misread("ignored rows are of class 0", [name](Case& c) {
      const std::int64_t ignored = std::get<std::int64_t>(c.parameters.at("ignore_index"));
      for (std::int64_t& y : c.inputs.at(name).integer)
        if (y == ignored) y = 0;
      c.parameters["ignore_index"] = std::int64_t{-100};
    });
    m.spoil("mean counts ignored rows", [name](const Case& c, Answer& answer) {
      const std::vector<std::int64_t>& all = c.inputs.at(name).integer;
      const std::int64_t ignored = std::get<std::int64_t>(c.parameters.at("ignore_index"));
      const auto kept =
          static_cast<double>(all.size()) - static_cast<double>(std::count(all.begin(), all.end(), ignored));
      if (kept > 0) scale_mean(c, answer, kept / static_cast<double>(all.size()), true, true);
    });
  }
}

}  // namespace

std::vector<Mutant> of_any_loss(const Record& record) {
  Maker m{record};
  add_parameters(m);
  add_inputs(m);
  add_reductions(m);
  add_gradients(m);
  add_numbers(m);
  add_ignored_rows(m);
  return std::move(m.made);
}

}  // namespace assay::tests::mutants
