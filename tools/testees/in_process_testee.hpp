// A testee that is a function of a case: no pipes, nothing to lose.
#pragma once

#include <functional>
#include <memory>

#include "tools/testees/testee.hpp"

namespace assay {

/// `answer` is called for each case in turn. An exception that it lets out is an errored answer.
std::unique_ptr<Testee> in_process_testee(Handshake handshake, std::function<Answer(const Case&)> answer);

/// What the kernels say.
Answer kernel_answer(const Case& c);
/// What the certified reference says: the exact numbers, rounded once.
Answer certified_answer(const Case& c);

}  // namespace assay
