#include "tools/testees/plugin_testee.hpp"

#include <map>
#include <mutex>

#include "tools/testees/echo_probe.hpp"
#include "tools/testees/plugin_channel.hpp"
#include "tools/testees/plugin_library.hpp"
#include "tools/testees/process_testee.hpp"
#include "tools/testees/quotation.hpp"

namespace assay {
namespace {

/// One call at a time is what the ABI promises, and there is one library however often it is loaded.
std::mutex& turns_of(const std::string& path) {
  static std::mutex one;
  static std::map<std::string, std::mutex> all;
  const std::lock_guard lock(one);
  return all[path];
}

class PluginInProcess : public Testee {
 public:
  explicit PluginInProcess(std::string path) : path_(std::move(path)), turns_(turns_of(path_)) {}

  const Handshake& handshake() override {
    if (library_) return reply_.handshake;
    const std::lock_guard lock(turns_);
    auto library = std::make_unique<PluginLibrary>(path_);
    try {
      reply_ = handshake_from_json(library->describe());
    } catch (const CodecError& e) {
      throw TesteeError("the plugin's handshake cannot be read: " + brief(e.what()));
    }
    reply_.handshake.snippets = false;
    for (Finding& each : reply_.oddities) findings_.add(std::move(each));
    for (const Dtype dtype : dtypes_offered(reply_.handshake)) probe_echo(*library, dtype);
    library_ = std::move(library);
    return reply_.handshake;
  }

  using Testee::ask;
  void ask(Asker& asker) override {
    handshake();
    std::size_t number = 0;
    while (const std::optional<Case> c = asker.next()) {
      auto outcome = outcome_of(*c);
      if (auto* finding = std::get_if<Finding>(&outcome))
        asker.lost(number++, std::move(*finding));
      else
        asker.answered(number++, std::move(std::get<Answer>(outcome)));
    }
  }

  std::vector<Finding> finish() override { return findings_.all(); }

 private:
  void probe_echo(const PluginLibrary& library, Dtype dtype) {
    const Tensor sent = echo_probe(dtype);
    try {
      if (const auto changed = echo_change(sent, library.echo(sent, dtype), dtype))
        findings_.note("protocol/" + echo_id(dtype), changed->text, {}, changed->severity);
    } catch (const TesteeError& e) {
      findings_.note("protocol/" + echo_id(dtype), e.what());
    }
  }

  std::variant<Answer, Finding> outcome_of(const Case& c) {
    if (std::optional<Answer> kept = kept_from_plugin(c)) return *std::move(kept);
    const PluginLayout layout(c, reply_.strided);
    if (memory_.size() < layout.bytes() / sizeof(Line)) memory_.resize(layout.bytes() / sizeof(Line));
    auto* const memory = reinterpret_cast<std::byte*>(memory_.data());
    layout.write(memory);
    PluginReply reply;
    {
      const std::lock_guard lock(turns_);
      reply = library_->answer(memory);
    }
    return layout.read(memory, reply);
  }

  struct alignas(64) Line {
    std::byte bytes[64];
  };

  std::string path_;
  std::mutex& turns_;
  std::unique_ptr<PluginLibrary> library_;
  HandshakeReply reply_;
  Findings findings_;
  std::vector<Line> memory_;
};

}  // namespace

std::unique_ptr<Testee> plugin_testee(const PluginOptions& options) {
  ProcessOptions process;
  process.answer_seconds = options.answer_seconds;
  process.jobs = options.jobs;
  return std::make_unique<ProcessTestee>(
      std::move(process),
      [program = options.program, path = options.path] { return plugin_channel(program, path); }, true);
}

std::unique_ptr<Testee> plugin_in_process(const std::string& path) {
  return std::make_unique<PluginInProcess>(path);
}

}  // namespace assay
