#include "tools/testees/in_process_testee.hpp"

#include <exception>
#include <new>

namespace assay {
namespace {

class InProcessTestee : public Testee {
 public:
  InProcessTestee(Handshake handshake, std::function<Answer(const Case&)> answer,
                  std::function<std::optional<std::string>(const Case&)> snippet)
      : handshake_(std::move(handshake)), answer_(std::move(answer)), snippet_(std::move(snippet)) {}

  const Handshake& handshake() override { return handshake_; }

  void ask(Asker& asker) override {
    std::size_t number = 0;
    while (const std::optional<Case> c = asker.next()) asker.answered(number++, guarded(*c));
  }

  std::optional<std::string> snippet(const Case& c) override { return snippet_ ? snippet_(c) : std::nullopt; }

  std::vector<Finding> finish() override { return {}; }

 private:
  Answer guarded(const Case& c) const {
    try {
      return answer_(c);
    } catch (const std::bad_alloc&) {
      return Answer::error("out of memory");
    } catch (const std::exception& e) {
      return Answer::error(e.what());
    }
  }

  Handshake handshake_;
  std::function<Answer(const Case&)> answer_;
  std::function<std::optional<std::string>(const Case&)> snippet_;
};

}  // namespace

std::unique_ptr<Testee> in_process_testee(Handshake handshake, std::function<Answer(const Case&)> answer,
                                          std::function<std::optional<std::string>(const Case&)> snippet) {
  return std::make_unique<InProcessTestee>(std::move(handshake), std::move(answer), std::move(snippet));
}

}  // namespace assay
