#!/bin/bash
# A testee with two ways to one loss, a right one and a wrong one: each is asked, reported, explained and audited for
# itself, and the commands in the reports show the one that they are about.
#
#   variants_test.sh path/to/assay path/to/source
set -euo pipefail
assay=$1 source=$2
command -v python3 > /dev/null || { echo "skipped: no python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

cat > adapter <<'PYTHON'
#!/usr/bin/env python3
import json
import math
import sys

OFFER = {"dtypes": ["f64"], "reductions": ["none", "sum", "mean"], "ranks": [1]}


def text(x):
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def say(**message):
    print(json.dumps(message), flush=True)


def answer(request):
    prediction, target = ([float(x) for x in request["inputs"][name]["data"]] for name in ("prediction", "target"))
    terms = [(x - t) * (x - t) for x, t in zip(prediction, target)]
    if request["variant"] == "halved":
        terms = [term / 2 for term in terms]
    shape = request["inputs"]["prediction"]["shape"] if request["reduction"] == "none" else []
    if request["reduction"] == "mean":
        terms = [sum(terms) / len(terms) if terms else math.nan]
    elif request["reduction"] == "sum":
        terms = [sum(terms)]
    say(id=request["id"], value={"shape": shape, "data": [text(x) for x in terms]})


for line in sys.stdin:
    request = json.loads(line)
    if "bye" in request:
        break
    if "assay" in request:
        say(assay=1, implementation={"name": "two ways"}, losses={"mse": {"variants": {"plain": OFFER, "halved": OFFER}}})
    elif "echo" in request:
        say(id=request["id"], echo=request["echo"])
    else:
        answer(request)
PYTHON
chmod +x adapter

# Runs "$@" into the file "said"; the exit code has to be the first argument.
expect() {
  local wanted=$1 code=0
  shift
  "$@" > said 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { echo "exit code $code, not $wanted: $*"; cat said; exit 1; }
}
has() { grep -q -- "$1" "${2:-said}" || { echo "no '$1' in ${2:-what was said}"; cat "${2:-said}"; exit 1; }; }

export ASSAY_CALLED_AS=$assay
golden=(--golden "$source/golden/v1")
expect 1 "$assay" verify "${golden[@]}" --loss mse --regime everyday --report r.json --report r.xml --report r.md -- ./adapter
has 'mse (halved)'
has 'mse (halved)' r.md
has 'testsuite name="mse.f64.halved"' r.xml
python3 - <<'PYTHON'
import json
import subprocess

report = json.load(open("r.json"))
rows = {row.get("variant"): row for row in report["losses"] if row["dtype"] == "f64"}
assert set(rows) == {"plain", "halved"}, set(rows)
assert rows["plain"]["failed"] == 0 < rows["plain"]["conforming"], rows["plain"]
assert rows["halved"]["failed"] > 10, rows["halved"]
assert rows["plain"]["cases"] == rows["halved"]["cases"]
# Of three axes nothing was offered: counted, once a variant.
assert rows["plain"]["not_offered"] == rows["halved"]["not_offered"]
for case in report["cases"]:
    assert case["dtype"] == "f32" or case["variant"] in rows, case
failed = next(case for case in report["cases"] if case["status"] == "failed")
assert failed["variant"] == "halved" and "--variant halved" in failed["reproduce"], failed
again = subprocess.run(failed["reproduce"], shell=True, capture_output=True, text=True)
assert again.returncode == 1 and "constant-factor" in again.stdout, again
case = failed["id"]
right = subprocess.run(failed["reproduce"].replace("halved", "plain"), shell=True, capture_output=True, text=True)
assert right.returncode == 0, right
open("case", "w").write(case)
PYTHON

expect 2 "$assay" explain "$(cat case)" "${golden[@]}" --variant halfed -- ./adapter
has 'no variant "halfed" of mse; did you mean "halved"?'
expect 0 "$assay" explain "$(cat case)" "${golden[@]}" -- ./adapter
has 'asked is the variant plain; --variant names another of plain, halved'

# Only the wrong one has to be excused, and can be.
echo 'mse/f64/* variant:halved  # half of it' > known
expect 0 "$assay" verify "${golden[@]}" --loss mse --regime everyday --known-failures known -- ./adapter
echo 'mse/f64/* variant:plain  # it is right' > known
expect 1 "$assay" verify "${golden[@]}" --loss mse --regime everyday --known-failures known -- ./adapter

expect 1 "$assay" audit --loss mse --regime everyday --budget 300cases --report a.json -- ./adapter
python3 - <<'PYTHON'
import json

report = json.load(open("a.json"))
for place in report["audit"]["places"]:
    assert place["conforms"] == (place["variant"] == "plain"), place
assert {place["variant"] for place in report["audit"]["places"]} == {"plain", "halved"}
mechanisms = [place["mechanism"]["sentence"] for place in report["audit"]["places"] if "mechanism" in place]
assert mechanisms, "half of it is no riddle, and only the variant that is wrong can tell"
PYTHON

# What is outside the domain is answered all the same: reported, or failed where errors are required.
expect 0 "$assay" verify "${golden[@]}" --loss mse --dtype f64 --regime invalid -- ./adapter
expect 1 "$assay" verify "${golden[@]}" --loss mse --dtype f64 --regime invalid --require-errors --report r.json -- ./adapter
has 'answered an invalid request, an error is required' r.json
