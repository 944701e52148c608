"""How bench/compare tells what it measured: the lines of a terminal, and bench/README.md."""

import statistics

import comparisons

PROSE = """# Benchmarks

<!-- Written by bench/compare --write. Do not edit: bench/compare --check finds it. -->

```sh
tools/setup build                # the programs that are measured
bench/compare --only 'huber/*'   # some rows, on the terminal
bench/compare --write            # all of them, and this page
build/bench/kernels_bench --benchmark_filter=huber/f32
build/bench/reference_bench
```

- `bench/compare` measures the kernels beside PyTorch, oneDNN and the memory's limit, in one run; below is what it
  found. It needs a `python3` that has torch (Debian: `python3-torch`) and a build that found oneDNN (`libdnnl-dev`);
  `--without PyTorch` and `--without oneDNN` do without. Neither is needed to build or to test the suite.
- `kernels_bench`: every loss of the catalogue, f32 and f64, at 16 to 10^7 numbers; a loss that is added appears by
  itself. `roofline/` is the memory's limit in the same process, `front_door/` what a call costs with its checks.
- `reference_bench`: certified results a second, values only. The goal, on one core: 250,000 for cross-entropy with 10
  classes, 3,000 with 1000 classes, 70,000 for a Huber mean of 100.

## How bench/compare measures

- Every contestant is a process of its own with one thread, all on the same core, and reads the same numbers. That all
  compute the same value and gradient is checked before anything is timed.
- Rounds are interleaved: each round measures all contestants one after the other, starting with another one each
  time. A measurement is as many calls as take some 30 ms, after one that is not counted. Its time is the processor's
  time of the process, of which programs that want the same core take nothing.
- **ns** is the median over the rounds, per number of the first input. **x PyTorch** is how many times as fast as
  PyTorch the kernel is: the ratio of each round, its median, and in parentheses its quartiles.
- **roofline** is the share of the memory's limit that is reached. The limit is what the best of several loops takes
  that read the same inputs and write as many numbers, in the same rounds, and do nothing else. In cache, a loss that
  computes a logarithm is far from it, and should be.
- The value is the mean. Of `sigmoid`, `softmax` and `log_softmax` it is all values.
- **+gradient** is the value and the gradients by what a model puts out: not by targets and labels. For PyTorch that
  is forward and `torch.autograd.grad`; the value alone is computed in inference mode. Where PyTorch lacks a loss, the
  fastest of the obvious expressions is measured.
- PyTorch's `malloc` keeps freed memory (`MALLOC_MMAP_THRESHOLD_`, `MALLOC_TRIM_THRESHOLD_`) and has a GiB of it before
  anything is timed, which spares its temporaries the page faults that cost half of the time otherwise.
- oneDNN has no losses: each is a chain of its primitives, made once, f32 only.
- A row whose rounds take long has fewer of them; with fewer than three, no quartiles are shown.

Absolute figures move with the machine and with its neighbours; ratios within a round move less.
"""


def key(result):
    return comparisons.Row(result["loss"], result["dtype"], tuple(result["shape"])), result["gradient"]


def ours(result):
    return statistics.median(result["seconds"]["assay"])


def ratios(result, other):
    """How many times as fast as the other, round by round."""
    theirs = result["seconds"].get(other)
    return [b / a for a, b in zip(result["seconds"]["assay"], theirs)] if theirs else []


def number(x):
    """Three digits, never an exponent."""
    return f"{x:.0f}" if x >= 100 else f"{x:#.3g}" if x >= 1e-3 else f"{x:.6f}"


def spread(values):
    """The median, and the quartiles where there are enough rounds for them."""
    if not values:
        return "–"
    median = number(statistics.median(values))
    if len(values) < 3:
        return median
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{median} ({number(low)}–{number(high)})"


def share(result):
    """Of the roofline."""
    values = ratios(result, "roofline")
    return f"{100 * statistics.median(values):.0f}%" if values else "–"


def nanoseconds(result):
    return 1e9 * ours(result) / result["elements"]


def terminal_line(result):
    row, gradient = key(result)
    return (
        f"{comparisons.row_name(row) + (' +gradient' if gradient else ''):70}"
        f"{number(nanoseconds(result)):>8} ns {number(result['bytes'] / ours(result) / 1e9):>6} GB/s"
        f"  PyTorch {spread(ratios(result, 'PyTorch')):22}  oneDNN {spread(ratios(result, 'oneDNN')):22}"
        f"  roofline {share(result):>5}"
    )


def judged(goal, results, instruction_set):
    """What was measured, and whether that is the goal."""
    result = results.get((goal.row, goal.gradient))
    if result is None:
        return "not measured", ""
    if goal.measure in ("PyTorch", "roofline"):
        values = ratios(result, goal.measure)
        if not values:
            return "not measured", ""
        met = statistics.median(values) >= goal.bound
        shown = share(result) if goal.measure == "roofline" else f"{spread(values)}x"
        return shown, "passed" if met else "missed"
    figure = nanoseconds(result) if goal.measure == "element" else 1e9 * ours(result)
    if goal.avx512 and not (instruction_set.startswith("AVX3") or "512" in instruction_set):
        return f"{number(figure)} ns", f"stated for AVX-512, this is {instruction_set}"
    return f"{number(figure)} ns", "passed" if figure <= goal.bound else "missed"


def wanted(goal):
    return {
        "PyTorch": f"≥ {goal.bound}x PyTorch",
        "roofline": f"≥ {goal.bound:.0%} of the roofline",
        "element": f"≤ {goal.bound} ns an element",
        "call": f"≤ {goal.bound} ns a call",
    }[goal.measure]


def goals_table(figures, all_of_them=True):
    results = {key(each): each for each in figures["rows"]}
    instruction_set = figures["contestants"].get("assay", {}).get("instruction_set", "")
    lines = ["| goal | row | wanted | measured | |", "|---|---|---|---|---|"]
    for goal in comparisons.GOALS:
        measured, verdict = judged(goal, results, instruction_set)
        if not verdict and not all_of_them:
            continue
        name = comparisons.row_name(goal.row) + (" +gradient" if goal.gradient else "")
        lines.append(f"| {goal.number} | `{name}` | {wanted(goal)} | {measured} | {verdict} |")
    return lines if len(lines) > 2 else []


def rows_table(figures):
    results = {key(each): each for each in figures["rows"]}
    head = ["ns", "x PyTorch", "x oneDNN", "roofline"]
    lines = [
        "| loss | | shape | " + " | ".join(head + [f"+gradient: {head[0]}"] + head[1:]) + " |",
        "|---|---|---|" + "--:|" * 8,
    ]
    for row in comparisons.ROWS:
        cells = []
        for gradient in (False, True):
            result = results.get((row, gradient))
            if result is None:
                cells += ["not measured", "", "", ""]
            else:
                cells += [
                    number(nanoseconds(result)),
                    spread(ratios(result, "PyTorch")),
                    spread(ratios(result, "oneDNN")),
                    share(result),
                ]
        shape = comparisons.shape_name(row.shape)
        lines.append(f"| `{row.loss}` | {row.dtype} | {shape} | " + " | ".join(cells) + " |")
    return lines


def expressions(figures):
    """What was measured of torch where it has no such loss: several expressions were tried."""
    found = {}
    for each in figures["rows"]:
        if "expression" in each:
            found.setdefault(each["loss"], {}).setdefault(each["expression"], None)
    return [f"- `{loss}`: {', '.join(f'`{name}`' for name in names)}" for loss, names in found.items()]


def contestant(name, facts):
    details = [facts.get("compiler"), facts.get("instruction_set")]
    return f"- {name} {facts['version']}: " + ", ".join(each for each in details if each)


def readme(figures):
    machine = figures["machine"]
    lines = [PROSE]
    if not figures["rows"]:
        lines += ["## Goals", "", "Nothing is measured yet. What will be:", "", *goals_table(figures), ""]
        return "\n".join([*lines, "## Rows", "", *rows_table(figures), ""])
    cores = f"{machine['cpus']} cores; caches of a core: {machine['caches']}"
    lines += ["## The machine", "", f"Measured on {figures['date']}, {figures['rounds']} rounds.", ""]
    lines += [f"- {machine['cpu']}, {cores}; {machine['system']}"]
    lines += [contestant(name, facts) for name, facts in figures["contestants"].items()]
    lines += ["", "## Goals", "", *goals_table(figures), "", "## Rows", "", *rows_table(figures), ""]
    if expressions(figures):
        lines += ["What was called in PyTorch:", "", *expressions(figures), ""]
    return "\n".join(lines)
