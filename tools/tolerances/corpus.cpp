#include "tools/tolerances/corpus.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <thread>
#include <tuple>

#include "losses/catalogue/records.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/testees/companion.hpp"
#include "tools/testees/line_channel.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/progress.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::tolerances {
namespace {

/// The program's lines, as they come; nothing once it has written its last.
class Lines {
 public:
  explicit Lines(const std::vector<std::string>& command) : channel_(command) { channel_.no_more(); }

  std::optional<std::string> next() {
    for (;;) {
      if (std::optional<std::string> line = channel_.next_line()) return line;
      if (channel_.output_ended() || channel_.over_long()) return std::nullopt;
      std::vector<pollfd> all;
      channel_.add_to(all);
      poll(all.data(), all.size(), 1000);
      channel_.exchange();
    }
  }

  /// Why there are no more lines, in one.
  std::string ending() {
    using namespace std::chrono_literals;
    for (int i = 0; i < 100 && !channel_.ended(); ++i) std::this_thread::sleep_for(10ms);
    channel_.exchange();
    const Exit exit = channel_.kill();
    std::string words = channel_.errors();
    while (!words.empty() && words.back() == '\n') words.pop_back();
    const std::string last = words.substr(words.rfind('\n') + 1);
    return exit.describe() + (last.empty() ? "" : ": " + printable(last));
  }

 private:
  LineChannel channel_;
};

std::ptrdiff_t place_of(const std::string& loss) {
  const auto all = catalogue();
  return std::ranges::find(all, loss, [](const Record& each) { return each.name; }) - all.begin();
}

/// "huber/f32"
std::string file_of(const std::string& loss, Dtype dtype) { return fmt::format("{}/{}", loss, name(dtype)); }

/// Those selected that the folder has.
std::vector<std::string> present(const std::filesystem::path& folder, const Selection& selection) {
  std::vector<std::string> out;
  for (const std::string& loss : selection.losses)
    for (const Dtype dtype : selection.dtypes)
      if (std::filesystem::exists(folder / golden_file_name(loss, dtype)))
        out.push_back(file_of(loss, dtype));
  if (out.empty())
    throw UsageError(
        fmt::format("{} holds no golden file of the selected losses and dtypes", printable(folder.string())));
  return out;
}

std::size_t count_in(const std::string& first_line) {
  const Json head = parse_json(first_line);
  const Json* count = head.is(Json::Kind::object) ? head.find("measured") : nullptr;
  if (!count) fail_at("the first line", "says no count");
  return static_cast<std::size_t>(std::max<std::int64_t>(0, integer_from_json(*count, "measured")));
}

}  // namespace

std::vector<Measured> measured_corpus(const std::filesystem::path& folder, const Selection& selection,
                                      bool progress) {
  constexpr std::string_view program = "assay-mutants";
  std::vector<std::string> command{"", folder.string()};
  for (std::string& each : present(folder, selection)) command.push_back(std::move(each));
  command.front() = companion(program).string();
  Lines lines(command);
  std::vector<Measured> out;
  try {
    const std::optional<std::string> first = lines.next();
    if (!first) throw UsageError(fmt::format("{} {}", program, lines.ending()));
    const std::size_t count = count_in(*first);
    Progress told("tolerance", count, progress, "implementations");
    while (const std::optional<std::string> line = lines.next()) {
      out.push_back(measured_from_json(parse_json(*line)));
      told.step();
    }
    if (out.size() != count)
      throw UsageError(
          fmt::format("{} {} after {} of {} implementations", program, lines.ending(), out.size(), count));
  } catch (const JsonError& e) {
    // Half a line is the last of a program that died.
    throw UsageError(fmt::format("{} {}; it wrote no JSON: {}", program, lines.ending(), e.what()));
  } catch (const CodecError& e) {
    throw UsageError(fmt::format("{} wrote something else: {}", program, e.what()));
  }
  std::ranges::sort(out, {},
                    [](const Measured& m) { return std::tuple(place_of(m.loss), m.dtype, m.number); });
  return out;
}

std::string write_corpus(const std::vector<Measured>& all) {
  Json first = Json::object();
  first.add("measured", Json::integer(static_cast<std::int64_t>(all.size())));
  std::string out = dump_json(first) + "\n";
  for (const Measured& each : all) out += dump_json(measured_to_json(each)) + "\n";
  return out;
}

std::vector<Measured> read_corpus(std::string_view text, std::string_view where,
                                  const std::filesystem::path& folder, const Selection& selection) {
  std::vector<Measured> out;
  std::set<std::string> held;
  try {
    std::optional<std::size_t> count;
    std::size_t lines = 0;
    for (std::size_t end = 0; !text.empty(); text.remove_prefix(std::min(text.size(), end + 1))) {
      end = std::min(text.find('\n'), text.size());
      const std::string line(text.substr(0, end));
      if (!count) {
        count = count_in(line);
        continue;
      }
      ++lines;
      Measured m = measured_from_json(parse_json(line));
      held.insert(file_of(m.loss, m.dtype));
      if (std::ranges::find(selection.losses, m.loss) != selection.losses.end() &&
          std::ranges::find(selection.dtypes, m.dtype) != selection.dtypes.end())
        out.push_back(std::move(m));
    }
    if (count != lines) fail_at("its first line", "announces another number of lines than there are");
  } catch (const std::runtime_error& e) {  // JsonError, CodecError
    throw UsageError(fmt::format("{} is not what --measured wrote: {}", printable(where), e.what()));
  }
  for (const std::string& each : present(folder, selection))
    if (!held.contains(each))
      throw UsageError(
          fmt::format("{} holds nothing of {}: it was written for other losses or dtypes; "
                      "remove it, or name another file",
                      printable(where), each));
  return out;
}

}  // namespace assay::tolerances
