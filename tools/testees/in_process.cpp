#include "tools/testees/in_process.hpp"

#include <exception>
#include <new>

#include "tools/testees/handshake.hpp"

namespace assay {
namespace {

class InProcessTestee : public Testee {
 public:
  InProcessTestee(Implementation implementation, std::function<Answer(const Case&)> answer)
      : handshake_(everything(std::move(implementation))), answer_(std::move(answer)) {}

  const Handshake& handshake() override { return handshake_; }

  void ask(const std::vector<Case>& cases, const std::function<void(std::size_t, Answer)>& answered,
           const std::function<void(std::size_t, Finding)>& /*lost*/) override {
    for (std::size_t i = 0; i < cases.size(); ++i) answered(i, guarded(cases[i]));
  }

  std::vector<Finding> finish() override { return {}; }

 private:
  Answer guarded(const Case& c) const {
    try {
      return answer_(c);
    } catch (const std::bad_alloc&) {
      return Answer{Answer::Outcome::errored, "out of memory", {}, {}};
    } catch (const std::exception& e) {
      return Answer{Answer::Outcome::errored, e.what(), {}, {}};
    }
  }

  Handshake handshake_;
  std::function<Answer(const Case&)> answer_;
};

}  // namespace

std::unique_ptr<Testee> in_process_testee(Implementation implementation,
                                          std::function<Answer(const Case&)> answer) {
  return std::make_unique<InProcessTestee>(std::move(implementation), std::move(answer));
}

}  // namespace assay
