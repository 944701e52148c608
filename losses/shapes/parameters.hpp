// What every shape asks of a loss's parameters.
#pragma once

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

#include "losses/spec/record.hpp"

namespace assay {

/// The loss with its real parameters rounded to the dtype. Two neighbours that a plain cast rounds side by
/// side g++ 12 merely copies; round_to keeps it from that.
template <class T, class Loss>
Loss rounded_to(Loss loss) {
  if constexpr (std::is_same_v<T, double>) return loss;  // what parameters are
  auto round = [&]<std::size_t I>() {
    if constexpr (std::holds_alternative<double Loss::*>(parameters<Loss>[I].member)) {
      double& member = loss.*std::get<double Loss::*>(parameters<Loss>[I].member);
      member = round_to(dtype_of<T>, member);
    }
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) { (round.template operator()<I>(), ...); }
  (std::make_index_sequence<parameters<Loss>.size()>());
  return loss;
}

/// Every real parameter is 0 or within 2^+-100: products with it keep their low word.
template <class Loss>
bool has_moderate_parameters(const Loss& loss) {
  bool moderate = true;
  for (const Parameter<Loss>& each : parameters<Loss>)
    if (const auto* member = std::get_if<double Loss::*>(&each.member)) {
      const double size = std::fabs(loss.**member);
      moderate = moderate && (size == 0 || (size > 0x1p-100 && size < 0x1p100));
    }
  return moderate;
}

}  // namespace assay
