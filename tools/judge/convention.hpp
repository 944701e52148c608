// Named deviations from the contract, and what a case comes to under one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

/// A named deviation's answer to a case.
struct ConventionalAnswer {
  std::string name;
  std::vector<std::string> used_by;
  Tensor value;
  std::map<std::string, Tensor> gradient;  ///< where it differs from the truth
};

/// What the reference says of a case under its loss's conventions, rounded, with those who use them.
std::vector<ConventionalAnswer> conventional_answers(const Case& question,
                                                     const std::vector<reference::ConventionTruth>& truths);

/// The conventions that the testee says its answers to such a question, of that loss and variant, follow.
const std::vector<std::string>& declared_conventions(const Handshake& handshake, const Case& question);

}  // namespace assay
