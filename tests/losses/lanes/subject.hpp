// A loss under the same question again and again, in circumstances that may not change a bit: another
// instruction set, other places in memory, more threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "losses/spec/record.hpp"

namespace assay::tests {

enum class Numbers : std::uint8_t {
  ordinary,   ///< within 4 of zero, or of the domain's only end
  one_apart,  ///< one number in the middle is special: an infinity, NaN, zero, subnormal, huge, a tie, an end
  sprinkled,  ///< every fifth is
};
enum class Slopes : std::uint8_t { none, first, all };

struct Question {
  /// Element-wise losses have `rows` numbers an input; the others `rows` rows of `width`, and `others` rows
  /// in an input that all rows share.
  std::int64_t rows, width = 1, others = 3;
  Numbers numbers = Numbers::ordinary;
  Reduction reduction = Reduction::mean;
  Slopes slopes = Slopes::none;
  bool cotangent = false;
  bool optional = false;  ///< optional inputs are given
  bool altered = false;   ///< parameters are not at their defaults
  bool rounded = false;   ///< altered parameters are numbers of the dtype

  [[nodiscard]] std::string text() const;
};

/// What a call has written, each tensor as its bytes.
struct Answer {
  struct Tensor {
    std::string name;
    std::vector<unsigned char> bytes;
  };
  std::vector<Tensor> tensors;
  std::string damage;  ///< not empty: what was written that the call does not own
  Dtype dtype = Dtype::f32;

  /// The first number that differs, and both; empty where every bit is the same.
  [[nodiscard]] std::string difference(const Answer& other) const;
};

class Subject {
 public:
  virtual ~Subject() = default;

  /// Draws the inputs.
  virtual void prepare(const Question& question) = 0;
  /// Every tensor starts `offset` numbers after a cache line.
  virtual Answer ask(std::size_t offset, int threads) = 0;

  /// Every row meets every other, or every class's: the work is the square of the size, and none of it in
  /// lanes.
  [[nodiscard]] bool meets_all() const {
    return loss->rows_depend ||
           std::ranges::any_of(loss->inputs, [](const Input& each) { return each.axes == "CD"; });
  }

  /// A row lists its labels, each of which meets every class that is not in the list.
  [[nodiscard]] bool lists_labels() const {
    return std::ranges::any_of(
        loss->inputs, [](const Input& each) { return each.domain.kind == Domain::Kind::class_index_or_end; });
  }

  const Facts* loss = nullptr;
  Dtype dtype = Dtype::f32;
  bool has_optional = false, has_parameters = false;
};

/// Each loss in both dtypes, in the catalogue's order.
const std::vector<std::unique_ptr<Subject>>& subjects();
/// "huber_f32"
std::string name(const Subject& subject);

/// Sizes around the lanes and chunks of vector loops, and beyond a segment.
std::vector<Question> shapes(const Subject& subject);
/// The questions of one shape: reductions, slopes, cotangents, optional inputs, parameters, numbers. At most
/// `most` of them, taken evenly, from place `first` on.
std::vector<Question> questions(const Subject& subject, Question shape, std::size_t most, std::size_t first);

}  // namespace assay::tests
