"""Arrays that remember how they were made, in the manner of numpy with automatic differentiation."""

from math import isnan
from operator import neg, sub

from rounding import arccos_of, cos_of, cosh_of, exp_of, log_of, power_of, sign_of, sin_of, sinh_of, sqrt_of
from rounding import columns_of, constant, products_of_rows, row_sums, rows_of
from rounding import plus, quotients, rounded, times

class Array:
    """Numbers, and how to hand a slope by them back to what they were made from."""

    __slots__ = ("values", "slopes", "live", "width")
    tape = []

    def __init__(self, values, live=False, width=None):
        self.values, self.slopes, self.live = values, None, live
        self.width = width  # of a row; known of inputs

    def receive(self, slopes):
        self.slopes = slopes if self.slopes is None else plus(self.slopes, slopes)

    def all_slopes(self):
        return [0.0] * len(self.values) if self.slopes is None else self.slopes

    def made(self, values, back):
        """A result of one array, whose slopes `back` turns into slopes by this one."""
        result = Array(values, self.live)
        if self.live:
            self.tape.append((result, lambda slopes: self.receive(back(slopes))))
        return result

    def made_with(self, other, values, back, back_other):
        """A result of two arrays, likewise."""
        if len(self.values) != len(other.values):
            raise ValueError(f"operands of {len(self.values)} and {len(other.values)} numbers")
        return self.made_of_both(other, values, back, back_other)

    def made_of_both(self, other, values, back, back_other):
        """Likewise, of any two sizes."""
        result = Array(values, self.live or other.live)
        if result.live:

            def hand_back(slopes):
                if self.live:
                    self.receive(back(slopes))
                if other.live:
                    other.receive(back_other(slopes))

            self.tape.append((result, hand_back))
        return result

    def __neg__(self):
        return self.made(list(map(neg, self.values)), lambda slopes: list(map(neg, slopes)))

    def __add__(self, other):
        if not isinstance(other, Array):
            number = constant(other)
            return self.made(rounded([a + number for a in self.values]), lambda slopes: slopes)
        values = plus(self.values, other.values)
        return self.made_with(other, values, lambda slopes: slopes, lambda slopes: slopes)

    __radd__ = __add__

    def __sub__(self, other):
        if not isinstance(other, Array):
            return self + -other
        values = rounded(list(map(sub, self.values, other.values)))
        return self.made_with(other, values, lambda slopes: slopes, lambda slopes: list(map(neg, slopes)))

    def __rsub__(self, number):
        return -self + number

    def __mul__(self, other):
        if not isinstance(other, Array):
            number = constant(other)
            values = rounded([a * number for a in self.values])
            return self.made(values, lambda slopes: rounded([a * number for a in slopes]))
        a, b = self.values, other.values
        values = times(a, b)
        return self.made_with(other, values, lambda slopes: times(slopes, b), lambda slopes: times(slopes, a))

    __rmul__ = __mul__

    def __truediv__(self, other):
        if not isinstance(other, Array):
            other = Array([constant(other)] * len(self.values))
        values, b = quotients(self.values, other.values), other.values
        return self.made_with(
            other,
            values,
            lambda slopes: quotients(slopes, b),
            lambda slopes: times(list(map(neg, slopes)), quotients(values, b)),
        )

    def __rtruediv__(self, number):
        return Array([constant(number)] * len(self.values)) / self

    def __pow__(self, exponent):
        a = self.values
        if exponent == 2:
            return self.made(times(a, a), lambda slopes: rounded([2 * x for x in times(slopes, a)]))
        power, less = constant(exponent), constant(exponent - 1)

        def back(slopes):
            if power == 0:
                return [0.0] * len(slopes)
            steep = rounded([power * x for x in rounded([power_of(x, less) for x in a])])
            return times(slopes, steep)

        return self.made(rounded([power_of(x, power) for x in a]), back)

    def __abs__(self):
        a = self.values
        return self.made(list(map(abs, a)), lambda slopes: times(slopes, list(map(sign_of, a))))

    def take(self, places):
        """The numbers at those places."""
        count, a = len(self.values), self.values

        def back(slopes):
            whole = [0.0] * count
            for place, slope in zip(places, slopes):
                whole[place] += slope
            return rounded(whole)

        return self.made([a[i] for i in places], back)

    def each(self, times_over):
        """Each number as often in a row: what broadcasting does with a column."""
        values = [a for a in self.values for _ in range(times_over)]
        return self.made(values, lambda slopes: row_sums(slopes, len(self.values)))

    def sums(self, rows):
        """Of each of so many rows."""
        width = len(self.values) // rows if rows else 0
        values = row_sums(self.values, rows)
        return self.made(values, lambda slopes: [s for s in slopes for _ in range(width)])


def exp(a):
    values = rounded(list(map(exp_of, a.values)))
    return a.made(values, lambda slopes: times(slopes, values))


def log(a):
    values = a.values
    return a.made(rounded(list(map(log_of, values))), lambda slopes: quotients(slopes, values))


def sqrt(a):
    values = rounded(list(map(sqrt_of, a.values)))
    return a.made(values, lambda slopes: quotients(slopes, [2 * root for root in values]))


def cosh(a):
    values = a.values
    return a.made(
        rounded(list(map(cosh_of, values))), lambda slopes: times(slopes, rounded(list(map(sinh_of, values))))
    )


def cos(a):
    values = a.values
    return a.made(
        rounded(list(map(cos_of, values))),
        lambda slopes: times(slopes, list(map(neg, rounded(list(map(sin_of, values)))))),
    )


def arccos(a):
    values = a.values

    def back(slopes):
        below = rounded([1 - x for x in times(values, values)])
        return quotients(list(map(neg, slopes)), rounded(list(map(sqrt_of, below))))

    return a.made(rounded(list(map(arccos_of, values))), back)


def maximum(number, a):
    """Of a number and each of an array; a NaN stays one."""
    values = a.values
    return a.made(
        [number if x <= number else x for x in values],
        lambda slopes: [0.0 if x <= number else slope for x, slope in zip(values, slopes)],
    )


def largest(a):
    """Of all numbers, the first where several are; a NaN is it."""
    values = a.values
    at = max(range(len(values)), key=lambda i: (isnan(values[i]), values[i], -i))
    return a.take([at])


def clip(a, low, high):
    low, high, values = constant(low), constant(high), a.values
    return a.made(
        [low if x < low else high if x > high else x for x in values],
        lambda slopes: [0.0 if x < low or x > high else slope for x, slope in zip(values, slopes)],
    )


def where(conditions, a, b):
    return a.made_with(
        b,
        [x if yes else y for yes, x, y in zip(conditions, a.values, b.values)],
        lambda slopes: [slope if yes else 0.0 for yes, slope in zip(conditions, slopes)],
        lambda slopes: [0.0 if yes else slope for yes, slope in zip(conditions, slopes)],
    )


def scalar_products(a, b, width):
    """Of each row of `a` with each row of `b`, as a matrix."""
    rows, others = rows_of(a.values, width), rows_of(b.values, width)
    count = len(others)
    return a.made_of_both(
        b,
        products_of_rows(rows, others),
        lambda slopes: products_of_rows(rows_of(slopes, count) or [[]] * len(rows), columns_of(b.values, width)),
        lambda slopes: products_of_rows(columns_of(slopes, count), columns_of(a.values, width)),
    )


def differentiate(result, slopes):
    """Hands the slopes of a result back to everything that it was made from."""
    result.receive(slopes)
    while Array.tape:
        made, hand_back = Array.tape.pop()
        if made.slopes is not None:
            hand_back(made.slopes)
