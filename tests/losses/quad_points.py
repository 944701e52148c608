#!/usr/bin/python3
"""Prints tests/losses/quad_points.hpp: functions of exact binary64 arguments in three words (53, 53 and 24 bits), from mpmath.

    tests/losses/quad_points.py > tests/losses/quad_points.hpp
"""
import re

import mpmath

mpmath.mp.prec = 2600  # e^x - 1 at x = 2^-1074 needs 1074 bits before the first one that counts

SMALL = ["0x1p-1074", "-0x1.8p-1050", "0x1.23456789abcdfp-900", "-0x1.fffffffffffffp-301", "0x1.921fb54442d18p-61",
         "-0x1.5bf0a8b145769p-60", "0x1.0p-59", "0x1.9e3779b97f4a8p-30", "-0x1.3c6ef372fe94fp-10",
         "0x1.71547652b82fep-5", "-0x1.28p-2", "0x1.a3d70a3d70a3dp-2", "0x1.62e42fefa39efp-2", "-0x1.62e42fefa39fp-2"]
MEDIUM = ["0x1.62e42fefa39efp-1", "-0x1.62e42fefa39efp-1", "0x1.0p0", "-0x1.0p0", "0x1.5bf0a8b145769p1",
          "-0x1.921fb54442d18p1", "0x1.2492492492492p4", "-0x1.4p5", "0x1.6666666666666p9", "-0x1.74910d52d3051p9"]
HUGE = ["0x1.74910d52d3051p9", "-0x1.74910d52d3053p12", "0x1.3333333333333p20", "-0x1.999999999999ap35"]
POSITIVE = ["0x1p-1074", "0x1.fffffffffffffp-1023", "0x1.6a09e667f3bcdp-600", "0x1.3333333333333p-7", "0x1.68p-1",
            "0x1.6a09e667f3bccp-1", "0x1.8p-1", "0x1.fffffffffffffp-1", "0x1.0000000000001p0", "0x1.00000001p0",
            "0x1.68f5c28f5c28fp0", "0x1.6a09e667f3bcdp0", "0x1.fffffffffffffp0", "0x1p1", "0x1.5p10",
            "0x1.921fb54442d18p511", "0x1.fffffffffffffp1023"]
ABOVE_MINUS_ONE = ["-0x1.fffffffffffffp-1", "-0x1.8p-1", "0x1.8p0", "0x1.0p53", "0x1.fffffffffffffp1023"]

FUNCTIONS = {
    "exp": (mpmath.exp, SMALL + MEDIUM + HUGE),
    "expm1": (mpmath.expm1, SMALL + MEDIUM + HUGE),
    "tanh": (mpmath.tanh, SMALL + MEDIUM),
    "log": (mpmath.log, POSITIVE),
    "log1p": (lambda x: mpmath.log(1 + x), SMALL + ABOVE_MINUS_ONE),
    "sqrt": (mpmath.sqrt, POSITIVE),
}



def short(x):
    return re.sub(r"\.?0*p", "p", x.hex())


print("""// Written by tests/losses/quad_points.py: y(x) = (word[0] + word[1] + word[2]) 2^exponent, word[0] in [1, 2).
#pragma once

#include <cstdint>

namespace assay {

struct WidePoint {
  const char* function;
  double x;
  double word[3];
  std::int64_t exponent;
};

// clang-format off
inline constexpr WidePoint wide_points[] = {""")
for name, (function, arguments) in FUNCTIONS.items():
    for text in arguments:
        y = function(mpmath.mpf(float.fromhex(text)))
        exponent = int(mpmath.floor(mpmath.log(abs(y), 2)))
        if abs(float(mpmath.ldexp(y, -exponent))) >= 2:
            exponent += 1  # rounding carried
        rest, words = mpmath.ldexp(y, -exponent), []
        for digits in (53, 53, 24):
            with mpmath.workprec(digits):
                words.append(float(+rest))
            rest -= mpmath.mpf(words[-1])
        argument = '{"%s", %s,' % (name, short(float.fromhex(text)))
        result = "{%s}, %d}," % (", ".join(map(short, words)), exponent)
        print(argument, result, sep=" " if len(argument) + len(result) < 110 else "\n    ")
print("""};
// clang-format on

}  // namespace assay""")
