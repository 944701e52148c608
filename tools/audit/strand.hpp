// One strand of an audit: draws, then a climb from the best of them, then the worst alone, made simple, asked
// again and explained. What it asks follows from its seed and from its own answers.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "tools/audit/bar.hpp"
#include "tools/audit/cell.hpp"
#include "tools/audit/drawing.hpp"
#include "tools/audit/result.hpp"
#include "tools/search/search.hpp"

namespace assay::audit {

/// What all strands of an audit have in common.
struct Rules {
  Grade required = Grade::stable;
  bool declared = false;          ///< the built-in kernels are held to what their records declare
  std::vector<Regime> regimes{};  ///< failures elsewhere are none of this audit's business; empty: all
  Batch batch{};
  bool each_makes_simple = true;  ///< a strand makes simple and explains what it finds itself
};

struct StrandPlan {
  std::size_t number = 0;
  Cell cell;
  std::uint64_t seed = 0;
  int cases = 64;  ///< that it asks; of as many more for shrinking and explaining
  /// The highest case that is known, from which to climb on; an audit in cases has none.
  std::optional<Case> start{};
  /// Nothing is searched: this failure is made simple and explained.
  std::optional<Case> failing{};
};

/// What a strand knows of an answer that it got: the truth beside it.
struct Seen {
  const Case& question;
  const Answer* answer = nullptr;           ///< null: skipped, errored, lost
  const reference::Truth* truth = nullptr;  ///< null: undecided, or no answer
};

/// A part of a strand, which ends when it has no more cases.
class Phase {
 public:
  virtual ~Phase() = default;
  virtual std::optional<Case> next() = 0;
  /// Of the case that next() gave last.
  virtual void arrived(const Seen& seen) = 0;
};

class ErrorStrand : public search::Strand {
 public:
  ErrorStrand(StrandPlan plan, const Rules& rules, const Handshake& handshake);
  ~ErrorStrand() override;

  std::optional<Case> next() override;
  void answered(std::size_t number, Answer answer) override;
  void lost(std::size_t number, Finding finding) override;

  [[nodiscard]] StrandResult result() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The strand of a plan: an ErrorStrand, or a promise on trial. The handshake is kept; it is that of the
/// cell's variant (of_variant).
std::unique_ptr<search::Strand> strand_of(const StrandPlan& plan, const Rules& rules,
                                          const Handshake& handshake);
/// What came of it. `strand` is what strand_of made of the plan.
StrandResult result_of(const StrandPlan& plan, const search::Strand& strand);

}  // namespace assay::audit
