#include "tools/reports/reproducer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/golden/lone_case.hpp"
#include "tools/reports/describe.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

constexpr std::size_t most_pasted = 4000;  // what every shell and terminal takes in one line

}  // namespace

std::string pasted_command(const Case& question, const std::vector<std::string>& words) {
  const std::string json = dump_json(case_to_json(question, Encoding::data));
  if (json.size() > most_pasted) return "";
  return fmt::format("printf %s {} | {}", shell_quoted(json), reproduce_command("-", "", words));
}

std::optional<Reproducer> reproducer(const AnnotatedCase& c, const std::vector<std::string>& words,
                                     std::string_view language, const std::optional<std::string>& snippet) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : c.question.inputs) numbers += tensor.size();
  if (numbers > most_reproduced_numbers) return std::nullopt;
  Reproducer out;
  out.command = pasted_command(c.question, words);
  out.question = printable_lines(write_lone_case(c));
  out.language = snippet ? printable(language) : "json";
  out.snippet = snippet ? printable_lines(*snippet)
                        : dump_json(case_to_json(c.question, Encoding::data, Decimals::binary64)) + "\n";
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
