// The records of all losses, without their types: what whoever iterates at run time sees. The types
// themselves are thousands of lines of constants, which catalogue.hpp brings along.
#pragma once

#include <string_view>
#include <vector>

#include "losses/spec/record.hpp"

namespace assay {

/// A record without its type.
struct Record : Facts {
  std::vector<ParameterFacts> parameters;

  [[nodiscard]] const ParameterFacts* parameter(std::string_view wanted) const;
};

/// Every record, in the catalogue's order.
const std::vector<Record>& catalogue();

/// The record of that name, or null.
const Record* find(std::string_view name);

}  // namespace assay
