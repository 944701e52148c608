#!/usr/bin/env bash
# golden_examples_test.sh python|javascript: the consumer in golden/examples/ is short, finds that its losses conform,
# takes an answer that is as right, or right by a convention that is declared, tells each failure, skips what is not
# offered, and finds each mistake below; golden/README.md quotes it. Exit code 77: there is no node to run it.
set -eu
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
case $1 in
  python) run=(python3) suffix=py ;;
  javascript) run=(node) suffix=mjs ;;
esac
if ! command -v "${run[0]}" >/dev/null; then
  echo "skipped: there is no ${run[0]}; 'apt-get install nodejs' brings it"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cp -- "$root/golden/examples/"*."$suffix" "$scratch"
: >"$scratch/out"
cd -- "$scratch"
v1=$root/golden/v1

fail() {
  echo "golden_examples_test: $1"
  cat out
  exit 1
}
check() { "${run[@]}" "check.$suffix" "$@" >out 2>&1; }
# Runs the consumer on losses that a sed script changed.
changed() {
  cp -- "$root/golden/examples/losses.$suffix" .
  sed -i -E -e "$1" "losses.$suffix"
  ! cmp -s "losses.$suffix" "$root/golden/examples/losses.$suffix" || fail "'$1' changes nothing"
  check "${@:2}"
}
conforms() { changed "$@" || fail "as right, and refused: $1"; }
wrong() {
  ! changed "$@" || fail "wrong, and not found: $1"
  grep -q " conform; worst " out || fail "wrong, and it ended without saying so: $1"
}

[ "$(wc -l <"check.$suffix")" -lt 80 ] || fail "check.$suffix has grown to 80 lines"
[ "$(wc -l <"$root/golden/examples/judge.py")" -lt 110 ] || fail "judge.py has grown to 110 lines"
awk '$0 == "```" { inside = 0 } inside { print } $0 == "```python" { inside = 1 }' "$root/golden/README.md" >quoted
if ! [ -s quoted ] || [[ $(<"$root/golden/examples/judge.py") != *"$(<quoted)"* ]]; then
  fail "golden/README.md quotes what is not in judge.py"
fi
check "$v1"/{mae,huber,log_sum_exp}.f{32,64}.json || fail "the losses do not conform"
[ "$(awk '$2 > 50 && $2 == $4 { ++files } END { print files }' out)" = 6 ] || fail "six files of more than 50 cases each"

# A case by hand: the result of each encoding, an open component, and a request that is refused or answered.
python3 - "$v1/mae.f64.json" <<'EOF'
import copy, json, sys
case = json.load(open(sys.argv[1]))["cases"][0] | {"id": "by-hand", "reduction": "none", "wrt": ["prediction"]}
three = {"data": [3, -0.0, "NaN"]}, {"bits": "4008000000000000 8000000000000000 7ff8000000000000"}, {
    "base64": "AAAAAAAACEAAAAAAAAAAgAAAAAAAAPh/"}
value = {"shape": [3], "bits": three[1]["bits"], "digits": ["3", "0", "NaN"], "sensitivity": [3, 0, None], "reach": 2}
slope = {"shape": [3], "bits": "3ff0000000000000 0000000000000000 7ff8000000000000", "digits": ["1", "0", "NaN"],
         "sensitivity": [1, 0, None], "reach": [2, 2, 2]}
target = {"shape": [3], "data": [0, 0, 0]}
cases = [case | {"inputs": {"prediction": {"shape": [3], **each}, "target": target},
                 "expected": {"value": value, "gradient": {"prediction": slope | {"lower": [1, -1, "NaN"], "upper": [1, 1, "NaN"]}}}}
         for each in three]
opened = copy.deepcopy(cases[0])
opened["expected"]["gradient"]["prediction"] |= {"bits": "7ff8000000000000 0000000000000000 7ff8000000000000",
    "digits": ["NaN", "0", "NaN"], "lower": ["-Infinity", -1, "NaN"], "upper": ["Infinity", 1, "NaN"]}
strict = copy.deepcopy(opened)
strict["expected"]["gradient"]["prediction"] |= {"lower": ["NaN", -1, "NaN"], "upper": ["NaN", 1, "NaN"]}
longer = copy.deepcopy(cases[0])
longer["inputs"]["target"] = {"shape": [2], "data": [0, 0]}
json.dump({"cases": [*cases, opened, longer | {"expected": {"error": True}}]}, open("right.json", "w"))
json.dump({"cases": [strict]}, open("strict.json", "w"))
json.dump({"cases": [longer]}, open("refused.json", "w"))
EOF
if ! check right.json || ! grep -q "5 of 5" out; then fail "a case by hand does not conform"; fi
! check strict.json || fail "a number was taken for NaN"
! check refused.json || fail "a valid request may not be refused"

# A convention's numbers count where it is declared, component by component; without digits, and no others.
python3 - right.json <<'EOF'
import copy, json, sys
case = json.load(open(sys.argv[1]))["cases"][0]
case["inputs"]["prediction"] = {"shape": [3], "data": [3, -4, "NaN"]}
case["expected"] = {"value": {"shape": [3], "bits": "3ff8000000000000 4000000000000000 7ff8000000000000",
                              "digits": ["1.5", "2", "NaN"], "sensitivity": [1.5, 2, None], "reach": 2},
                    "gradient": {"prediction": {"shape": [3], "bits": "3ff0000000000000 bff0000000000000 7ff8000000000000",
                                                "digits": ["1", "-1", "NaN"], "sensitivity": [1, 1, None], "reach": 2}}}
instead = {"name": "twice", "used_by": ["nobody"], "value": {"shape": [3], "data": [3, 4, "NaN"]}}
case["expected"]["conventions"] = [{"name": "never", "value": {"shape": [3], "data": [7, 7, 7]}}, instead]
json.dump({"cases": [case]}, open("conventional.json", "w"))
mixed = copy.deepcopy(case)
mixed["expected"]["value"] |= {"bits": "4008000000000000 4000000000000000 7ff8000000000000", "digits": ["3", "2", "NaN"]}
mixed["expected"]["conventions"][1]["value"]["data"] = [9, 4, "NaN"]
json.dump({"cases": [mixed]}, open("mixed.json", "w"))
EOF
declare_one='s/CONVENTIONS = \[\]/CONVENTIONS = ["twice"]/'
wrong 's/CONVENTIONS = \[\]/CONVENTIONS = ["never"]/' conventional.json
conforms "$declare_one" conventional.json
conforms "$declare_one" mixed.json
wrong "$declare_one; s/((Math[.])?abs\(a\), \[)/1.5 * \1/" conventional.json

cp -- "$root/golden/examples/losses.$suffix" .
status=0
check "$v1/mse.f32.json" || status=$?
if [ "$status" != 2 ] || ! grep -q "mse.f32.json: not offered" out; then fail "nothing was judged, and that was not said"; fi
check "$v1"/{mse,mae}.f32.json || fail "what is not offered is no failure"
status=0
check || status=$?
[ "$status" = 2 ] || fail "without a file the exit code is $status"

case $suffix in
  py)
    conforms 's/\(a > 0\) - \(a < 0\)/(a >= 0) - (a < 0)/' "$v1/mae.f32.json"
    wrong 's/\(a > 0\) - \(a < 0\)/2 * ((a >= 0) - (a < 0))/' "$v1/mae.f32.json"
    wrong 's/slope = a if math.isnan\(a\) else/slope =/' "$v1/mae.f64.json"
    wrong 's/return abs\(a\), /return a == a and abs(a), /' "$v1/mae.f32.json"
    wrong 's/return delta \* \(abs\(a\) - delta \/ 2\)/return abs(a) - delta \/ 2/' "$v1/huber.f64.json"
    wrong 's/m = .*/m = 0/' "$v1/log_sum_exp.f64.json"
    wrong 's/w \/ share \* s if w else 0/w \/ share * s/' "$v1/huber.f32.json"
    wrong 's/return total\(v\[::2\].*/return sum(v) * (1 + 2**-45)/' "$v1/huber.f64.json"
    wrong 's/share = .*/share = 1/' "$v1/log_sum_exp.f32.json"
    wrong 's/return delta \* .*/return -1, [slope], [-slope]/' "$v1/huber.f64.json"
    ;;
  mjs)
    conforms 's/\[Math.sign\(a\)\], \[-Math.sign\(a\)\]/[a === 0 ? 1 : Math.sign(a)], [a === 0 ? -1 : -Math.sign(a)]/' "$v1/mae.f32.json"
    wrong 's/\[Math.sign\(a\)\]/[a === 0 ? 2 : Math.sign(a)]/' "$v1/mae.f32.json"
    wrong 's/\[Math.sign\(a\)\]/[a < 0 ? -1 : 1]/' "$v1/mae.f64.json"
    wrong 's/return \[Math.abs\(a\), /return [Math.abs(a) || 0, /' "$v1/mae.f32.json"
    wrong 's/return \[delta \* \(Math.abs\(a\) - delta \/ 2\)/return [Math.abs(a) - delta \/ 2/' "$v1/huber.f64.json"
    wrong 's/m = .*/m = 0;/' "$v1/log_sum_exp.f64.json"
    wrong 's/w === 0 \? 0 : //' "$v1/huber.f32.json"
    wrong 's/return v.length === 1 \? v\[0\] : 0/return v.length === 1 ? v[0] * (1 + 2 ** -45) : 0/' "$v1/huber.f64.json"
    wrong 's/share = .*/share = 1;/' "$v1/log_sum_exp.f32.json"
    wrong 's/return \[delta \* .*/return [-1, [slope], [-slope]];/' "$v1/huber.f64.json"
    ;;
esac
# Of the last one every failure is told.
grep -Eq "  huber/f64/[0-9a-f]{12} minus-five: value\[0\] is -1(\.0)?, should be 4.5 \([0-9.]+e\+1[0-9] times the bound\)$" out ||
  fail "a failure is not told"
[ "$(sed -En 's/.*: ([0-9]+) of ([0-9]+) conform.*/\2 - \1/p' out | xargs expr)" = "$(grep -c "^  huber/f64/" out)" ] ||
  fail "not every failure is told"
