// A case: a loss, its parameters and its inputs as exact machine numbers. Plain data, no JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "losses/spec/record.hpp"

namespace assay {

struct Record;

/// Row-major. Real tensors hold f32 numbers as the doubles that they are; the case's dtype says which.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<double> real;
  std::vector<std::int64_t> integer;
  bool is_integer = false;

  [[nodiscard]] std::size_t size() const { return is_integer ? integer.size() : real.size(); }
};

using ParameterValue = std::variant<double, bool, std::int64_t, std::string, std::vector<double>>;

struct Case {
  std::string id;
  std::string loss;
  Dtype dtype = Dtype::f64;
  Reduction reduction = Reduction::mean;
  std::map<std::string, ParameterValue> parameters;
  std::map<std::string, Tensor> inputs;  ///< `cotangent` among them, when given
  std::vector<std::string> wrt;
};

/// The product of a shape. Shapes are checked where they are read; here it is just arithmetic.
std::int64_t product(const std::vector<std::int64_t>& shape);

/// Why the case is outside the domain: one line that names the input and the rule. Nothing if it is inside.
/// Everything is checked that the contract's sections 1 and 2 demand: names, types, shapes, domains, `wrt`,
/// the cotangent's shape; ignored rows are not validated.
std::optional<std::string> why_invalid(const Case& c);

/// The case with every parameter present, each rounded to the dtype. The case must be valid.
Case complete(Case c);

/// Shape of the value under the case's reduction. The case must be valid.
std::vector<std::int64_t> value_shape(const Case& c);

/// The input as it is under the case's parameters: its domain may depend on them.
Input under_parameters(const Record& record, const Input& input, const Case& c);

/// The extents of an input as losses/call.hpp describes them. The case must be valid and the input present.
std::array<std::int64_t, 3> extents(const Case& c, const Input& input);

/// The entry of `known` that `wanted` was probably meant to be; nothing when none is near.
std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace assay
