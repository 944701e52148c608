// The kernels of losses/ as a testee in process. The program assay-kernels serves it, and tests ask it
// without a pipe between; `assay` itself links no kernel, so that whoever judges another implementation
// compiles none.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tools/testees/testee.hpp"

namespace assay {

/// Offers every loss of the catalogue, whole, and writes snippets.
std::unique_ptr<Testee> kernel_testee();

/// What the kernels say.
Answer kernel_answer(const Case& c);
/// A program in C++ that puts the case to them through the public header, compiles as it stands, and prints
/// the value and the gradients as hexadecimal numbers. Nothing for a case outside the domain, or with rows of
/// no numbers, which that header does not take.
std::optional<std::string> kernel_snippet(const Case& c);

}  // namespace assay
