#include "tools/reports/reproducer.hpp"

#include <fmt/format.h>

#include "tools/golden/lone_case.hpp"
#include "tools/reports/describe.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// `tools/assay explain - ... <<'CASE'` and the case. No line of JSON is the word that ends it.
std::string command_with(const std::string& question, const std::vector<std::string>& words) {
  return fmt::format("{} <<'CASE'\n{}CASE", reproduce_command("-", "", words), question);
}

}  // namespace

std::optional<Reproducer> reproducer(const AnnotatedCase& c, const std::string& file,
                                     const std::vector<std::string>& words, Testee& testee) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : c.question.inputs) numbers += tensor.size();
  if (numbers > most_reproduced_numbers) return std::nullopt;

  Reproducer out;
  out.question = printable_lines(write_lone_case(c));
  out.command = file.empty() ? command_with(out.question, words) : reproduce_command(file, "", words);
  const Handshake& handshake = testee.handshake();
  const std::optional<std::string> snippet = handshake.snippets ? testee.snippet(c.question) : std::nullopt;
  if (snippet) {
    out.language = printable(handshake.implementation.language);
    out.snippet = printable_lines(*snippet);
  } else {
    out.language = "json";
    out.snippet = dump_json(case_to_json(c.question, Encoding::data)) + "\n";
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace assay
