"""Whether what words.py says of the mean's divisor is so: the reference is asked for the sum and for the mean."""

import math

from curves import case, curves, points
from reference import answers, fail, numbers
from words import DIVISORS


def probes(record):
    """Requests with weights, an ignored row, a row that matches no other, and two labels in a row."""
    moving = points(record)
    moving = [moving[len(moving) * k // 7] for k in (2, 3, 4)]
    for _, chosen, parameters in curves(record):
        for reduction in ("none", "sum", "mean"):
            question = case(record, moving[: 1 if record["rows_depend"] else 3], chosen, parameters, reduction, True)
            for each in record["inputs"]:
                data = question["inputs"][each["name"]]["data"]
                if each["domain"]["kind"] == "class_index_or_ignored":
                    data[-1] = next(p["default"] for p in record["parameters"] if p["name"] == "ignore_index")
                elif each["integer"] and record["rows_depend"]:
                    data[-1] = 2
                elif each["domain"]["kind"] == "length" and data[-1] == 1:
                    data[-1] = 2
            yield {**question, "wrt": []}


def check(program, records):
    """Fails where the words are wrong."""
    asked = [(record, question) for record in records for question in probes(record)]
    answered = answers(program, [question for _, question in asked])
    by_loss = {}
    for (record, _), answer in zip(asked, answered):
        by_loss.setdefault(record["name"], []).append(numbers(answer["value"]))
    for name, values in by_loss.items():
        triples = list(zip(values[::3], values[1::3], values[2::3]))
        found = [(len(each), total / mean) for each, (total,), (mean,) in triples if mean and math.isfinite(total)]
        if not found:
            fail(f"the mean of {name} is 0 wherever divisor.py looks; let curves.py hold other numbers")
        plain = all(abs(divisor / count - 1) < 1e-9 for count, divisor in found)
        if plain == (name in DIVISORS):
            count, by = next((each for each in found if each[0] != each[1]), found[0])
            fail(f"the mean of {name} divides {count} values by {by:.6g}; say by what in tools/pages/words.py")
