// A climb: a small case is changed a number at a time, and a change is kept where it brings the error nearer
// to what is allowed, or further beyond. What random draws meet once in a billion, a climb walks to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/search/search.hpp"
#include "tools/search/shrinking.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::search {

/// What somebody did not answer though it was offered and is inside the domain.
struct Unanswered {
  Case question;
  std::string reason;
};

/// One strand: its next case follows from the seed and from the answers to those before it.
class Climb : public Strand {
 public:
  /// Of how many steps; of as many more trials when what it found needs shrinking. `start` is inside the
  /// domain.
  Climb(const Record& record, Tolerance tolerance, Case start, std::uint64_t seed, int steps);

  std::optional<Case> next() override;
  void answered(std::size_t number, Answer answer) override;
  void lost(std::size_t number, Finding finding) override;

  /// The highest point so far; where it is beyond what is allowed, in the end, shrunk.
  [[nodiscard]] const Case& highest() const { return highest_; }
  [[nodiscard]] const Strain& strain() const { return strain_; }
  /// So many answers were held against a certified truth.
  [[nodiscard]] std::int64_t judged() const { return judged_; }
  /// The first errored or lost answer: a climb goes round it.
  [[nodiscard]] const std::optional<Unanswered>& unanswered() const { return unanswered_; }

 private:
  void arrived(const std::optional<Strain>& there);
  std::optional<Strain> strain_of(const Answer& answer);

  const Record& record_;
  Tolerance tolerance_;
  Random random_;
  int steps_;
  bool started_ = false, waiting_ = false, over_ = false;
  Case here_, asked_;
  double height_ = 0;
  Case highest_;
  Strain strain_;
  std::optional<Shrinking> shrinking_;
  std::int64_t judged_ = 0;
  int trials_;
  std::optional<Unanswered> unanswered_;
};

/// One number of one tensor becomes another; it may leave the domain.
Case changed(Case c, Random& random);

}  // namespace assay::search
