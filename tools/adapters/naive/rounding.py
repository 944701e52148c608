"""Arithmetic of lists of numbers in the dtype of the case, f64 or f32: each operation is rounded once. What
Python answers with an exception is here what numpy answers, an infinity or a NaN."""

import math
from array import array
from operator import add, mul, truediv

NAN, INFINITY = math.nan, math.inf

single = False


def use(dtype):
    """From here on all is computed in this dtype."""
    global single
    single = dtype == "f32"


def rounded(numbers):
    """Of + - * / and sqrt of f32 numbers this is the correctly rounded result: f64 has twice the digits."""
    return array("f", numbers).tolist() if single else numbers


def constant(number):
    return rounded([float(number)])[0]


# Functions of one number as numpy has them.


def exp_of(a):
    try:
        return math.exp(a)
    except OverflowError:
        return INFINITY


def log_of(a):
    return math.log(a) if a > 0 else -INFINITY if a == 0 else NAN


def sqrt_of(a):
    return NAN if a < 0 else math.sqrt(a)


def cosh_of(a):
    try:
        return math.cosh(a)
    except OverflowError:
        return INFINITY


def sinh_of(a):
    try:
        return math.sinh(a)
    except OverflowError:
        return math.copysign(INFINITY, a)


def arccos_of(a):
    return math.acos(a) if -1 <= a <= 1 else NAN


def cos_of(a):
    return NAN if math.isinf(a) else math.cos(a)


def sin_of(a):
    return NAN if math.isinf(a) else math.sin(a)


def quotient_of(a, b):
    if b:
        return a / b
    return NAN if a == 0 or math.isnan(a) else math.copysign(INFINITY, a) * math.copysign(1, b)


def power_of(a, b):
    """Of a >= 0, as all powers of the losses are."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return INFINITY
    except ValueError:
        return INFINITY if a == 0 else NAN


def sign_of(a):
    return a if math.isnan(a) else (a > 0) - (a < 0)


def quotients(a, b):
    try:
        return rounded(list(map(truediv, a, b)))
    except ZeroDivisionError:
        return rounded(list(map(quotient_of, a, b)))


def plus(a, b):
    return rounded(list(map(add, a, b)))


def times(a, b):
    return rounded(list(map(mul, a, b)))


def row_sums(numbers, rows):
    """The sum of each of so many rows, added in pairs, since numpy's sums are no running sums either."""
    width = len(numbers) // rows if rows else 0
    if width == 0:
        return [0.0] * rows
    if rows >= width:
        return paired([numbers[j::width] for j in range(width)], plus)
    if width == 1:
        return numbers
    sums = []
    for start in range(0, len(numbers), width):
        row = numbers[start : start + width]
        while len(row) > 1:
            odd = row[len(row) & ~1 :]
            row = plus(row[::2], row[1::2]) + odd
        sums += row
    return sums


def paired(parts, together):
    while len(parts) > 1:
        odd = parts[len(parts) & ~1 :]
        parts = [together(a, b) for a, b in zip(parts[::2], parts[1::2])] + odd
    return parts[0]


def rows_of(numbers, width):
    return [numbers[i : i + width] for i in range(0, len(numbers), width)] if width else []


def columns_of(numbers, width):
    return [numbers[j::width] for j in range(width)]


def products_of_rows(a, b):
    """Of two lists of rows the scalar product of each with each."""
    products = [x * y for row in a for other in b for x, y in zip(row, other)]
    return row_sums(rounded(products), len(a) * len(b))
