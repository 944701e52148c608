"""python3 record.py answers.jsonl golden/v1/huber.f32.json ... writes down how losses.py answers.

`assay judge answers.jsonl` judges that, on any machine and under any grade: here nothing but Python is needed.
"""

import base64, ctypes, json, math, os, struct, sys
import losses

CODES = {"f32": "f", "f64": "d"}
rounded = {"f32": lambda x: ctypes.c_float(float(x)).value, "f64": float}  # float reads "NaN" and "-Infinity" too


def numbers(tensor, dtype):
    if "data" in tensor:
        return [rounded[dtype](x) for x in tensor["data"]]
    return [x for x, in struct.iter_unpack("<" + CODES[dtype], base64.b64decode(tensor["base64"]))]


def tensor(values, want, dtype):
    """As JSON; losses.py gives flat lists, and the golden file knows the shape that as many numbers have."""
    shape = want["shape"] if want and math.prod(want["shape"]) == len(values) else [len(values)]
    finite = [rounded[dtype](x) for x in values]
    special = {math.inf: "Infinity", -math.inf: "-Infinity"}
    return {"shape": shape, "data": [x if math.isfinite(x) else special.get(x, "NaN") for x in finite]}


def answer(case):
    dtype, expected = case["dtype"], case["expected"]
    try:
        got = losses.answer(case, {name: numbers(t, dtype) for name, t in case["inputs"].items()})
    except (ArithmeticError, LookupError, TypeError, ValueError) as refusal:  # right where the request is invalid
        return {"id": case["id"], "error": repr(refusal)}
    slopes = expected.get("gradient", {})
    gradient = {name: tensor(got[name], slopes.get(name), dtype) for name in case["wrt"] if name in got}
    return {"id": case["id"], "value": tensor(got["value"], expected.get("value"), dtype), "gradient": gradient}


def offer(cases):
    known = {each["name"] for case in cases for each in case["expected"].get("conventions", ())}
    return {"dtypes": [], "reductions": ["none", "mean", "sum"], "gradient": True,
            "conventions": sorted(known.intersection(losses.CONVENTIONS))}


if len(sys.argv) < 3:
    sys.exit("record.py: name the file to write and the golden files to answer")
files = [file for file in map(json.load, map(open, sys.argv[2:])) if file["loss"] in losses.LOSSES]
offers = {}
for file in files:
    offers.setdefault(file["loss"], offer(file["cases"]))["dtypes"].append(file["dtype"])
who = {"name": "losses.py", "version": "1", "language": "python"}  # who you are, as reports shall name you
with open(sys.argv[1] + ".part", "w") as out:
    print(json.dumps({"assay": 1, "implementation": who, "losses": offers}), file=out)
    for case in (case for file in files for case in file["cases"]):
        print(json.dumps(answer(case), allow_nan=False), file=out, flush=True)
os.replace(sys.argv[1] + ".part", sys.argv[1])
