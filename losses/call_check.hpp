// Whether what a caller passed fits what a record asks for: sizes against axes, parameters against domains.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "losses/catalogue/catalogue.hpp"
#include "losses/spec/record.hpp"

namespace assay::detail {

/// The shape of an input as it was passed: a plain range, Rows or Shaped.
struct PassedShape {
  std::size_t count = 0;
  std::size_t rank = 1;                 ///< 1 a plain range, 2 Rows, 3 Shaped
  std::array<std::size_t, 3> extent{};  ///< of Shaped; of Rows only extent[1], the columns
  bool integer = false;
};

/// What the shapes of a call come to.
struct CheckedShapes {
  std::array<std::array<std::int64_t, 3>, max_inputs> extent{};  ///< as Argument::extent
  std::size_t values = 0;                                        ///< count of the unreduced values
};

/// Whether the shapes of the record's first inputs, in order, agree with its axes. Throws
/// std::invalid_argument, one line that names the loss, the input and the rule.
CheckedShapes check_shapes(const Facts& record, std::span<const PassedShape> passed);

/// Throws std::invalid_argument unless there is a thread at least.
void check_threads(std::string_view loss, int threads);

/// Throws std::invalid_argument unless a workspace of `size` numbers has those `needed`.
void check_workspace(std::string_view loss, std::size_t size, std::size_t needed);

/// Throws std::invalid_argument unless `size` is `expected`.
void check_size(std::string_view loss, std::string_view what, std::size_t size, std::size_t expected);

/// Throws std::invalid_argument unless a derivative by input `i` exists under these parameters, the input was
/// given, and sizes agree.
void check_gradient(const Facts& record, std::span<const ParameterFacts> values, std::size_t i,
                    std::size_t inputs_given, std::size_t size, std::size_t expected);

/// Throws std::invalid_argument for the first parameter outside its domain; `initial` holds the value to
/// check.
void check_parameters(std::string_view loss, std::span<const ParameterFacts> values);

/// The parameters of this loss as values, rounded to T as kernels round them.
template <class T, class Loss>
auto parameter_facts(const Loss& loss) {
  std::array<ParameterFacts, parameters<Loss>.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Parameter<Loss>& p = parameters<Loss>[i];
    auto value = std::visit([&](auto member) { return ParameterFacts::Value(loss.*member); }, p.member);
    if (double* real = std::get_if<double>(&value)) *real = round_to(dtype_of<T>, *real);
    all[i] = {p.name, value, p.domain, p.choices};
  }
  return all;
}

}  // namespace assay::detail
