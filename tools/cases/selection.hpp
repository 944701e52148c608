// Which losses and dtypes a command is about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "losses/spec/dtype.hpp"

namespace assay {

struct Selection {
  std::vector<std::string> losses;  ///< in the catalogue's order
  std::vector<Dtype> dtypes;
};
/// The names given, or all when none are. Throws UsageError: "no loss named ...; did you mean ...?".
Selection select(const std::vector<std::string>& only_losses, const std::vector<std::string>& only_dtypes);

/// "no loss named "hubber"; did you mean "huber"? 'assay losses' lists all 20."
std::string no_such_loss(std::string_view name);

}  // namespace assay
