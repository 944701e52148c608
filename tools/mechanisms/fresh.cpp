#include "tools/mechanisms/fresh.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "reference/cases/shapes.hpp"
#include "tools/cases/domain_numbers.hpp"
#include "tools/mechanisms/shortened.hpp"
#include "tools/search/draws.hpp"

namespace assay::mechanisms {
namespace {

/// How the numbers of a witness become others.
enum class Way : std::uint8_t {
  freely,    ///< each by a factor of its own, up to 2
  together,  ///< all at one position by one factor, their differences by another: what is near stays near
  widely,    ///< each by a factor of its own, up to 2^24
  slightly,  ///< each by less than a hundredth
  alike,     ///< equal ones by one factor, up to 2: ties and equal terms stay
  in_place,  ///< the witness's own numbers, in another order
};

/// x by a factor between 1/reach and reach; by its distance from 1 where that is the nearer end.
double scaled(double x, const Domain& domain, double reach, Random& random) {
  const double factor = std::exp2(std::log2(reach) * random.symmetric());
  if (domain.low == 0 && domain.high == 1 && x > .5) return 1 - (1 - x) * factor;
  return x * factor;
}

/// Zeros, infinities and NaN are what a witness may be about: they stay, mostly.
bool stays(double x, Random& random) { return !std::isfinite(x) || (x == 0 && !random.once_in(12)); }

double reach_of(Way way) {
  switch (way) {
    case Way::freely:
    case Way::together:
    case Way::alike:
      return 2;
    case Way::widely:
      return 0x1p24;
    case Way::slightly:
    case Way::in_place:
      break;
  }
  return 1 + 0x1p-7;
}

void change_numbers(Tensor& t, const Domain& domain, Dtype dtype, Way way, Random& random) {
  if (way == Way::in_place)
    for (std::size_t i = t.real.size(); i > 1; --i) std::swap(t.real[i - 1], t.real[random.below(i)]);
  std::map<double, double> changed;
  for (double& x : t.real) {
    const auto known = changed.find(x);
    if (way == Way::alike && known != changed.end()) {
      x = known->second;
      continue;
    }
    if (stays(x, random)) continue;
    double y = x;
    if (domain.discrete()) {
      if (domain.kind == Domain::Kind::points && random.once_in(4)) y = domain.low + domain.high - x;
    } else if (x == 0) {
      y = ordinary_number(domain, dtype, random);
    } else {
      y = scaled(x, domain, reach_of(way), random);
    }
    y = round_to(dtype, y);
    if (!domain.contains(y)) continue;
    changed.emplace(x, y);
    x = y;
  }
}

/// Shorter, mostly by half or by a few rows: past a power of two or up to it.
void shorten_somehow(Case& c, Random& random) {
  shorten(c, [&](std::int64_t n) -> std::int64_t {
    if (n < 2) return n;
    const auto half = std::int64_t{1} << random.below(std::bit_width(static_cast<std::uint64_t>(n)));
    return std::clamp<std::int64_t>(half - 1 + static_cast<std::int64_t>(random.below(3)), 1, n);
  });
  if (const auto found = c.inputs.find("cotangent"); found != c.inputs.end())
    if (found->second.shape != value_shape(c)) c.inputs.erase(found);
}

/// One-hot rows turn as a whole.
void turn_rows(Tensor& t, Random& random) {
  const auto width = static_cast<std::size_t>(t.shape.empty() ? 1 : t.shape.back());
  for (std::size_t first = 0; width > 0 && first + width <= t.real.size(); first += width)
    std::rotate(t.real.begin() + static_cast<std::ptrdiff_t>(first),
                t.real.begin() + static_cast<std::ptrdiff_t>(first + random.below(width)),
                t.real.begin() + static_cast<std::ptrdiff_t>(first + width));
}

void change_labels(Case& c, const Input& input, Tensor& t, Random& random) {
  if (input.domain.kind != Domain::Kind::class_index &&
      input.domain.kind != Domain::Kind::class_index_or_ignored)
    return;
  const std::int64_t classes = reference::bind_axes(*c.record(), c).axes.classes().value_or(0);
  for (std::int64_t& y : t.integer)
    if (classes > 0 && y >= 0 && y < classes && random.once_in(2))
      y = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(classes)));
}

/// The differences from the first input, which keep their order of magnitude, and it.
void change_together(Case& c, Random& random) {
  const Record& record = *c.record();
  Tensor& first = c.inputs.at(std::string(record.inputs[0].name));
  const Tensor before = first;
  for (std::size_t i = 0; i < first.real.size(); ++i) {
    const double x = before.real[i];
    if (stays(x, random) || record.inputs[0].domain.discrete()) continue;
    const double moved = round_to(c.dtype, scaled(x, record.inputs[0].domain, 2, random));
    for (std::size_t k = 1; k < record.inputs.size(); ++k) {
      const Input& input = record.inputs[k];
      const auto other = c.inputs.find(std::string(input.name));
      if (other == c.inputs.end() || input.integer || input.domain.discrete()) continue;
      if (other->second.shape != before.shape || !std::isfinite(other->second.real[i])) continue;
      double& y = other->second.real[i];
      const double near = round_to(c.dtype, moved + (y - x) * std::exp2(random.symmetric()));
      if (under_parameters(record, input, c).domain.contains(near)) y = near;
    }
    if (under_parameters(record, record.inputs[0], c).domain.contains(moved)) first.real[i] = moved;
  }
}

void change_inputs(Case& c, Way way, Random& random) {
  if (way == Way::together) change_together(c, random);
  for (const Input& each : c.record()->inputs) {
    const auto found = c.inputs.find(std::string(each.name));
    if (found == c.inputs.end()) continue;
    Tensor& t = found->second;
    if (each.integer) {
      change_labels(c, each, t, random);
    } else if (each.domain.kind == Domain::Kind::one_hot) {
      if (random.once_in(2)) turn_rows(t, random);
    } else if (way != Way::together || each.domain.discrete()) {
      change_numbers(t, under_parameters(*c.record(), each, c).domain, c.dtype, way, random);
    }
  }
  if (const auto found = c.inputs.find("cotangent"); found != c.inputs.end())
    change_numbers(found->second, domain::finite, c.dtype, Way::freely, random);
}

void change_parameters(Case& c, Random& random) {
  for (const ParameterFacts& each : c.record()->parameters) {
    ParameterValue& value = c.parameters.at(std::string(each.name));
    if (random.once_in(3)) continue;
    if (double* real = std::get_if<double>(&value)) {
      const std::vector<NamedNumber> known = parameter_values(each.domain, c.dtype);
      if (*real != 0 && random.once_in(2))
        *real = round_to(c.dtype, *real * std::exp2(random.symmetric()));
      else if (!known.empty())
        *real = known[random.below(known.size())].value;
    } else if (bool* flag = std::get_if<bool>(&value)) {
      *flag = !*flag;
    } else if (std::int64_t* whole = std::get_if<std::int64_t>(&value);
               whole && each.domain.kind == Domain::Kind::points) {
      *whole = static_cast<std::int64_t>(each.domain.low + each.domain.high) - *whole;
    }
  }
}

void change_reduction(Case& c, Random& random) {
  const std::vector<std::int64_t> before = value_shape(c);
  c.reduction = reductions[random.below(reductions.size())];
  if (value_shape(c) != before) c.inputs.erase("cotangent");
}

void change_cotangent(Case& c, Random& random) {
  if (c.inputs.erase("cotangent") != 0) return;
  Tensor t{.shape = value_shape(c), .real = {}, .integer = {}};
  for (std::int64_t i = product(t.shape); i > 0; --i)
    t.real.push_back(round_to(c.dtype, std::exp2(2 * random.symmetric()) * (random.once_in(2) ? -1 : 1)));
  c.inputs.emplace("cotangent", std::move(t));
}

/// Whether most numbers of an input are equal to another one.
bool repeats(const Case& c) {
  for (const auto& [name, tensor] : c.inputs) {
    const std::set<double> distinct(tensor.real.begin(), tensor.real.end());
    if (tensor.real.size() > 8 && 2 * distinct.size() < tensor.real.size()) return true;
  }
  return false;
}

std::optional<Case> from_anywhere(const Case& witness, Random& random, const Handshake* offers) {
  std::optional<Case> c = search::foothill({*witness.record(), witness.dtype, {}, offers}, random);
  if (!c) return c;
  *c = complete(*c);
  if (value_shape(*c) != value_shape([&] {
        Case other = *c;
        other.reduction = witness.reduction;
        return other;
      }()))
    c->inputs.erase("cotangent");
  c->reduction = witness.reduction;
  return c;
}

}  // namespace

std::optional<Case> fresh(const Case& witness, int number, Random& random, const Handshake* offers,
                          Reach reach) {
  constexpr std::array ways{Way::freely, Way::together, Way::slightly, Way::alike, Way::in_place};
  constexpr int tries = 30;
  for (int i = 0; i < tries; ++i) {
    std::optional<Case> c = witness;
    const int turn = number % 8;
    if (turn == 7) {
      c = from_anywhere(witness, random, offers);
      if (!c) return std::nullopt;
    } else {
      if (turn == 4 || (reach == Reach::wide && random.once_in(3))) shorten_somehow(*c, random);
      if (why_invalid(*c)) continue;
      if (turn == 5 || (turn == 6 && random.once_in(2))) change_parameters(*c, random);
      if (turn == 6) change_reduction(*c, random);
      if (turn == 3 || turn == 6) change_cotangent(*c, random);
      Way way = ways[static_cast<std::size_t>(number + i) % ways.size()];
      if (number % 2 == 0 && repeats(witness)) way = Way::alike;
      if (reach == Reach::wide || turn == 2) way = Way::widely;
      if (!why_invalid(*c)) change_inputs(*c, way, random);
    }
    if (why_invalid(*c)) continue;
    if (!offers) return c;
    if (std::optional<Case> covered = offered(*c, *offers)) return covered;
  }
  return std::nullopt;
}

}  // namespace assay::mechanisms
