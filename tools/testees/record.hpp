// A record: the testee's side of a conversation as JSON lines, the handshake and then an answer a line, each
// under the id of the golden case that it answers. Written while a testee is verified, or by whatever program
// has the losses; judged later, where the testee need not be.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

struct RecordedAnswer {
  std::string id, variant;
  std::size_t line = 0;
  std::variant<Answer, Finding> outcome;  ///< a finding where the answer cannot be read
};

struct AnswerRecord {
  Handshake handshake;
  std::vector<Finding> oddities;  ///< what the handshake names and nobody knows
  std::vector<RecordedAnswer> answers;
};

/// Throws UsageError, one line that names the file, the line in it and what to do; FileError where it cannot
/// be read. Replies to other requests than cases (an echo, a snippet) pass.
AnswerRecord read_record(const std::filesystem::path& path);

/// A testee that gives the recorded answers, each to the case that has its id and variant. Other cases are
/// lost, as "protocol/no-answer". It writes no snippets.
std::unique_ptr<Testee> recorded_testee(AnswerRecord record);

/// The ids of the golden cases that are asked; what of one loss and dtype is among them is offered.
using GoldenIds = std::unordered_set<std::string>;
using WriteRecord = std::function<void(const std::string& text)>;

/// Passes everything on to the testee, and gives `write` the whole record when it has finished: of each
/// golden case the first answer. What never came back is left out.
std::unique_ptr<Testee> recording(std::unique_ptr<Testee> testee, GoldenIds golden, WriteRecord write);

}  // namespace assay
