"""python3 check.py golden/v1/huber.f32.json ... tells how losses.py does; exit code 1 where a case fails."""

import json, math, sys
import judge, losses


def worst(case):
    """The number of a case that is farthest off: how far, where it is, what it is and what it should be."""
    expected = case["expected"]
    try:
        got = losses.answer(case, {name: judge.numbers(x, case["dtype"]) for name, x in case["inputs"].items()})
    except (ArithmeticError, LookupError, TypeError, ValueError) as refusal:
        return 0.0 if "error" in expected else math.inf, f"refused: {refusal!r}"
    if "error" in expected:
        return 0.0, "every number is exact"
    found = [(0.0, "every number is exact")]
    for share, name, i, g, v, _ in judge.found(got, case, losses.CONVENTIONS):
        count = f"{name} has {g} numbers, should have {v}"
        found.append((share, count if i is None else f"{name}[{i}] is {g}, should be {v}"))
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
