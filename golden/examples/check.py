"""python3 check.py golden/v1/huber.f32.json ... tells how losses.py does; exit code 1 where a case fails."""

import base64, ctypes, decimal, json, math, struct, sys
import losses

FORMATS = {"f32": ("f", 24, 2.0**-149, 2.0**127), "f64": ("d", 53, 2.0**-1074, 2.0**1023)}
exactly = decimal.Context(prec=800, Emax=9999, Emin=-9999, traps=[]).create_decimal
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
    precision, least, top = FORMATS[dtype][1:]
    ulp = exactly(max(math.ulp(min(abs(v), top)) * 2.0 ** (53 - precision), least))
    offset = want["offset"][i] or 0 if "offset" in want and low == high else 0
    near = low if g < low else high  # v itself, but at a kink
    truth = exactly(want["digits"][i] if "digits" in want and low == high else near) + exactly(offset) * ulp
    got = exactly(math.copysign(top, g)) * 2 if math.isinf(g) else exactly(g)
    unit = max(ulp, exactly(min(float(want["sensitivity"][i] or 0), sys.float_info.max)) / 2**precision)
    n = want["reach"][i] if isinstance(want["reach"], list) else want["reach"]
    share = abs(got - truth) / unit / (8 + 2 * math.ceil(math.log2(n)))
    return math.inf if share.is_nan() else float(share)  # a NaN is no number, and a number no NaN


def worst(case):
    """The largest error of the case, and where it is."""
    dtype, expected, found = case["dtype"], case["expected"], [(0.0, "every number is exact")]
    try:
        got = losses.answer(case, {name: numbers(tensor, dtype) for name, tensor in case["inputs"].items()})
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return 0.0 if "error" in expected else math.inf, f"{case['id']}, refused"
    for name, want in {"value": expected["value"], **expected["gradient"]}.items() if "value" in expected else ():
        exact, given = numbers({"bits": want["bits"]}, dtype), [rounded[dtype](x) for x in got[name]]
        found += [(math.inf, f"{case['id']}, shape of {name}")] * (len(given) != len(exact))
        for i, (g, v) in enumerate(zip(given, exact)):
            found.append((error(g, v, want, i, dtype), f"{case['id']}, {name}[{i}]"))
    return max(found)


if len(sys.argv) < 2:
    sys.exit("check.py: name the golden files to check, such as golden/v1/huber.f32.json")
wrong = 0
for path in sys.argv[1:]:
    cases = [worst(case) for case in json.load(open(path))["cases"]]
    good, (share, where) = sum(share <= 1 for share, _ in cases), max(cases)
    print(f"{path}: {good} of {len(cases)} conform; worst {share:.2g} of the bound, {where}")
    wrong += len(cases) - good
sys.exit(wrong > 0)
