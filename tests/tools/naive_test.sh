#!/usr/bin/env bash
# naive_test.sh ASSAY: the adapter that needs nothing but Python computes what it says, rounded to the dtype, and verify
# finds by name what is wrong with it, and nothing where nothing is.
set -eu
assay=$1
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
fail() { echo "$*"; exit 1; }

status=0
"$assay" verify naive --report "$scratch/report.json" >"$scratch/said" || status=$?
[ $status = 1 ] || fail "verify naive exits $status: $(tail -5 "$scratch/said")"
[ -z "$(find "$root/tools/adapters/naive" -name '__pycache__')" ] || fail "naive leaves compiled files behind"

python3 -B - "$scratch/report.json" "$root/tools/adapters/naive/run" <<'END'
import json
import math
import subprocess
import sys

report = json.load(open(sys.argv[1]))
assert report["findings"] == [], report["findings"]
asked = [c for c in report["cases"] if c["status"] != "not_offered"]


def cases(loss, variant=None, regime=None):
    found = [
        c for c in asked
        if c["loss"] == loss and c.get("variant") == variant and (regime is None or c["regime"] == regime)
    ]
    assert len(found) > 10, (loss, variant, regime, len(found))
    return found


def failed(loss, variant=None, regime=None):
    return [c for c in cases(loss, variant, regime) if c["status"] == "failed"]


# What is right on everyday numbers, gradients included.
for loss, variant in [("mse", None), ("mae", None), ("huber", "usual"), ("hinge", "usual"), ("exponential", None),
                      ("margin_ranking", None)]:
    wrong = failed(loss, variant, "everyday")
    assert not wrong, (loss, variant, [c["slug"] for c in wrong])

# What is wrong, each by everyday cases in which that came where something else is due.
def number(text):
    try:
        return float.fromhex(text or "")
    except ValueError:
        return None


finite = lambda text: number(text) is not None and math.isfinite(number(text))
infinite = lambda text: number(text) is not None and math.isinf(number(text))
nan = lambda text: number(text) is not None and math.isnan(number(text))


def came(loss, variant, got, expected):
    return [c for c in failed(loss, variant, "everyday") if got(c.get("got")) and expected(c.get("expected"))]


for loss in ("softplus", "log_cosh"):  # the exponential overflows
    assert came(loss, None, infinite, finite), loss
assert came("softmax", None, nan, finite)  # infinity over infinity
assert came("binary_cross_entropy", "as-printed", nan, finite)  # 0 log 0
assert came("binary_cross_entropy", "eps", finite, infinite)  # the logarithm of 0 is -16.1
assert came("binary_cross_entropy", "clip", finite, infinite)
assert came("entropy", "as-printed", nan, finite)
# The slope of a root at 0: the truth is a span there.
assert came("contrastive", "as-printed", nan, lambda text: text)
assert not came("contrastive", "eps", nan, lambda text: text)
assert len(failed("huber", "as-printed", "everyday")) > 20
assert len(failed("hinge", "as-printed", "everyday")) > 5

# The adapter by itself.
lines = [{"assay": 1}]
def ask(loss, dtype, inputs, **more):
    number = str(len(lines))
    lines.append({"id": number, "loss": loss, "dtype": dtype, "inputs": inputs, "reduction": "none", **more})

import base64
import struct

KIND = {"f32": "f", "f64": "d"}
def tensor(dtype, *numbers):
    packed = struct.pack(f"<{len(numbers)}{KIND[dtype]}", *numbers)
    return {"shape": [len(numbers)], "base64": base64.b64encode(packed).decode()}

ask("mse", "f32", {"prediction": tensor("f32", 0.1, 3e19), "target": tensor("f32", 0.3, 0.0)}, wrt=["target"])
ask("mse", "f64", {"prediction": tensor("f64", 0.1, 3e19), "target": tensor("f64", 0.3, 0.0)}, wrt=["target"])
ask("sigmoid", "f64", {"x": tensor("f64", -1000.0)}, wrt=["x"])
ask("mse", "f64", {"prediction": tensor("f64", 1.0), "target": tensor("f64")})
lines.append({"bye": True})
ran = subprocess.run([sys.argv[2]], input="".join(json.dumps(line) + "\n" for line in lines), stdout=subprocess.PIPE,
                     text=True, check=True)
_, single, double, far, refused = map(json.loads, ran.stdout.splitlines())

def values(part, dtype):
    data = base64.b64decode(part["base64"])
    return list(struct.unpack(f"<{len(data) // struct.calcsize(KIND[dtype])}{KIND[dtype]}", data))

def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]

difference = f32(f32(0.1) - f32(0.3))
assert values(single["value"], "f32") == [f32(difference * difference), math.inf], single
assert values(single["gradient"]["target"], "f32") == [-2 * difference, -2 * f32(3e19)], single
assert values(double["value"], "f64") == [(0.1 - 0.3) * (0.1 - 0.3), 3e19 * 3e19], double
assert values(far["value"], "f64") == [0.0], far
assert math.isnan(values(far["gradient"]["x"], "f64")[0]), far  # 0 times infinity
assert "operands of 1 and 0 numbers" in refused["error"], refused
END

# Several of it at once leave as one does.
"$assay" audit naive --loss mae --budget 2000cases --jobs 3 >"$scratch/said" || true
grep -q '^worst error' "$scratch/said" && ! grep 'protocol/' "$scratch/said" || fail "$(cat "$scratch/said")"

# One case of it, in words.
status=0
"$assay" explain huber/f64/ordinary-mean naive --variant as-printed >"$scratch/said" 2>&1 || status=$?
[ $status = 1 ] && grep -q '^answered by naive 1$' "$scratch/said" || fail "explain exits $status: $(cat "$scratch/said")"
"$assay" explain huber/f64/ordinary-mean naive --variant usual >"$scratch/said" 2>&1 || fail "$(cat "$scratch/said")"
