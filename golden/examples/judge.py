"""How an answer is judged from a golden file alone: golden/README.md says the same in words."""

import base64, ctypes, decimal, math, struct, sys
from decimal import Decimal

FORMATS = {"f32": ("f", 24, 2.0**-149, 2.0**127), "f64": ("d", 53, 2.0**-1074, 2.0**1023)}
exactly = decimal.Context(prec=1200, Emax=9999, Emin=-9999, traps=[])  # holds every machine number
rounded = {"f32": lambda x: ctypes.c_float(float(x)).value, "f64": float}  # float reads "NaN" and "-Infinity" too


def numbers(tensor, dtype):
    if "data" in tensor:
        return [rounded[dtype](x) for x in tensor["data"]]
    big = "bits" in tensor  # endian
    raw = bytes.fromhex(tensor["bits"]) if big else base64.b64decode(tensor["base64"])
    return [x for x, in struct.iter_unpack("<>"[big] + FORMATS[dtype][0], raw)]


def error(g, v, want, i, dtype):
    """How far g is from the exact result, where 1 is the most that a stable answer may be."""
    low, high = (float(want[end][i]) if end in want else v for end in ("lower", "upper"))
    if g == v or low <= g <= high or math.isnan(v):  # correctly rounded, in a subdifferential, not checked, or NaN
        return 0.0 if g == v or low < high or math.isnan(g) else math.inf
    with decimal.localcontext(exactly):
        truth, ulp, off = measured(g, v, want, i, dtype)
        most = max(ulp, number(want["sensitivity"], i) / 2 ** FORMATS[dtype][1]) * bound(want, i)
        return math.inf if off.is_nan() else float(off / most)  # a NaN is no number, and a number no NaN


def measured(g, v, want, i, dtype):
    """The exact result, or the end of a subdifferential that is nearer, its unit in the last place, and how far g is."""
    low, high = (float(want[end][i]) if end in want else v for end in ("lower", "upper"))
    truth, ulp = Decimal(low if g < low else high), unit(v, dtype)
    if low == high and want.get("digits"):
        exact = exactly.create_decimal(want["digits"][i])
        # Of a machine number of more than 40 digits no more stand there.
        truth = truth if abs(exact - truth) <= abs(exact) * Decimal("1e-39") else exact
    elif low == high and want.get("offset"):
        truth += Decimal(want["offset"][i] or 0) * ulp
    got = Decimal(math.copysign(FORMATS[dtype][3], g)) * 2 if math.isinf(g) else Decimal(g)
    return truth, ulp, abs(got - truth)


def unit(x, dtype):
    """In the last place."""
    precision, least, top = FORMATS[dtype][1:]
    return Decimal(max(math.ulp(min(abs(x), top)) * 2.0 ** (53 - precision), least))


def number(entries, i):
    """Of each component, or of all; finite, and 0 where there is none."""
    entry = entries[i] if isinstance(entries, list) else entries
    return Decimal(min(float(entry or 0), sys.float_info.max))


def bound(want, i):
    return 8 + 2 * math.ceil(math.log2(number(want["reach"], i)))


def grade(g, v, want, i, dtype):
    """The grade of a number, and its error in ulp."""
    share = error(g, v, want, i, dtype)
    if share == 0:
        return "correctly rounded", 0.0
    with decimal.localcontext(exactly):
        truth, ulp, off = measured(g, v, want, i, dtype)
        if not off.is_finite():
            return "wrong", math.inf
        ulps = math.inf if math.isinf(g) else float(off / ulp)
        # Below a power of two the numbers lie twice as close.
        inwards = abs(truth) < abs(v) and abs(math.frexp(v)[0]) == 0.5 and ulp > FORMATS[dtype][2]
        if off < (ulp / 2 if inwards else ulp) and truth != v:
            return "faithful", ulps
        if ulps <= 4:
            return "tight", ulps
        if share <= 1:
            return "stable", ulps
        if off <= bound(want, i) * unit(max(abs(float(truth)), float(number(want["scale"], i))), dtype):
            return "absolute", ulps
        near = (g > 0) == (truth > 0) and abs(truth) / 2 <= abs(Decimal(g)) <= abs(truth) * 2
        return ("inaccurate" if near else "wrong"), ulps


def found(got, case, conventions):
    """(error, name, place, number, expected, its tensor) of each number of an answer: lists by the names of the value
    and the gradients. A wrong count of numbers is one entry, whose place is None."""
    dtype, expected = case["dtype"], case["expected"]
    declared = [each for each in expected.get("conventions", ()) if each["name"] in conventions]
    for name, want in {"value": expected["value"], **expected["gradient"]}.items():
        exact, given = numbers({"bits": want["bits"]}, dtype), [rounded[dtype](x) for x in got.get(name, ())]
        if len(given) != len(exact):
            yield math.inf, name, None, len(given), len(exact), want
        instead = [({"value": each["value"], **each.get("gradient", {})}).get(name) for each in declared]
        others = [numbers(tensor, dtype) for tensor in instead if tensor]
        loose = {"sensitivity": want["sensitivity"], "reach": want["reach"]}  # a convention's numbers have no digits
        for i, (g, v) in enumerate(zip(given, exact)):
            share = min([error(g, v, want, i, dtype), *(error(g, other[i], loose, i, dtype) for other in others)])
            yield share, name, i, g, v, want
