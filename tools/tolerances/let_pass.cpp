#include "tools/tolerances/let_pass.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "losses/catalogue/records.hpp"

namespace assay::tolerances {
namespace {

std::ptrdiff_t place_of(const std::string& loss) {
  const auto all = catalogue();
  return std::ranges::find(all, loss, [](const Record& each) { return each.name; }) - all.begin();
}

using Key = std::tuple<std::ptrdiff_t, Dtype, Part>;

}  // namespace

std::optional<double> Limit::largest() const {
  const double below = std::nextafter(lets_pass, 0);
  return sound_needs <= below ? std::optional(below) : std::nullopt;
}

void Limit::also(const Limit& other) {
  sound_needs = std::max(sound_needs, other.sound_needs);
  lets_pass = std::min(lets_pass, other.lets_pass);
}

std::string kind_of(const Measured& m) { return m.kinds.empty() ? "another formula" : m.kinds.front(); }

bool is_worse(const MeasuredPart& a, const MeasuredPart& b) {
  const auto rank = [](const MeasuredPart& part) {
    return std::tuple(part.grade > Grade::absolute, part.off, part.grade, part.ulps);
  };
  return rank(a) > rank(b);
}

LetPass let_pass(const std::vector<Measured>& corpus, const PerDtype<Tolerance>& tolerance, Operand operand) {
  std::map<Key, Row> rows;
  std::map<std::pair<std::ptrdiff_t, int>, std::pair<const Measured*, bool>> seen;  // by any case at all
  for (const Measured& each : corpus) {
    const std::ptrdiff_t place = place_of(each.loss);
    for (const Part part : parts) {
      const MeasuredPart& measured = each[part];
      if (measured.cases == 0) continue;
      const auto [at, fresh] = rows.try_emplace({place, each.dtype, part});
      Row& row = at->second;
      if (fresh) {
        row.loss = each.loss;
        row.dtype = each.dtype;
        row.part = part;
        row.rtol.lets_pass = row.atol.lets_pass = infinity;
      }
      const Needs& needs = measured[operand];
      const bool passes = needs.within(tolerance[each.dtype]);
      if (each.sound) {
        row.sound_passes = passes;
        row.rtol.sound_needs = needs.least_rtol();
        row.atol.sound_needs = needs.least_atol();
      } else if (measured.wrong > 0) {
        ++row.wrong;
        Count& kind = row.kinds[kind_of(each)];
        ++kind.wrong;
        kind.passed += passes ? 1 : 0;
        row.rtol.lets_pass = std::min(row.rtol.lets_pass, needs.least_rtol());
        row.atol.lets_pass = std::min(row.atol.lets_pass, needs.least_atol());
        if (passes) row.passed.push_back(&each);
      }
    }
    if (each.sound) continue;
    auto& [who, is_seen] = seen[{place, each.number}];
    who = &each;
    is_seen = is_seen || each.value.wrong > 0 || each.gradient.wrong > 0;
  }

  LetPass out;
  for (auto& [key, row] : rows) {
    std::ranges::sort(row.passed, [&row](const Measured* a, const Measured* b) {
      const MeasuredPart &left = (*a)[row.part], &right = (*b)[row.part];
      if (is_worse(left, right) || is_worse(right, left)) return is_worse(left, right);
      return a->number < b->number;
    });
    out.rows.push_back(std::move(row));
  }
  for (const auto& [key, each] : seen)
    if (!each.second) out.unseen.emplace_back(each.first->loss, each.first->name);
  out.implementations = static_cast<int>(seen.size());
  return out;
}

}  // namespace assay::tolerances
