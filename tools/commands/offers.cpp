// `assay offers`: what a testee's handshake offers of the catalogue, a line a loss and dtype, for programs
// that make something of each (a test in a build system, a job in a campaign).
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "tools/cases/selection.hpp"
#include "tools/commands/command.hpp"
#include "tools/testees/chosen_testee.hpp"

namespace assay {
namespace {

struct OffersOptions {
  std::vector<std::string> losses, dtypes;
  TesteeOptions testee;
};

int offers(const OffersOptions& options) {
  check(options.testee);
  const Selection selection = select(options.losses, options.dtypes);
  const std::unique_ptr<Testee> testee = chosen_testee(options.testee);
  if (!greeted(*testee)) return 3;
  const Handshake& handshake = testee->handshake();
  std::size_t count = 0;
  for (const std::string& loss : selection.losses) {
    const std::vector<const Offer*> all = offers_of(handshake, loss);
    for (const Dtype dtype : selection.dtypes) {
      const bool offered = std::ranges::any_of(all, [&](const Offer* each) {
        return std::ranges::find(each->dtypes, dtype) != each->dtypes.end();
      });
      if (!offered) continue;
      fmt::print("{} {}\n", loss, name(dtype));
      ++count;
    }
  }
  if (count > 0) return 0;
  fmt::print(stderr, "assay: it offers none of the losses that were asked for\n");
  return 3;
}

}  // namespace

Command offers_command() {
  const auto o = std::make_shared<OffersOptions>();
  return {.name = "offers",
          .purpose = "which losses and dtypes a testee offers",
          .options = {loss_option(o->losses), dtype_option(o->dtypes)},
          .testee = &o->testee.command,
          .run = [o] { return offers(*o); }};
}

}  // namespace assay
