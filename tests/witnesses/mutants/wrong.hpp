// How the files of wrong formulas say what they say.
#pragma once

#include "tests/witnesses/mutants/mutants.hpp"
#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::mutants {

using namespace textbook;  // NOLINT: these files are formulas

inline Mutant wrong(std::string loss, std::string fault, Formula formula) {
  return {std::move(loss), std::move(fault),
          [formula = std::move(formula)](const Case& c) { return evaluate(formula, c); }, true};
}

template <class In>
using NumberOf = typename std::remove_cvref_t<In>::Number;

}  // namespace assay::tests::mutants
