#!/usr/bin/env bash
# snippet_writers_test.sh python|javascript: what the writer in golden/examples/ writes runs, and holds every number of
# the case, in whatever encoding it came. Exit code 77: there is no node, or no numpy, to run it.
set -eu
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
case $1 in
  python)
    python=
    for each in ${ASSAY_PYTHON:+"$ASSAY_PYTHON"} python3 /usr/bin/python3; do
      if "$each" -c 'import numpy' >/dev/null 2>&1; then python=$each && break; fi
    done
    if [ -z "$python" ]; then
      echo "skipped: no python3 here has numpy; 'apt-get install python3-numpy' brings it"
      exit 77
    fi
    ;;
  javascript)
    if ! command -v node >/dev/null; then
      echo "skipped: there is no node; 'apt-get install nodejs' brings it"
      exit 77
    fi
    ;;
esac
cp -- "$root/golden/examples/snippet."* "$scratch"
cd -- "$scratch"

# The cases, each number in each encoding, and beside them what their programs have to print.
python3 - <<'EOF_CASES'
import base64, json, math, struct

values = {"f32": [0.5, -0.0, 2.0**-149, 0.10000000149011612, math.inf, -math.inf, 3.4028234663852886e38, 16777215],
          "f64": [0.1, -0.0, 5e-324, 1e300, -math.inf, math.inf, 1.7976931348623157e308, 2.0**53 - 1]}
cases = []
for dtype, numbers in values.items():
    code = {"f32": "f", "f64": "d"}[dtype]
    raw, big = struct.pack(f"<8{code}", *numbers), [struct.pack(">" + code, x).hex() for x in numbers]
    text = lambda x: "-Infinity" if x == -math.inf else "Infinity" if x == math.inf else x
    for encoding in ({"data": [*map(text, numbers)]}, {"bits": " ".join(big)}, {"base64": base64.b64encode(raw).decode()}):
        cases.append({"case": {"loss": "any", "dtype": dtype, "inputs": {
            "x": {"shape": [2, 4], **encoding}, "nothing": {"shape": [0, 3], next(iter(encoding)): [] if "data" in encoding else ""},
            "scalar": {"shape": [], "data": ["NaN"]}, "labels": {"shape": [2], "data": [0, -100]}}},
            "bits": [struct.pack(">d", x).hex() for x in numbers]})
json.dump(cases, open("cases.json", "w"))
EOF_CASES

case $1 in
  python)
    cat >run.py <<'EOF_RUN'
import contextlib, io, json, struct
from snippet import snippet

for each in json.load(open("cases.json")):
    call = ("[[struct.pack('>d', number).hex() for number in x.reshape(-1)], x.shape, str(x.dtype), nothing.shape,"
            " scalar.shape, bool(scalar != scalar), labels.tolist(), str(labels.dtype)]")
    text, out = snippet(each["case"], ["import struct"], call), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "snippet", "exec"), {})
    real = {"f32": "float32", "f64": "float64"}[each["case"]["dtype"]]
    want = [each["bits"], (2, 4), real, (0, 3), (), True, [0, -100], "int64"]
    assert eval(out.getvalue()) == want, f"{out.getvalue()}\nis not\n{want}\nin\n{text}"
EOF_RUN
    "$python" run.py
    ;;
  javascript)
    cat >write.mjs <<'EOF_RUN'
import { readFileSync, writeFileSync } from "node:fs";
import { snippet } from "./snippet.mjs";

const bits = 'import { bits } from "./bits.mjs";';
const call = "JSON.stringify([Array.from(x, bits), x.constructor.name, nothing.length, Number.isNaN(scalar[0]), labels])";
JSON.parse(readFileSync("cases.json", "utf8")).forEach(({ case: each }, i) =>
  writeFileSync(`case${i}.mjs`, snippet(each, [bits], call)));
EOF_RUN
    cat >bits.mjs <<'EOF_RUN'
export function bits(x) {
  const raw = Buffer.alloc(8);
  raw.writeDoubleBE(x);
  return raw.toString("hex");
}
EOF_RUN
    node write.mjs
    for i in 0 1 2 3 4 5; do node "case$i.mjs"; done >printed
    python3 - <<'EOF_CHECK'
import json

cases, printed = json.load(open("cases.json")), open("printed").read().splitlines()
assert len(cases) == len(printed) == 6
for each, line in zip(cases, printed):
    array = {"f32": "Float32Array", "f64": "Float64Array"}[each["case"]["dtype"]]
    want = [each["bits"], array, 0, True, [0, -100]]
    assert json.loads(line) == want, f"{line} is not {want}"
EOF_CHECK
    ;;
esac
