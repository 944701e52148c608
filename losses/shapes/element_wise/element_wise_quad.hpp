// Element-wise losses without lanes: where the argument in lanes does not hold, everything is computed in
// Quad and rounded once. Slow, and always right.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "losses/numbers/quad.hpp"
#include "losses/shapes/kernel.hpp"

namespace assay {

// The part of the formulas' vocabulary that losses/numbers/quad.hpp lacks.
inline Quad select(bool condition, const Quad& a, const Quad& b) { return condition ? a : b; }
inline Quad less(const Quad& a, const Quad& b) { return a - b; }
inline Quad half(const Quad& a) { return ldexp(a, -1); }
inline Quad twice(const Quad& a) { return ldexp(a, 1); }
struct QuadPowers {
  Quad exp, expm1;
};
inline QuadPowers powers(const Quad& a) { return {exp(a), expm1(a)}; }
inline QuadPowers short_powers(const Quad& a) { return powers(a); }
inline Quad short_exp(const Quad& a) { return exp(a); }
inline Quad short_exp_down(const Quad& a) { return exp(a); }
inline Quad short_log(const Quad& a) { return log(a); }
inline Quad short_log1p(const Quad& a) { return log1p(a); }
inline Quad log1p_unit(const Quad& a) { return log1p(a); }
inline Quad lesser(const Quad& a, const Quad& b) { return b < a ? b : a; }
/// Quad can compute with anything; NaN passes.
inline bool ordinary(const Quad&) { return true; }
inline bool exponentiable(const Quad&) { return true; }
inline bool between(double low, const Quad& a, double high) { return !(a < low) && !(a > high); }
inline bool survives(const Quad&, const Quad&) { return true; }
/// A coefficient that is exactly 0 drops its term, NaN and infinity included.
inline Quad weigh(const Quad& coefficient, const Quad& term) {
  return coefficient == 0 ? Quad(0) : coefficient * term;
}
/// max(0, x), NaN where x is.
inline Quad positive_part(const Quad& x) { return x < 0 ? Quad(0) : x; }

/// No unreduced value is below 0: the record says so.
template <class Loss>
constexpr bool promises_nonnegative() {
  for (const Promise& each : facts<Loss>.promises)
    if (each.property == Property::nonnegative && each.always()) return true;
  return false;
}

/// One number a column instead of one an element.
template <class Loss>
constexpr bool is_shared(std::size_t k) {
  return facts<Loss>.inputs[k].axes != ".";
}

/// An element in Quad: its value, and its slopes times the cotangent.
template <std::size_t Inputs>
struct QuadElement {
  Quad value;
  std::array<Quad, Inputs> gradient;
};

/// How lanes ask for the element at i.
template <class Loss, class T>
using InQuad = QuadElement<facts<Loss>.inputs.size()> (*)(const Loss& loss, const Call<T>&, std::size_t i);

/// `Formula` is the kernel's, `Element` what it makes of Quads.
template <class Formula, class Loss, class T>
QuadElement<facts<Loss>.inputs.size()> element_in_quad(const Loss& loss, const Call<T>& call, std::size_t i) {
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  std::array<Quad, inputs> x;
  for (std::size_t k = 0; k < inputs; ++k) {
    const Argument<T>& argument = call.inputs[k];
    x[k] = Quad(1);
    if (argument.present())
      x[k] = argument.real[is_shared<Loss>(k) ? i % static_cast<std::size_t>(argument.extent[0]) : i];
  }
  const auto e = [&]<std::size_t... K>(std::index_sequence<K...>) { return Formula(loss)(x[K]...); }
  (std::make_index_sequence<inputs>());
  const bool reduced = call.reduction != Reduction::none;
  const Quad cotangent = call.cotangent == nullptr ? Quad(1) : Quad(call.cotangent[reduced ? 0 : i]);
  const Quad undefined = std::numeric_limits<double>::quiet_NaN();
  QuadElement<inputs> out{e.holds ? e.value : undefined, {}};
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    ((out.gradient[K] = weigh(cotangent, e.holds ? e.slope.template get<K>() : undefined)), ...);
  }
  (std::make_index_sequence<inputs>());
  return out;
}

/// The whole call. The gradient of an input shared by the elements of a column sums over them: then the outer
/// loop is over columns, so that one sum is alive at a time and no workspace is needed.
template <class Loss, class T>
void evaluate_in_quad(const Loss& loss, const Call<T>& call, InQuad<Loss, T> element_at) {
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  const auto count = static_cast<std::size_t>(call.inputs[0].extent[0]);
  const bool reduced = call.reduction != Reduction::none;
  const Quad divisor = call.reduction == Reduction::mean ? Quad(static_cast<double>(count)) : Quad(1);
  std::size_t columns = 1;
  for (std::size_t k = 0; k < inputs; ++k)
    if (is_shared<Loss>(k) && call.gradient[k] != nullptr)
      columns = static_cast<std::size_t>(call.inputs[k].extent[0]);

  Sum<Quad> sum;
  for (std::size_t column = 0; column < columns; ++column) {
    std::array<Sum<Quad>, inputs> column_gradient;
    for (std::size_t i = column; i < count; i += columns) {
      const QuadElement<inputs> element = element_at(loss, call, i);
      if (reduced) {
        sum.add(element.value);
      } else if (call.value != nullptr) {
        call.value[i] = narrow<T>(element.value);
      }
      for (std::size_t k = 0; k < inputs; ++k) {
        if (call.gradient[k] == nullptr) continue;
        if (is_shared<Loss>(k))
          column_gradient[k].add(element.gradient[k]);
        else
          call.gradient[k][i] = narrow<T>(element.gradient[k] / divisor);
      }
    }
    for (std::size_t k = 0; k < inputs; ++k)
      if (is_shared<Loss>(k) && call.gradient[k] != nullptr)
        call.gradient[k][column] = narrow<T>(column_gradient[k].total() / divisor);
  }
  if (reduced && call.value != nullptr) *call.value = narrow<T>(sum.total() / divisor);
}

/// What lanes are told of a call.
template <class Loss, class T>
struct ElementPlan {
  const Call<T>& call;
  InQuad<Loss, T> element_at;
  detail::Pair scale;  ///< the cotangent of a reduced call over its divisor
};

/// Everything but the loop: what does not depend on the elements is settled here.
template <class Loss, class T>
void evaluate_element_wise(const Loss& loss, Call<T> call, InQuad<Loss, T> element_at) {
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  const auto count = static_cast<std::size_t>(call.inputs[0].extent[0]);
  const bool reduced = call.reduction != Reduction::none;
  const T cotangent = reduced && call.cotangent != nullptr ? *call.cotangent : T{1};
  bool columns_wanted = false, slopes_wanted = false;
  for (std::size_t k = 0; k < inputs; ++k) {
    T*& gradient = call.gradient[k];
    if (gradient == nullptr) continue;
    const std::size_t size = is_shared<Loss>(k) ? static_cast<std::size_t>(call.inputs[k].extent[0]) : count;
    const bool undefined = !facts<Loss>.inputs[k].differentiable();
    if (undefined || cotangent == 0) {  // 0 drops its term, NaN and infinity included
      for (std::size_t i = 0; i < size; ++i)
        gradient[i] = undefined ? std::numeric_limits<T>::quiet_NaN() : T{0};
      gradient = nullptr;
    }
    columns_wanted = columns_wanted || (gradient != nullptr && is_shared<Loss>(k));
    slopes_wanted = slopes_wanted || gradient != nullptr;
  }
  const double divisor = call.reduction == Reduction::mean ? static_cast<double>(count) : 1;
  // A division that is not needed is half of what 16 elements cost.
  const detail::Pair scale =
      slopes_wanted ? detail::divide({static_cast<double>(cotangent), 0}, {divisor, 0}) : detail::Pair{1, 0};
  const double size = std::fabs(scale.hi);
  const bool moderate = size > 0x1p-400 && size < 0x1p400;
  if (count == 0 || columns_wanted || !moderate ||
      !in_lanes(loss, ElementPlan<Loss, T>{call, element_at, scale}))
    evaluate_in_quad(loss, call, element_at);
}

}  // namespace assay
