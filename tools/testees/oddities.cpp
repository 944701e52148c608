#include "tools/testees/oddities.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/testees/quotation.hpp"

namespace assay {
namespace {

constexpr std::size_t most_oddities = 20;  // one by one; the rest is counted
constexpr std::size_t most_listed = 8;

}  // namespace

void Oddities::unknown(std::string_view where, std::string_view what, std::string_view kind,
                       const std::vector<std::string>& known) {
  const std::string said =
      fmt::format("the handshake's {} names {}, which is no {}", where, quoted(what), kind);
  if (const auto near = nearest(what, known))
    add(fmt::format("{}; did you mean \"{}\"?", said, *near));
  else if (known.empty())
    add(said + "; there is none");
  else if (known.size() <= most_listed)
    add(fmt::format("{}; there {} {}", said, known.size() == 1 ? "is" : "are", fmt::join(known, ", ")));
  else
    add(said);
}

void Oddities::add(std::string message, Severity severity) {
  message = brief(message);
  for (const Finding& each : first_)
    if (each.message == message) return;
  if (first_.size() < most_oddities)
    first_.push_back({"protocol/offer", std::move(message), {}, severity});
  else
    more_ += severity == Severity::failure;
}

std::vector<Finding> Oddities::findings() const {
  std::vector<Finding> out = first_;
  if (more_ > 0) out.push_back({"protocol/offer", fmt::format("and {} more names that are unknown", more_)});
  return out;
}

}  // namespace assay
