#include "tools/text/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "tools/text/printable.hpp"

namespace assay {
namespace {

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
};

[[noreturn]] void refuse(std::string_view verb, const std::filesystem::path& path, int error) {
  throw FileError(fmt::format("cannot {} {}: {}", verb, printable(path.string()), std::strerror(error)));
}

struct Beside {
  std::string name;
  Descriptor file;
};

/// A name that two writers cannot share, in the folder itself, since a rename does not cross file systems.
Beside open_beside(const std::filesystem::path& path) {
  std::string name = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) refuse("write", path, errno);
  return {std::move(name), {file}};
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0) refuse("read", path, errno);
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  for (;;) {
    const ssize_t count = read(file.value, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse("read", path, errno);
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

void check_room_beside(const std::filesystem::path& path) {
  const Beside beside = open_beside(path);
  unlink(beside.name.c_str());
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  Beside made = open_beside(path);
  const std::string& beside = made.name;
  Descriptor& file = made.file;
  const auto give_up = [&] {
    const int error = errno;
    unlink(beside.c_str());
    refuse("write", path, error);
  };
  while (!text.empty()) {
    const ssize_t count = write(file.value, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up();
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  // Some file systems report a full disk only here.
  const mode_t mask = umask(0);
  umask(mask);
  if (fchmod(file.value, 0666 & ~mask) != 0 || fsync(file.value) != 0) give_up();
  const int closed = close(std::exchange(file.value, -1));
  if (closed != 0 || std::rename(beside.c_str(), path.c_str()) != 0) give_up();
}

}  // namespace assay
