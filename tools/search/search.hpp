// A search is made of strands. Each stands by itself: what it asks follows from its seed and from its own
// answers, so that it comes to the same however many others share its conversation, and in whatever order
// answers come back.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "tools/testees/testee.hpp"

namespace assay::search {

/// A strand is whatever asks: a climb, a promise. It gives its next case while it has one that needs no
/// answer to an earlier one, and is over when it gives none and waits for none.
using Strand = Asker;

/// The finding with which everything is lost that is asked of a testee that is gone for good.
inline constexpr std::string_view not_reached = "protocol/not-reached";

/// Spreads many strands over one conversation, so that a testee never waits for us: while one strand waits
/// for an answer, others ask.
class Search : public Asker {
 public:
  /// Makes strand `number`; they are started in order from 0. Null: there are no more, or there is no time
  /// for them.
  using Start = std::function<std::unique_ptr<Strand>(std::size_t number)>;
  /// A strand is over, and leaves.
  using End = std::function<void(std::size_t number, Strand&)>;

  /// No strand is started once the testee is gone for good. At most `at_once` strands are under way. A climb
  /// has one case in flight, a promise has many.
  Search(Start start, End end, std::size_t at_once = 64);

  std::optional<Case> next() override;
  void answered(std::size_t number, Answer answer) override;
  void lost(std::size_t number, Finding finding) override;

 private:
  struct Running {
    std::unique_ptr<Strand> strand;
    std::size_t asked = 0, in_flight = 0;
    bool ready = true;  // it stands in ready_
  };
  struct Origin {
    std::size_t strand, number;
  };
  /// Which question of which strand it was; the strand may ask again.
  Origin settled(std::size_t number);

  Start start_;
  End end_;
  std::size_t at_once_, started_ = 0, asked_ = 0;
  bool no_more_ = false;
  std::map<std::size_t, Running> running_;
  std::deque<std::size_t> ready_;
  std::unordered_map<std::size_t, Origin> origins_;
};

}  // namespace assay::search
