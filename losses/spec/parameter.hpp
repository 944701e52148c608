// The fields of a loss's struct: names, values, domains.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "losses/spec/bounded_list.hpp"
#include "losses/spec/domain.hpp"

namespace assay {

/// What a text parameter may be.
using Choices = BoundedList<std::string_view, 2>;

/// A parameter: a member of the loss's struct, its exact name outside, and the values it may take. Its
/// default is the member's own initialiser and is stated nowhere else.
template <class Loss>
struct Parameter {
  using Member = std::variant<double Loss::*, bool Loss::*, std::int64_t Loss::*, std::string_view Loss::*,
                              std::span<const double> Loss::*>;
  std::string_view name;
  Member member;
  Domain domain{};
  Choices choices{};
};

template <class Loss, class Value>
Parameter(std::string_view, Value Loss::*, Domain = {}, Choices = {}) -> Parameter<Loss>;

/// A parameter without its type, as tests, tools and messages iterate them.
struct ParameterFacts {
  using Value = std::variant<double, bool, std::int64_t, std::string_view, std::span<const double>>;
  std::string_view name;
  Value initial;
  Domain domain{};
  Choices choices{};
};

}  // namespace assay
