// Every operation, for the engines.
#pragma once

#include "reference/graph/operations/arithmetic.hpp"
#include "reference/graph/operations/elementary.hpp"
#include "reference/graph/operations/leaves.hpp"
#include "reference/graph/operations/norms.hpp"
#include "reference/graph/operations/piecewise.hpp"
#include "reference/graph/operations/zero_rules.hpp"
