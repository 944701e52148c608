#!/usr/bin/env python3
"""Three losses of a project of one's own behind Assay's protocol. Two are right; log_cosh is as one writes it down first:
it overflows, and near 0 it has no digits."""

import json
import math
import sys
from fractions import Fraction


def square(x, t):
    return (x - t) * (x - t)


def distance(x, t):
    return abs(x - t)


def log_cosh(x, t):
    try:
        return math.log(math.cosh(x - t))
    except OverflowError:
        return math.inf


LOSSES = {"mse": square, "mae": distance, "log_cosh": log_cosh}
OFFER = {"dtypes": ["f32", "f64"], "reductions": ["none", "sum", "mean"], "gradient": False}


def say(**message):
    print(json.dumps(message), flush=True)


def text(x):
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def answer(request):
    x, t = ([float(each) for each in request["inputs"][name]["data"]] for name in ("prediction", "target"))
    values = [LOSSES[request["loss"]](*pair) for pair in zip(x, t)]
    if request["reduction"] == "none":
        return {"shape": request["inputs"]["prediction"]["shape"], "data": [text(each) for each in values]}
    total = math.nan
    if all(map(math.isfinite, values)) and values:
        exact = sum(map(Fraction, values)) / (len(values) if request["reduction"] == "mean" else 1)
        total = float(exact) if abs(exact) < 2**1024 else math.inf
    elif values or request["reduction"] == "sum":
        total = sum(values)
    return {"shape": [], "data": [text(total)]}


for line in sys.stdin:
    request = json.loads(line)
    if "bye" in request:
        break
    if "assay" in request:
        say(assay=1, implementation={"name": "a project of one's own"}, losses=dict.fromkeys(LOSSES, OFFER))
    elif "echo" in request:
        say(id=request["id"], echo=request["echo"])
    else:
        say(id=request["id"], value=answer(request))
