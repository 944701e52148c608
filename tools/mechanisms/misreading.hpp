// How a model is made of a question that was misread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "losses/spec/dtype.hpp"
#include "tools/mechanisms/model.hpp"

namespace assay::mechanisms {

/// Makes a case what it is taken for; false where it has nothing to change. What comes out may be outside the
/// domain, and then the model says nothing.
using Misread = std::function<bool(Case&)>;

/// Each number of an input becomes change(x), rounded. False where the case has no such input.
template <class Change>
bool change_numbers(Case& c, std::string_view input, const Change& change) {
  const auto found = c.inputs.find(std::string(input));
  if (found == c.inputs.end()) return false;
  for (double& x : found->second.real) x = round_to(c.dtype, change(x));
  return true;
}

/// The model that answers the other question rightly. `gradient_of`: by which input it differentiates that
/// when it is asked for this one's gradient.
Model right_answer_to(std::string mechanism, std::string sentence, int generality, Misread change,
                      std::function<Part(const Part&)> gradient_of = {});

}  // namespace assay::mechanisms
