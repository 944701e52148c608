#!/usr/bin/env bash
# judge_in_python_test.sh ASSAY SOURCE: golden/examples/judge.py gives the grades that the suite gives, to answers that
# are right, and to answers that are off by a little, by much, and beyond all measure.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
assay=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cat >"$scratch/answers.py" <<'PYTHON'
"""answers.py write RECORD | compare REPORT, over golden files: an answer to each case, and the grades of it."""
import json, math, sys

source, mode, path = sys.argv[1:4]
sys.path.insert(0, source + "/golden/examples")
import judge

FILES = [f"{loss}.{dtype}" for dtype in ("f32", "f64") for loss in ("huber", "softplus", "quantile", "log_softmax", "nll")]
GRADES = ["correctly rounded", "faithful", "tight", "stable", "absolute", "inaccurate", "wrong"]


def off(v, k, dtype):
    """A number that is wrong in a way of its own for each k."""
    ulp = math.ulp(v) * (2.0**29 if dtype == "f32" else 1) if math.isfinite(v) else 0
    ways = [v, v, v + ulp, v - ulp, v + 3 * ulp, v - 7 * ulp, v + 30 * ulp, v * 1.001, v * 1.5, -v, 0.0, math.inf, math.nan]
    return judge.rounded[dtype](ways[k % len(ways)])


def cases():
    for name in FILES:
        for k, case in enumerate(json.load(open(f"{source}/golden/v1/{name}.json"))["cases"]):
            if "error" in case["expected"]:
                continue
            right = {"value": case["expected"]["value"], **case["expected"]["gradient"]}
            # Off in one number of each tensor alone, the rest being right.
            got = {name: judge.numbers({"bits": want["bits"]}, case["dtype"]) for name, want in right.items()}
            for place, numbers in enumerate(got.values()):
                if numbers:
                    i = (k + place) % len(numbers)
                    numbers[i] = off(numbers[i], k // 3 + 5 * place, case["dtype"])
            yield case, right, got


if mode == "write":
    with open(path, "w") as record:
        who = {"name": "answers", "version": "1", "language": "python"}
        offers = {}
        for name in FILES:
            loss, dtype = name.rsplit(".")
            offer = offers.setdefault(loss, {"dtypes": [], "reductions": ["none", "sum", "mean"], "gradient": True})
            offer["dtypes"].append(dtype)
        hello = {"assay": 1, "implementation": who, "losses": offers, "encoding": "data"}
        print(json.dumps(hello), file=record)
        text = lambda x: x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
        for case, right, got in cases():
            tensors = {name: {"shape": right[name]["shape"], "data": list(map(text, got[name]))} for name in got}
            value = tensors.pop("value")
            print(json.dumps({"id": case["id"], "value": value, "gradient": tensors}), file=record)
    sys.exit()

report = {each["id"]: each for each in json.load(open(path))["cases"]}
seen, wrong = {}, []
for case, right, got in cases():
    told = report[case["id"]]
    here = {"value": 0, "gradient": 0}
    for share, name, i, g, v, want in judge.found(got, case, []):
        grade, _ = judge.grade(g, v, want, i, case["dtype"])
        # A NaN for which another number stands is wrong in both.
        part = "value" if name == "value" else "gradient"
        here[part] = max(here[part], GRADES.index(grade))
        if (share <= 1) != (GRADES.index(grade) <= GRADES.index("stable")):
            wrong.append(f"{case['id']} {name}[{i}]: {grade}, and {share} of the bound")
    for part, rank in here.items():
        if part not in told:
            continue
        seen[GRADES[rank]] = seen.get(GRADES[rank], 0) + 1
        if told[part]["grade"] != GRADES[rank]:
            wrong.append(f"{case['id']} {part}: {GRADES[rank]}, the suite says {told[part]['grade']}: {told.get('message')}")
print(seen)
missing = set(GRADES) - set(seen)
sys.exit("\n".join(wrong[:20] + [f"never seen: {missing}"] * bool(missing)) if wrong or missing else 0)
PYTHON
python3 -B "$scratch/answers.py" "$source" write "$scratch/record.jsonl"
"$assay" judge "$scratch/record.jsonl" --golden "$source/golden/v1" --report "$scratch/report.json" >"$scratch/out" 2>&1 || [ $? = 1 ] || {
  cat "$scratch/out"
  exit 1
}
exec python3 -B "$scratch/answers.py" "$source" compare "$scratch/report.json"
