"""What a record says, in words."""

from reference import fail

PROPERTIES = {
    "nonnegative": "Every value is at least 0.",
    "zero_at_match": "Equal `{0}` and `{1}` give exactly 0.",
    "symmetric": "Exchanging `{0}` and `{1}` gives the same value.",
    "convex": "Convex in `{subject}`, the other inputs held.",
    "lipschitz": "Lipschitz in `{subject}`, number by number, with constant {constant}.",
    "shift_invariant": "A number added to all of a row of `{subject}` gives the same value.",
    "scale_invariant": "A row of `{subject}` multiplied by a positive number gives the same value.",
    "translation_invariant": "A number added to both `{0}` and `{1}` gives the same value.",
    "permutation_invariant": "The last axis reordered, alike in every input that has it, gives the same value.",
    "unit_range": "Every value is in [0, 1].",
    "sums_to_one": "The values of a row sum to 1.",
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


def promise(record, each):
    if each["property"] not in PROPERTIES:
        fail(f'no words for the promise "{each["property"]}" of {record["name"]}; add them to tools/pages/words.py')
    constant = each.get("constant")
    constant = f"`{constant}`" if isinstance(constant, str) else number(constant)
    names = [one["name"] for one in record["inputs"]]
    return PROPERTIES[each["property"]].format(*names, subject=each.get("subject"), constant=constant)


def instead(record, each):
    """While `log_input` is false, `prediction` must be ..."""
    low, high = each["from"], each["to"]
    flag = any(one["name"] == each["parameter"] and one["type"] == "boolean" for one in record["parameters"])
    when = number(low) if low == high else f"in [{number(low)}, {number(high)}]"
    when = ("false", "true")[int(low)] if flag else when
    gradient = ", and has no gradient" if each["constant"] else ""
    return f"While `{each['parameter']}` is {when}, `{each['input']}` must be {each['domain']['text']}{gradient}."


def accuracy(each):
    by = f"2^{each['conditioned']}"
    whole = f", and {by} of the largest component of its row for a gradient" if each.get("norm_wise") else ""
    return f"{number(each['ulp'])} ulp + {by} A{whole}"


def divisor(record):
    return DIVISORS.get(record["name"], "the number of values")
