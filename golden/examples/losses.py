"""Stands for your own code: the losses that check.py and record.py ask, and how they are asked."""

import math


def mae(x, t):
    """Of a row of each input, here one number: the value, and its slopes by each input."""
    a = x[0] - t[0]
    slope = a if math.isnan(a) else (a > 0) - (a < 0)
    return abs(a), [slope], [-slope]


def huber(x, t, delta):
    if not delta > 0 or math.isinf(t[0]):
        raise ValueError("delta must be positive, and target finite")
    a = x[0] - t[0]
    if abs(a) > delta:
        slope = math.copysign(delta, a)
        return delta * (abs(a) - delta / 2), [slope], [-slope]
    return a / 2 * a, [a], [-a]


def log_sum_exp(x):
    m = math.nan if any(map(math.isnan, x)) else max(x)
    terms = [1.0 if each == m else math.exp(each - m) for each in x]
    no_limit = math.isinf(m) and terms.count(1) > 1
    return m + math.log(total(terms)), [math.nan if no_limit else each / total(terms) for each in terms]


LOSSES = {"mae": mae, "huber": huber, "log_sum_exp": log_sum_exp}
CONVENTIONS = []  # which of the deviations that golden files name yours makes on purpose, such as "log-clamped-100"


def total(v):
    """Adds in pairs: a running sum loses digits."""
    return total(v[::2]) + total(v[1::2]) if len(v) > 1 else sum(v)


def answer(case, inputs):
    """The value, and the gradient by each input, as lists of numbers."""
    cotangent = inputs.pop("cotangent", None)
    width = case["inputs"]["x"]["shape"][-1] if case["loss"] == "log_sum_exp" else 1
    columns = [[v[i : i + width] for i in range(0, len(v), width)] for v in inputs.values()]
    rows = [LOSSES[case["loss"]](*row, **case["parameters"]) for row in zip(*columns, strict=True)]
    share = (len(rows) or math.nan) if case["reduction"] == "mean" else 1
    value = [row[0] / share for row in rows]
    weight = cotangent or [1] * (len(rows) if case["reduction"] == "none" else 1)
    if case["reduction"] != "none":
        value, weight = [total(value or [0 / share])], weight * len(rows)
    by_input = [
        [w / share * s if w else 0 for w, row in zip(weight, rows, strict=True) for s in row[k]]
        for k in range(1, len(columns) + 1)
    ]
    return {"value": value, **dict(zip(inputs, by_input))}
