// The library's front door. A loss is a small struct whose fields are its parameters; calling it is the mean:
//
//   std::vector<float> prediction{...}, target{...}, slope(prediction.size());
//   float loss = assay::Huber{.delta = 1.35}(prediction, target);
//   float same = assay::Huber{.delta = 1.35}(assay::into(slope), prediction, target);  // and its gradient
//
//   mean(loss, [options...,] inputs...)       the mean over the unreduced values, as catalogue/ defines it
//   sum(loss, [options...,] inputs...)        their sum
//   each(loss, out, [options...,] inputs...)  the values themselves, written to `out`
//
// Options, in any order: into(...) says where gradients go, Threads{n} how many threads may work,
// Workspace{...} lends scratch memory. losses/README.md shows each at work.
//
// Shapes. Inputs come in the record's order (see catalogue/); optional ones at the end may be left out. A
// tensor is any contiguous range of float or of double, the same type for all, row-major; labels and lengths
// are ranges of std::int64_t. Where rows matter, Rows{numbers, columns} says how long they are; a plain range
// is then a single row. Three axes are Shaped{numbers, {S, U, D}}. An element-wise loss takes any of them.
// Gradients have their input's size, `out` has one number a value.
//
// Units. A value has the unit that its formula gives it, a gradient that unit divided by its input's;
// parameters say theirs in catalogue/.
//
// Numbers. Results are the exact ones rounded once, as far as the record's accuracy states; parameters are
// rounded to the inputs' type first. NaN gives NaN, except where a coefficient that is exactly 0 (a target, a
// weight, a cotangent) drops its term; infinities give limits. A number outside an input's domain (a
// probability of 1.5, a label that is no class) makes its value and its gradient NaN; nothing is clamped. The
// mean of nothing is NaN, the sum of nothing 0. At a kink the gradient is a member of the subdifferential,
// with 0 for |.| and max(0, .).
//
// Errors. std::invalid_argument, one line: a size that does not fit, a derivative by a label, a parameter
// outside its domain; std::bad_alloc where there is no memory for scratch. Outputs are untouched then.
// Kernels throw nothing.
//
// Threads. There is no state: concurrent calls are safe while nothing that one writes is read or written by
// another. Outputs must not overlap inputs. A call works on the caller's thread alone unless Threads allows
// more. Memory is allocated only where a loss needs scratch (workspace_size) and no Workspace lends it, and
// for what starting a further thread takes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "losses/call.hpp"
#include "losses/call_check.hpp"
#include "losses/catalogue/catalogue.hpp"

namespace assay {

/// A row-major matrix: `numbers` holds rows of `columns` numbers each. The numbers stay where they are.
template <class T>
struct Rows {
  std::span<const T> numbers;
  std::size_t columns;
};
template <std::ranges::contiguous_range R>
Rows(const R&, std::size_t) -> Rows<std::ranges::range_value_t<R>>;

/// A row-major tensor of three axes, the last one contiguous. The numbers stay where they are.
template <class T>
struct Shaped {
  std::span<const T> numbers;
  std::array<std::size_t, 3> extents;
};
template <std::ranges::contiguous_range R>
Shaped(const R&, std::array<std::size_t, 3>) -> Shaped<std::ranges::range_value_t<R>>;

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

/// How many threads a call may use, the caller's included. Results have the same bits whatever it is.
struct Threads {
  int count;
};

/// Scratch memory, workspace_size(...) numbers or more, that a call may overwrite instead of allocating its
/// own.
struct Workspace {
  std::span<double> numbers;
};

namespace detail {

template <class R>
concept Numbers = std::ranges::contiguous_range<R> && std::ranges::sized_range<R>;
template <class R>
concept Integers = Numbers<R> && std::is_same_v<std::ranges::range_value_t<R>, std::int64_t>;
template <class T>
concept Real = Number<T>;
template <class R>
concept Reals = Numbers<R> && Real<std::ranges::range_value_t<R>>;
template <class L>
concept Listed = (!facts<L>.name.empty());

/// float or double: what the first tensor among the arguments holds.
template <class... Arguments>
struct Held {
  static_assert(sizeof...(Arguments) != 0, "no argument is a range of float or of double");
  using type = double;
};
template <class First, class... Rest>
struct Held<First, Rest...> : Held<Rest...> {};
template <Reals First, class... Rest>
struct Held<First, Rest...> {
  using type = std::ranges::range_value_t<First>;
};
template <Real T, class... Rest>
struct Held<Rows<T>, Rest...> {
  using type = T;
};
template <Real T, class... Rest>
struct Held<Shaped<T>, Rest...> {
  using type = T;
};
template <class... Arguments>
using HeldBy = typename Held<std::remove_cvref_t<Arguments>...>::type;

template <class A>
inline constexpr bool is_option = false;
template <class T>
inline constexpr bool is_option<Gradients<T>> = true;
template <>
inline constexpr bool is_option<Threads> = true;
template <>
inline constexpr bool is_option<Workspace> = true;

template <class... Arguments>
constexpr bool options_come_first() {
  bool before_inputs = true, fine = true;
  ((before_inputs = before_inputs && is_option<Arguments>,
    fine = fine && (before_inputs || !is_option<Arguments>)),
   ...);
  return fine;
}
template <class A, class... All>
inline constexpr int times_given = (int{std::is_same_v<A, All>} + ... + 0);

template <class T, class R>
PassedShape bind(Argument<T>& argument, const R& range) {
  // Null means "not given"; an empty range may well have no address.
  static constexpr T no_real{};
  static constexpr std::int64_t no_integer{};
  static_assert(Integers<R> || Reals<R>,
                "an input is a range of float, of double, or of std::int64_t for labels and lengths");
  const auto size = static_cast<std::size_t>(std::ranges::size(range));
  if constexpr (Integers<R>) {
    argument.integer = size == 0 ? &no_integer : std::ranges::data(range);
    return {.count = size, .integer = true};
  } else {
    static_assert(std::is_same_v<std::ranges::range_value_t<R>, T>, "the inputs mix float and double");
    argument.real = size == 0 ? &no_real : std::ranges::data(range);
    return {.count = size};
  }
}
template <class T, class V>
PassedShape bind(Argument<T>& argument, const Rows<V>& rows) {
  PassedShape passed = bind(argument, rows.numbers);
  passed.rank = 2;
  passed.extent[1] = rows.columns;
  return passed;
}
template <class T, class V>
PassedShape bind(Argument<T>& argument, const Shaped<V>& shaped) {
  PassedShape passed = bind(argument, shaped.numbers);
  passed.rank = 3;
  passed.extent = shaped.extents;
  return passed;
}

/// A call as its arguments describe it, put together one by one.
template <class T>
struct Request {
  Call<T> call{};
  std::array<PassedShape, max_inputs> passed{};
  std::size_t inputs = 0;  ///< how many are passed
  std::size_t values = 0;  ///< count of the unreduced values
  Gradients<T> gradients{};
  std::optional<std::span<double>> workspace{};

  void take(const Gradients<T>& wanted) { gradients = wanted; }
  void take(Threads threads) { call.threads = threads.count; }
  void take(Workspace lent) { workspace = lent.numbers; }
  template <class Input>
  void take(const Input& input) {
    passed[inputs] = bind(call.inputs[inputs], input);
    ++inputs;
  }
};

/// Everything is checked but what depends on the reduction: the sizes of output, cotangent and workspace.
template <class T, class Loss, class... Arguments>
Request<T> checked_request(const Loss& loss, Reduction reduction, const Arguments&... arguments) {
  constexpr const Facts& record = facts<Loss>;
  static_assert((int{!is_option<Arguments>} + ... + 0) <= record.inputs.size(),
                "more inputs than the loss has");
  static_assert(options_come_first<Arguments...>(), "into, Threads and Workspace come before the inputs");
  static_assert(((!is_option<Arguments> || times_given<Arguments, Arguments...> == 1) && ...),
                "into, Threads or Workspace is given twice");
  const auto values = parameter_facts<T>(loss);
  check_parameters(record.name, values);

  Request<T> request;
  (request.take(arguments), ...);
  Call<T>& call = request.call;
  call.reduction = reduction;
  check_threads(record.name, call.threads);
  const CheckedShapes shapes = check_shapes(record, std::span(request.passed).first(request.inputs));
  request.values = shapes.values;
  for (std::size_t i = 0; i < request.inputs; ++i) call.inputs[i].extent = shapes.extent[i];

  const Gradients<T>& gradients = request.gradients;
  if (gradients.cotangent) call.cotangent = gradients.cotangent->data();
  for (std::size_t i = 0; i < max_inputs; ++i) {
    if (!gradients.by_input[i]) continue;
    check_gradient(record, values, i, request.inputs, gradients.by_input[i]->size(), request.passed[i].count);
    call.gradient[i] = gradients.by_input[i]->data();
  }
  return request;
}

inline std::size_t doubles_in(std::size_t bytes) { return (bytes + sizeof(double) - 1) / sizeof(double); }

template <class T, class Loss, class... Arguments>
void run(const Loss& loss, Reduction reduction, std::span<T> out, const Arguments&... arguments) {
  const std::string_view name = facts<Loss>.name;
  Request<T> request = checked_request<T>(loss, reduction, arguments...);
  Call<T>& call = request.call;
  const std::size_t values = reduction == Reduction::none ? request.values : 1;
  check_size(name, "the output", out.size(), values);
  if (request.gradients.cotangent) check_size(name, "cotangent", request.gradients.cotangent->size(), values);
  call.value = out.data();

  const std::size_t scratch = doubles_in(workspace_bytes(loss, call));
  std::vector<double> own;  // empty, it allocates nothing
  if (!request.workspace) {
    own.resize(scratch);
    request.workspace = own;
  }
  check_workspace(name, request.workspace->size(), scratch);
  call.workspace = std::as_writable_bytes(request.workspace->first(scratch));
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

/// The mean over the unreduced values. `arguments`: options, then inputs.
template <detail::Listed Loss, class... Arguments>
auto mean(const Loss& loss, const Arguments&... arguments) {
  detail::HeldBy<Arguments...> value{};
  detail::run(loss, Reduction::mean, std::span(&value, 1), arguments...);
  return value;
}

/// The sum of the unreduced values. `arguments`: options, then inputs.
template <detail::Listed Loss, class... Arguments>
auto sum(const Loss& loss, const Arguments&... arguments) {
  detail::HeldBy<Arguments...> value{};
  detail::run(loss, Reduction::sum, std::span(&value, 1), arguments...);
  return value;
}

/// The unreduced values, written to `out`. `arguments`: options, then inputs.
template <detail::Listed Loss, class Out, class... Arguments>
void each(const Loss& loss, Out&& out, const Arguments&... arguments) {
  detail::run(loss, Reduction::none, std::span<detail::HeldBy<Arguments...>>(out), arguments...);
}

/// How many numbers a Workspace must hold for mean, sum or each with these arguments; 0 for most losses.
template <detail::Listed Loss, class... Arguments>
std::size_t workspace_size(const Loss& loss, const Arguments&... arguments) {
  using T = detail::HeldBy<Arguments...>;
  Call<T> call = detail::checked_request<T>(loss, Reduction::none, arguments...).call;
  std::size_t bytes = 0;
  for (const Reduction each : {Reduction::none, Reduction::mean, Reduction::sum}) {
    call.reduction = each;
    bytes = std::max(bytes, workspace_bytes(loss, call));
  }
  return detail::doubles_in(bytes);
}

}  // namespace assay
