#include "tools/testees/plugin_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace assay {
namespace {

constexpr std::size_t control_bytes = std::size_t{128} << 10;
static_assert(sizeof(PluginControl) <= control_bytes);
constexpr std::size_t file_bytes =
    control_bytes + small_slots * PluginMemory::small_bytes + PluginMemory::large_bytes;
constexpr std::size_t untouchable = std::size_t{64} << 10;  // a multiple of every page size

void* mapped(void* at, std::size_t size, int protection, int flags, int file, std::size_t offset) {
  void* const got = mmap(at, size, protection, flags, file, static_cast<off_t>(offset));
  if (got == MAP_FAILED)
    throw StartError(fmt::format("cannot map the memory that a plugin shares: {}", std::strerror(errno)));
  return got;
}

}  // namespace

PluginMemory::PluginMemory() {
  const Descriptor made(memfd_create("assay-plugin", MFD_CLOEXEC));
  if (made.open()) file_ = Descriptor(fcntl(made.get(), F_DUPFD_CLOEXEC, 3));  // none of a child's streams
  if (!file_.open() || ftruncate(file_.get(), static_cast<off_t>(file_bytes)) != 0)
    throw StartError(fmt::format("cannot make memory to share with a plugin: {}; --in-process needs none",
                                 std::strerror(errno)));
  mapped_ = file_bytes;
  all_ =
      static_cast<std::byte*>(mapped(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0));
  control_ = new (all_) PluginControl;
  slots_ = all_ + control_bytes;
}

PluginMemory::PluginMemory(int descriptor) : file_(descriptor), guard_(untouchable) {
  mapped_ = file_bytes + (small_slots + 2) * guard_;
  all_ = static_cast<std::byte*>(
      mapped(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  const auto place = [&](std::byte* at, std::size_t size, std::size_t offset) {
    mapped(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file_.get(), offset);
  };
  place(all_, control_bytes, 0);
  control_ = std::launder(reinterpret_cast<PluginControl*>(all_));
  slots_ = all_ + control_bytes + guard_;
  for (std::uint32_t i = 0; i <= large_slot; ++i)
    place(slot(i), slot_bytes(i), control_bytes + i * small_bytes);
}

PluginMemory::~PluginMemory() {
  if (all_) munmap(all_, mapped_);
}

}  // namespace assay
