// Why an answer is wrong: hypotheses are run against the testee's answers to fresh inputs, and what matches
// them where it differs from the truth is the mechanism. Nothing is guessed from names.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tools/cases/random.hpp"
#include "tools/mechanisms/observation.hpp"
#include "tools/search/search.hpp"

namespace assay::mechanisms {

struct Diagnosis {
  std::string mechanism;   ///< "overflowing-exponential": a name from the table
  std::string sentence;    ///< what is computed instead, with the constants that were found
  std::string evidence;    ///< how many fresh inputs match, and how well
  bool confident = false;  ///< enough fresh inputs matched, and no other mechanism explains them as well
};

/// One strand of a conversation: asks fresh inputs near the witness; then, where several mechanisms explain
/// the answers, inputs on which these disagree; then decides. Deterministic from the seed, in whatever order
/// answers come; answers that are lost, skipped or errors are done without.
class Diagnosing : public search::Strand {
 public:
  /// A valid case and the testee's answer to it, which is wrong. `offers` may be null: everything is; of the
  /// testee's variants, the case's alone is asked. `cases`
  /// fresh inputs near it, fewer where they are long, and a quarter as many to decide between mechanisms.
  Diagnosing(Case witness, Answer answer, const Handshake* offers, std::uint64_t seed, int cases = 48);

  std::optional<Case> next() override;
  void answered(std::size_t number, Answer answer) override;
  void lost(std::size_t number, Finding finding) override;

  /// After the conversation. Nothing where no model explains the answers, or nothing is wrong with them.
  [[nodiscard]] std::optional<Diagnosis> diagnosis() const;

 private:
  Case witness_;
  std::optional<Observation> first_;
  std::optional<Handshake> offers_;
  std::uint64_t seed_;
  int cases_, drawn_ = 0;
  std::size_t waiting_ = 0;
  bool decided_ = false;
  bool some_crucial_ = false;
  std::optional<Diagnosis> before_crucial_;  // all there is where no crucial input was found
  std::deque<Case> crucial_;
  std::vector<Case> asked_;
  std::vector<std::optional<Observation>> seen_;
};

}  // namespace assay::mechanisms
