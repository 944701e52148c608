#include "tools/mechanisms/shortened.hpp"

#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"

namespace assay::mechanisms {

bool shorten(Case& c, const std::function<std::int64_t(std::int64_t)>& keep) {
  const Record& record = *c.record();
  const std::vector<std::int64_t> shape = c.inputs.at(std::string(record.inputs[0].name)).shape;
  if (shape.empty()) return false;
  const std::int64_t kept = keep(shape[0]);
  if (kept < 0 || kept >= shape[0]) return kept == shape[0];
  for (const Input& each : record.inputs) {
    const auto at = c.inputs.find(std::string(each.name));
    if (at == c.inputs.end() || each.axes.front() != record.inputs[0].axes.front()) continue;
    Tensor& t = at->second;
    if (t.shape.empty() || t.shape[0] != shape[0]) continue;
    const std::size_t left = t.size() / static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(kept);
    t.shape[0] = kept;
    t.is_integer ? t.integer.resize(left) : t.real.resize(left);
  }
  return true;
}

}  // namespace assay::mechanisms
