#!/usr/bin/env bash
# python_package_test.sh ASSAY SOURCE: assay-testee is built and installed by pip without a network into an environment of
# its own, where its plugin takes golden cases into pytest: a right loss passes, a wrong one fails and says what and
# where, a known failure is expected, and one that fails no longer fails the test.
# Exit code 77: there is no pytest here, or no virtual environment can be made.
set -u
assay=$(readlink -f -- "$1") source=$(readlink -f -- "$2")
for python in python3 /usr/bin/python3; do
  "$python" -c 'import pytest, venv, ensurepip' 2>/dev/null && break
  python=
done
[ -n "$python" ] || {
  echo "skipped: no python3 has pytest and venv; 'apt-get install python3-pytest python3-venv' brings them"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cd -- "$scratch" || exit 1
fail() {
  echo "python_package_test: $1"
  cat out
  exit 1
}

# Beside pytest, nothing of the machine is used.
unset PYTHONPATH PYTEST_ADDOPTS ASSAY_GOLDEN ASSAY_KNOWN_FAILURES
before=$(cd -- "$source/tools/adapters/kit/python" && find . | sort)
"$python" -m venv --system-site-packages venv >out 2>&1 || { echo "skipped: $(tail -n 1 out)"; exit 77; }
venv/bin/python -m pip --disable-pip-version-check install --no-index --no-deps "$source/tools/adapters/kit/python" >out 2>&1 ||
  fail "pip cannot build it without a network"
[ "$before" = "$(cd -- "$source/tools/adapters/kit/python" && find . | sort)" ] || fail "the build leaves files in the source tree"
version=$(venv/bin/python -c 'import importlib.metadata as m; print(m.version("assay-testee"))')
[ "assay $version" = "$("$assay" --version)" ] || fail "the package is of version $version, and the suite is not"
cmp -s "$source/golden/examples/judge.py" venv/lib/python3*/site-packages/assay_testee/judge.py || fail "there are two judges"

cp -- "$source/golden/examples/losses.py" right.py
cat >test_losses.py <<'PYTHON'
import importlib, os
import pytest
from assay_testee.golden import assert_conforms

losses = importlib.import_module(os.environ.get("LOSSES", "right"))


@pytest.mark.assay(loss=["huber", "mae"], dtype="f64")
def test_losses(assay_case):
    got = losses.answer(assay_case.record, assay_case.numbers)
    value = got.pop("value")
    assert_conforms({"value": value, "gradient": got}, assay_case)


@pytest.mark.assay(loss="huber", dtype="f32", regime="invalid", slug="*delta*")
def test_refusals(assay_case):
    with pytest.raises(ValueError):
        losses.answer(assay_case.record, assay_case.numbers)


def test_without_a_case():
    assert True
PYTHON
tests() { venv/bin/python -B -m pytest -q -p no:cacheprovider "$@" >out 2>&1; }

! tests || fail "no golden files, and it passes"
grep -q 'no golden files: name their folder by --assay-golden=DIR' out || fail "it does not say where golden files are looked for"
! tests --assay-golden=/nonexistent || fail "no golden files there, and it passes"
grep -q 'no golden files in /nonexistent' out || fail "it does not say where there are none"
golden=("--assay-golden=$source/golden/v1")
tests "${golden[@]}" || fail "a right loss fails"
cases=$(sed -En 's/^([0-9]+) passed.*/\1/p' out)
[ "$cases" -gt 150 ] || fail "only $cases cases were asked"
ASSAY_GOLDEN=$source/golden/v1 tests || fail "the variable names no golden files"
printf '[pytest]\nassay_golden = %s\n' "$source/golden/v1" >pytest.ini
tests || fail "pytest.ini names no golden files"
rm pytest.ini

# Delta forgotten in the value beyond it: this case tells it, and says what and where.
sed 's/return delta \* (abs(a) - delta \/ 2)/return (abs(a) - delta \/ 2)/' right.py >wrong.py
! cmp -s right.py wrong.py || fail "wrong.py is not wrong"
! LOSSES=wrong tests "${golden[@]}" || fail "a wrong loss passes"
grep -Eq '^E +AssertionError: huber/f64/[0-9a-f]{12} \(minus-five, everyday\): value\[0\] is 4\.5, should be 4\.5' out && fail "minus-five is right"
grep -Eq '^E +AssertionError: huber/f64/[0-9a-f]{12} \([a-z0-9-]+, everyday\): value\[[0-9]+\] is [-0-9.e+]+, should be [-0-9.e+]+: [0-9.e+]+ ulp, (inaccurate|wrong), where stable is required$' out ||
  fail "it is not said what is wrong and where"
grep -q 'test_losses\[huber/f64/' out && ! grep -q '^FAILED .*test_losses\[mae/f64/' out || fail "the wrong cases fail, and no others"

# Each case that fails is known: expected, and no failure.
sed -En 's/^FAILED .*test_losses\[([^]]*)\].*/\1  # delta is forgotten/p' out >known.txt
[ -s known.txt ] || fail "no failures to know"
LOSSES=wrong tests "${golden[@]}" --assay-known-failures=known.txt || fail "known failures fail"
grep -q "$(wc -l <known.txt) xfailed" out || fail "known failures are not expected"
! tests "${golden[@]}" --assay-known-failures=known.txt || fail "a known failure that passes does not fail the test"
grep -q 'XPASS(strict)' out || fail "it is not said that it passes"
echo 'mae/f64/* slug:no-such-case  # nothing' >>known.txt
LOSSES=wrong tests "${golden[@]}" --assay-known-failures=known.txt || fail "a line that matches nothing fails"
grep -q "'mae/f64/\*' matches no case" out || fail "a line that matches nothing is not told"
echo 'huber/f64/*' >known.txt
! tests "${golden[@]}" --assay-known-failures=known.txt || fail "a line without a reason passes"
grep -q "known.txt:1: 'huber/f64/\*' has no reason" out || fail "a line without a reason is not told"

# What assert_conforms takes and what it does not.
cat >ask.py <<'PYTHON'
import sys
from assay_testee.golden import assert_conforms, read

cases = {case.slug: case for case in read(sys.argv[1], "huber", "f32")}
assert len(cases) == len(list(read(sys.argv[1], "huber", "f32"))), "slugs are unique"
assert not any(case.is_invalid for case in cases.values())
assert all(case.regime == "tail" for case in read(sys.argv[1], regime="tail", loss="softplus"))
case = next(each for each in cases.values() if each.reduction == "none" and len(each.expected["value"]["shape"]) == 2)
value, slopes = case.expected["value"], case.expected["gradient"]
number = lambda tensor: __import__("assay_testee.judge").judge.numbers({"bits": tensor["bits"]}, "f32")
rows, columns = value["shape"]
nested = [number(value)[i * columns : (i + 1) * columns] for i in range(rows)]


class Array:
    shape = (rows, columns)
    detach = lambda self: self
    tolist = lambda self: nested


def said(answer, **how):
    try:
        assert_conforms(answer, case, **how)
    except (AssertionError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


name, slope = next(iter(slopes.items()))
for right in (nested, number(value), Array(), {"value": nested}, {"value": nested, "gradient": {name: number(slope)}}):
    assert said(right, require="correctly rounded") == "nothing", said(right)
flat_wrong = number(value)
flat_wrong[-1] = flat_wrong[-1] * 2 + 1
assert f"value[{len(flat_wrong) - 1}] is" in said(flat_wrong) and ", wrong, where stable is required" in said(flat_wrong)
assert said(flat_wrong, require="wrong") == "nothing"
assert "value has 1 numbers" in said([1.0]), said([1.0])
Array.shape = (columns, rows, 1)
assert "value has shape" in said(Array()), said(Array())
assert "has no nothing" in said({"value": nested, "gradient": {"nothing": [0]}})
assert said({"value": nested, "gradient": {"target": [1, 2, 3]}}) == "nothing" or "target" in slopes
assert "has no slope" in said({"value": nested, "slope": [0]})
assert "no grade is called" in said(nested, require="good")
assert "gradient." + name in said({"value": nested, "gradient": {name: [x + 1 for x in number(slope)]}})
case = next(each for each in read(sys.argv[1], "huber", "f32", "invalid"))
assert "outside the domain" in said([1.0]), said([1.0])
case = next(each for each in read(sys.argv[1], "binary_cross_entropy", "f32") if each.expected.get("conventions"))
other = case.expected["conventions"][0]
answer = {"value": other["value"]["data"]} if "data" in other["value"] else {"value": number(other["value"])}
assert said(answer, conventions=[other["name"]]) == "nothing", said(answer, conventions=[other["name"]])
assert said(answer) != "nothing"
PYTHON
venv/bin/python -B ask.py "$source/golden/v1" >out 2>&1 || fail "assert_conforms"

# The test on the package's page, over numpy's arrays, on a loss that is wrong as its message there says.
venv/bin/python -c 'import numpy' 2>/dev/null || exit 0
page=$source/tools/adapters/kit/python/README.md
awk '$0 == "```" { inside = 0 } inside { print } $0 == "```python" { inside = 1 }' "$page" >test_losses.py
cat >mine.py <<'PYTHON'
import numpy


def huber(x, t, delta, reduction):
    a = numpy.abs(x - t)
    value = numpy.where(a <= delta, a * a / 2, delta * a)
    return value if reduction == "none" else getattr(value, reduction)()
PYTHON
! tests "${golden[@]}" || fail "the loss of the page passes"
message=$(grep '^huber/f32/.* is required$' "$page")
[ -n "$message" ] && grep -qF "AssertionError: $message" out || fail "the page's message is not what comes"
exit 0
