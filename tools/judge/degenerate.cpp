#include "tools/judge/degenerate.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "losses/catalogue/candidates.hpp"

namespace assay {
namespace {

const Tensor* tensor(const Case& question, std::string_view name) {
  const auto given = question.inputs.find(std::string(name));
  return given == question.inputs.end() ? nullptr : &given->second;
}

bool all_zero(std::span<const double> numbers) {
  return std::ranges::all_of(numbers, [](double x) { return x == 0; });
}

/// Whether some row of these numbers, along the last axis, is as asked.
template <class Ask>
bool any_row(const Tensor& t, const Ask& ask) {
  const std::size_t width = t.shape.empty() ? 1 : static_cast<std::size_t>(t.shape.back());
  for (std::size_t first = 0; first + width <= t.real.size(); first += width)
    if (ask(first, width)) return true;
  return false;
}

bool has_empty_axis(const Case& question) {
  return std::ranges::any_of(question.inputs, [](const auto& named) {
    return std::ranges::find(named.second.shape, 0) != named.second.shape.end();
  });
}

/// Labels that may be ignored divide by the weights of those that are not, labels of groups by the rows that
/// share theirs; every other mean by a count of rows, which is 0 only where an axis is empty.
bool divides_by_zero(const Case& question) {
  if (question.reduction != Reduction::mean) return false;
  for (const Input& input : question.record()->inputs) {
    const Tensor* labels = tensor(question, input.name);
    if (!labels || !labels->is_integer) continue;
    if (input.domain.kind == Domain::Kind::class_index_or_ignored) {
      const auto ignored = static_cast<std::int64_t>(number_of(question, "ignore_index"));
      const Tensor* weight = tensor(question, "weight");
      return std::ranges::all_of(labels->integer, [&](std::int64_t y) {
        return y == ignored || (weight && weight->real[static_cast<std::size_t>(y)] == 0);
      });
    }
    if (input.domain.kind == Domain::Kind::group) {
      std::vector<std::int64_t> sorted = labels->integer;
      std::ranges::sort(sorted);
      return std::ranges::adjacent_find(sorted) == sorted.end();
    }
  }
  return false;
}

/// Whether the loss divides the input's rows by their norms. Of a row of zeros the value has no limit: its
/// promise not to see their length says so, or, where rows are averaged first, that it sees none of all.
bool normalizes(const Case& question, std::string_view input) {
  return std::ranges::any_of(question.record()->promises, [&](const Promise& promise) {
    const bool degree_zero =
        promise.property == Property::scale_invariant ||
        (promise.property == Property::homogeneous && promise.constant == 0 && promise.over.empty());
    return degree_zero && promise.subject == input &&
           std::ranges::all_of(promise.where, [&](const While& each) {
             const double x = number_of(question, each.parameter);
             return x >= each.low && x <= each.high;
           });
  });
}

bool normalizes_zeros(const Case& question) {
  for (const Input& input : question.record()->inputs) {
    const Tensor* t = tensor(question, input.name);
    if (!t || t->is_integer || !normalizes(question, input.name)) continue;
    if (any_row(*t, [&](std::size_t first, std::size_t width) {
          return all_zero(std::span(t->real).subspan(first, width));
        }))
      return true;
  }
  return false;
}

/// Losses of overlap are those that smooth a fraction. All of its terms are nonnegative: its denominator is 0
/// where each is, p g and, as far as they count, p (1-g) and (1-p) g.
bool overlaps_nothing(const Case& question) {
  const Record& record = *question.record();
  if (!record.parameter("smooth") || number_of(question, "smooth") != 0) return false;
  const auto counts = [&](std::string_view parameter) {
    return !record.parameter(parameter) || number_of(question, parameter) != 0;
  };
  const bool alone = counts("alpha"), missed = counts("beta");
  const Tensor *p = tensor(question, record.inputs[0].name), *g = tensor(question, record.inputs[1].name);
  return any_row(*p, [&](std::size_t first, std::size_t width) {
    for (std::size_t i = first; i < first + width; ++i) {
      const bool in_p = p->real[i] != 0, in_g = g->real[i] != 0;
      const bool outside_p = p->real[i] != 1, outside_g = g->real[i] != 1;
      if ((in_p && in_g) || (alone && in_p && outside_g) || (missed && outside_p && in_g)) return false;
    }
    return true;
  });
}

const Candidates& candidates_of(const Record& record) {
  static const std::vector<Candidates> in_order_of_the_catalogue = [] {
    std::vector<Candidates> all;
    for_each_loss([&]<class Loss>() { all.push_back(candidates<Loss>); });
    return all;
  }();
  return in_order_of_the_catalogue.at(static_cast<std::size_t>(&record - catalogue().data()));
}

bool chooses_nothing(const Case& question) {
  const Candidates& among = candidates_of(*question.record());
  if (among.axis == 0) return false;
  for (const Input& input : question.record()->inputs)
    if (const auto at = input.axes.position(among.axis); at && tensor(question, input.name))
      return extents(question, input)[*at] + among.more <= 1;
  return false;
}

}  // namespace

double number_of(const Case& question, std::string_view parameter) {
  const ParameterFacts& facts = *question.record()->parameter(parameter);
  const auto given = question.parameters.find(std::string(parameter));
  const auto value = [&]<class T>(const T* own, const T* initial) { return own ? *own : *initial; };
  const ParameterValue* own = given == question.parameters.end() ? nullptr : &given->second;
  if (const auto* x = std::get_if<double>(&facts.initial))
    return round_to(question.dtype, value(own ? std::get_if<double>(own) : nullptr, x));
  if (const auto* k = std::get_if<std::int64_t>(&facts.initial))
    return static_cast<double>(value(own ? std::get_if<std::int64_t>(own) : nullptr, k));
  const auto* flag = std::get_if<bool>(&facts.initial);
  return flag && value(own ? std::get_if<bool>(own) : nullptr, flag) ? 1 : 0;
}

bool is_degenerate(const Case& question) {
  return has_empty_axis(question) || divides_by_zero(question) || normalizes_zeros(question) ||
         overlaps_nothing(question) || chooses_nothing(question);
}

}  // namespace assay
