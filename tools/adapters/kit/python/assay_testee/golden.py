"""Golden cases as a test sees them, and whether an answer conforms."""

import fnmatch
import json
import pathlib
import re

from . import judge

GRADES = ["correctly rounded", "faithful", "tight", "stable", "absolute", "inaccurate", "wrong"]


class Case:
    """A case of a golden file: loss, dtype, reduction, parameters, wrt, slug, regime, flags, comment, expected."""

    def __init__(self, record):
        self.record = record

    def __getattr__(self, name):
        try:
            return self.record[name]
        except KeyError:
            raise AttributeError(f"a case has no {name}") from None

    def __repr__(self):
        return f"<{self.id} {self.slug}>"

    @property
    def is_invalid(self):
        """Whether the request is outside the domain, so that refusing it is right."""
        return "error" in self.expected

    @property
    def numbers(self):
        """The inputs by name, as flat lists of Python's numbers."""
        out = {}
        for name, tensor in self.record["inputs"].items():
            integers = "data" in tensor and name in ("labels", "input_lengths", "target_lengths")
            out[name] = list(tensor["data"]) if integers else judge.numbers(tensor, self.dtype)
        return out

    @property
    def inputs(self):
        """The inputs by name, as numpy's arrays of the case's type."""
        import numpy

        types = {"f32": numpy.float32, "f64": numpy.float64}
        integers = ("labels", "input_lengths", "target_lengths")
        return {
            name: numpy.array(numbers, numpy.int64 if name in integers else types[self.dtype]).reshape(
                self.record["inputs"][name]["shape"]
            )
            for name, numbers in self.numbers.items()
        }


def read(folder, loss=None, dtype=None, regime=None, slug="*"):
    """The cases in a folder of golden files, in order. loss, dtype and regime are a name or a list of names, None all;
    those outside the domain come where regime says "invalid"."""
    wanted = lambda names, each: names is None or each in ([names] if isinstance(names, str) else names)
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    if not paths:
        raise FileNotFoundError(f"no golden files in {folder}; golden/v1 of a clone of Assay holds them")
    for path in paths:
        of_loss, _, of_dtype = path.stem.rpartition(".")
        if not (wanted(loss, of_loss) and wanted(dtype, of_dtype)):
            continue
        for record in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            named = regime if regime is not None else record["regime"] if record["regime"] != "invalid" else ()
            if wanted(named, record["regime"]) and fnmatch.fnmatchcase(record["slug"], slug):
                yield Case(record)


def flat(answer):
    """An array of any library, nested lists or a number, as a flat list."""
    if hasattr(answer, "detach"):
        answer = answer.detach()
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)):
        return [x for each in answer for x in flat(each)]
    return [float(answer)]


def assert_conforms(answer, case, *, require="stable", conventions=()):
    """Fails, naming the worst number, unless the answer conforms: {"value": ..., "gradient": {input: ...}}, or the
    value alone. What it holds is judged, but for gradients that the case does not ask about; what it leaves out is
    not. `require` is a grade, `conventions` names deviations that are made on purpose."""
    __tracebackhide__ = True
    if require not in GRADES:
        raise ValueError(f"no grade is called {require!r}; there are {', '.join(GRADES)}")
    if case.is_invalid:
        raise AssertionError(f"{case.id} ({case.slug}): answered, and the request is outside the domain: {case.comment}")
    parts = answer if isinstance(answer, dict) else {"value": answer}
    slopes = parts.get("gradient", {})
    if unknown := set(parts) - {"value", "gradient"} | set(slopes) - set(case.record["inputs"]):
        raise ValueError(
            f"{case.loss} has no {', '.join(sorted(unknown))}; an answer is a value, and gradients by "
            f"{', '.join(case.record['inputs'])}"
        )
    expected = {"value": case.expected["value"], **case.expected["gradient"]}
    given = {"value": parts["value"], **{name: each for name, each in slopes.items() if name in expected}}
    for name, each in given.items():
        shape = list(getattr(each, "shape", expected[name]["shape"]))
        if shape != expected[name]["shape"]:
            raise AssertionError(
                f"{case.id} ({case.slug}): {place(name)} has shape {shape}, should have {expected[name]['shape']}"
            )
    got = {name: flat(each) for name, each in given.items()}
    asked = {**case.record, "expected": {**case.expected, "gradient": {}}}
    asked["expected"]["gradient"] = {name: expected[name] for name in given if name != "value"}
    worst = None
    for share, name, i, g, v, want in judge.found(got, asked, conventions):
        if i is None:
            raise AssertionError(f"{case.id} ({case.slug}): {place(name)} has {g} numbers, should have {v}")
        if share == 0:
            continue
        grade, ulps = judge.grade(g, v, want, i, case.dtype)
        # By a convention, or as the catalogue has it: what is within the bound is stable at least.
        rank = min(GRADES.index(grade), GRADES.index("stable")) if share <= 1 else GRADES.index(grade)
        if worst is None or (rank, share) > worst[:2]:
            worst = rank, share, f"{place(name)}[{i}] is {g!r}, should be {v!r}: {ulps:.3g} ulp, {GRADES[rank]}"
    if worst and worst[0] > GRADES.index(require):
        raise AssertionError(f"{case.id} ({case.slug}, {case.regime}): {worst[2]}, where {require} is required")


def place(name):
    return name if name == "value" else f"gradient.{name}"


class KnownFailures:
    """A list as `assay verify --known-failures` reads it: PATTERN [slug:|flag:|regime:|variant:GLOB,...]...  # reason"""

    def __init__(self, path):
        self.path, self.entries, self.seen = path, [], set()
        for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
            pattern, _, reason = (part.strip() for part in line.partition("#"))
            if not pattern:
                continue
            if not reason:
                raise ValueError(f"{path}:{number}: '{pattern}' has no reason; write '{pattern}  # why it fails'")
            glob, *conditions = pattern.split()
            for each in conditions:
                if not each.startswith(("slug:", "flag:", "regime:", "variant:")):
                    raise ValueError(f"{path}:{number}: '{each}' is no condition; write slug:, flag:, regime: or variant:")
            self.entries.append((number, glob, [each.split(":", 1) for each in conditions], reason))

    def reason(self, case, variant=""):
        """Why a case is known to fail, or None."""
        of = {"slug": [case.slug], "flag": case.flags, "regime": [case.regime], "variant": [variant or ""]}
        names = case.id, f"{case.loss}/{case.dtype}/{case.slug}"
        first = None
        for number, glob, conditions, reason in self.entries:
            holds = (any(matches(each, text) for each in globs.split(",") for text in of[key]) for key, globs in conditions)
            if any(matches(glob, name) for name in names) and all(holds):
                self.seen.add(number)
                first = first or reason
        return first


def matches(glob, text):
    """As the suite's globs: a star and a question mark, and nothing else is special."""
    parts = (".*" if x == "*" else "." if x == "?" else re.escape(x) for x in glob)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None
