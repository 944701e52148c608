#include "tools/audit/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::audit {
namespace {

/// The first thing in which they differ, in words.
std::string difference(const Task& now, const Task& before) {
  const Json a = to_json(now), b = to_json(before);
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    const std::string x = dump_json(a.members[i].second), y = dump_json(b.members[i].second);
    if (x != y)
      return fmt::format("{} was {}, and is {} now", a.members[i].first, printable(y), printable(x));
  }
  return "nothing";
}

}  // namespace

Journal::Journal(std::filesystem::path path, const Task& task) : path_(std::move(path)) {
  const std::string head = fmt::format("{{\"assay_audit\": 1, \"task\": {}}}\n", dump_json(to_json(task)));
  std::error_code error;
  std::string text = std::filesystem::exists(path_, error) ? read_file(path_) : "";
  const std::size_t whole = text.rfind('\n');
  text.resize(whole == std::string::npos ? 0 : whole + 1);
  std::size_t line = 0;
  for (std::size_t from = 0; from < text.size(); ++line) {
    const std::size_t end = text.find('\n', from);
    try {
      const Json value = parse_json(std::string_view(text).substr(from, end - from));
      if (line == 0) {
        if (!value.is(Json::Kind::object) || !value.find("assay_audit") || !value.find("task"))
          fail_at("the first line", "is not that of an audit's journal");
        if (const Task before = task_from_json(*value.find("task")); !same(before, task))
          throw UsageError(fmt::format("{} is of another audit: {}; name another file, or ask for the same",
                                       printable(path_.string()), difference(task, before)));
      } else {
        const Json* so_far = value.find("seconds_so_far");
        StrandResult result = strand_result_from_json(value);
        if (so_far) seconds_ = std::max(seconds_, std::strtod(so_far->text.c_str(), nullptr));
        const std::size_t number = result.number;
        results_.insert_or_assign(number, std::move(result));
      }
    } catch (const UsageError&) {
      throw;
    } catch (const std::runtime_error& e) {  // JsonError, CodecError
      fail_at(fmt::format("{}, line {}", printable(path_.string()), line + 1), e.what());
    }
    from = end + 1;
  }
  // Written whole before anything is appended: what was cut short is gone, and a folder that cannot be
  // written to is found out before the work.
  write_file(path_, text.empty() ? head : text);
  file_ = open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file_ < 0)
    throw FileError(fmt::format("cannot write {}: {}", printable(path_.string()), std::strerror(errno)));
}

Journal::~Journal() {
  if (file_ >= 0) close(file_);
}

void Journal::add(const StrandResult& result, double seconds_so_far) {
  const std::lock_guard lock(mutex_);
  if (file_ < 0) return;
  Json line = to_json(result);
  line.add("seconds_so_far", Json::number(fmt::format("{:.3f}", seconds_so_far)));
  append(dump_json(line) + "\n");
}

void Journal::append(const std::string& line) {
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t count = write(file_, line.data() + at, line.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw FileError(
          fmt::format("cannot write {}: {}; what it holds already is good, --resume goes on from there",
                      printable(path_.string()), std::strerror(errno)));
    at += static_cast<std::size_t>(count);
  }
}

}  // namespace assay::audit
