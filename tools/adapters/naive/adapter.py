"""The losses of losses.py as a testee: Assay's protocol, version 1, on standard input and output."""

import json
import os
import sys
from array import array
from base64 import b64decode, b64encode
from math import prod

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # python -I leaves it out

from arrays import Array, differentiate
from losses import LOSSES
from rounding import use

VERSION = "1"
KIND = {"f32": "f", "f64": "d"}  # of array's items
SWAPPED = sys.byteorder == "big"  # numbers travel with the least byte first


def decode(tensor, dtype):
    if "base64" not in tensor:
        return tensor["data"]
    numbers = array(KIND[dtype], b64decode(tensor["base64"]))
    if SWAPPED:
        numbers.byteswap()
    return numbers.tolist()


def encode(numbers, shape, dtype):
    packed = array(KIND[dtype], numbers)
    if SWAPPED:
        packed.byteswap()
    return {"shape": shape, "base64": b64encode(packed.tobytes()).decode()}


def named_inputs(case, loss, wrt):
    """The inputs by their place; labels are plain numbers."""
    inputs = case["inputs"]
    if set(inputs) - {"cotangent"} != set(loss.inputs):
        raise TypeError(f"the arguments are {', '.join(loss.inputs)}")
    out = []
    for name in loss.inputs:
        numbers, shape = decode(inputs[name], case["dtype"]), inputs[name]["shape"]
        out.append(numbers if name == "labels" else Array(numbers, name in wrt, shape[-1] if shape else None))
    return out


def answer(case):
    loss = LOSSES[case["loss"]][case.get("variant")]
    dtype, reduction, wrt = case["dtype"], case.get("reduction", "mean"), case.get("wrt", [])
    use(dtype)
    Array.tape.clear()
    inputs = named_inputs(case, loss, wrt)
    shape = case["inputs"][loss.inputs[0]]["shape"]
    before = {"elements": [], "rows": [prod(shape[:-1])], "shape": [shape]}[loss.of]
    value = loss.function(*before, *inputs, **case.get("parameters", {}))

    shape = shape if loss.whole else shape[:-1]
    if reduction != "none" and len(value.values) == prod(shape):  # else it is one number already
        count, shape = prod(shape), []
        value = value.sums(1) / count if reduction == "mean" else value.sums(1)
    elif reduction != "none":
        shape = []
    out = {"value": encode(value.values, shape, dtype)}
    if wrt:
        cotangent = case["inputs"].get("cotangent")
        slopes = decode(cotangent, dtype) if cotangent else [1.0] * len(value.values)
        differentiate(value, slopes)
        of = dict(zip(loss.inputs, inputs))
        out["gradient"] = {
            name: encode(of[name].all_slopes(), case["inputs"][name]["shape"], dtype) for name in wrt
        }
    return out


def offer(variants):
    offers = {variant: loss.offer for variant, loss in variants.items()}
    return offers[None] if None in offers else {"variants": offers}


def handshake():
    return {
        "assay": 1,
        "implementation": {"name": "naive", "version": VERSION, "language": "python"},
        "losses": {name: offer(variants) for name, variants in LOSSES.items()},
        "encoding": "base64",
    }


def reply(request):
    if "assay" in request:
        return handshake()
    try:
        if "echo" in request:
            dtype, tensor = request["dtype"], request["echo"]
            return {"id": request["id"], "echo": encode(decode(tensor, dtype), tensor["shape"], dtype)}
        return {"id": request["id"], **answer(request)}
    except Exception as error:  # whatever Python raises is the answer to this case
        return {"id": request["id"], "error": f"{type(error).__name__}: {error}"}


if sys.argv[1:] == ["--version"]:
    print("naive", VERSION)
    sys.exit()
for line in sys.stdin.buffer:
    request = json.loads(line)
    if "bye" in request:
        break
    sys.stdout.write(json.dumps(reply(request)) + "\n")
    sys.stdout.flush()
