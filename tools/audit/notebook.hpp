// What a strand has seen so far: in each regime the worst, and the error by binade.
#pragma once

#include "tools/audit/bar.hpp"
#include "tools/audit/cell.hpp"
#include "tools/audit/result.hpp"

namespace assay::audit {

/// The tensor of the output in an answer; null where it is missing.
const Tensor* output_of(const Answer& answer, const std::string& by);
const reference::TensorTruth& output_of(const reference::Truth& truth, const std::string& by);

/// Whether the answer has that tensor, in the shape of the truth.
bool fits(const Answer& answer, const std::string& by, const reference::Truth& truth);

/// The whole verdict on an answer, by a certificate with decimals and under the loss's conventions, on the
/// output alone. The answer is one to the question.
Worst verdict(const Cell& cell, const Bar& bar, const Handshake& handshake, const Case& question,
              const Answer& answer);

class Notebook {
 public:
  Notebook(const Cell& cell, const Bar& bar, const Handshake& handshake)
      : cell_(cell), bar_(bar), handshake_(handshake) {}

  /// Notes an answer; a group that follows a declared convention has height 0 in what comes back.
  std::vector<Sight> note(Case& question, const Answer& answer, const reference::Truth& truth,
                          const Groups& groups);

  struct Best {
    Case question;
    Answer answer;
    std::size_t group = 0;
    Sight sight;
  };
  [[nodiscard]] const std::map<Regime, Best>& best() const { return best_; }
  [[nodiscard]] const Binades& binades() const { return binades_; }
  [[nodiscard]] std::int64_t judged() const { return judged_; }
  /// So much of what is beyond the bar is excused by conventions that climbing there is of no use.
  [[nodiscard]] bool is_conventional() const { return excused_ >= most_excused; }

 private:
  static constexpr int most_excused = 12;

  const Cell& cell_;
  const Bar& bar_;
  const Handshake& handshake_;
  std::map<Regime, Best> best_;
  Binades binades_;
  std::int64_t judged_ = 0;
  int excused_ = 0;
};

}  // namespace assay::audit
