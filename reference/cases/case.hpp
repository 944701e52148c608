// A case: a loss, its parameters and its inputs as exact machine numbers. Plain data, no JSON.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// A loss by name, looked up once, where the name is given; whoever has it needs no catalogue to find its
/// facts.
class LossName {
 public:
  LossName() = default;
  template <std::convertible_to<std::string_view> Name>
  LossName(const Name& name) : LossName(found(name)) {}  // NOLINT: c.loss = "huber"

  [[nodiscard]] const std::string& name() const { return name_; }
  operator std::string_view() const { return name_; }             // NOLINT: it is a name
  [[nodiscard]] const Record* record() const { return record_; }  ///< null when no loss has that name

  template <std::convertible_to<std::string_view> Name>
  friend bool operator==(const LossName& a, const Name& b) {
    return a.name_ == static_cast<std::string_view>(b);
  }

 private:
  LossName(std::string name, const Record* record) : name_(std::move(name)), record_(record) {}
  static LossName found(std::string_view name);

  std::string name_;
  const Record* record_ = nullptr;
};

using ParameterValue = std::variant<double, bool, std::int64_t, std::string, std::vector<double>>;

struct Case {
  std::string id;
  LossName loss;
  Dtype dtype = Dtype::f64;
  Reduction reduction = Reduction::mean;
  std::map<std::string, ParameterValue> parameters;
  std::map<std::string, Tensor> inputs;  ///< `cotangent` among them, when given
  std::vector<std::string> wrt;
  /// Which of a testee's variants of the loss is asked; empty where it has one only. Nothing that is true of
  /// the case depends on it.
  std::string variant{};

  /// The facts of its loss; null when no loss has that name, never of a valid case.
  [[nodiscard]] const Record* record() const { return loss.record(); }
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
