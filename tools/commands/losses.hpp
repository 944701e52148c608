// `assay losses`: the catalogue, for people or as JSON.
#pragma once

#include "losses/catalogue/catalogue.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// Every fact of a record.
Json record_to_json(const Record& record);

/// Prints the catalogue on standard output: a block a loss, or {"version", "losses": [record...]}.
int losses(bool json);

}  // namespace assay
