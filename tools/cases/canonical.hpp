// The canonical text of a case, which its id is made from (contract, section 3). It must never change: ids
// are what known-failures files and reports name cases by.
#pragma once

#include <string>

#include "reference/cases/case.hpp"

namespace assay {

/// One line of JSON; parameters at their defaults are left out.
std::string canonical(const Case& c);
/// "<loss>/<dtype>/<12 hex digits>", made from that.
std::string canonical_id(const Case& c);

}  // namespace assay
