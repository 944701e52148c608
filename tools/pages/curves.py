"""What is asked for a loss's picture: its value and slope while one number of its first input moves.

Everything follows from the record. Of a row the first component moves; what is held is held where it tells most:
another class leads by one, embeddings are one unit from the middle, each in a direction of its own. A picture has up
to three curves: the labels, or else another input, or else a parameter at half, once and twice its default.
"""

import itertools
import math

from reference import answers, numbers

EXTENTS = {"C": 3, "D": 2, "M": 2, "N": 4, "S": 2, "T": 3, "U": 2}  # other axes have 1
MIXTURE = (0.5, 0.3, 0.2)  # a row of probabilities
LEAD = (0, 0, 1)  # a row of scores
UNLIKELY = (-1, -2, -1)  # a row of logarithms of probabilities
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))

# Where the rules show too little: the range of what moves, the numbers of an input, and those of each curve.
OVERRIDES = {
    "circle": {"range": (-1, 1)},
    "ctc": {"range": (-5, 0), "held": {"labels": 1, "input_lengths": 3, "target_lengths": 1}},
    "nll": {"range": (-5, 0)},
    "poisson_nll": {"range": (-3, 3), "curves": ("target", (0, 1, 4))},
}


def override(record, what, default):
    return OVERRIDES.get(record["name"], {}).get(what, default)


def ends(domain):
    return float(domain.get("low", "-Infinity")), float(domain.get("high", "Infinity"))


def contains(domain, x):
    low, high = ends(domain)
    if domain["kind"] == "nonzero":
        return x != 0
    return (low < x if domain.get("low_open") else low <= x) and (x < high if domain.get("high_open") else x <= high)


def points(record):
    """Where the number is that moves: steps of a power of two, so that kinks at simple fractions are met."""
    domain = record["inputs"][0]["domain"]
    low, high = ends(domain)
    far = 2 if record["inputs"][0]["axes"].endswith("D") else 5
    low, high = override(record, "range", (max(low, -far), min(high, far)))
    step = 2.0 ** round(math.log2((high - low) / 160))
    found = [low + step * i for i in range(round((high - low) / step) + 1)]
    beside = {low: low + step / 8, high: high - step / 8}
    return [x if contains(domain, x) else beside[x] for x in found if contains(domain, x) or x in beside]


def bounded(record):
    return any(map(math.isfinite, ends(record["inputs"][0]["domain"])))


def simple(x):
    return f"{x:.3g}"


def is_soft(each):
    """Whether a probability is expected of it."""
    return each["domain"]["kind"] == "interval" and ends(each["domain"]) == (0, 1)


def curves(record):
    """Of each curve: what it is called, the numbers of inputs, and parameters."""
    held = override(record, "held", {})
    if own := override(record, "curves", None):
        return [(f"{own[0]} {simple(x)}", {own[0]: x}, {}) for x in own[1]]
    for each in record["inputs"][1:]:
        name, domain, row = each["name"], each["domain"], each["axes"].endswith("C")
        if name in held or name not in ("target", "labels") or each["optional"]:
            continue
        if each["integer"] and not record["rows_depend"]:
            return [(f"{name} {i}".replace("labels", "label"), {name: i}, {}) for i in (0, 1)]
        if domain["kind"] == "one_hot" or row and is_soft(each):
            return [(f"{name} ({shown})", {name: i}, {}) for i, shown in enumerate(("1, 0, 0", "0, 1, 0"))]
        if domain["kind"] == "points" or is_soft(each):
            return [(f"{name} {simple(end)}", {name: end}, {}) for end in ends(domain)]
    for each in record["inputs"][1:]:
        if ends(each["domain"]) == (0, math.inf) and each["domain"].get("low_open"):
            return [(f"{each['name']} {simple(x)}", {each["name"]: x}, {}) for x in (0.5, 1, 2)]
    for each in record["parameters"]:
        if each["type"] != "real":
            continue
        (low, high), default = ends(each["domain"]), each["default"]
        if math.isinf(high):
            values = (default / 2, default, default * 2) if default else (0, 1)
        else:
            values = [x for x in dict.fromkeys((low, default, high)) if contains(each["domain"], x)]
            if len(values) == 1:
                values = (low + (high - low) / 8, default, high - (high - low) / 8)
        return [(f"{each['name']} {simple(x)}", {}, {each["name"]: x}) for x in values]
    return [("", {}, {})]


def batch_axis(record):
    """The axis along which the points of a curve lie in one request, or none."""
    return None if record["rows_depend"] else record["output"][0]


def extents(record):
    found = {axis: EXTENTS.get(axis, 1) for each in record["inputs"] for axis in each["axes"]}
    for rule in record.get("axis_rules", []):
        least = max(found[rule["axis"]], rule["least"])
        found[rule["axis"]] = -(-least // rule["multiple"]) * rule["multiple"]
    return found


def number(record, each, index, extent, chosen):
    """The held number of an input at an index without the batch axis, or None where it is the one that moves."""
    first = each is record["inputs"][0]
    if first and not any(index):
        return None
    axes = each["axes"].replace(batch_axis(record) or " ", "")
    name, domain, kind = each["name"], each["domain"], each["domain"]["kind"]
    row = 0
    for axis, at in zip(axes[:-1], index):
        row = row * extent[axis] + at
    if axes.endswith("D"):
        if first and row == 0:
            return 0.5
        return DIRECTIONS[(row + (0 if first else record["inputs"].index(each) - 1)) % 4][index[-1]]
    if each["optional"]:
        return index[-1] + 1
    if name in override(record, "held", {}):
        return override(record, "held", {})[name]
    if each["integer"]:
        if record["rows_depend"]:
            return index[0] // 2  # the first two are alike
        if kind == "class_index_or_end":
            return chosen.get(name, 0) if index[-1] == 0 else -1
        return chosen.get(name, 0)
    if axes.endswith("C"):
        if name in chosen:
            return 1 if index[-1] == chosen[name] else 0
        if is_soft(each):
            return MIXTURE[index[-1]]
        return (UNLIKELY if name.startswith("log_") else LEAD)[index[-1]]
    inside = [x for x in (0, 1, 0.5) if contains(domain, x) and x not in ends(domain)]
    return chosen.get(name, (inside or ends(domain))[0])


def tensor(record, each, moving, extent, chosen):
    batch = batch_axis(record)
    shape = [len(moving) if axis == batch else extent[axis] for axis in each["axes"]]
    data = []
    for index in itertools.product(*map(range, shape)):
        inner = tuple(at for axis, at in zip(each["axes"], index) if axis != batch)
        point = next((at for axis, at in zip(each["axes"], index) if axis == batch), 0)
        held = number(record, each, inner, extent, chosen)
        data.append(moving[point] if held is None else held)
    return {"shape": shape, "data": data}


def case(record, moving, chosen, parameters, reduction="none", optional=False):
    """One request: all points of a curve, or a point where rows depend on each other."""
    extent = extents(record)
    wanted = [each for each in record["inputs"] if optional or not each["optional"]]
    return {
        "loss": record["name"],
        "reduction": reduction,
        "parameters": parameters,
        "inputs": {each["name"]: tensor(record, each, moving, extent, chosen) for each in wanted},
        "wrt": [record["inputs"][0]["name"]] if reduction == "none" else [],
    }


def of_first(record, question):
    """The indices of what belongs to the moving number: in the value, and in the first input's gradient."""
    first, batch = record["inputs"][0], batch_axis(record)
    extent = dict(zip(first["axes"], question["inputs"][first["name"]]["shape"]))
    return tuple(
        [
            i
            for i, index in enumerate(itertools.product(*(range(extent[axis]) for axis in axes)))
            if not any(at for axis, at in zip(axes, index) if axis != batch)
        ]
        for axes in (record["output"], first["axes"])
    )


def questions(record):
    """Of each curve its name, its points and its requests. Where a point has several results, the first one counts."""
    for name, chosen, parameters in curves(record):
        moving = points(record)
        batches = [moving] if batch_axis(record) else [[x] for x in moving]
        asked = [case(record, batch, chosen, parameters) for batch in batches]
        for each in asked:
            shape = [each["inputs"][record["inputs"][0]["name"]]["shape"][record["inputs"][0]["axes"].index(axis)]
                     for axis in record["output"]]
            of_value, _ = of_first(record, each)
            if len(of_value) < math.prod(shape):
                cotangent = [1 if i in of_value else 0 for i in range(math.prod(shape))]
                each["inputs"]["cotangent"] = {"shape": shape, "data": cotangent}
        yield name, moving, asked


def along(record):
    """The name of the number that moves."""
    first = record["inputs"][0]
    inner = [axis for axis in first["axes"] if axis != batch_axis(record)]
    return first["name"] + (f"[{', '.join('0' for _ in inner)}]" if inner else "")


def held(record):
    """Of each input that is the same for all curves, its name and its numbers; z is the one that moves."""
    extent, (_, chosen, _) = extents(record), curves(record)[0]
    for each in record["inputs"]:
        if each["optional"] or each["name"] in chosen:
            continue
        inner = [axis for axis in each["axes"] if axis != batch_axis(record)]
        shown = ""
        for index in itertools.product(*(range(extent[axis]) for axis in inner)):
            at = number(record, each, index, extent, chosen)
            separator = ", " if shown and index[-1] > 0 else "), (" if shown else ""
            shown += separator + ("z" if at is None else simple(at))
        if shown != "z":
            yield each["name"], f"({shown})" if inner else shown


class Curve:
    """Certified numbers: value and slope at each x, and the least and the greatest slope where there is a kink."""

    def __init__(self, record, name, x, asked, answered):
        self.name, self.x, self.value, self.slope, self.kinks = name, x, [], [], []
        for question, answer in zip(asked, answered):
            of_value, of_slope = of_first(record, question)
            gradient = answer["gradient"][record["inputs"][0]["name"]]
            value, slope = numbers(answer["value"]), numbers(gradient)
            for i, k in zip(of_value, of_slope):
                low, high = (float(gradient[end][k]) if end in gradient else slope[k] for end in ("lower", "upper"))
                if low < high and not math.isnan(slope[k]):
                    self.kinks.append((len(self.value), low, high))
                self.value.append(value[i])
                self.slope.append(slope[k])


def drawn(program, records):
    """The curves of each loss, by its name."""
    asked = [(record, *each) for record in records for each in questions(record)]
    answered = iter(answers(program, [question for *_, some in asked for question in some]))
    found = {record["name"]: [] for record in records}
    for record, name, x, some in asked:
        found[record["name"]].append(Curve(record, name, x, some, [next(answered) for _ in some]))
    return found
