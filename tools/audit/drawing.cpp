#include "tools/audit/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tools/audit/moves.hpp"
#include "tools/audit/offered_rank.hpp"
#include "tools/cases/case_builder.hpp"
#include "tools/cases/domain_numbers.hpp"

namespace assay::audit {
namespace {

constexpr int most_tries = 60;

/// Makes the numbers of one draw.
class Numbers {
 public:
  Numbers(const Cell& cell, CaseBuilder& builder, Random& random)
      : cell_(cell), record_(*cell.record), builder_(builder), random_(random) {}

  void arrange(Structure structure) {
    switch (structure) {
      case Structure::ordinary:
      case Structure::seam:
        return;
      case Structure::one_exponent:
        return by_row([this](const Input& input, double*, std::size_t n, int exponent, double* row) {
          for (std::size_t i = 0; i < n; ++i) set(row[i], input, number(input, exponent));
        });
      case Structure::many_exponents:
      case Structure::reduced:
        return by_row([this](const Input& input, double*, std::size_t n, int, double* row) {
          for (std::size_t i = 0; i < n; ++i) set(row[i], input, number(input, exponent()));
        });
      case Structure::saturated:
        return by_row([this](const Input& input, double*, std::size_t n, int, double* row) {
          for (std::size_t i = 0; i < n; ++i) set(row[i], input, saturated(input));
        });
      case Structure::cancelling:
        return cancel(false);
      case Structure::tied:
        return cancel(true);
      case Structure::dominant:
        return by_row([this](const Input& input, double*, std::size_t n, int, double* row) {
          if (n == 0) return;
          const double far = std::ldexp(1 + random_.unit(), static_cast<int>(random_.below(8)));
          const std::size_t at = random_.below(n);
          set(row[at], input, row[at] + (random_.once_in(4) ? -far : far));
        });
      case Structure::parallel:
        return parallel();
      case Structure::kink:
        return kink();
    }
  }

 private:
  /// Calls visit(input, row of the first continuous input of this width or null, width, an exponent that the
  /// row's inputs have in common, row) for every row of every continuous input.
  template <class Visit>
  void by_row(Visit visit) {
    std::map<std::size_t, std::vector<double*>> firsts;  // of each width, rows of the first input that has it
    std::vector<int> exponents;
    for (const Input& each : record_.inputs) {
      const auto given = builder_.question.inputs.find(std::string(each.name));
      if (given == builder_.question.inputs.end() || !is_continuous(each)) continue;
      const Input input = under_parameters(record_, each, builder_.question);
      std::vector<double>& all = given->second.real;
      const std::size_t width = width_of(each, given->second);
      if (width == 0) continue;
      auto& first = firsts[width];
      const bool is_first = first.empty();
      for (std::size_t at = 0, row = 0; at + width <= all.size(); at += width, ++row) {
        if (row >= exponents.size()) exponents.push_back(exponent());
        if (is_first) first.push_back(&all[at]);
        double* partner = is_first || row >= first.size() ? nullptr : first[row];
        visit(input, partner, width, exponents[row], &all[at]);
      }
    }
  }

  static std::size_t width_of(const Input& input, const Tensor& t) {
    if (input.axes.letters().empty() || t.shape.empty()) return t.real.empty() ? 0 : 1;
    return static_cast<std::size_t>(t.shape.back());
  }

  /// Nearly equal, or equal, to the partner's number, or to another of the row.
  void cancel(bool exactly) {
    by_row([this, exactly](const Input& input, double* partner, std::size_t n, int, double* row) {
      for (std::size_t i = 0; i < n; ++i) {
        const double* other = partner ? partner + i : n > 1 ? row + random_.below(n) : nullptr;
        if (!other || random_.once_in(4)) continue;
        const int bits = format(cell_.dtype).precision;
        const double apart =
            exactly ? 0
                    : std::ldexp(random_.symmetric(),
                                 -static_cast<int>(random_.below(static_cast<std::uint64_t>(bits + 2))));
        set(row[i], input, *other * (1 + apart));
      }
    });
  }

  void parallel() {
    by_row([this](const Input& input, double* partner, std::size_t n, int, double* row) {
      if (!partner) return;
      const double factor = std::ldexp(random_.once_in(4) ? -1. : 1., static_cast<int>(random_.below(4)) - 1);
      const int apart =
          static_cast<int>(random_.below(static_cast<std::uint64_t>(format(cell_.dtype).precision)));
      for (std::size_t i = 0; i < n; ++i)
        set(row[i], input, partner[i] * factor * (1 + std::ldexp(random_.symmetric(), -apart)));
    });
  }

  void kink() {
    std::vector<double> places{0, 1, .5};
    for (const auto& [name, value] : builder_.question.parameters)
      if (const auto* real = std::get_if<double>(&value)) places.push_back(*real);
    for (const ParameterFacts& each : record_.parameters)
      if (const auto* real = std::get_if<double>(&each.initial);
          real && !builder_.question.parameters.contains(std::string(each.name)))
        places.push_back(*real);
    by_row([&](const Input& input, double* partner, std::size_t n, int, double* row) {
      for (std::size_t i = 0; i < n; ++i) {
        const double place = places[random_.below(places.size())];
        double x = (random_.once_in(2) ? place : -place) + (partner && !random_.once_in(4) ? partner[i] : 0);
        x = round_to(cell_.dtype, x);
        for (std::uint64_t steps = random_.below(4); steps > 0; --steps)
          x = random_.once_in(2) ? next_up(cell_.dtype, x) : next_down(cell_.dtype, x);
        set(row[i], input, x);
      }
    });
  }

  int exponent() {
    if (cell_.aim == Aim::extreme || cell_.aim == Aim::special) {
      const Format& f = format(cell_.dtype);
      const int low = f.least_normal_exponent() - f.precision, high = f.max_exponent;
      // Where a sum, a square or a product overflows or vanishes.
      const std::array landmarks{high - 1, high - 2,    high / 2 - 1, high / 2,
                                 low / 2,  low / 2 + 1, low + 1,      low};
      if (random_.once_in(3)) return landmarks[random_.below(landmarks.size())];
      return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low)));
    }
    return static_cast<int>(random_.below(49)) - 29;
  }

  /// A number of that size, as far as the domain has one; near an end of an interval so near to it.
  double number(const Input& input, int exponent) {
    const double size = std::ldexp(1 + random_.unit(), exponent);
    const double x = random_.once_in(2) ? size : -size;
    const Domain& d = input.domain;
    if (d.kind == Domain::Kind::interval && std::isfinite(d.low) && std::isfinite(d.high)) {
      const double away = std::ldexp(1 + random_.unit(), -1 - std::abs(exponent));
      return x > 0 ? d.low + away * (d.high - d.low) : d.high - away * (d.high - d.low);
    }
    if (d.contains(x)) return x;
    return d.contains(-x) ? -x : d.low + size;
  }

  double saturated(const Input& input) {
    const double far = random_.once_in(2) ? 5 + random_.unit() * 35 : random_.unit() * 120;
    if (input.domain.low == 0 && input.domain.high == 1)
      return number(input, -1 - static_cast<int>(random_.below(
                                    static_cast<std::uint64_t>(cell_.aim == Aim::everyday ? 12 : 28))));
    const double x = random_.once_in(2) ? far : -far;
    return input.domain.contains(x) ? x : far;
  }

  void set(double& place, const Input& input, double x) {
    x = round_to(cell_.dtype, x);
    if (fits(cell_, x) && input.domain.contains(x)) place = x;
  }

  const Cell& cell_;
  const Record& record_;
  CaseBuilder& builder_;
  Random& random_;
};

std::int64_t seam(Random& random, int least, int most) {
  const int k = least + static_cast<int>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  return (std::int64_t{1} << k) + static_cast<std::int64_t>(random.below(3)) - 1;
}

/// The sizes of a draw: what the reference certifies in a fraction of a second.
void size(const Cell& cell, CaseBuilder& builder, Structure structure, Batch batch, Random& random) {
  const Record& record = *cell.record;
  const auto small = [&](std::int64_t most) {
    return 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most)));
  };
  const bool element_wise = record.kind == Kind::element_wise;
  const bool apart = record.has_leading() && !record.rows_depend;
  for (const char letter : letters(record))
    if (!record.along_last_leading(letter) && (record.has_leading() || letter != record.output.front()))
      builder.extent(letter, letter == 'U' ? 2 : 1 + small(structure == Structure::seam ? 3 : 5));
  if (structure == Structure::seam) {
    if (element_wise)
      builder.rows(seam(random, 3, 9));
    else if (!apart)
      builder.rows(seam(random, 2, 4));
    else if (random.once_in(2))
      builder.rows(seam(random, 3, 6));
    else
      for (const char letter : letters(record))
        if (is_width(record, letter)) {
          builder.rows(1 + small(2)).extent(letter, seam(random, 3, 7));
          break;
        }
    return;
  }
  if (cell.aim == Aim::special && random.once_in(5)) {  // nothing, or one alone
    builder.rows(static_cast<std::int64_t>(random.below(2)));
    return;
  }
  if (structure == Structure::reduced || !apart) {
    builder.rows(apart ? 1 + small(element_wise ? 12 : 5) : small(4));
    return;
  }
  builder.rows(element_wise ? batch.elements : batch.rows);
}

void choose_parameters(const Cell& cell, const Offer& offer, CaseBuilder& builder, Random& random) {
  for (const ParameterFacts& each : cell.record->parameters) {
    const std::string name(each.name);
    if (const auto narrowed = offer.parameters.find(name);
        narrowed != offer.parameters.end() && !narrowed->second.empty()) {
      builder.parameter(each.name, narrowed->second[random.below(narrowed->second.size())]);
      continue;
    }
    if (!cell.other_parameters && cell.aim != Aim::special) continue;
    if (cell.aim == Aim::special && random.once_in(2)) continue;
    if (std::holds_alternative<double>(each.initial)) {
      auto values = parameter_values(each.domain, cell.dtype);
      std::erase_if(values, [&](const NamedNumber& v) { return !fits(cell, v.value); });
      if (!values.empty()) builder.parameter(each.name, values[random.below(values.size())].value);
    } else if (const auto* flag = std::get_if<bool>(&each.initial)) {
      if (random.once_in(2)) builder.parameter(each.name, !*flag);
    } else if (const auto* whole = std::get_if<std::int64_t>(&each.initial)) {
      const auto other = static_cast<std::int64_t>(random.below(3));
      if (other != *whole && each.domain.contains(static_cast<double>(other)))
        builder.parameter(each.name, other);
    } else if (std::holds_alternative<std::string_view>(each.initial)) {
      builder.parameter(each.name, std::string(each.choices.data()[random.below(each.choices.size())]));
    } else {
      std::vector<double> list(random.below(4));
      for (double& x : list) x = round_to(cell.dtype, 2 * random.symmetric());
      builder.parameter(each.name, list);
    }
  }
}

/// NaN, infinities, zeros where they may stand.
void put_specials(const Cell& cell, Case& c, Random& random) {
  for (int k = 1 + static_cast<int>(random.below(2)); k > 0; --k) {
    const Input& input = cell.record->inputs[random.below(cell.record->inputs.size())];
    const auto given = c.inputs.find(std::string(input.name));
    if (given == c.inputs.end() || given->second.real.empty() || !is_continuous(input)) continue;
    const auto values = special_numbers(under_parameters(*cell.record, input, c).domain, cell.dtype);
    if (values.empty()) continue;
    std::vector<double>& all = given->second.real;
    const double x = values[random.below(values.size())].value;
    if (random.once_in(4))
      std::ranges::fill(all, x);
    else
      all[random.below(all.size())] = x;
  }
}

}  // namespace

std::optional<Case> drawn(const Cell& cell, const Handshake& handshake, Structure structure, Batch batch,
                          Random& random) {
  const Offer& offer = handshake.losses.at(std::string(cell.record->name));
  const auto offers = [&](Reduction r) {
    return std::ranges::find(offer.reductions, r) != offer.reductions.end();
  };
  for (int i = 0; i < most_tries; ++i) {
    CaseBuilder builder(*cell.record, cell.dtype, random.bits(), "audit");
    size(cell, builder, structure, batch, random);
    lay_out(builder, offer, random);
    choose_parameters(cell, offer, builder, random);
    for (const Input& each : cell.record->inputs)
      if (each.optional &&
          (random.once_in(2) ||
           (offer.inputs && std::ranges::find(*offer.inputs, each.name) == offer.inputs->end())))
        builder.without(each.name);
    const bool reduce = structure == Structure::reduced || !offers(Reduction::none) ||
                        cell.aim == Aim::special || (structure == Structure::seam && random.once_in(2));
    builder.reduce(reduce ? reductions[random.below(3)] : Reduction::none);
    if (cell.aim == Aim::special)
      builder.fill_with_anything();
    else
      builder.fill();
    Numbers(cell, builder, random).arrange(structure);
    if (cell.aim == Aim::special) put_specials(cell, builder.question, random);
    builder.wrt(cell.by.empty() ? std::vector<std::string>{} : std::vector{cell.by});
    if (!cell.by.empty() && random.once_in(3)) builder.cotangent();
    std::optional<Case> c = offered(builder.question, handshake);
    if (!c || c->wrt != builder.question.wrt || why_invalid(*c)) continue;
    return complete(std::move(*c));
  }
  return std::nullopt;
}

}  // namespace assay::audit
