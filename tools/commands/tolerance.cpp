// `assay tolerance`: which known wrong implementations a test with a tolerance lets pass.
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "tools/commands/command.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"
#include "tools/tolerances/corpus.hpp"
#include "tools/tolerances/tolerance_report.hpp"

namespace assay {
namespace {

struct ToleranceOptions {
  std::string rtol, atol, like;  ///< empty: not given
  std::string relative_to = "expected";
  std::vector<std::string> losses;  ///< empty: all
  std::vector<std::string> dtypes;  ///< empty: all
  std::string golden;               ///< empty: the folder that came with the program
  std::string measured;             ///< empty: nothing is kept
  bool json = false, progress = false;
};

double tolerance_from(const std::string& option, const std::string& given) {
  double out = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), out);
  if (error != std::errc() || end != given.data() + given.size() || !(out >= 0))
    throw UsageError(
        fmt::format("{} is a number that is not negative, as 1e-5, not \"{}\"", option, printable(given)));
  return out;
}

tolerances::Operand operand_from(const std::string& given) {
  for (const tolerances::Operand each : tolerances::operands)
    if (name(each) == given) return each;
  throw UsageError(fmt::format("--relative-to is what rtol is a part of: expected or answer, not \"{}\"",
                               printable(given)));
}

tolerances::Question question_of(const ToleranceOptions& o, const Selection& selection) {
  tolerances::Question out;
  out.dtypes = selection.dtypes;
  out.operand = operand_from(o.relative_to);
  if (!o.like.empty()) {
    if (!o.rtol.empty() || !o.atol.empty())
      throw UsageError("--like says both tolerances: leave out --rtol and --atol, or --like");
    out.like = &tolerances::defaults_of(o.like);
    out.tolerance = out.like->tolerance;
    return out;
  }
  if (o.rtol.empty() || o.atol.empty())
    throw UsageError("say --rtol R and --atol A (either may be 0), or --like LIBRARY");
  const tolerances::Tolerance both{tolerance_from("--rtol", o.rtol), tolerance_from("--atol", o.atol)};
  out.tolerance = {both, both};
  return out;
}

/// As audits take --resume: the file is read where it is there, and written where it is not.
std::vector<tolerances::Measured> corpus_of(const ToleranceOptions& o, const std::filesystem::path& folder,
                                            const Selection& selection) {
  if (!o.measured.empty() && std::filesystem::exists(o.measured))
    return tolerances::read_corpus(read_file(o.measured), o.measured, folder, selection);
  if (!o.measured.empty()) check_room_beside(o.measured);
  std::vector<tolerances::Measured> out = tolerances::measured_corpus(folder, selection, o.progress);
  if (!o.measured.empty()) write_file(o.measured, tolerances::write_corpus(out));
  return out;
}

int tolerance(const ToleranceOptions& o) {
  const Selection selection = select(o.losses, o.dtypes);
  const tolerances::Question question = question_of(o, selection);
  const std::filesystem::path folder = golden_folder(o.golden);
  const std::vector<tolerances::Measured> corpus = corpus_of(o, folder, selection);
  const tolerances::LetPass result = tolerances::let_pass(corpus, question.tolerance, question.operand);
  if (o.json)
    fmt::print("{}\n", dump_json(tolerances::json_of(question, result)));
  else
    fmt::print("{}", tolerances::text_of(question, result));
  return 0;
}

}  // namespace

Command tolerance_command() {
  const auto o = std::make_shared<ToleranceOptions>();
  return {.name = "tolerance",
          .purpose = "which known wrong implementations a test's tolerance lets pass",
          .options = {{"--rtol", &o->rtol, "of a test that allows atol + rtol abs(expected)"},
                      {"--atol", &o->atol, "of the same test"},
                      {"--like", &o->like,
                       "the defaults of torch, numpy, jax, keras, tensorflow or mlx, per dtype"},
                      {"--relative-to", &o->relative_to,
                       "expected, or answer: the second operand, where that is what was tested"},
                      loss_option(o->losses),
                      dtype_option(o->dtypes),
                      golden_option(o->golden),
                      {"--measured", &o->measured,
                       "keep what was measured in this file; where it is there, ask nobody again"},
                      {"--json", &o->json, "all that pass, one by one"},
                      {"--progress", &o->progress, "say on standard error how far it is"}},
          .run = [o] { return tolerance(*o); }};
}

}  // namespace assay
