// The library's front door. A loss is a small struct whose fields are its parameters; calling it is the mean:
//
//   std::vector<float> prediction{...}, target{...}, slope(prediction.size());
//   float loss = assay::Huber{.delta = 1.35}(prediction, target);
//   float same = assay::Huber{.delta = 1.35}(assay::into(slope), prediction, target);  // and its gradient
//
//   mean(loss, [into(...),] inputs...)        the mean over the unreduced values, as catalogue/ defines it
//   sum(loss, [into(...),] inputs...)         their sum
//   each(loss, out, [into(...),] inputs...)   the values themselves, written to `out`
//
// Shapes. Inputs come in the record's order (see catalogue/); optional ones at the end may be left out. A
// tensor is any contiguous range of float or of double, the same type for all; labels are ranges of
// std::int64_t. Where rows matter, Rows{numbers, columns} says how long they are; a plain range is then a
// single row. An element-wise loss takes either. Gradients have their input's size, `out` has one number a
// value.
//
// Numbers. Results are the exact ones rounded once, as far as the record's accuracy states; parameters are
// rounded to the inputs' type first. NaN gives NaN, except where a coefficient that is exactly 0 (a target, a
// weight, a cotangent) drops its term; infinities give limits. A number outside an input's domain (a
// probability of 1.5, a label that is no class) makes its value and its gradient NaN; nothing is clamped. The
// mean of nothing is NaN, the sum of nothing 0. At a kink the gradient is a member of the subdifferential,
// with 0 for |.| and max(0, .).
//
// Errors. std::invalid_argument, one line: a size that does not fit, a derivative by a label, a parameter
// outside its domain. Outputs are untouched then.
//
// Threads. There is no state: concurrent calls are safe while nothing that one writes is read or written by
// another. Outputs must not overlap inputs. Memory is allocated only for the losses that need scratch
// (workspace_bytes).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue.hpp"
#include "losses/fit.hpp"

namespace assay {

/// A row-major matrix: `numbers` holds rows of `columns` numbers each. The numbers stay where they are.
template <class T>
struct Rows {
  std::span<const T> numbers;
  std::size_t columns;
};
template <std::ranges::contiguous_range R>
Rows(const R&, std::size_t) -> Rows<std::ranges::range_value_t<R>>;

/// Where derivatives go, input by input, and what they are multiplied with.
template <class T>
struct Gradients {
  std::array<std::optional<std::span<T>>, max_inputs> by_input{};
  std::optional<std::span<const T>> cotangent{};

  /// The vector-Jacobian product with one number a value (one number for mean and sum) instead of ones.
  [[nodiscard]] Gradients times(std::span<const T> numbers) const { return {by_input, numbers}; }
};

/// In `into`, an input whose derivative is not wanted.
struct Unwanted {};
inline constexpr Unwanted unwanted{};

namespace detail {

template <class R>
concept Numbers = std::ranges::contiguous_range<R> && std::ranges::sized_range<R>;
template <class R>
concept Labels = Numbers<R> && std::is_same_v<std::ranges::range_value_t<R>, std::int64_t>;
template <class R>
concept Reals = Numbers<R> &&(std::is_same_v<std::ranges::range_value_t<R>, float> ||
                              std::is_same_v<std::ranges::range_value_t<R>, double>);
template <class L>
concept Listed = (!facts<L>.name.empty());

/// float or double: what the first tensor among the arguments holds.
template <class First, class... Rest>
struct Held : Held<Rest...> {};
template <Reals First, class... Rest>
struct Held<First, Rest...> {
  using type = std::ranges::range_value_t<First>;
};
template <class T, class... Rest>
struct Held<Rows<T>, Rest...> {
  using type = T;
};
template <class... Arguments>
using HeldBy = typename Held<std::remove_cvref_t<Arguments>...>::type;

template <class T, class R>
Given bind(Argument<T>& argument, const R& range) {
  // Null means "not given"; an empty range may well have no address.
  static constexpr T no_real{};
  static constexpr std::int64_t no_integer{};
  static_assert(Labels<R> || Reals<R>,
                "an input is a range of float, of double, or of std::int64_t for labels");
  const auto size = static_cast<std::size_t>(std::ranges::size(range));
  if constexpr (Labels<R>) {
    argument.integer = size == 0 ? &no_integer : std::ranges::data(range);
    return {.count = size, .integer = true};
  } else {
    static_assert(std::is_same_v<std::ranges::range_value_t<R>, T>, "the inputs mix float and double");
    argument.real = size == 0 ? &no_real : std::ranges::data(range);
    return {.count = size};
  }
}
template <class T>
Given bind(Argument<T>& argument, const Rows<T>& rows) {
  Given given = bind(argument, rows.numbers);
  given.is_matrix = true;
  given.columns = rows.columns;
  return given;
}

template <class Loss, class T, class... Inputs>
void call(const Loss& loss, Reduction reduction, std::span<T> out, const Gradients<T>& gradients,
          const Inputs&... inputs) {
  constexpr const Facts& record = facts<Loss>;
  static_assert(sizeof...(Inputs) <= record.inputs.size(), "more inputs than the loss has");
  check_parameters(record.name, parameter_facts<T>(loss));

  Call<T> call{.reduction = reduction};
  std::array<Given, max_inputs> given{};
  std::size_t position = 0;
  ((given[position] = bind(call.inputs[position], inputs), ++position), ...);
  const Fit fit = fitted(record, std::span(given).first(sizeof...(Inputs)));
  for (std::size_t i = 0; i < sizeof...(Inputs); ++i) call.inputs[i].extent = fit.extent[i];

  const std::size_t values = reduction == Reduction::none ? fit.values : 1;
  check_size(record.name, "the output", out.size(), values);
  call.value = out.data();
  if (gradients.cotangent) {
    check_size(record.name, "cotangent", gradients.cotangent->size(), values);
    call.cotangent = gradients.cotangent->data();
  }
  for (std::size_t i = 0; i < max_inputs; ++i) {
    if (!gradients.by_input[i]) continue;
    check_gradient(record, i, sizeof...(Inputs), gradients.by_input[i]->size(), given[i].count);
    call.gradient[i] = gradients.by_input[i]->data();
  }

  const std::size_t scratch = workspace_bytes(loss, call);
  std::vector<double> workspace((scratch + sizeof(double) - 1) / sizeof(double));
  call.workspace = std::as_writable_bytes(std::span(workspace)).first(scratch);
  evaluate(loss, call);
}

}  // namespace detail

/// The derivatives by the first inputs go to these ranges; `unwanted` skips one.
template <class... Out>
auto into(Out&&... out) {
  using T = detail::HeldBy<Out...>;
  Gradients<T> gradients;
  std::size_t position = 0;
  const auto place = [&]<class O>(O& each) {
    if constexpr (!std::is_same_v<std::remove_cv_t<O>, Unwanted>)
      gradients.by_input[position] = std::span<T>(each);
    ++position;
  };
  static_assert(sizeof...(Out) <= max_inputs, "more gradients than any loss has inputs");
  (place(out), ...);
  return gradients;
}

template <detail::Listed Loss, class T, class... Inputs>
T mean(const Loss& loss, const Gradients<T>& gradients, const Inputs&... inputs) {
  T value{};
  detail::call<Loss, T>(loss, Reduction::mean, std::span(&value, 1), gradients, inputs...);
  return value;
}
template <detail::Listed Loss, class... Inputs>
auto mean(const Loss& loss, const Inputs&... inputs) {
  return mean(loss, Gradients<detail::HeldBy<Inputs...>>{}, inputs...);
}

template <detail::Listed Loss, class T, class... Inputs>
T sum(const Loss& loss, const Gradients<T>& gradients, const Inputs&... inputs) {
  T value{};
  detail::call<Loss, T>(loss, Reduction::sum, std::span(&value, 1), gradients, inputs...);
  return value;
}
template <detail::Listed Loss, class... Inputs>
auto sum(const Loss& loss, const Inputs&... inputs) {
  return sum(loss, Gradients<detail::HeldBy<Inputs...>>{}, inputs...);
}

template <detail::Listed Loss, class Out, class T, class... Inputs>
void each(const Loss& loss, Out&& out, const Gradients<T>& gradients, const Inputs&... inputs) {
  detail::call<Loss, T>(loss, Reduction::none, std::span<T>(out), gradients, inputs...);
}
template <detail::Listed Loss, class Out, class... Inputs>
void each(const Loss& loss, Out&& out, const Inputs&... inputs) {
  each(loss, out, Gradients<detail::HeldBy<Inputs...>>{}, inputs...);
}

}  // namespace assay
