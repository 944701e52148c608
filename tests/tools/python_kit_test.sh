#!/usr/bin/env bash
# python_kit_test.sh ASSAY SOURCE: adapters over the kit for Python keep the protocol, whatever the framework does. The
# framework of this test is Python itself, so that the kit is shown to need nothing else.
set -u
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
assay=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cat >"$scratch/adapter.py" <<'PYTHON'
import os, struct, sys

from assay_testee import Buffer, Skipped, Testee

testee = Testee("python", "3", ["f32", "f64"], package="cpython", deterministic=True)
KIND = {"f32": "f", "f64": "d", "i64": "q"}


class Tensor:
    def __init__(self, numbers, shape, dtype):
        self.numbers, self.shape, self.dtype = list(numbers), shape, dtype

    def __mul__(self, factor):
        return Tensor([x * factor for x in self.numbers], self.shape, self.dtype)


def decode(buffer):
    count = len(buffer.numbers) // struct.calcsize("=" + KIND[buffer.dtype])
    return Tensor(struct.unpack(f"<{count}{KIND[buffer.dtype]}", buffer.numbers), buffer.shape, buffer.dtype)


def encode(tensor):
    packed = struct.pack(f"<{len(tensor.numbers)}{KIND[tensor.dtype]}", *tensor.numbers)
    return Buffer(packed, tensor.shape, tensor.dtype)


@testee.loss("mae", ["prediction"], variant="plain", reductions=["none"])
def mae(inputs, parameters, reduction):
    x, t = inputs["prediction"], inputs["target"]
    return Tensor([abs(a - b) for a, b in zip(x.numbers, t.numbers)], x.shape, x.dtype)


@testee.loss("mae", ["prediction"], variant="by-hand", reductions=["none"], ranks=[1], inputs=[], analytic=True)
def mae_by_hand(inputs, parameters, reduction, wrt, cotangent):
    x, t = inputs["prediction"], inputs["target"]
    of = cotangent.numbers if cotangent else [1] * len(x.numbers)
    slopes = [((a > b) - (a < b)) * c for a, b, c in zip(x.numbers, t.numbers, of)]
    return mae(inputs, parameters, reduction), {name: Tensor(slopes, x.shape, x.dtype) for name in wrt}


@testee.loss("huber", True, parameters={"delta": [1]}, conventions=["none-such"], dtypes=["f32"])
def huber(inputs, parameters, reduction):
    print("a banner")  # of the interpreter, and of a child of its own
    os.system("echo another")
    how = parameters["how"]
    if how == "skip":
        raise Skipped("not today")
    if how == "memory":
        raise MemoryError
    if how == "exit":
        sys.exit("a framework that leaves")
    if how == "short":
        return Tensor([1.0], [2], "f32")
    raise ValueError("\n  first line\nsecond line")


def gradient(function, inputs, wrt, cotangent):
    assert cotangent is None or "cotangent" not in inputs
    return function(inputs), {name: inputs[name] for name in wrt}


testee.serve(decode, encode, gradient, lambda function, case, inputs: f"{function.__name__} {sorted(inputs)}", numpy=False)
PYTHON
export PYTHONPATH=$source/tools/adapters/kit/python
python3 -B - "$scratch/adapter.py" <<'PYTHON'
import base64, json, struct, subprocess, sys

adapter = [sys.executable, "-B", sys.argv[1]]
assert subprocess.run([*adapter, "--version"], capture_output=True, text=True).stdout == "cpython 3\n"


def tensor(numbers, kind="f", shape=None):
    packed = base64.b64encode(struct.pack(f"<{len(numbers)}{kind}", *numbers)).decode()
    return {"shape": [len(numbers)] if shape is None else shape, "base64": packed}


def case(id, loss="mae", variant=None, parameters={}, wrt=(), cotangent=None, dtype="f32"):
    inputs = {"prediction": tensor([1, -2]), "target": tensor([0.5, 0])}
    if cotangent:
        inputs["cotangent"] = tensor(cotangent)
    out = {"id": id, "loss": loss, "dtype": dtype, "reduction": "none", "parameters": parameters, "inputs": inputs}
    return {**out, "wrt": list(wrt), **({"variant": variant} if variant else {})}


def conversation(*requests, bye=True):
    lines = "".join(json.dumps(each) + "\n" for each in [{"assay": 1}, *requests, *([{"bye": True}] if bye else [])])
    done = subprocess.run(adapter, input=lines, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done
    hello, *answers = map(json.loads, done.stdout.splitlines())  # nothing but the protocol is there
    return hello, answers, done.stderr


hello, answers, _ = conversation()
assert hello == {
    "assay": 1, "implementation": {"name": "python", "version": "3", "language": "python"}, "encoding": "base64",
    "deterministic": True, "snippets": True, "losses": {
        "mae": {"variants": {
            "plain": {"dtypes": ["f32", "f64"], "reductions": ["none"], "gradient": ["prediction"], "conventions": []},
            "by-hand": {"dtypes": ["f32", "f64"], "reductions": ["none"], "gradient": ["prediction"], "conventions": [],
                        "ranks": [1], "inputs": []}}},
        "huber": {"dtypes": ["f32"], "reductions": ["none", "mean", "sum"], "gradient": True, "parameters": {"delta": [1]},
                  "conventions": ["none-such"]}}}, hello
assert answers == []
assert conversation(bye=False)[1] == []  # the end of its input is a goodbye too

hard = [0.1, -0.0, 1e-45, 3.4e38, float("inf")]
asked = [
    {"id": "echo", "echo": tensor(hard), "dtype": "f32"},
    {"id": "scalar", "echo": tensor([5e-324], "d", []), "dtype": "f64"},
    {"id": "empty", "echo": tensor([], "d", [0, 3]), "dtype": "f64"},
    case("value", variant="plain"),
    case("gradient", variant="by-hand", wrt=["prediction"]),
    case("cotangent", variant="by-hand", wrt=["prediction"], cotangent=[2, 4]),
    case("autodiff", variant="plain", wrt=["prediction"], cotangent=[2, 4]),
    case("skip", "huber", parameters={"how": "skip"}),
    case("memory", "huber", parameters={"how": "memory"}),
    case("error", "huber", parameters={"how": "raise"}),
    case("short", "huber", parameters={"how": "short"}),
    case("unknown", "mse"),
    case("unknown variant", "mae", "fast"),
    {"id": "no inputs", "loss": "huber"},
    {"id": "snippet", "snippet": case("snippet", variant="plain")},
    case("after all that", variant="plain"),
]
_, answers, noise = conversation(*asked)
assert [each["id"] for each in answers] == [each["id"] for each in asked], answers
of = {each.pop("id"): each for each in answers}
assert of["echo"] == {"echo": tensor(hard)}, of["echo"]
assert of["scalar"] == {"echo": tensor([5e-324], "d", [])}, of["scalar"]
assert of["empty"] == {"echo": tensor([], "d", [0, 3])}, of["empty"]
value = {"value": tensor([0.5, 2])}
assert of["value"] == of["after all that"] == value, of["value"]
assert of["gradient"] == {**value, "gradient": {"prediction": tensor([1, -1])}}, of["gradient"]
assert of["cotangent"] == {**value, "gradient": {"prediction": tensor([2, -4])}}, of["cotangent"]
assert of["autodiff"] == {**value, "gradient": {"prediction": tensor([1, -2])}}, of["autodiff"]
assert of["skip"] == {"skipped": "not today"}, of["skip"]
assert of["memory"] == {"skipped": "out of memory"}, of["memory"]
assert of["error"] == {"error": "ValueError: first line"}, of["error"]
assert of["short"] == {"error": "ValueError: 4 bytes for 2 numbers of f32"}, of["short"]
assert of["unknown"] == {"skipped": "cpython has no mse"}, of["unknown"]
assert of["unknown variant"] == {"skipped": "cpython has no mae as fast"}, of["unknown variant"]
assert "KeyError" in of["no inputs"]["error"], of["no inputs"]
assert of["snippet"] == {"snippet": "mae ['prediction', 'target']"}, of["snippet"]
assert noise.count("a banner") == noise.count("another") == 4, noise
left = subprocess.run(adapter, input=json.dumps(case("exit", "huber", parameters={"how": "exit"})) + "\n",
                      capture_output=True, text=True)
assert left.returncode == 1 and left.stdout == "" and "a framework that leaves" in left.stderr, left
PYTHON
status=$?
[ $status = 0 ] || exit $status
# And the suite understands it: by hand everything ordinary is right, but no gradient that is the input itself.
said=$("$assay" verify --loss mae --dtype f32 --regime everyday -- python3 -B "$scratch/adapter.py" 2>&1)
grep -q '^conform: mae (by-hand)$' <<<"$said" && grep -q '^mae (plain) f32: .* gradient' <<<"$said" || {
  echo "verify said: $said"
  exit 1
}

# Through numpy, where there is one: of an answer in another type, order or layout the numbers come, and the shape.
for python in python3 /usr/bin/python3; do
  "$python" -c 'import numpy' 2>/dev/null || continue
  "$python" -B - <<'PYTHON' || exit 1
import base64, struct

import numpy
from assay_testee import Testee

testee = Testee("numpy", numpy.__version__, {"f32": "its own f32", "f64": numpy.float64, "f16": None})
answers = {
    "wider": numpy.array([0.1, -0.0]),
    "narrower": numpy.array([0.5, 2], numpy.float32),
    "swapped": numpy.array([0.5, 2], ">f4"),
    "strided": numpy.array([0.5, 7, 2, 7], numpy.float32)[::2],
    "number": 0.1,
    "numpy's number": numpy.float64(0.1),
    "transposed": numpy.array([[1, 2], [3, 4]], numpy.float32).T,
}


@testee.loss("nll", ["log_probability"], dtypes=["f32", "f64", "f16"], answers={"value": "f32"})
def nll(inputs, parameters, reduction):
    assert inputs["labels"].dtype == numpy.int64 and inputs["labels"].tolist() == [[3, -100]], inputs
    assert inputs["log_probability"].flags.writeable  # some frameworks take no other
    return answers[parameters["which"]]


testee.uses(lambda array: array, lambda tensor: tensor)
pack = lambda kind, *numbers: base64.b64encode(struct.pack(f"<{len(numbers)}{kind}", *numbers)).decode()


def value(which, dtype):
    kind = {"f16": "e", "f32": "f", "f64": "d"}[dtype]
    inputs = {"log_probability": {"shape": [1], "base64": pack(kind, 1)}, "labels": {"shape": [1, 2], "data": [3, -100]}}
    case = {"id": "a", "loss": "nll", "dtype": dtype, "parameters": {"which": which}, "inputs": inputs}
    return testee.answer(case).get("value", testee.answer(case))


assert value("wider", "f32") == {"shape": [2], "base64": pack("f", 0.1, -0.0)}, value("wider", "f32")
assert value("narrower", "f64") == {"shape": [2], "base64": pack("d", 0.5, 2)}, value("narrower", "f64")
assert value("swapped", "f32") == {"shape": [2], "base64": pack("f", 0.5, 2)}, value("swapped", "f32")
assert value("strided", "f32") == {"shape": [2], "base64": pack("f", 0.5, 2)}, value("strided", "f32")
assert value("number", "f32") == value("numpy's number", "f32") == {"shape": [], "base64": pack("f", 0.1)}
assert value("number", "f64") == {"shape": [], "base64": pack("d", 0.1)}
assert value("transposed", "f32") == {"shape": [2, 2], "base64": pack("f", 1, 3, 2, 4)}, value("transposed", "f32")
# A case of 16 bits may be answered in a wider type, which then says so.
assert value("narrower", "f16") == {"shape": [2], "base64": pack("f", 0.5, 2), "dtype": "f32"}, value("narrower", "f16")
echo = {"shape": [2], "base64": pack("e", 0.5, 6e-8)}
assert testee.answer({"id": "e", "echo": echo, "dtype": "f16"}) == {"id": "e", "echo": echo}
PYTHON
  break
done

# The adapter of the kit's page, where there is the framework that it is about.
/usr/bin/python3 -c 'import numpy, torch' 2>/dev/null || exit 0
awk '$0 == "```" { inside = 0 } inside { print } $0 == "```python" { inside = 1 }' "$source/tools/adapters/kit/README.md" \
  >"$scratch/page.py"
said=$("$assay" verify --loss huber --regime everyday -- /usr/bin/python3 -B "$scratch/page.py" 2>&1) || {
  echo "the kit's page: $said"
  exit 1
}
