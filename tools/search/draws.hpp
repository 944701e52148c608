// Where the cases of a search come from: total maps from the bits of our own generator, per record. The same
// seed is the same case on every machine, compiler and library.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"
#include "tools/cases/random.hpp"
#include "tools/testees/testee.hpp"

namespace assay::search {

/// A draw that a promise is asked about. `far` has the shapes of `base` and holds a second point for promises
/// about two, which ask between them; it is left empty for the others.
struct Draw {
  Case base;
  Case far;
};

/// A real or whole parameter, or a flag, as a number. The case is complete.
double number(const Case& c, std::string_view parameter);
bool holds(const While& condition, const Case& c);

/// What a search draws from: the cases of a loss that meet some conditions and, where a testee does not offer
/// all, that it offers.
struct Ground {
  const Record& record;
  Dtype dtype;
  std::span<const While> where{};
  const Handshake* offers = nullptr;
};

/// Whether the testee offers the case as it stands, with every gradient that it asks for.
bool offers(const Handshake& handshake, const Case& c);

/// An admissible case, complete, unreduced, without cotangent and gradient. Its numbers come from everywhere
/// in their domains: subnormals, both zeros, both ends, an admitted infinity now and then. Nothing where the
/// testee offers no such case.
std::optional<Case> anywhere(const Ground& ground, Random& random);
/// The same with every continuous input on a grid on which sums, halves and shifts are exact: m/64 times a
/// power of two between 1/16 and 16, one a tensor, or m/512 in [0, 1].
std::optional<Case> on_grid(const Ground& ground, Random& random);
/// So many numbers of a domain, on one such grid.
std::vector<double> grid_numbers(const Domain& domain, std::size_t count, Random& random);

/// A small admissible case to climb from, of any reduction, with what gradients are offered.
std::optional<Case> foothill(const Ground& ground, Random& random);
inline constexpr std::size_t most_numbers_of_a_foothill = 24;

/// Evenly in [low, end).
std::int64_t between(Random& random, std::int64_t low, std::int64_t end);
/// In (-1, 1).
double symmetric(Random& random);

}  // namespace assay::search
