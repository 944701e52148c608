#include "tools/cases/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

std::string no_such_loss(std::string_view name) {
  std::vector<std::string> known;
  for (const Record& each : catalogue()) known.emplace_back(each.name);
  const auto near = nearest(name, known);
  return fmt::format("no loss named \"{}\"{} 'assay losses' lists all {}.", printable(name),
                     near ? fmt::format("; did you mean \"{}\"?", *near) : ";", known.size());
}

Selection select(const std::vector<std::string>& only_losses, const std::vector<std::string>& only_dtypes) {
  Selection chosen;
  for (const std::string& each : only_losses)
    if (!find(each)) throw UsageError(no_such_loss(each));
  for (const std::string& each : only_dtypes)
    if (!dtype_named(each))
      throw UsageError(fmt::format("no dtype named \"{}\"; there are {}", printable(each),
                                   fmt::join(dtype_names, " and ")));

  const auto wanted = [](const std::vector<std::string>& among, std::string_view one) {
    return among.empty() || std::find(among.begin(), among.end(), one) != among.end();
  };
  for (const Record& each : catalogue())
    if (wanted(only_losses, each.name)) chosen.losses.emplace_back(each.name);
  for (const Dtype each : dtypes)
    if (wanted(only_dtypes, name(each))) chosen.dtypes.push_back(each);
  return chosen;
}

}  // namespace assay
