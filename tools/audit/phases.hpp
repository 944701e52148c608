// The parts of a strand.
#pragma once

#include "tools/audit/drawing.hpp"
#include "tools/audit/notebook.hpp"
#include "tools/audit/strand.hpp"
#include "tools/search/shrinking.hpp"

namespace assay::audit {

/// What the phases of one strand share.
struct Desk {
  const Cell& cell;
  const Bar& bar;
  const Rules& rules;
  const Handshake& handshake;
  Notebook& notebook;
  Random& random;
};

/// A case whose groups a climb starts from.
struct Pool {
  Case question;
  std::vector<Sight> sights;
};

/// Draws in every structure in turn.
class Drawing : public Phase {
 public:
  /// `start`, where there is one, is asked first.
  Drawing(Desk desk, int cases, std::optional<Case> start);
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

  /// The highest ones, the highest first.
  [[nodiscard]] std::vector<Pool> pools() && { return std::move(pools_); }

 private:
  Desk desk_;
  int left_, turn_;
  std::optional<Case> start_;
  std::vector<Pool> pools_;
};

/// Every group of a pool climbs by itself: a move is kept where it brings the error nearer to what is
/// allowed, or further beyond. Where nothing moves any more the next pool has its turn.
class Climbing : public Phase {
 public:
  Climbing(Desk desk, std::vector<Pool> pools, int cases);
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

 private:
  bool settle_in();
  void breed();

  Desk desk_;
  std::vector<Pool> pools_;
  int left_, still_ = 0, step_ = 0;
  std::size_t pool_ = 0;
  std::optional<Groups> groups_;
  Case here_, asked_;
  std::vector<Sight> sights_;
};

/// One case, whose verdict is wanted.
class AskingOnce : public Phase {
 public:
  AskingOnce(Desk desk, Case question) : desk_(desk), question_(std::move(question)) {}
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

  [[nodiscard]] std::vector<std::pair<Worst, Answer>> worst() && { return std::move(worst_); }

 private:
  Desk desk_;
  Case question_;
  bool asked_ = false;
  std::vector<std::pair<Worst, Answer>> worst_;
};

/// The worst of each regime by itself, without the rows beside it.
class Isolating : public Phase {
 public:
  explicit Isolating(Desk desk);
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

  [[nodiscard]] std::vector<std::pair<Worst, Answer>> worst() && { return std::move(worst_); }

 private:
  Desk desk_;
  std::vector<const Notebook::Best*> best_;
  std::size_t at_ = 0;
  std::vector<std::pair<Worst, Answer>> worst_;
};

/// The smallest shape, the roundest numbers, the most default parameters that still show the failure, in the
/// same regime or a more ordinary one, at a height that is not much less.
class MakingSimple : public Phase {
 public:
  MakingSimple(Desk desk, Worst failing, Answer answer, int trials);
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

  [[nodiscard]] const Worst& simplest() const { return simplest_; }
  [[nodiscard]] const Answer& answer() const { return answer_; }
  [[nodiscard]] int tried() const { return tried_; }

 private:
  Desk desk_;
  Worst simplest_;
  Answer answer_;
  double least_height_;
  int tried_ = 0;
  search::Shrinking shrinking_;
};

/// The same question once more.
class AskingAgain : public Phase {
 public:
  AskingAgain(Case question, Answer before) : question_(std::move(question)), before_(std::move(before)) {}
  std::optional<Case> next() override;
  void arrived(const Seen& seen) override;

  [[nodiscard]] const std::optional<Unsteady>& unsteady() const { return unsteady_; }

 private:
  Case question_;
  Answer before_;
  bool asked_ = false;
  std::optional<Unsteady> unsteady_;
};

}  // namespace assay::audit
