// Whatever can answer a case: the kernels, the reference, a program behind a pipe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay {

/// What a testee sent back. Exactly one of three outcomes: answered, skipped, errored.
struct Answer {
  enum class Outcome : std::uint8_t { answered, skipped, errored };
  Outcome outcome = Outcome::answered;
  std::string reason;  ///< of a skip or an error
  Tensor value;
  std::map<std::string, Tensor> gradient;
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
};

struct Implementation {
  std::string name, version, language;
};

struct Handshake {
  Implementation implementation;
  std::map<std::string, Offer> losses;
};

/// The part of a case that the offer covers: `wrt` cut to it, or nothing when the case is not offered.
std::optional<Case> offered(const Case& c, const Handshake& handshake);

/// A fact about a testee that is not about one case: "protocol/echo/f32" and one line.
struct Finding {
  std::string id;
  std::string message;
  std::string detail{};  ///< what the testee last wrote to its standard error, as it came: many lines, not
                         ///< made visible
};

/// No handshake ever succeeded: one line, and what the testee last wrote to its standard error.
struct TesteeError : std::runtime_error {
  explicit TesteeError(const std::string& line, std::string errors = {})
      : std::runtime_error(line), detail(std::move(errors)) {}
  std::string detail;
};

/// A whole conversation. `ask` sends every case and calls `answered` once for each that came back, with its
/// index in `cases`, in any order, on the calling thread; a case that never came back is passed to `lost`
/// with the finding that explains it.
class Testee {
 public:
  virtual ~Testee() = default;
  /// Throws TesteeError when no handshake ever succeeds.
  virtual const Handshake& handshake() = 0;
  virtual void ask(const std::vector<Case>& cases, const std::function<void(std::size_t, Answer)>& answered,
                   const std::function<void(std::size_t, Finding)>& lost) = 0;
  /// Echo probes, the goodbye and everything else that concerns no
  /// single case. Call once, after the last ask.
  virtual std::vector<Finding> finish() = 0;
};

/// The kernels of losses/, in process.
std::unique_ptr<Testee> kernel_testee();
/// The certified reference, in process.
std::unique_ptr<Testee> reference_testee();

struct ProcessOptions {
  std::vector<std::string> command;
  double handshake_seconds = 120;
  double answer_seconds = 20;
  int jobs = 1;
};
/// A program in any language, over the protocol of the contract's section 5.
std::unique_ptr<Testee> process_testee(ProcessOptions options);

}  // namespace assay
