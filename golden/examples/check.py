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
    """The number of a case that is farthest off: how far, where it is, what it is and what it should be."""
    dtype, expected, found = case["dtype"], case["expected"], [(0.0, "every number is exact")]
    try:
        got = losses.answer(case, {name: numbers(tensor, dtype) for name, tensor in case["inputs"].items()})
    except (ArithmeticError, LookupError, TypeError, ValueError) as refusal:
        return 0.0 if "error" in expected else math.inf, f"refused: {refusal!r}"
    declared = [each for each in expected.get("conventions", ()) if each["name"] in losses.CONVENTIONS]
    for name, want in {"value": expected["value"], **expected["gradient"]}.items() if "value" in expected else ():
        exact, given = numbers({"bits": want["bits"]}, dtype), [rounded[dtype](x) for x in got.get(name, ())]
        if len(given) != len(exact):
            found.append((math.inf, f"{name} has {len(given)} numbers, should have {len(exact)}"))
        instead = [({"value": each["value"], **each.get("gradient", {})}).get(name) for each in declared]
        others = [numbers(tensor, dtype) for tensor in instead if tensor]
        loose = {"sensitivity": want["sensitivity"], "reach": want["reach"]}  # a convention's numbers have no digits
        for i, (g, v) in enumerate(zip(given, exact)):
            share = min([error(g, v, want, i, dtype), *(error(g, other[i], loose, i, dtype) for other in others)])
            found.append((share, f"{name}[{i}] is {g}, should be {v}"))
    return max(found, key=lambda each: each[0])


wrong, judged = 0, 0
for path in sys.argv[1:]:
    cases = [case for case in json.load(open(path))["cases"] if case["loss"] in losses.LOSSES]
    if not cases:
        print(f"{path}: not offered")
        continue
    found = [(*worst(case), case) for case in cases]
    failed = [each for each in found if each[0] > 1]
    share, where, case = max(found, key=lambda each: each[0])
    good = f"{len(cases) - len(failed)} of {len(cases)} conform"
    print(f"{path}: {good}; worst {share:.2g} of the bound, {case['id']}, {where}")
    for share, where, case in failed:
        print(f"  {case['id']} {case['slug']}: {where} ({share:.2g} times the bound)")
    wrong, judged = wrong + len(failed), judged + len(cases)
if not judged:
    print("check.py: nothing to judge; name golden files, such as golden/v1/huber.f32.json", file=sys.stderr)
sys.exit(2 if not judged else wrong > 0)
