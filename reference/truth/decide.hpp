// Raising the precision until an enclosure decides. Ziv, Fast evaluation of elementary mathematical functions
// with correctly rounded last bit, 1991, https://doi.org/10.1145/114697.116813
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/engines/ball_engine.hpp"
#include "reference/truth/rounding.hpp"

namespace assay::reference {

struct Precision {
  long start = 80;
  long limit = 4400;
};

struct Decision {
  bool decided = false;
  Special special = Special::none;
  double rounded = 0;     ///< NaN for nan and unchecked
  bool vanishes = false;  ///< exactly 0, or 0 as a limit, of which a stand-in's digits say nothing
  long bits = 0;          ///< that decided it; 0 where it was not a ball
};

/// The correctly rounded number of each root; a root with index -1 is exactly 0.
std::vector<Decision> decide(BallEngine& engine, std::span<const std::int32_t> roots, Dtype dtype,
                             Precision p, AtKink at_kink = AtKink::constructive,
                             std::span<const std::int8_t> fixed = {});

/// Decides what no width decides: roots that are, or hug, a fraction (exact_engine.hpp).
void decide_exactly(const Graph& graph, std::span<const std::int32_t> roots, std::vector<Decision>& decisions,
                    Dtype dtype);

/// (exact - rounded) / ulp(exact), to 2^-14, of each of these roots, which the engine has decided to be
/// finite numbers that round to finite ones.
std::vector<double> read_offsets(BallEngine& engine, std::span<const std::int32_t> roots,
                                 std::span<const Decision> decisions, Dtype dtype, Precision p);

struct Digits {
  std::string digits = "0";
  double offset = 0;  ///< (exact - rounded) / ulp(exact)
};

/// The decimals of each root that was decided to be a finite number.
std::vector<Digits> read_digits(BallEngine& engine, std::span<const std::int32_t> roots,
                                std::span<const Decision> decisions, Dtype dtype, Precision p);

}  // namespace assay::reference
