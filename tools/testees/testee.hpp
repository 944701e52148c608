// Whatever can answer a case: the kernels, the reference, a program behind a pipe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay {

namespace reference {
struct Truth;
}

/// What a testee sent back. Exactly one of three outcomes: answered, skipped, errored.
struct Answer {
  enum class Outcome : std::uint8_t { answered, skipped, errored };
  Outcome outcome = Outcome::answered;
  std::string reason;  ///< of a skip or an error
  Tensor value;
  std::map<std::string, Tensor> gradient;
  /// The certified reference may tell more of the same numbers: digits, hulls, sensitivities. Null from all
  /// others.
  std::shared_ptr<const reference::Truth> truth{};

  static Answer error(std::string reason) { return {Outcome::errored, std::move(reason), {}, {}}; }
};

/// What a testee offers of one loss.
struct Offer {
  std::vector<Dtype> dtypes;
  std::vector<Reduction> reductions;
  bool any_gradient = false;                                      ///< "gradient": true
  std::vector<std::string> gradient;                              ///< or the inputs it names
  std::map<std::string, std::vector<ParameterValue>> parameters;  ///< narrowed parameters; absent: any value
  std::optional<std::vector<std::string>> inputs;                 ///< narrowed optional inputs; absent: all
  std::vector<std::string> conventions;
  std::optional<std::vector<std::int64_t>> ranks{};  ///< narrowed ranks of inputs; absent: any
  std::string variant{};                             ///< its name, where the loss is offered in several
};

struct Implementation {
  std::string name, version, language;
};

struct Handshake {
  Implementation implementation;
  std::map<std::string, Offer> losses;
  bool snippets = false;  ///< it can write a case down in its own language
  /// Losses that are offered in several variants, each with an offer of its own, in the testee's order. Such
  /// a loss is not among `losses`.
  std::map<std::string, std::vector<Offer>> variants{};
};

/// The part of a case that the offer covers: `wrt` cut to it, or nothing when the case is not offered. A case
/// that names a variant is asked of that one; a handshake of one variant names it in the case.
std::optional<Case> offered(const Case& c, const Handshake& handshake);

/// The offers of a loss: none, one, or one a variant.
std::vector<const Offer*> offers_of(const Handshake& handshake, std::string_view loss);
/// The one that the case is asked under; null where there is none.
const Offer* offer_of(const Handshake& handshake, const Case& c);

/// The handshake of a testee that has nothing but that variant: `losses` are those that are offered so, or,
/// without a name, those that have no variants. Where a case is drawn from it, it names the variant.
Handshake of_variant(const Handshake& handshake, std::string_view variant);
/// The names of all variants of any loss; first the empty one, where a loss is offered without.
std::vector<std::string> variants_of(const Handshake& handshake);

/// How much a fact matters. A note is worth knowing, and nobody's run fails by it.
enum class Severity : std::uint8_t { failure, note };
std::string_view name(Severity severity);

/// A fact about a testee that is not about one case: "protocol/echo/f32" and one line.
struct Finding {
  std::string id;
  std::string message;
  std::string detail{};  ///< what the testee last wrote to its standard error, as it came: many lines, not
                         ///< made visible
  Severity severity = Severity::failure;
};

/// No handshake ever succeeded: one line, and what the testee last wrote to its standard error.
struct TesteeError : std::runtime_error {
  explicit TesteeError(const std::string& line, std::string errors = {})
      : std::runtime_error(line), detail(std::move(errors)) {}
  std::string detail;
};

/// Who asks a testee. Cases are taken from it one by one while the testee has room for them, several are
/// under way at a time, and what each led to comes back by its number, in any order, so that the next case
/// may depend on an answer. All is called on the thread that called `ask`; none of it may ask the testee
/// itself.
class Asker {
 public:
  virtual ~Asker() = default;
  /// The next case; nothing while there is none now, and then it is asked again after the next outcome.
  virtual std::optional<Case> next() = 0;
  /// `number` counts the cases that next() gave, from 0. Each comes back once: here,
  virtual void answered(std::size_t number, Answer answer) = 0;
  /// or here: it never came back, and why. "protocol/not-reached" says that the testee is gone for good:
  /// every further case will be lost at once.
  virtual void lost(std::size_t number, Finding finding) = 0;
};

/// A whole conversation.
class Testee {
 public:
  virtual ~Testee() = default;
  /// Throws TesteeError when no handshake ever succeeds.
  virtual const Handshake& handshake() = 0;
  /// Returns when next() has nothing while nothing is under way: with all cases answered or lost.
  virtual void ask(Asker& asker) = 0;
  /// The same for cases that are all known before: `answered` or `lost` is called once for each, with its
  /// index.
  void ask(const std::vector<Case>& cases, const std::function<void(std::size_t, Answer)>& answered,
           const std::function<void(std::size_t, Finding)>& lost);
  /// The case in the testee's own language, ready to be pasted: text of many lines. Nothing where it writes
  /// none.
  virtual std::optional<std::string> snippet(const Case& c) { return static_cast<void>(c), std::nullopt; }
  /// Echo probes, the goodbye and everything else that concerns no
  /// single case. Call once, after the last ask.
  virtual std::vector<Finding> finish() = 0;
};

/// The certified reference, in process; its answers carry their truth.
std::unique_ptr<Testee> reference_testee();

struct ProcessOptions {
  std::vector<std::string> command;
  double handshake_seconds = 120;
  double answer_seconds = 20;
  int jobs =
      1;  ///< programs at most: one more is started when those that run have as many cases as they take
};
/// A program in any language, over the protocol of the contract's section 5.
std::unique_ptr<Testee> process_testee(ProcessOptions options);

}  // namespace assay
