#include "tools/audit/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::audit {
namespace {

constexpr std::array aims{Aim::everyday, Aim::tail, Aim::extreme, Aim::special};

bool wanted(Aim aim, const std::vector<Regime>& regimes) {
  return regimes.empty() || std::ranges::any_of(regimes, [aim](Regime regime) {
           switch (regime) {
             case Regime::everyday:
               return aim == Aim::everyday;
             case Regime::tail:
               return aim == Aim::tail;
             case Regime::extreme:
               return aim == Aim::extreme;
             case Regime::degenerate:
             case Regime::special:
               return aim == Aim::special;
             case Regime::invalid:
               return false;
           }
           return false;
         });
}

/// The value, then each gradient that is offered.
std::vector<std::string> outputs(const Record& record, const Offer& offer) {
  std::vector<std::string> out{""};
  for (const Input& each : record.inputs)
    if (const std::string name(each.name);
        each.differentiable() &&
        (offer.any_gradient || std::ranges::find(offer.gradient, name) != offer.gradient.end()))
      out.push_back(name);
  return out;
}

/// Whether there is any parameter that the testee takes at more than one value.
bool has_choice(const Record& record, const Offer& offer) {
  return std::ranges::any_of(record.parameters, [&](const ParameterFacts& each) {
    const auto narrowed = offer.parameters.find(std::string(each.name));
    return narrowed == offer.parameters.end() || narrowed->second.size() != 1;
  });
}

}  // namespace

std::string_view name(Aim aim) {
  switch (aim) {
    case Aim::everyday:
      return "everyday";
    case Aim::tail:
      return "tail";
    case Aim::extreme:
      return "extreme";
    case Aim::special:
      return "special";
  }
  return "";
}

std::string output_name(const Cell& cell) { return cell.by.empty() ? "value" : "gradient." + cell.by; }

std::string name(const Cell& cell) {
  const std::string head = fmt::format("{}/{}", cell.record->name, name(cell.dtype));
  const std::string tail = cell.variant.empty() ? "" : "@" + cell.variant;
  if (cell.rows_in_order) return head + "/promise/order" + tail;
  if (cell.promise)
    return fmt::format("{}/promise/{}{}", head, cell.promise - cell.record->promises.data(), tail);
  return fmt::format("{}/{}/{}{}{}", head, output_name(cell), name(cell.aim),
                     cell.other_parameters ? "/parameters" : "", tail);
}

std::vector<Cell> cells(const Handshake& handshake, const Selection& selection,
                        const std::vector<Regime>& regimes) {
  std::vector<Cell> out;
  const auto each_offer = [&](auto&& visit) {
    for (const std::string& loss : selection.losses)
      for (const Dtype dtype : selection.dtypes)
        for (const Offer* offer : offers_of(handshake, loss))
          if (std::ranges::find(offer->dtypes, dtype) != offer->dtypes.end())
            visit(*find(loss), dtype, *offer);
  };
  for (const Aim aim : aims) {
    if (!wanted(aim, regimes)) continue;
    for (std::size_t k = 0; k <= max_inputs; ++k)
      each_offer([&](const Record& record, Dtype dtype, const Offer& offer) {
        if (const auto all = outputs(record, offer); k < all.size())
          out.push_back(
              {.record = &record, .dtype = dtype, .variant = offer.variant, .by = all[k], .aim = aim});
      });
    if (aim == Aim::everyday && regimes.empty())
      each_offer([&](const Record& record, Dtype dtype, const Offer& offer) {
        for (const Promise& each : record.promises)
          out.push_back({.record = &record, .dtype = dtype, .variant = offer.variant, .promise = &each});
        out.push_back({.record = &record, .dtype = dtype, .variant = offer.variant, .rows_in_order = true});
      });
    if (aim == Aim::special) continue;  // its draws are of any parameters
    for (std::size_t k = 0; k <= max_inputs; ++k)
      each_offer([&](const Record& record, Dtype dtype, const Offer& offer) {
        if (const auto all = outputs(record, offer); k < all.size() && has_choice(record, offer))
          out.push_back({.record = &record,
                         .dtype = dtype,
                         .variant = offer.variant,
                         .by = all[k],
                         .aim = aim,
                         .other_parameters = true});
      });
  }
  return out;
}

}  // namespace assay::audit
