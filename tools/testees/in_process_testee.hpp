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

/// What the certified reference says: the exact numbers, rounded once.
Answer certified_answer(const Case& c);

}  // namespace assay
