#!/usr/bin/env python3
"""Writes polynomials.hpp: the polynomials under exp, expm1, log and log1p of functions-inl.hpp.

Each approximates what is left of a function after its first, exact terms, by Chebyshev interpolation (mpmath's
chebyfit) in 80 digits; its coefficients are then rounded to double. The error in the comment is that of the rounded
coefficients evaluated exactly, relative to the whole function, the largest on 4,000 points of the interval.

    /usr/bin/python3 losses/lanes/polynomials.py > losses/lanes/polynomials.hpp     (Debian: python3-mpmath)
"""
import sys

try:
    from mpmath import chebyfit, expm1, ldexp, log, mp, mpf, polyval, sqrt
except ImportError:
    sys.exit("polynomials.py: there is no mpmath; install python3-mpmath and use /usr/bin/python3")

mp.dps = 80
HALF_LN2 = mpf("0.3466")  # |x - k log 2| after rounding k, with room for the rounding
SQUARED_S = ((sqrt(2) - 1) / (sqrt(2) + 1) * mpf("1.0001")) ** 2  # s = f/(2+f) for 1+f between sqrt(1/2) and sqrt(2)


def rounded(x):
    return mpf(float(x))


def double_double(x):
    high = rounded(x)
    return high, rounded(x - high)


def c(x):
    return float(x).hex().replace("0x1.0000000000000p", "0x1p").replace("000000000p", "p")


def exp_rest(first):
    """(e^r - sum_{k<first} r^k/k!) / r^first"""
    def rest(r):
        if r == 0:
            return 1 / mp.factorial(first)
        return (mp.exp(r) - sum(r**k / mp.factorial(k) for k in range(first))) / r**first
    return rest


def log_rest(first):
    """(log((1+s)/(1-s)) / (2s) - sum_{k<first} z^k/(2k+1)) / z^first, z = s^2"""
    def rest(z):
        if z < mpf("1e-40"):
            return mpf(1) / (2 * first + 1)
        s = sqrt(z)
        return (log((1 + s) / (1 - s)) / (2 * s) - sum(z**k / (2 * k + 1) for k in range(first))) / z**first
    return rest


def log1p_rest(q):
    """(log(1+q) - q) / q^2"""
    return -mpf(1) / 2 if abs(q) < mpf("1e-40") else (mp.log1p(q) - q) / q**2


def polynomial(name, about, rest, interval, degree, whole, weight):
    """`whole` is the function, `weight` what the rest is multiplied with in it."""
    fitted = [rounded(a) for a in chebyfit(rest, interval, degree + 1)]
    low, high = interval
    worst = mpf(0)
    for i in range(4001):
        x = low + (high - low) * i / 4000
        if x == 0:
            continue
        worst = max(worst, abs((polyval(fitted, x) - rest(x)) * weight(x) / whole(x)))
    print(f"/// {about}. Error 2^{float(mp.log(worst, 2)):.1f}.")
    print(f"inline constexpr double {name}[] = {{{', '.join(c(a) for a in reversed(fitted))}}};\n")


def words(name, about, numbers):
    print(f"/// {about}")
    print(f"inline constexpr double {name}[] = {{{', '.join(c(x) for x in numbers)}}};\n")


print("""// Written by losses/lanes/polynomials.py: coefficients from the constant term up. Errors are relative to the
// whole function that the polynomial is a part of.
#pragma once

// clang-format off
namespace assay::polynomial {
""")
R = [-HALF_LN2, HALF_LN2]
polynomial("expm1_from_2", "(e^r - 1 - r) / r^2 on +-0.3466", exp_rest(2), R, 9, expm1, lambda r: r**2)
polynomial("short_expm1_from_2", "(e^r - 1 - r) / r^2 on +-0.3466, for results that are rounded to float", exp_rest(2), R, 6, expm1,
           lambda r: r**2)
polynomial("exp_from_3", "(e^r - 1 - r - r^2/2) / r^3 on +-0.3466", exp_rest(3), R, 10, expm1, lambda r: r**3)
polynomial("exp_from_7", "(e^r - 1 - r - ... - r^6/720) / r^7 on +-0.3466", exp_rest(7), R, 9, expm1, lambda r: r**7)
Z = [mpf(0), SQUARED_S]
odd = lambda z: log((1 + sqrt(z)) / (1 - sqrt(z))) / (2 * sqrt(z))
polynomial("log_from_1", "(log((1+s)/(1-s)) / 2s - 1) / z, z = s^2, up to sqrt(2) on either side", log_rest(1), Z, 7, odd,
           lambda z: z)
polynomial("log_from_4", "(log((1+s)/(1-s)) / 2s - 1 - z/3 - z^2/5 - z^3/7) / z^4, z = s^2", log_rest(4), Z, 7, odd,
           lambda z: z**4)
polynomial("log1p_unit", "(log(1+q) - q) / q^2 on 0..1, for results that are rounded to float", log1p_rest,
           [mpf(0), mpf(1)], 13, mp.log1p, lambda q: q**2)

words("inverse_factorial", "1/k!, k = 2..6, in two words each.", [w for k in range(2, 7)
                                                                  for w in double_double(1 / mp.factorial(k))])
words("inverse_odd", "1/3, 1/5 and 1/7, in two words each.", [w for k in (3, 5, 7) for w in double_double(mpf(1) / k)])
LN2 = log(2)
short = ldexp(mp.floor(ldexp(LN2, 41)), -41)
words("ln_two_split", "log 2 as 41 bits, whose product with a whole number below 2^12 is exact, and a second word.",
      [short, rounded(LN2 - short)])
words("ln_two", "log 2 in two words.", double_double(LN2))
words("log2_e", "1/log 2.", [rounded(1 / LN2)])
print("}  // namespace assay::polynomial\n// clang-format on")
