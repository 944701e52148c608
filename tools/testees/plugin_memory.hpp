// The memory that a host and the child process of its plugin share: two rings of numbers of slots, and slots,
// in each of which one case lies. Nothing that the plugin's side writes there is trusted: the host keeps to
// itself where things are, and takes numbers from it that it then checks.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tools/testees/child_process.hpp"

namespace assay {

/// Numbers from one thread to one other, here across processes.
class SlotRing {
 public:
  static constexpr std::uint32_t size = 128;  // more than there are slots: never full

  void push(std::uint32_t slot) {
    const std::uint32_t at = end_.load(std::memory_order_relaxed);
    entries_[at % size] = slot;
    end_.store(at + 1);
  }
  std::optional<std::uint32_t> pop() {
    const std::uint32_t at = begin_.load(std::memory_order_relaxed);
    if (at == end_.load()) return std::nullopt;
    const std::uint32_t slot = entries_[at % size];
    begin_.store(at + 1);
    return slot;
  }
  [[nodiscard]] bool empty() const { return begin_.load() == end_.load(); }

 private:
  alignas(64) std::atomic<std::uint32_t> begin_{0};
  alignas(64) std::atomic<std::uint32_t> end_{0};
  std::array<std::uint32_t, size> entries_{};
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "two processes share them");

struct PluginSlot {
  std::uint64_t begin = 0;  ///< of the case, in the slot's memory
  std::int32_t outcome = 0;
  std::array<char, 1024> message{};  ///< ends with a 0
};

inline constexpr std::uint32_t small_slots = 64;

/// At the beginning of the memory. A side that is about to wait says so; the other then sends an empty line
/// over the pipe after it pushed something.
struct PluginControl {
  std::atomic<std::uint32_t> host_waits{0}, plugin_waits{0};
  SlotRing asked, answered;
  std::array<PluginSlot, small_slots + 1> slots{};
};

/// One side's view of it. A case lies at the end of its slot, and in the plugin's view behind every slot
/// there is memory that nobody may touch.
class PluginMemory {
 public:
  static constexpr std::size_t small_bytes = std::size_t{64} << 10;
  static constexpr std::size_t large_bytes = std::size_t{256}
                                             << 20;  // pages that no case needed cost nothing
  static constexpr std::uint32_t large_slot = small_slots;

  /// The host's: new, and all its own. Throws StartError.
  PluginMemory();
  /// The plugin's, of the descriptor that it inherited. Throws StartError.
  explicit PluginMemory(int descriptor);
  ~PluginMemory();
  PluginMemory(const PluginMemory&) = delete;
  PluginMemory& operator=(const PluginMemory&) = delete;

  [[nodiscard]] int descriptor() const { return file_.get(); }
  [[nodiscard]] PluginControl& control() const { return *control_; }
  [[nodiscard]] std::byte* slot(std::uint32_t i) const { return slots_ + i * (small_bytes + guard_); }
  [[nodiscard]] static std::size_t slot_bytes(std::uint32_t i) {
    return i == large_slot ? large_bytes : small_bytes;
  }

 private:
  Descriptor file_;
  std::byte* all_ = nullptr;
  std::size_t mapped_ = 0, guard_ = 0;
  PluginControl* control_ = nullptr;
  std::byte* slots_ = nullptr;
};

}  // namespace assay
