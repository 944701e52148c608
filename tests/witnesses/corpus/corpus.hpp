// The corpus: every known wrong implementation of a loss, and how each fares on its golden cases.
#pragma once

#include <vector>

#include "tests/witnesses/mutants/mutants.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/tolerances/measured.hpp"

namespace assay::tests::corpus {

/// All of them, in one order.
std::vector<mutants::Mutant> wrong_implementations(const Record& record);

/// The golden cases of the asked regimes, and what the textbook answers to them: right, but for what the
/// arithmetic of the dtype loses by itself. Refers to the file, which has to outlive it.
class Exam {
 public:
  explicit Exam(const GoldenFile& file);

  /// Its answers, judged and measured; number and kinds are the caller's. Of a wrong formula only those cases
  /// make it wrong that the textbook's gets right, and no gradient by 500 numbers or more is asked.
  [[nodiscard]] tolerances::Measured measure(const mutants::Mutant& subject) const;
  /// The same of the textbook itself.
  [[nodiscard]] tolerances::Measured measure_sound() const;

  [[nodiscard]] std::size_t cases() const { return asked_.size(); }

 private:
  struct Asked {
    const GoldenCase* golden;
    Case question;  ///< complete
    Case lighter;   ///< the same, as it is put to formulas
    Answer sound{};
  };

  const GoldenFile& file_;
  std::vector<Asked> asked_;  ///< by regime
};

}  // namespace assay::tests::corpus
