// Of testee.hpp: what of a case a handshake covers, and the handshakes of a testee's variants.
#include <algorithm>
#include <optional>

#include "losses/catalogue/records.hpp"
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

/// The largest rank of any real input, the cotangent, which is the value's, aside.
std::int64_t rank_of(const Case& c) {
  std::size_t rank = 0;
  for (const auto& [name, tensor] : c.inputs)
    if (!tensor.is_integer && name != "cotangent") rank = std::max(rank, tensor.shape.size());
  return static_cast<std::int64_t>(rank);
}

}  // namespace

std::vector<const Offer*> offers_of(const Handshake& handshake, std::string_view loss) {
  std::vector<const Offer*> out;
  if (const auto plain = handshake.losses.find(std::string(loss)); plain != handshake.losses.end())
    out.push_back(&plain->second);
  if (const auto several = handshake.variants.find(std::string(loss)); several != handshake.variants.end())
    for (const Offer& each : several->second) out.push_back(&each);
  return out;
}

const Offer* offer_of(const Handshake& handshake, const Case& c) {
  const std::vector<const Offer*> all = offers_of(handshake, c.loss.name());
  // A handshake of one variant need not be told which.
  if (c.variant.empty() && all.size() == 1 && handshake.losses.contains(c.loss.name())) return all.front();
  const auto found = std::ranges::find(all, c.variant, &Offer::variant);
  return found == all.end() ? nullptr : *found;
}

Handshake of_variant(const Handshake& handshake, std::string_view variant) {
  Handshake out{handshake.implementation, {}, handshake.snippets, {}};
  for (const auto& [loss, offer] : handshake.losses)
    if (offer.variant == variant) out.losses.emplace(loss, offer);
  for (const auto& [loss, offers] : handshake.variants)
    for (const Offer& each : offers)
      if (each.variant == variant) out.losses.emplace(loss, each);
  return out;
}

std::vector<std::string> variants_of(const Handshake& handshake) {
  std::vector<std::string> out;
  const auto add = [&](const Offer& offer) {
    if (!contains(out, offer.variant)) out.push_back(offer.variant);
  };
  for (const auto& [loss, offer] : handshake.losses) add(offer);
  for (const auto& [loss, offers] : handshake.variants)
    for (const Offer& each : offers) add(each);
  return out;
}

std::optional<Case> offered(const Case& c, const Handshake& handshake) {
  const Offer* found = offer_of(handshake, c);
  if (!found) return std::nullopt;
  const Offer& offer = *found;
  if (!contains(offer.dtypes, c.dtype) || !contains(offer.reductions, c.reduction)) return std::nullopt;
  if (offer.ranks && !contains(*offer.ranks, rank_of(c))) return std::nullopt;
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
  out.variant = offer.variant;
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
