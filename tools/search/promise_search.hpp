// A promise on trial, draw after draw, and the counterexample made simple when there is one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/search/promise.hpp"
#include "tools/search/search.hpp"
#include "tools/search/shrinking.hpp"

namespace assay::search {

/// What somebody did not answer though it was offered and is inside the domain.
struct Unanswered {
  Case question;
  std::string reason;
};

/// The questions whose answers break a promise, and how.
struct Counterexample {
  std::vector<Case> questions;
  std::string why;
};

/// One strand. Its draws follow from the seed alone, so all of them may be in flight; of several that break
/// the promise the first one counts, whichever was answered first.
class PromiseSearch : public Strand {
 public:
  PromiseSearch(Promised promised, Check check, std::uint64_t seed, int draws, int shrinking_trials = 400);

  std::optional<Case> next() override;
  void answered(std::size_t number, Answer answer) override;
  void lost(std::size_t number, Finding finding) override;

  [[nodiscard]] const std::optional<Counterexample>& broken() const { return broken_; }
  /// The trials whose answers kept the promise, those of draws with which it has nothing to do included.
  [[nodiscard]] int kept() const { return kept_; }
  /// The questions that it asked.
  [[nodiscard]] std::int64_t asked() const { return static_cast<std::int64_t>(unasked_from_); }
  /// Those that could not be judged: not offered, skipped, errored, lost.
  [[nodiscard]] int unjudged() const { return unjudged_; }
  /// Of these, the first that errored or was lost.
  [[nodiscard]] const std::optional<Unanswered>& unanswered() const { return unanswered_; }

 private:
  struct Open {
    Draw draw;
    std::uint64_t choices = 0;
    Trial trial;
    std::vector<std::optional<Answer>> answers;
    std::size_t left = 0;
    std::optional<Unanswered> unanswered;
  };
  struct Place {
    int trial;
    std::size_t question;
  };

  void start_trial(int number);
  bool start_simpler_trial();
  void open(int number, Draw draw, std::uint64_t choices, Trial trial);
  void settle(int number, std::size_t question, std::optional<Answer> answer, std::string reason);
  void close(int number);
  void close_simpler(const std::optional<std::string>& why, Open&& trial);

  Promised promised_;
  Check check_;
  std::uint64_t seed_;
  int draws_, shrinking_trials_;
  int next_draw_ = 0;
  std::map<int, Open> open_;
  std::vector<Place> places_;  // of each question, in the order in which they were given
  std::size_t unasked_from_ = 0;
  std::optional<int> first_broken_;
  Open failing_;
  std::optional<Shrinking> shrinking_;
  std::optional<Counterexample> broken_;
  int kept_ = 0, unjudged_ = 0, first_unanswered_ = 0;
  std::optional<Unanswered> unanswered_;
};

}  // namespace assay::search
