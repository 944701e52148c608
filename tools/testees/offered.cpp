// Of testee.hpp: offered(), the part of a case that a handshake covers.
#include <algorithm>
#include <optional>

#include "losses/catalogue/catalogue.hpp"
#include "tools/testees/testee.hpp"

namespace assay {
namespace {

template <class Value, class Range>
bool contains(const Range& range, const Value& value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

std::optional<double> real(const ParameterValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return *x;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::nullopt;
}

/// 2 and 2.0 are one value, and an offered 0.1 is the case's dtype's 0.1.
bool same(const ParameterValue& a, const ParameterValue& b, Dtype dtype) {
  if (a == b) return true;
  if (std::holds_alternative<std::int64_t>(a) && std::holds_alternative<std::int64_t>(b)) return false;
  if (const auto x = real(a), y = real(b); x && y) return round_to(dtype, *x) == round_to(dtype, *y);
  const auto* left = std::get_if<std::vector<double>>(&a);
  const auto* right = std::get_if<std::vector<double>>(&b);
  return left && right &&
         std::equal(left->begin(), left->end(), right->begin(), right->end(),
                    [&](double x, double y) { return round_to(dtype, x) == round_to(dtype, y); });
}

ParameterValue owned(const ParameterFacts::Value& value) {
  struct Visit {
    ParameterValue operator()(double x) const { return x; }
    ParameterValue operator()(bool b) const { return b; }
    ParameterValue operator()(std::int64_t i) const { return i; }
    ParameterValue operator()(std::string_view s) const { return std::string(s); }
    ParameterValue operator()(std::span<const double> s) const {
      return std::vector<double>(s.begin(), s.end());
    }
  };
  return std::visit(Visit{}, value);
}

}  // namespace

std::optional<Case> offered(const Case& c, const Handshake& handshake) {
  const auto found = handshake.losses.find(c.loss.name());
  if (found == handshake.losses.end()) return std::nullopt;
  const Offer& offer = found->second;
  if (!contains(offer.dtypes, c.dtype) || !contains(offer.reductions, c.reduction)) return std::nullopt;
  const Record* record = c.record();

  for (const auto& [name, values] : offer.parameters) {
    std::optional<ParameterValue> value;
    if (const auto given = c.parameters.find(name); given != c.parameters.end())
      value = given->second;
    else if (const ParameterFacts* facts = record ? record->parameter(name) : nullptr)
      value = owned(facts->initial);
    if (value && std::none_of(values.begin(), values.end(),
                              [&](const ParameterValue& each) { return same(each, *value, c.dtype); }))
      return std::nullopt;
  }
  if (offer.inputs && record)
    for (const auto& [name, unused] : c.inputs)
      if (const Input* input = record->input(name);
          input && input->optional && !contains(*offer.inputs, name))
        return std::nullopt;

  Case out = c;
  if (offer.any_gradient) return out;
  out.wrt.clear();
  for (const std::string& name : c.wrt) {
    if (contains(offer.gradient, name)) {
      out.wrt.push_back(name);
    } else if (const Input* input = record ? record->input(name) : nullptr;
               !input || !input->differentiable()) {
      return std::nullopt;  // the case asks for what nobody can answer; cut, it would be another question
    }
  }
  return out;
}

}  // namespace assay
