#include "tools/golden/plan_file.hpp"

#include <fmt/format.h>

#include <set>
#include <stdexcept>

#include "tools/cases/canonical.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/golden/handpicked.hpp"

namespace assay {
namespace {

constexpr std::int64_t least_draws = 12;

/// Draws that repeat an earlier case are replaced by further ones; a loss has far more cases than this many.
constexpr std::int64_t draws_without_gain = 1000;

}  // namespace

FilePlan plan_file(const Record& record, Dtype dtype, std::uint64_t seed, std::int64_t count,
                   const std::filesystem::path& handpicked) {
  FilePlan plan;
  Handpicked picked = read_handpicked(handpicked, record, dtype);
  std::set<std::string> ids, slugs;
  const auto take = [&](AnnotatedCase next) {
    if (picked.omitted.contains(next.slug)) return false;
    const std::string label = fmt::format("{} {} case {}", record.name, name(dtype), next.slug);
    const auto why = why_invalid(next.question);
    if (why && !next.error) throw std::logic_error(fmt::format("{} is outside the domain: {}", label, *why));
    if (!why && next.error)
      throw std::logic_error(fmt::format("{} is inside the domain, but meant to be outside", label));
    next.question.id = canonical_id(next.question);
    if (!ids.insert(next.question.id).second) return false;
    if (!slugs.insert(next.slug).second) throw std::logic_error(label + " has a slug that another case has");
    for (const std::string& flag : next.flags) {
      const auto note = picked.notes.find(flag);
      if (note == picked.notes.end())
        throw std::logic_error(
            fmt::format("{}: flag {} has no note in golden/handpicked/notes.json", label, flag));
      plan.notes.insert(*note);
    }
    plan.cases.push_back(std::move(next));
    return true;
  };

  for (AnnotatedCase& each : picked.cases) take(std::move(each));
  for (AnnotatedCase& each : systematic_cases(record, dtype, seed)) take(std::move(each));
  std::int64_t draws = 0, idle = 0;
  for (std::int64_t index = 0; idle < draws_without_gain; ++index) {
    if (draws >= least_draws && static_cast<std::int64_t>(plan.cases.size()) >= count) break;
    const bool taken = take(random_case(record, dtype, seed, index));
    draws += taken ? 1 : 0;
    idle = taken ? 0 : idle + 1;
  }
  return plan;
}

}  // namespace assay
