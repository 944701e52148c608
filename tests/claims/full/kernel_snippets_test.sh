#!/usr/bin/env bash
# kernel_snippets_test.sh ASSAY SOURCE LIBRARIES...: what the kernels write of a case compiles through the public
# header, for every loss and dtype, and prints what they answered. LIBRARIES are what it is linked with.
set -eu
assay=$1 source=$2
shift 2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

python3 - "$assay" "$source" "$scratch" <<'PYTHON'
import ctypes, glob, json, pathlib, subprocess, sys

assay, source, scratch = sys.argv[1:]
testee = subprocess.Popen([assay, "serve", "--engine", "kernels"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

def ask(request):
    testee.stdin.write(json.dumps(request) + "\n")
    testee.stdin.flush()
    return json.loads(testee.stdout.readline())

def features(case):
    """What a snippet has to write, each of which one case at least shall show."""
    inputs, shape = case["inputs"], next(iter(case["inputs"].values()))["shape"]
    yield case["reduction"]
    yield from ((name, len(inputs[name]["shape"]), name in case["wrt"]) for name in inputs)
    yield "cotangent" in inputs and len(case["wrt"]) > 0
    yield 0 in shape
    yield from (str(x) for t in inputs.values() for x in t.get("data", []) if isinstance(x, str))

rounded = {"f32": lambda x: ctypes.c_float(float(x)).value, "f64": float}  # float reads "NaN" and "Infinity" too
picked = []
for path in sorted(glob.glob(source + "/golden/v1/*.json")):
    shown = set()
    for case in json.load(open(path))["cases"]:
        size = sum(len(t.get("data", [0] * 65)) for t in case["inputs"].values())
        if "error" in case["expected"] or size > 64 or shown >= set(features(case)):
            continue
        shown |= set(features(case))
        picked.append({key: case[key] for key in ("id", "loss", "dtype", "reduction", "parameters", "inputs", "wrt")})

assert ask({"assay": 1})["snippets"] is True
includes, body, mains, want, types = set(), [], [], [], set()
for i, case in enumerate(picked):
    reply = ask({"id": "s", "snippet": case})
    if "skipped" in reply:
        continue
    lines = reply["snippet"].splitlines()
    assert lines[0] == "#include <assay/losses.hpp>", lines[0]
    includes |= {line for line in lines if line.startswith("#include")}
    program = "\n".join(line for line in lines if not line.startswith("#include"))
    assert program.count("int main() {") == 1, program
    body.append(program.replace("int main() {", f"static void case_{i}() {{"))
    mains.append(f"case_{i}();")
    answer = ask({**case, "id": "a"})
    types.add((case["loss"], case["dtype"]))
    for name, tensor in [("value", answer["value"]), *((f"by_{k}", answer["gradient"][k]) for k in case["wrt"])]:
        want += [f"{name} {rounded[case['dtype']](x).hex()}  {case['id']}" for x in tensor["data"]]
json.dump(want, open(scratch + "/want.json", "w"))
pathlib.Path(scratch, "all.cpp").write_text(
    "\n".join([*sorted(includes), *body, "int main() {", *mains, "}", ""]))
offered = ask({"assay": 1})["losses"]
missing = {(loss, d) for loss in offered for d in offered[loss]["dtypes"]} - types
assert not missing, f"no snippet of {sorted(missing)}"
print(f"{len(mains)} cases")
PYTHON

"${CXX:-g++}" -std=c++20 -O0 -Wall -Wextra -Werror -I "$source/include" -I "$source" "$scratch/all.cpp" "$@" -o "$scratch/all"
"$scratch/all" >"$scratch/got"
python3 - "$scratch" <<'PYTHON'
import json, sys

def parts(line):
    name, number = line.split()[:2]
    return name, float.fromhex(number) if "nan" not in number else "NaN"

want = json.load(open(sys.argv[1] + "/want.json"))
got = open(sys.argv[1] + "/got").read().splitlines()
assert len(want) == len(got) > 1000, (len(want), len(got))
wrong = [f"{w}: printed {g}" for w, g in zip(want, got) if repr(parts(w)) != repr(parts(g))]
sys.exit("\n".join(wrong[:10]) if wrong else 0)
PYTHON
