#include "tools/search/draws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tools/cases/case_source.hpp"

namespace assay::search {
namespace {

/// So many draws in a row outside the domain are a mistake in the record, not bad luck; fewer say that a
/// testee offers too little.
constexpr int most_tries = 10'000, most_tries_of_an_offer = 300;

int tries(const Ground& ground) { return ground.offers ? most_tries_of_an_offer : most_tries; }

std::optional<Case> none_in(const Ground& ground) {
  if (ground.offers) return std::nullopt;
  throw std::logic_error(fmt::format("{} {}: {} draws in a row were outside the domain", ground.record.name,
                                     name(ground.dtype), most_tries));
}

/// What is offered of the loss, if it is offered in the dtype at all.
const Offer* offer(const Ground& ground) {
  const auto found = ground.offers->losses.find(std::string(ground.record.name));
  if (found == ground.offers->losses.end()) return nullptr;
  const std::vector<Dtype>& offered = found->second.dtypes;
  return std::ranges::find(offered, ground.dtype) == offered.end() ? nullptr : &found->second;
}

/// Puts the parameter where the promise holds, unless it is there.
void keep(Case& c, const While& condition, Random& random) {
  if (holds(condition, c)) return;
  const double at = random.once_in(2) ? condition.low : condition.high;
  ParameterValue& value = c.parameters.at(std::string(condition.parameter));
  if (std::holds_alternative<double>(value))
    value = at;
  else if (std::holds_alternative<bool>(value))
    value = at != 0;
  else
    value = static_cast<std::int64_t>(at);
}

/// Another value for each parameter that is offered at some values alone, and no optional input that is not
/// offered.
void fit(Case& c, const Offer& offer, Random& random) {
  for (const auto& [name, values] : offer.parameters)
    if (!values.empty()) c.parameters[name] = values[random.below(values.size())];
  if (offer.inputs)
    for (const Input& each : c.record()->inputs)
      if (const std::string name(each.name);
          each.optional && std::ranges::find(*offer.inputs, name) == offer.inputs->end())
        c.inputs.erase(name);
}

/// An infinity of a domain that admits one, in one place.
void put_infinity(const Record& record, Case& c, Random& random) {
  const Input& input = record.inputs[random.below(record.inputs.size())];
  const auto given = c.inputs.find(std::string(input.name));
  if (given == c.inputs.end() || given->second.real.empty()) return;
  const double wanted = random.once_in(2) ? infinity : -infinity;
  if (under_parameters(record, input, c).domain.contains(wanted))
    given->second.real[random.below(given->second.real.size())] = wanted;
}

/// A number of the grid; of few values where it is coarse, so that numbers meet.
double grid_number(const Domain& domain, double scale, bool coarse, Random& random) {
  const std::int64_t step = coarse ? 128 : 1;
  if (domain.low == 0 && domain.high == 1)
    return static_cast<double>(step * between(random, 0, 512 / step + 1)) / 512;
  const auto m = static_cast<double>(step * between(random, -512 / step, 512 / step + 1));
  if (m == 0 && domain.kind == Domain::Kind::nonzero) return scale;
  if (domain.low > -infinity) return domain.low + (std::abs(m) + 2) / 128 * scale;
  return m * 2 / 128 * scale;
}

/// In every third draw, some numbers of an input are those of another input of its shape: ties, differences
/// of 0.
void let_meet(const Record& record, Case& c, Random& random) {
  if (!random.once_in(3)) return;
  const Input &from = record.inputs[random.below(record.inputs.size())],
              &to = record.inputs[random.below(record.inputs.size())];
  const auto source = c.inputs.find(std::string(from.name)), met = c.inputs.find(std::string(to.name));
  if (source == c.inputs.end() || met == c.inputs.end() || source->second.shape != met->second.shape) return;
  if (from.integer || from.domain.discrete() || to.integer || to.domain.discrete()) return;
  const Domain domain = under_parameters(record, to, c).domain;
  for (std::size_t i = 0; i < met->second.real.size(); ++i)
    if (const double x = source->second.real[i]; random.once_in(2) && domain.contains(x))
      met->second.real[i] = x;
}

}  // namespace

double number(const Case& c, std::string_view parameter) {
  const ParameterValue& value = c.parameters.at(std::string(parameter));
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<bool>(value) ? 1 : 0;
}

bool holds(const While& condition, const Case& c) {
  const double now = number(c, condition.parameter);
  return now >= condition.low && now <= condition.high;
}

bool offers(const Handshake& handshake, const Case& c) {
  const std::optional<Case> covered = offered(c, handshake);
  return covered && covered->wrt == c.wrt;
}

std::optional<Case> anywhere(const Ground& ground, Random& random) {
  const auto& [record, dtype, where, whose] = ground;
  const Offer* narrowed = whose ? offer(ground) : nullptr;
  if (whose &&
      (!narrowed || std::ranges::find(narrowed->reductions, Reduction::none) == narrowed->reductions.end()))
    return std::nullopt;
  for (int i = 0; i < tries(ground); ++i) {
    Case c = random_case(record, dtype, random.bits(), 0).question;
    c.reduction = Reduction::none;
    c.wrt.clear();
    c.inputs.erase("cotangent");
    if (narrowed) {
      fit(c, *narrowed, random);
      if (why_invalid(c)) continue;
    }
    c = complete(std::move(c));
    for (const While& each : where) keep(c, each, random);
    if (random.once_in(8)) put_infinity(record, c, random);
    // Numbers drawn for one parameter need not be admissible under another, nor an open end.
    if (!why_invalid(c) && (!whose || offers(*whose, c))) return c;
  }
  return none_in(ground);
}

std::optional<Case> on_grid(const Ground& ground, Random& random) {
  for (int i = 0; i < tries(ground); ++i) {
    std::optional<Case> c = anywhere(ground, random);
    if (!c) return std::nullopt;
    for (const Input& input : ground.record.inputs) {
      const auto given = c->inputs.find(std::string(input.name));
      if (given == c->inputs.end() || input.integer || input.domain.discrete()) continue;
      const Domain domain = under_parameters(ground.record, input, *c).domain;
      given->second.real = grid_numbers(domain, given->second.real.size(), random);
    }
    let_meet(ground.record, *c, random);
    if (!why_invalid(*c)) return c;
  }
  return none_in(ground);
}

std::vector<double> grid_numbers(const Domain& domain, std::size_t count, Random& random) {
  const double scale = std::ldexp(1, static_cast<int>(between(random, -4, 5)));
  const bool coarse = random.once_in(4);
  std::vector<double> out(count);
  for (double& x : out) x = grid_number(domain, scale, coarse, random);
  return out;
}

std::optional<Case> foothill(const Ground& ground, Random& random) {
  const auto& [record, dtype, where, whose] = ground;
  const Offer* narrowed = whose ? offer(ground) : nullptr;
  if (whose && !narrowed) return std::nullopt;
  for (int i = 0; i < tries(ground); ++i) {
    std::optional<Case> c = random_case(record, dtype, random.bits(), 0).question;
    if (narrowed) fit(*c, *narrowed, random);
    std::size_t size = 0;
    for (const auto& [name, tensor] : c->inputs) size += tensor.size();
    if (size > most_numbers_of_a_foothill || why_invalid(*c)) continue;
    if (!where.empty()) {
      c = complete(std::move(*c));
      for (const While& each : where) keep(*c, each, random);
      if (why_invalid(*c)) continue;
    }
    if (whose) c = offered(*c, *whose);
    if (c) return c;
  }
  return none_in(ground);
}

std::int64_t between(Random& random, std::int64_t low, std::int64_t end) {
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(end - low)));
}

double symmetric(Random& random) {
  return 2 * ((static_cast<double>(random.bits() >> 12) + .5) * 0x1p-52) - 1;
}

}  // namespace assay::search
