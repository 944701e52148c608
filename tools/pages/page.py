"""The pages: one a loss, the index, and the conventions."""

import json
from collections import Counter

import curves
import words

MARK = "<!-- Written by tools/pages/write from the catalogue and the reference. Do not edit. -->"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]


def kinks(record, drawn, golden):
    """What is known of points where the slope is an interval: those in the picture, and how many cases have one."""
    found = []
    for curve in drawn:
        with_name = f", with {curve.name}," if curve.name else ""
        for at, low, high in curve.kinks:
            ends = f"[{words.number(low)}, {words.number(high)}]"
            place = f"`{curves.along(record)}` {words.number(curve.x[at])}{with_name}"
            found.append(f"at {place} any slope in {ends} is right")
    cases = sum(file.kinks for file in golden.values())
    found.append(f"{cases} golden cases are at one" if cases else "no golden case is at one")
    return "Kinks: " + "; ".join(found) + "."


def picture(record, drawn):
    """The picture, and what is held in it."""
    name, along = record["name"], curves.along(record)
    held = list(curves.held(record))
    text = f"Along {'z = ' if any('z' in shown for _, shown in held) else ''}`{along}`"
    text += "; ".join(["", ", ".join(f"`{each}` is {shown}" for each, shown in held)] if held else [""]) + "."
    if curves.batch_axis(record) != record["output"]:
        text += " Of the result, it is the first number."
    text += " Every number in it is certified."
    return [f"![Value and slope of {name} along {along}]({name}.svg)", "", text, ""]


class Golden:
    """What a golden file holds."""

    def __init__(self, path):
        cases = json.loads(path.read_text())["cases"]
        self.count = len(cases)
        self.flags = Counter(flag for case in cases for flag in case["flags"])
        self.refused = sum("error" in case["expected"] for case in cases)
        gradients = [case["expected"].get("gradient", {}).values() for case in cases]
        self.kinks = sum(any(map(is_kink, each)) for each in gradients)


def is_kink(tensor):
    """Whether a number has a proper interval; one that is not checked has none."""
    ends = zip(tensor.get("lower", []), tensor.get("upper", []))
    return any(low != high and (low, high) != ("-Infinity", "Infinity") for low, high in ends)


def inputs(record):
    rows = []
    for each in record["inputs"]:
        name = f"`{each['name']}`" + (", optional" if each["optional"] else "")
        domain = each["domain"]["text"] + (", integer" if each["integer"] else "")
        gradient = "yes" if each["differentiable"] else "no"
        rows.append([name, words.shape(each["axes"]), domain, gradient, each["about"]])
    lines = table(["input", "shape", "domain", "gradient", "meaning"], rows) + [""]
    if any("." in each["axes"] for each in record["inputs"]):
        lines += ["`...` is any number of axes, the same in every input.", ""]
    for each in record.get("instead", []):
        lines += [words.instead(record, each), ""]
    for rule in record.get("axis_rules", []):
        lines += [f"The extent of {rule['axis']} must be {rule['text']}.", ""]
    return lines


def parameters(record):
    rows = [[f"`{each['name']}`", words.default(each), words.values_of(each)] for each in record["parameters"]]
    return table(["parameter", "default", "may be"], rows) + [""]


def result(record, drawn, golden):
    lines = [f"- Reductions: `none` gives {words.shape(record['output'])}, `sum` and `mean` one number."]
    lines.append(f"- The mean divides by {words.divisor(record)}.")
    if record["rows_depend"]:
        lines.append("- The value of a row depends on the other rows.")
    lines.append(f"- {kinks(record, drawn, golden)}")
    return lines + [f"- Intrinsic scale, by which the grade *absolute* is measured: `{record['scale']}`.", ""]


def accuracy(record):
    return [
        "Each number of value and gradient is this near to the exact result, A being its "
        "[sensitivity](../../golden/README.md#judging-an-answer):",
        "",
        *(f"- {dtype}: {words.accuracy(each)}" for dtype, each in record["accuracy"].items()),
        "",
    ]


def golden_cases(record, golden):
    name, lines, flags = record["name"], [], Counter()
    for dtype, file in golden.items():
        link = f"[{name}.{dtype}.json](../../golden/v1/{name}.{dtype}.json)"
        lines.append(f"- {link}: {file.count} cases, {file.refused} of them outside the domain.")
        flags.update(file.flags)
    shown = ", ".join(f"{flag} {count}" for flag, count in sorted(flags.items()))
    lines += [f"- Flags, each explained in the files: {shown}.", ""]
    return lines + ["```sh", f"tools/assay verify --loss {name} -- path/to/your/adapter", "```", ""]


def of_loss(record, drawn, golden):
    name, title, source = record["name"], record["title"], record["source"]
    own = [(record, each) for each in record["conventions"]]
    lines = [f"# {title[0].upper()}{title[1:]}", "", MARK, ""]
    names = f"`{name}` in files and on the command line, `assay::{record['type']}` in C++"
    lines += [f"{record['kind'].capitalize()}; {names}.", ""]
    lines += ["```text", record["formula"], "```", "", *picture(record, drawn)]
    lines += ["## Inputs", "", *inputs(record)]
    if record["parameters"]:
        lines += ["## Parameters", "", *parameters(record)]
    lines += ["## Result", "", *result(record, drawn, golden)]
    if record["promises"]:
        promises = [f"- {words.promise(record, each)}" for each in record["promises"]]
        lines += ["## Promises", "", "Tested for every admissible input.", "", *promises, ""]
    lines += ["## Accuracy of the kernel", "", *accuracy(record)]
    known = convention_table(own, False) if own else ["None is known to the catalogue."]
    lines += ["## Conventions", "", *known, ""]
    lines += ["## Golden cases", "", *golden_cases(record, golden)]
    lines += ["## Source", "", f"{source['citation']} ({source['year']}), <{source['link']}>."]
    return "\n".join(lines) + "\n"


def convention_table(pairs, with_loss):
    head = ["convention", "what it answers", "used by", "documented"]
    rows = []
    for record, each in pairs:
        loss = [f"[`{record['name']}`]({record['name']}.md)"] if with_loss else []
        rows.append(loss + [f"`{each['name']}`", each["about"], each["used_by"], f"<{each['link']}>"])
    return table((["loss"] if with_loss else []) + head, rows)


def conventions(records):
    pairs = [(record, each) for record in records for each in record["conventions"]]
    lines = ["# Conventions", "", MARK, ""]
    lines += [
        "Deviations from the exact result that public frameworks chose on purpose and document. `assay verify` names the",
        "one that an answer matches as a whole: the answer conforms where the adapter",
        "[declares](../../CONTRIBUTING.md#an-adapter) that convention, and fails where it does not. What each answers",
        "instead stands in the golden files, case by case.",
        "",
    ]
    return "\n".join(lines + convention_table(pairs, True)) + "\n"


def index(records):
    lines = ["# The losses", "", MARK, ""]
    lines += [
        f"{len(records)} losses, a page each: formula, inputs, parameters, kinks, promises, accuracy, golden cases.",
        "What frameworks answer instead on purpose stands in [conventions.md](conventions.md).",
        "",
    ]
    for kind, title in (("element-wise", "Element-wise"), ("row-wise", "Row-wise, over the last axis")):
        rows = [
            [f"[`{record['name']}`]({record['name']}.md)", record["title"], f"`{record['formula']}`"]
            for record in records
            if record["kind"] == kind
        ]
        lines += [f"## {title}", ""] + table(["loss", "title", "value"], rows) + [""]
    return "\n".join(lines[:-1]) + "\n"
