// A case with what a person wants to know of it.
#pragma once

#include <string>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay {

struct AnnotatedCase {
  Case question;
  std::string slug;                ///< a name in words, distinct among those of a loss and dtype
  std::vector<std::string> flags;  ///< the situations that it shows
  std::string comment;             ///< why it is there
  bool error = false;              ///< it is meant to be outside the domain
};

}  // namespace assay
