// A testee that is a function: no pipes, nothing to lose.
#pragma once

#include <functional>
#include <memory>

#include "tools/testees/testee.hpp"

namespace assay {

/// `answer` is called for each case in turn. An exception that it lets out is an errored answer.
std::unique_ptr<Testee> in_process_testee(Implementation implementation,
                                          std::function<Answer(const Case&)> answer);

}  // namespace assay
