// The ways in which a draw can be made simpler, the boldest first.
#pragma once

#include <functional>
#include <vector>

#include "tools/search/draws.hpp"

namespace assay::search {

/// Makes a draw simpler. What comes out may be outside the domain.
using Simpler = std::function<Draw(Draw)>;

/// All of them for a draw: each leads to a simpler one.
std::vector<Simpler> ways_to_simplify(const Record& record, const Draw& draw);

/// Which of two numbers a person would rather read: 0 is simplest, then 1, then short significands near 1.
int complexity(double x);

}  // namespace assay::search
