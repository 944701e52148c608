#include "tools/testees/plugin_channel.hpp"

#include <fmt/format.h>

#include <cstring>

namespace assay {
namespace {

class PluginChannel : public CaseChannel {
 public:
  PluginChannel(const std::string& program, const std::string& path, std::unique_ptr<PluginMemory> memory)
      : CaseChannel({program, "serve", "--plugin", path, "--shared", std::to_string(memory->descriptor())},
                    memory->descriptor()),
        memory_(std::move(memory)) {
    for (std::uint32_t i = small_slots; i-- > 0;) free_.push_back(i);
  }

  void greeted(const HandshakeReply& handshake) override {
    CaseChannel::greeted(handshake);
    strided_ = handshake.strided;
  }

  Sent ask(const std::string&, std::size_t number, const Case& c) override {
    if (std::optional<Answer> kept = kept_from_plugin(c)) return *std::move(kept);
    PluginLayout layout(c, strided_);
    if (layout.bytes() > PluginMemory::large_bytes)
      return Finding{
          "protocol/request-too-long",
          fmt::format("the case does not fit into the {} MiB that a plugin shares and was not sent",
                      PluginMemory::large_bytes >> 20)};
    const bool large = layout.bytes() > PluginMemory::small_bytes;
    if (large ? slots_[PluginMemory::large_slot].has_value() : free_.empty()) return Crowded{};
    std::uint32_t slot = PluginMemory::large_slot;
    if (!large) {
      slot = free_.back();
      free_.pop_back();
    }
    const std::size_t begin = PluginMemory::slot_bytes(slot) - layout.bytes();
    layout.write(memory_->slot(slot) + begin);
    PluginControl& control = memory_->control();
    control.slots[slot].begin = begin;
    slots_[slot].emplace(InSlot{std::move(layout), number});
    control.asked.push(slot);
    if (control.plugin_waits.exchange(0) != 0) send("");
    return UnderWay{};
  }

  std::optional<CameBack> next_reply() override {
    PluginControl& control = memory_->control();
    while (const std::optional<std::uint32_t> slot = control.answered.pop()) {
      if (*slot >= slots_.size() || !slots_[*slot])
        continue;  // the plugin wrote there; what it took will be missed
      const PluginSlot& shared = control.slots[*slot];
      PluginReply reply{shared.outcome, std::string(shared.message.data(),
                                                    strnlen(shared.message.data(), shared.message.size()))};
      const InSlot& asked = *slots_[*slot];
      const std::size_t begin = PluginMemory::slot_bytes(*slot) - asked.layout.bytes();
      CameBack out{asked.number, asked.layout.read(memory_->slot(*slot) + begin, reply)};
      slots_[*slot].reset();
      if (*slot != PluginMemory::large_slot) free_.push_back(*slot);
      return out;
    }
    return std::nullopt;
  }

  bool has_reply() override {
    PluginControl& control = memory_->control();
    control.host_waits = 1;
    return !control.answered.empty();
  }

 private:
  struct InSlot {
    PluginLayout layout;
    std::size_t number;
  };
  std::unique_ptr<PluginMemory> memory_;
  std::array<std::optional<InSlot>, small_slots + 1> slots_;
  std::vector<std::uint32_t> free_;  // the last one is taken first: its memory is warm
  bool strided_ = false;
};

}  // namespace

std::unique_ptr<CaseChannel> plugin_channel(const std::string& program, const std::string& path) {
  return std::make_unique<PluginChannel>(program, path, std::make_unique<PluginMemory>());
}

std::optional<Answer> kept_from_plugin(const Case& c) {
  if (const std::optional<std::string> why = why_invalid(c))
    return Answer::error("outside the domain, where a plugin is asked nothing: " + *why);
  return std::nullopt;
}

}  // namespace assay
