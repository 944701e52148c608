"""What a record says, in words."""

from reference import fail

PROPERTIES = {
    "nonnegative": "every value is at least 0",
    "at_most": "every value is at most {constant}",
    "zero_at_match": "equal `{0}` and `{1}` give exactly 0",
    "symmetric": "exchanging `{0}` and `{1}` gives the same value",
    "convex": "convex in {subject}{others}",
    "concave": "concave in {subject}{others}",
    "affine": "affine in {subject}{others}",
    "lipschitz": "Lipschitz in {subject}, number by number, with constant {constant}",
    "smooth": "the slope by a number of {subject} is Lipschitz in that number with constant {constant}",
    "shift_invariant": "a number added to all of a row of {subject} gives the same value",
    "scale_invariant": "a row of {subject} multiplied by a positive number gives the same value",
    "homogeneous": "multiplying {subject} by a positive number {power}",
    "translation_invariant": "the same numbers added to {subject} give the same value",
    "rotation_invariant": "the rows of features of every input, rotated alike, give the same value",
    "permutation_invariant": "the last axis reordered, alike in every input that has it{labels}, {reordered}",
    "repetition_invariant": "every row written twice over, alike in every input, gives the same value",
    "unit_range": "every value is in [0, 1]",
    "sums_to_one": "the values of a row sum to 1",
}

# What the mean divides by, where it is not the number of values. The reference is asked whether that is so.
KEPT_WEIGHTS = (
    "the sum of `weight` at the labels of the rows that are not ignored, each 1 where no `weight` is given"
)
DIVISORS = {
    "sparse_categorical_cross_entropy": "the number of rows that are not ignored",
    "sparse_categorical_cross_entropy_with_logits": KEPT_WEIGHTS,
    "nll": KEPT_WEIGHTS,
    "supcon": "the number of anchors that have a positive",
    "ctc": "the number of samples, each divided by its target length first, or by 1 where that is 0",
}


def shape(axes):
    return "[" + ", ".join("..." if axis == "." else axis for axis in axes) + "]"


def number(x):
    return f"{x:.10g}" if isinstance(x, float) else str(x)


def default(parameter):
    value = parameter["default"]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(number, value)) + "]"
    return f'"{value}"' if parameter["type"] == "text" else number(value)


def values_of(parameter):
    """What a parameter may be."""
    if "choices" in parameter:
        return " or ".join(f'"{each}"' for each in parameter["choices"])
    if "domain" in parameter:
        return parameter["domain"]["text"]
    return {"boolean": "true or false", "integer": "any integer"}.get(parameter["type"], "any")


def together(names):
    """`a`, `b` and `c`"""
    quoted = [f"`{each}`" for each in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def constant(each):
    """The constant of a promise: a number, times and over parameters, times the largest number of an input."""
    factors = [number(each["constant"])] if each["constant"] != 1 else []
    factors += [f"`{each['times']}`"] if "times" in each else []
    if "weight" in each:
        least = f"the larger of {number(each['least'])} and " if each["least"] else ""
        factors += [f"{least}the largest number of `{each['weight']}` (1 where none is given)"]
    return " times ".join(factors or ["1"]) + (f" over `{each['over']}`" if "over" in each else "")


# What a factor of the inputs does to a value that is homogeneous of a degree.
POWERS = ["gives the same value", "multiplies the value by it", "multiplies the value by its square"]


def condition(record, each):
    """`log_input` is false"""
    low, high = each["from"], each["to"]
    flag = any(one["name"] == each["parameter"] and one["type"] == "boolean" for one in record["parameters"])
    if flag:
        return f"`{each['parameter']}` is {('false', 'true')[int(low)]}"
    if high == "Infinity":
        return f"`{each['parameter']}` is at least {number(low)}"
    return f"`{each['parameter']}` is " + (number(low) if low == high else f"in [{number(low)}, {number(high)}]")


def promise(record, each):
    if each["property"] not in PROPERTIES:
        fail(f'no words for the promise "{each["property"]}" of {record["name"]}; add them to tools/pages/words.py')
    names = [one["name"] for one in record["inputs"]]
    subject = each.get("subject", [])
    last = record["inputs"][0]["axes"][-1]
    labelled = last == "C" and any(one["domain"]["kind"].startswith("class_index") for one in record["inputs"])
    sentence = PROPERTIES[each["property"]].format(
        *names,
        subject=together(subject) if subject else "",
        others=" together" if len(subject) > 1 else ", the other inputs held",
        constant=constant(each) if "constant" in each else "",
        power=POWERS[int(each["constant"])] if each["property"] == "homogeneous" else "",
        labels=" and in the labels" if labelled else "",
        reordered="reorders the values" if record["output"][-1] == last else "gives the same value",
    )
    where = " and ".join(condition(record, one) for one in each.get("while", []))
    sentence = f"while {where}, {sentence}" if where else sentence
    return sentence[0].upper() + sentence[1:] + "."


def instead(record, each):
    """While `log_input` is false, `prediction` must be ..."""
    gradient = ", and has no gradient" if each["constant"] else ""
    return f"While {condition(record, each)}, `{each['input']}` must be {each['domain']['text']}{gradient}."


def accuracy(each):
    by = f"2^{each['conditioned']}"
    whole = f", and {by} of the largest component of its row for a gradient" if each.get("norm_wise") else ""
    return f"{number(each['ulp'])} ulp + {by} A{whole}"


def divisor(record):
    return DIVISORS.get(record["name"], "the number of values")
