#include "tools/audit/groups.hpp"

#include <algorithm>
#include <cmath>

#include "losses/catalogue/records.hpp"
#include "tools/cases/case_builder.hpp"

namespace assay::audit {
namespace {

struct Range {
  std::size_t first, count;
};

Range range_of(const Tensor& t, bool shared, std::size_t g, std::size_t groups) {
  if (shared || groups <= 1) return {0, t.size()};
  const std::size_t width = t.size() / groups;
  return {g * width, width};
}

template <class T>
void copy_range(const std::vector<T>& from, Range source, std::vector<T>& to, Range target) {
  if (from.empty()) return;
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(source.first), std::min(source.count, target.count),
              to.begin() + static_cast<std::ptrdiff_t>(target.first));
}

/// Whether the input has a part of its own for each of the leading positions: along them, or along the last.
bool goes_by_row(const Record& record, const Input& input) {
  return input.axes.has_leading() || (input.axes.size() == 1 && record.along_last_leading(input.axes[0]));
}

}  // namespace

Groups::Groups(const Case& c, const std::string& by) {
  const Record& record = *c.record();
  std::int64_t rows = 1;
  bool apart = record.has_leading() && !record.rows_depend && c.reduction == Reduction::none;
  for (const Input& each : record.inputs) {
    const auto given = c.inputs.find(std::string(each.name));
    if (given == c.inputs.end()) continue;
    const bool by_row = goes_by_row(record, each);
    parts_.push_back({given->first, &each, !by_row});
    if (each.axes.has_leading()) {
      apart = apart && each.axes.leading_rank(given->second.shape.size()) == 1;
      if (!given->second.shape.empty()) rows = given->second.shape.front();
    }
    // A gradient by what rows share is a sum over them.
    if (each.name == by) apart = apart && each.axes.has_leading();
  }
  if (c.inputs.contains("cotangent")) parts_.push_back({"cotangent", nullptr, false});
  if (apart && rows > 1) count_ = static_cast<std::size_t>(rows);
}

std::vector<Groups::Number> Groups::numbers(Case& c, std::size_t g) const {
  std::vector<Number> out;
  for (const Part& part : parts_) {
    if (part.input && !is_continuous(*part.input)) continue;
    if (part.shared && count_ > 1) continue;  // it would change the other groups as well
    Tensor& t = c.inputs.at(part.name);
    const Range range = range_of(t, part.shared, g, count_);
    for (std::size_t i = range.first; i < range.first + range.count; ++i)
      out.push_back({&t.real[i], part.input});
  }
  return out;
}

int Groups::exponent(const Case& c, std::size_t g) const {
  double largest = 0;
  for (const Part& part : parts_) {
    if (!part.input || !is_continuous(*part.input) || (part.shared && count_ > 1)) continue;
    const Tensor& t = c.inputs.at(part.name);
    const Range range = range_of(t, part.shared, g, count_);
    for (std::size_t i = range.first; i < range.first + range.count; ++i)
      if (std::isfinite(t.real[i])) largest = std::max(largest, std::abs(t.real[i]));
  }
  return largest == 0 ? least_exponent : std::ilogb(largest);
}

void Groups::copy(const Case& from, std::size_t source, Case& to, std::size_t target) const {
  for (const Part& part : parts_) {
    if (part.shared) continue;
    const Tensor& s = from.inputs.at(part.name);
    Tensor& t = to.inputs.at(part.name);
    const Range a = range_of(s, false, source, count_), b = range_of(t, false, target, count_);
    copy_range(s.real, a, t.real, b);
    copy_range(s.integer, a, t.integer, b);
  }
}

Case Groups::alone(const Case& c, std::size_t g) const {
  Case out = c;
  if (count_ <= 1) return out;
  for (const Part& part : parts_) {
    if (part.shared) continue;
    const Tensor& whole = c.inputs.at(part.name);
    Tensor& t = out.inputs.at(part.name);
    const Range range = range_of(whole, false, g, count_);
    t.shape.front() = 1;
    const auto first = static_cast<std::ptrdiff_t>(range.first);
    const auto end = first + static_cast<std::ptrdiff_t>(range.count);
    if (t.is_integer)
      t.integer.assign(whole.integer.begin() + first, whole.integer.begin() + end);
    else
      t.real.assign(whole.real.begin() + first, whole.real.begin() + end);
  }
  return out;
}

}  // namespace assay::audit
