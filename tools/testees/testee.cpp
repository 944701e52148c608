#include "tools/testees/testee.hpp"

namespace assay {
namespace {

class KnownCases : public Asker {
 public:
  KnownCases(const std::vector<Case>& cases, const std::function<void(std::size_t, Answer)>& answered,
             const std::function<void(std::size_t, Finding)>& lost)
      : cases_(cases), answered_(answered), lost_(lost) {}

  std::optional<Case> next() override {
    if (given_ == cases_.size()) return std::nullopt;
    return cases_[given_++];
  }
  void answered(std::size_t number, Answer answer) override { answered_(number, std::move(answer)); }
  void lost(std::size_t number, Finding finding) override { lost_(number, std::move(finding)); }

 private:
  const std::vector<Case>& cases_;
  const std::function<void(std::size_t, Answer)>& answered_;
  const std::function<void(std::size_t, Finding)>& lost_;
  std::size_t given_ = 0;
};

}  // namespace

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::failure:
      return "failure";
    case Severity::note:
      break;
  }
  return "note";
}

void Testee::ask(const std::vector<Case>& cases, const std::function<void(std::size_t, Answer)>& answered,
                 const std::function<void(std::size_t, Finding)>& lost) {
  KnownCases list(cases, answered, lost);
  ask(list);
}

}  // namespace assay
