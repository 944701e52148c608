// A testee that is a function of a case: no pipes, nothing to lose.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tools/testees/testee.hpp"

namespace assay {

/// `answer` is called for each case in turn. An exception that it lets out is an errored answer. `snippet`,
/// where there is one, is what Testee::snippet gives; `handshake` must say so.
std::unique_ptr<Testee> in_process_testee(
    Handshake handshake, std::function<Answer(const Case&)> answer,
    std::function<std::optional<std::string>(const Case&)> snippet = {});

/// What the kernels say.
Answer kernel_answer(const Case& c);
/// A program in C++ that puts the case to them through the public header, compiles as it stands, and prints
/// the value and the gradients as hexadecimal numbers. Nothing for a case outside the domain, or with rows of
/// no numbers, which that header does not take.
std::optional<std::string> kernel_snippet(const Case& c);
/// What the certified reference says: the exact numbers, rounded once.
Answer certified_answer(const Case& c);

}  // namespace assay
