// A case in the making: inputs of shapes that fit each other, filled with ordinary numbers of their domains,
// to be altered cell by cell. Knows a loss through its record alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"
#include "reference/cases/shapes.hpp"
#include "tools/cases/annotated_case.hpp"
#include "tools/cases/random.hpp"

namespace assay {

class CaseBuilder {
 public:
  CaseBuilder(const Record& record, Dtype dtype, std::uint64_t seed, std::string slug);

  /// The count of rows, or of elements of an element-wise loss: along the leading axis, or along the result's
  /// first one.
  CaseBuilder& rows(std::int64_t count);
  /// The leading axes. Optional inputs along the last of them are left out where that is missing or empty.
  CaseBuilder& leading(reference::Shape shape);
  /// The next extent from `count` on that the record's rules admit; 0 stays 0.
  CaseBuilder& extent(char letter, std::int64_t count);
  CaseBuilder& without(std::string_view optional_input);
  CaseBuilder& reduce(Reduction reduction);
  CaseBuilder& parameter(std::string_view name, ParameterValue value);

  /// Gives every input that is not left out ordinary numbers; `wrt` becomes all that are differentiable.
  /// Rows of probabilities sum to one, roughly.
  CaseBuilder& fill();
  /// The same with numbers from everywhere in the domain.
  CaseBuilder& fill_with_anything();

  [[nodiscard]] std::int64_t row_count() const;
  [[nodiscard]] bool has(const Input& input) const;
  Tensor& tensor(const Input& input);

  /// Whether the cells of this input belong to rows that do not meet each other.
  [[nodiscard]] bool has_rows(const Input& input) const;
  /// Cells in a row of an input that has rows.
  [[nodiscard]] std::int64_t width(const Input& input) const;
  double& cell(const Input& input, std::int64_t row, std::int64_t column);
  std::int64_t& label(const Input& input, std::int64_t row);

  /// Every target that says which class is true points at `which` (0 or 1): labels, one-hot and soft targets.
  /// Returns false when the loss has no such input.
  bool point_targets(int which);

  /// Weights of the outputs: zero, negative, small and large ones in turn.
  CaseBuilder& cotangent();
  CaseBuilder& cotangent(double every);

  CaseBuilder& wrt(std::vector<std::string> names);

  [[nodiscard]] AnnotatedCase annotated(std::vector<std::string> flags, std::string comment) const;

  const Record& record;
  Dtype dtype;
  Random random;
  reference::AxisExtents axes;
  Case question;

 private:
  void fill_input(const Input& input, bool with_anything);
  void fill_labels(const Input& input, Tensor& out);
  void fill_lengths(const Input& input, Tensor& out);
  void keep_class_parameters();
  void fill_label_lists(Tensor& out);
  void fill_probability_rows(const Input& input, Tensor& out);

  std::string slug_;
  std::vector<std::string> left_out_;
};

/// Whether the letter is an axis of classes, which may not be empty, or of features.
bool is_width(const Record& record, char letter);
/// The letters of the record's axes, each once, in order.
std::string letters(const Record& record);
/// The input is real and takes values from a range.
bool is_continuous(const Input& input);
/// The input says which class is true, or how much: labels, signs, one-hot rows, weights in [0, 1].
bool is_target(const Input& input);

}  // namespace assay
