// A testee between whose questions and answers nothing is in order.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tools/cases/random.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/testee.hpp"

namespace assay::tests {

/// A testee that keeps several cases waiting and answers any of them next, or loses it.
class Shuffled : public Testee {
 public:
  Shuffled(std::function<Answer(const Case&)> answer, std::uint64_t seed)
      : kernels_(kernel_testee()), answer_(std::move(answer)), random_(seed) {}

  const Handshake& handshake() override { return kernels_->handshake(); }
  void ask(Asker& asker) override {
    std::size_t number = 0;
    for (;;) {
      while (waiting_.size() < 20) {
        std::optional<Case> c = asker.next();
        if (!c) break;
        waiting_.emplace_back(number++, std::move(*c));
      }
      most_waiting = std::max(most_waiting, waiting_.size());
      if (waiting_.empty()) return;
      std::swap(waiting_[random_.below(waiting_.size())], waiting_.back());
      auto [which, c] = std::move(waiting_.back());
      waiting_.pop_back();
      if (lose_one_in != 0 && random_.once_in(lose_one_in))
        asker.lost(which, {"protocol/crash", "the testee died"});
      else
        asker.answered(which, answer_(c));
    }
  }
  std::vector<Finding> finish() override { return {}; }

  std::size_t most_waiting = 0;
  std::uint64_t lose_one_in = 0;

 private:
  std::unique_ptr<Testee> kernels_;
  std::function<Answer(const Case&)> answer_;
  Random random_;
  std::vector<std::pair<std::size_t, Case>> waiting_;
};

}  // namespace assay::tests
