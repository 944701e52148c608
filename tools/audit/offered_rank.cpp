#include "tools/audit/offered_rank.hpp"

#include <algorithm>

namespace assay::audit {
namespace {

/// The axes of a row, of the real input that has the most.
std::int64_t axes_of_a_row(const Record& record) {
  std::size_t most = 0;
  for (const Input& each : record.inputs)
    if (!each.integer && each.axes.has_leading()) most = std::max(most, each.axes.letters().size());
  return static_cast<std::int64_t>(most);
}

}  // namespace

void lay_out(CaseBuilder& builder, const Offer& offer, Random& random) {
  if (!offer.ranks || !builder.record.has_leading()) return;
  std::vector<std::int64_t> leading;
  for (const std::int64_t each : *offer.ranks)
    if (each >= axes_of_a_row(builder.record)) leading.push_back(each - axes_of_a_row(builder.record));
  if (leading.empty()) return;  // no case of this loss has such a rank
  const std::int64_t count = leading[random.below(leading.size())], rows = builder.row_count();
  reference::Shape shape(static_cast<std::size_t>(count), 1);
  if (count > 0) shape.back() = rows;
  if (count > 1 && rows > 2 && rows % 2 == 0 && random.once_in(2)) {
    shape.front() = 2;
    shape.back() = rows / 2;
  }
  builder.leading(std::move(shape));
}

}  // namespace assay::audit
