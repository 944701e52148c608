// The rows of a case that do not meet each other: each can be searched by itself, so that one request carries
// many searches. Where rows meet, or the result is reduced, all of a case is one group.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay::audit {

/// Stands for 0, which has no exponent.
inline constexpr int least_exponent = -2000;

class Groups {
 public:
  /// Of a valid case, as far as the output is concerned: the gradient by that input, or the value where `by`
  /// is empty.
  Groups(const Case& c, const std::string& by);

  [[nodiscard]] std::size_t count() const { return count_; }
  /// Which group component i of the output belongs to, of so many.
  [[nodiscard]] std::size_t of_component(std::size_t i, std::size_t components) const {
    return count_ <= 1 || components == 0 ? 0 : i / (components / count_);
  }

  /// A number of a case that may be changed: of a continuous input or of the cotangent.
  struct Number {
    double* value;
    const Input* input;  ///< null: of the cotangent
  };
  /// Those of group g in c, which is the case or has its shapes.
  std::vector<Number> numbers(Case& c, std::size_t g) const;
  /// Of the group's largest finite input, the cotangent aside: it is in [2^exponent, 2^(exponent + 1));
  /// least_exponent where all are 0, or there is none.
  [[nodiscard]] int exponent(const Case& c, std::size_t g) const;
  /// Everything of group g, labels too, becomes that of group `from` of another case of these shapes.
  void copy(const Case& from, std::size_t source, Case& to, std::size_t target) const;
  /// The case with that group and no other.
  [[nodiscard]] Case alone(const Case& c, std::size_t g) const;

 private:
  struct Part {
    std::string name;
    const Input* input = nullptr;  // null: the cotangent
    bool shared = false;           // all groups have it
  };
  std::vector<Part> parts_;
  std::size_t count_ = 1;
};

}  // namespace assay::audit
