"""docs/tolerance.md as text, from what `assay tolerance --json` says."""

import tolerances

EXAMPLES = 3  # of a tolerance
GRADES = ["absolute", "inaccurate", "wrong"]

# Kinds of mistakes that a person would not want to ship, by their names in the table of mechanisms, and in words.
KINDS = {
    "wrong-sign": "the other sign",
    "missing-gradient": "a gradient that is 0",
    "argument-order": "two inputs exchanged",
    "constant-factor": "a constant factor: halved, doubled, the other base",
    "wrong-reduction": "a mean that is a sum, a sum that is a mean",
    "wrong-denominator": "a mean that divides by something else",
    "misread-parameter": "a parameter doubled, inverted, of the other sign",
    "ignored-parameter": "a parameter ignored",
    "ignored-input": "a weight ignored",
    "ignored-cotangent": "the cotangent ignored",
    "dropped-element": "the last number left out",
    "seam": "what lies beyond a block left out",
    "clamped-input": "inputs held between bounds",
    "additive-epsilon": "an epsilon of 1e-7 or so added",
    "cancellation": "a formula that cancels",
    "fewer-digits": "half the digits",
}


def rows(answer, dtype, output, losses=None):
    return [
        row
        for row in answer["rows"]
        if (row["dtype"], row["output"]) == (dtype, output) and (losses is None or row["loss"] in losses)
    ]


def of(answer, dtype, output, losses=None):
    """ "140 of 1432" """
    found = rows(answer, dtype, output, losses)
    return f"{sum(row['pass'] for row in found)} of {sum(row['wrong'] for row in found)}"


def tolerance(answer, dtype):
    return [each for each in answer["tolerances"] if each["dtype"] == dtype][0]


def allowed(answer, dtype):
    return "{rtol:g} | {atol:g}".format(**tolerance(answer, dtype))


def failing(answer, dtype):
    """The count of losses of which the sound implementation fails."""
    return len({row["loss"] for row in answer["rows"] if row["dtype"] == dtype and not row["textbook_passes"]})


def worst(answer, dtype):
    """The worst of each kind of mistake that passes, the worst first: what is passed, and the row that it is in."""
    found = {}
    for row in rows(answer, dtype, "value") + rows(answer, dtype, "gradient"):
        for passed in row["passed"]:
            kind = passed["kinds"][0] if passed["kinds"] else "another formula"
            key = (passed["grade"] != GRADES[0], passed["off"], GRADES.index(passed["grade"]))
            if kind not in found or key > found[kind][0]:
                found[kind] = (key, passed, row)
    return [each[1:] for each in sorted(found.values(), key=lambda each: each[0], reverse=True)]


def pair(a, b):
    """Two numbers, with as many digits as it takes to tell them apart."""
    if isinstance(a, str) or isinstance(b, str):
        return str(a), str(b)
    for digits in range(4, 18):
        texts = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def examples(answer, dtype):
    lines = []
    for passed, row in worst(answer, dtype)[:EXAMPLES]:
        got, expected = pair(passed["example"]["got"], passed["example"]["expected"])
        lines.append(
            f"- `{row['loss']}`, {row['output']}, *{passed['name']}*: {got} for {expected}; "
            f"wrong in {passed['wrong']} of {passed['cases']} cases"
        )
    return "\n".join(lines) or "- None passes."


def by_kind(answers):
    """A row a kind: how many of it pass each tolerance, values and gradients together, in f32."""
    heads = ["rtol {rtol:g}, atol {atol:g}".format(**tolerance(answer, "f32")) for answer in answers]
    lines = [f"| what is wrong | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    for kind, words in KINDS.items():
        cells = []
        for answer in answers:
            found = [row["kinds"][kind] for row in answer["rows"] if row["dtype"] == "f32" and kind in row["kinds"]]
            cells.append(f"{sum(each['pass'] for each in found)} of {sum(each['wrong'] for each in found)}")
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def limits(answer, dtype, output):
    """How many losses have a tolerance that tells right from wrong."""
    found = [row for row in rows(answer, dtype, output) if row["wrong"]]
    counts = [
        sum(row[which]["largest"] is not None for row in found) for which in ("rtol_at_atol_0", "atol_at_rtol_0")
    ]
    return f"| {dtype} {output}s | {counts[0]} of {len(found)} | {counts[1]} of {len(found)} |"


def library_tables(libraries):
    out = [
        "| library | dtype | rtol | atol | wrong values that pass | wrong gradients that pass | sound ones that fail |",
        "|---|---|---|---|---|---|---|",
    ]
    for answer in libraries:
        for dtype in ("f32", "f64"):
            out.append(
                f"| {answer['like']['library']} | {dtype} | {allowed(answer, dtype)} | {of(answer, dtype, 'value')} | "
                f"{of(answer, dtype, 'gradient')} | {failing(answer, dtype)} |"
            )
    out.append("\nWhere they stand:\n")
    for answer in libraries:
        like = answer["like"]
        link = f"https://github.com/{like['repository']}/blob/{like['commit']}/{like['file']}"
        if like["place"].startswith("line "):
            link += "#L" + like["place"][5:]
        whose = f"{like['library']} {like['version']}, `{like['function']}`"
        out.append(f"- {whose}: [{like['file']}, {like['place']}]({link})")
    return "\n".join(out)


def suite_table(suites):
    out = [
        "| suite | compares | in | rtol | atol | of these losses: wrong values that pass | wrong gradients | "
        "of all losses: wrong values | wrong gradients |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for suite, answer in zip(tolerances.SUITES, suites):
        gradients = of(answer, "f32", "gradient", suite.losses) if suite.gradient else "not asked"
        out.append(
            f"| [{suite.name}]({suite.link()}) | {suite.asks} | {suite.dtype} | {allowed(answer, 'f32')} | "
            f"{of(answer, 'f32', 'value', suite.losses)} | {gradients} | "
            f"{of(answer, 'f32', 'value')} | {of(answer, 'f32', 'gradient')} |"
        )
    return "\n".join(out)


def text(libraries, suites):
    first = libraries[0]
    unseen = len(first["unseen"])
    loosest, loose, bench = suites[0], suites[1], suites[6]
    counts = {"all": first["implementations"], "seen": first["implementations"] - unseen, "unseen": unseen}
    losses = len(rows(first, "f32", "value"))
    return f"""# What a test's tolerance lets pass

Written by tools/pages/write_tolerance from what `assay tolerance` says; do not edit.

A test of a loss allows abs(answer - expected) <= atol + rtol abs(expected). How much of a mistake such a test lets pass
can be counted. To test its own golden files, this suite keeps {counts['all']} known wrong implementations of its {losses}
losses, from a gradient of the other sign to a lost digit. Each answers the everyday and the tail cases of the golden
files, and its answers are held against the exact results, rounded once:

    tools/assay tolerance --rtol 1e-2 --atol 1e-3
    tools/assay tolerance --like torch --loss huber

- {counts['seen']} of them are wrong there, in their values, their gradients, or both: worse than *stable*
  ([golden/README.md](../golden/README.md)). What is wrong with the other {counts['unseen']} shows only beside NaN and
  infinities, in extreme numbers, degenerate shapes and longer inputs, where no tolerance of these cases sees it.
- A wrong implementation *passes* when every number is within the tolerance, in every case. An infinity or NaN in the
  place of a number passes never. Values and gradients are counted apart, each dtype by itself.
- The *sound* implementation is a textbook's: shifted exponentials, log1p, pairwise sums, in the dtype's own arithmetic.
  Where that fails, too, a test with this tolerance tells nothing.
- At a kink, whatever lies between the slopes on its two sides is expected.
- Most cases are small, with gradients of the size of 1 or of the cotangent. The gradient of a mean over a million
  numbers is of the size of 1e-6, all of which is below an atol of 1e-5: on large inputs an atol lets more pass.

## The defaults of six libraries

What their own tests allow where a test says nothing; of {losses} losses.

{library_tables(libraries)}

All six take rtol times the second operand. TensorFlow's documentation calls that the actual one and the first the
expected one; the counts hold for the order that numpy has.

The worst that PyTorch's defaults let pass, one of a kind, in f32:

{examples(first, "f32")}

In f64:

{examples(first, "f64")}

## The tolerances of four test suites of kernels

As their repositories have them, a line of each behind its name. Where a suite compares f16 or bf16, its tolerance is
applied to f32 here, since there are no cases of 16 bits yet. The losses that a suite is about are counted by
themselves.

{suite_table(suites)}

A wide tolerance in 16 bits has its reason: what is compared was rounded to 8 or 11 bits on its way, and a sum of such
numbers loses more. The counts say what a test can notice, not how good the kernels are that pass it. Liger-Kernel and
KernelBench hand over the kernel's answer as the second operand, so that rtol is a part of that (`--relative-to
answer`): a gradient of zeros passes where the true one is nowhere larger than atol.

What is wrong with those that pass, in f32, values and gradients together:

{by_kind([first, bench, suites[4], loose, loosest])}

The worst that pass at rtol 50, atol 5:

{examples(loosest, "f32")}

At rtol 0.05, atol 0.005:

{examples(loose, "f32")}

At rtol 0.0001, atol 0.0001:

{examples(bench, "f32")}

## Which tolerance would do

The number of losses that have a tolerance, one number for all cases, that lets no wrong implementation pass and the
sound one pass:

| | rtol, at atol 0 | atol, at rtol 0 |
|---|---|---|
{limits(first, "f32", "value")}
{limits(first, "f32", "gradient")}
{limits(first, "f64", "value")}
{limits(first, "f64", "gradient")}

For the others there is none: what sound arithmetic loses where a result is a small difference of large numbers is more
than what some mistake changes elsewhere. That is why this suite uses no tolerance and judges each number by what the
rounding of its inputs does to it. `assay tolerance --loss LOSS` tells both numbers of a loss.
"""
