#include "tools/audit/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

constexpr std::int64_t most_shards = 1'000'000;

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// The count of an option's text.
std::int64_t count_from(std::string_view digits, std::string_view option) {
  const std::optional<std::int64_t> count = whole(digits);
  if (!count || *count < 1 || *count > most_shards)
    throw UsageError(fmt::format("--shard {} must be I/N, auto or auto/N with N from 1 to {}",
                                 printable(option), most_shards));
  return *count;
}

/// What a scheduler says, each variable a whole number that is not negative.
class Variables {
 public:
  explicit Variables(const Environment& environment) : environment_(environment) {}

  [[nodiscard]] std::optional<std::int64_t> find(const char* name) const {
    const std::optional<std::string> text = environment_(name);
    if (!text) return std::nullopt;
    const std::optional<std::int64_t> number = whole(*text);
    if (!number || *number < 0)
      throw UsageError(fmt::format("--shard auto: {} is \"{}\", not a whole number; say --shard I/N", name,
                                   printable(*text)));
    return number;
  }

 private:
  const Environment& environment_;
};

/// Which task this is, from 0, of how many; no count where the scheduler tells none.
struct Place {
  const char* variable;
  std::int64_t position = 0;
  std::optional<std::int64_t> count{};
};

/// An array's ids may begin anywhere and go in steps (--array=10-50:10). One of listed ids (--array=1,4,5)
/// has none, and then no id tells its position.
std::optional<Place> slurm(const Variables& variables) {
  constexpr const char* id_name = "SLURM_ARRAY_TASK_ID";
  const std::optional<std::int64_t> id = variables.find(id_name);
  if (!id) return std::nullopt;
  const std::optional<std::int64_t> count = variables.find("SLURM_ARRAY_TASK_COUNT");
  const std::int64_t least = variables.find("SLURM_ARRAY_TASK_MIN").value_or(0);
  const std::optional<std::int64_t> most = variables.find("SLURM_ARRAY_TASK_MAX");
  const std::int64_t step = variables.find("SLURM_ARRAY_TASK_STEP").value_or(1);
  const bool even = step > 0 && *id >= least && (*id - least) % step == 0 &&
                    (!most || !count || (*most >= least && (*most - least) / step + 1 == *count));
  if (!even)
    throw UsageError(fmt::format(
        "--shard auto: {} is {} in an array whose ids are no even steps; submit --array=1-N, or say "
        "--shard I/N",
        id_name, *id));
  return Place{id_name, (*id - least) / step, count};
}

/// Where a variable counts from 0.
std::optional<Place> counted(const Variables& variables, const char* index_name, const char* count_name) {
  const std::optional<std::int64_t> index = variables.find(index_name);
  if (!index) return std::nullopt;
  return Place{index_name, *index, variables.find(count_name)};
}

Place place(const Variables& variables) {
  if (const auto found = slurm(variables)) return *found;
  if (const auto found = counted(variables, "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS")) return *found;
  if (const auto found = counted(variables, "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS")) return *found;
  if (const auto found = counted(variables, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")) return *found;
  throw UsageError(
      "--shard auto: no scheduler says which shard this is: none of SLURM_ARRAY_TASK_ID, "
      "JOB_COMPLETION_INDEX, "
      "GTEST_SHARD_INDEX and OMPI_COMM_WORLD_RANK is set; say --shard I/N");
}

/// `given` is N of auto/N.
Shard shard_of(const Place& place, std::optional<std::int64_t> given) {
  if (!place.count && !given)
    throw UsageError(
        fmt::format("--shard auto: {} is set, but nothing says how many shards there are; say "
                    "--shard auto/N",
                    place.variable));
  if (place.count && given && *place.count != *given)
    throw UsageError(fmt::format("--shard auto/{}: the scheduler that set {} has {} shards; say --shard auto",
                                 *given, place.variable, *place.count));
  const std::int64_t count = given ? *given : *place.count;
  if (count < 1 || count > most_shards)
    throw UsageError(
        fmt::format("--shard auto: the scheduler that set {} has {} shards; there may be 1 to {}",
                    place.variable, count, most_shards));
  if (place.position >= count)
    throw UsageError(fmt::format("--shard auto: {} makes this shard {} of {}; there is none", place.variable,
                                 place.position + 1, count));
  return {static_cast<int>(place.position + 1), static_cast<int>(count)};
}

}  // namespace

std::string shard_text(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.count); }

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

Shard shard_from(std::string_view text, const Environment& environment) {
  const std::size_t slash = text.find('/');
  const std::string_view first = text.substr(0, slash);
  if (first == "auto") {
    std::optional<std::int64_t> count;
    if (slash != std::string_view::npos) count = count_from(text.substr(slash + 1), text);
    return shard_of(place(Variables(environment)), count);
  }
  if (slash == std::string_view::npos)
    throw UsageError(fmt::format("--shard {} must be I/N, auto or auto/N", printable(text)));
  const std::int64_t count = count_from(text.substr(slash + 1), text);
  const std::optional<std::int64_t> index = whole(first);
  if (!index || *index < 1 || *index > count)
    throw UsageError(
        fmt::format("--shard {} must be I/N with I from 1 to N, or auto, or auto/N", printable(text)));
  return {static_cast<int>(*index), static_cast<int>(count)};
}

}  // namespace assay
