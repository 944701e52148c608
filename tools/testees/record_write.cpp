// Of record.hpp: a testee whose answers are written down.
#include <fmt/format.h>

#include <set>
#include <unordered_map>

#include "tools/testees/handshake.hpp"
#include "tools/testees/record.hpp"
#include "tools/testees/reply.hpp"
#include "tools/text/json.hpp"

namespace assay {
namespace {

/// Short tensors so that a person finds a number in them, long ones so that the file stays small.
constexpr std::size_t most_bits = 16;

Json tensor(const Tensor& t, Dtype dtype) {
  return tensor_to_json(t, dtype, t.size() > most_bits ? Encoding::base64 : Encoding::bits);
}

/// What a line says of the case.
struct Asked {
  std::string id, variant;
  Dtype dtype = Dtype::f32;
};

std::string line(const Asked& question, const Answer& answer) {
  Json out = Json::object();
  out.add("id", Json::string(question.id));
  if (!question.variant.empty()) out.add("variant", Json::string(question.variant));
  if (answer.outcome != Answer::Outcome::answered) {
    out.add(field_of(answer.outcome), Json::string(answer.reason));
    return dump_json(out) + "\n";
  }
  out.add(field_of(answer.outcome), tensor(answer.value, question.dtype));
  if (!answer.gradient.empty()) {
    Json gradient = Json::object();
    for (const auto& [input, each] : answer.gradient) gradient.add(input, tensor(each, question.dtype));
    out.add("gradient", std::move(gradient));
  }
  return dump_json(out) + "\n";
}

/// What was not asked is not offered: of the rest an answer that is missing is a failure.
Handshake narrowed(Handshake handshake, const GoldenIds& golden) {
  std::set<std::string> asked;  // "huber/f32"
  for (const std::string& id : golden) asked.insert(id.substr(0, id.rfind('/')));
  const auto narrow = [&](const std::string& loss, Offer& offer) {
    std::erase_if(offer.dtypes,
                  [&](Dtype d) { return !asked.contains(fmt::format("{}/{}", loss, name(d))); });
  };
  const auto offers_nothing = [](const Offer& offer) { return offer.dtypes.empty(); };
  for (auto& [loss, offer] : handshake.losses) narrow(loss, offer);
  for (auto& [loss, offers] : handshake.variants) {
    for (Offer& offer : offers) narrow(loss, offer);
    std::erase_if(offers, offers_nothing);
  }
  std::erase_if(handshake.losses, [&](const auto& each) { return offers_nothing(each.second); });
  std::erase_if(handshake.variants, [](const auto& each) { return each.second.empty(); });
  return handshake;
}

class Recording : public Testee {
 public:
  Recording(std::unique_ptr<Testee> testee, GoldenIds golden, WriteRecord write)
      : testee_(std::move(testee)), golden_(std::move(golden)), write_(std::move(write)) {}

  const Handshake& handshake() override { return testee_->handshake(); }

  void ask(Asker& asker) override {
    Listener listener(asker, *this);
    testee_->ask(listener);
  }

  std::optional<std::string> snippet(const Case& c) override { return testee_->snippet(c); }

  std::vector<Finding> finish() override {
    std::vector<Finding> findings = testee_->finish();
    const Handshake offered = narrowed(testee_->handshake(), golden_);
    write_(dump_json(handshake_to_json(offered, Encoding::bits)) + "\n" + lines_);
    return findings;
  }

 private:
  /// Stands between the testee and who asks it.
  class Listener : public Asker {
   public:
    Listener(Asker& asker, Recording& recording) : asker_(asker), recording_(recording) {}

    std::optional<Case> next() override {
      std::optional<Case> c = asker_.next();
      if (c) under_way_.emplace(given_++, Asked{c->id, c->variant, c->dtype});
      return c;
    }
    void answered(std::size_t number, Answer answer) override {
      const auto asked = under_way_.extract(number);
      recording_.note(asked.mapped(), answer);
      asker_.answered(number, std::move(answer));
    }
    void lost(std::size_t number, Finding finding) override {
      under_way_.erase(number);
      asker_.lost(number, std::move(finding));
    }

   private:
    Asker& asker_;
    Recording& recording_;
    std::unordered_map<std::size_t, Asked> under_way_;
    std::size_t given_ = 0;
  };

  void note(const Asked& asked, const Answer& answer) {
    if (golden_.contains(asked.id) && noted_.insert(asked.id + "\n" + asked.variant).second)
      lines_ += line(asked, answer);
  }

  std::unique_ptr<Testee> testee_;
  GoldenIds golden_;
  WriteRecord write_;
  std::string lines_;
  std::unordered_set<std::string> noted_;
};

}  // namespace

std::unique_ptr<Testee> recording(std::unique_ptr<Testee> testee, GoldenIds golden, WriteRecord write) {
  return std::make_unique<Recording>(std::move(testee), std::move(golden), std::move(write));
}

}  // namespace assay
