"""frameworks_page.py COMPARISON.txt COMPARISON.md REPORT.json...: docs/frameworks.md, from what `assay compare` said of the
reports and what it wrote, and from the findings beside each adapter."""

import datetime
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADAPTERS = ROOT / "tools" / "adapters"
REGIMES = ["everyday", "tail", "extreme", "degenerate", "special"]


class Framework:
    """One column of the comparison."""

    def __init__(self, path):
        self.name = pathlib.Path(path).stem
        report = json.loads(pathlib.Path(path).read_bytes())
        implementation = report["implementation"]
        self.title = f'{implementation["name"]} {implementation["version"]}'.strip()
        self.assay = report["assay"] if isinstance(report.get("assay"), str) else report.get("version", "")
        offered = [row for row in report["losses"] if row["cases"] > row["not_offered"]]
        self.losses = len({row["loss"] for row in offered})
        self.dtypes = sorted({row["dtype"] for row in offered})
        self.date = datetime.date.fromtimestamp(pathlib.Path(path).stat().st_mtime).isoformat()
        self.counts = {}  # (part, regime): "conforming/asked"

    def findings(self):
        path = ADAPTERS / self.name / "findings.md"
        return with_links_from(path.read_text(), f"../tools/adapters/{self.name}/") if path.exists() else ""


def with_links_from(text, folder):
    """Links between pages, as they are from docs/."""
    return re.sub(r"(\]\()(?![a-z]+:|#)", rf"\g<1>{folder}", text)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def read_overview(path, frameworks):
    """The first table of the terminal's text: for each column in turn a line of values and perhaps one of gradients."""
    lines = path.read_text().split("\n\n")[0].splitlines()
    regimes = re.split(r"\s{2,}", lines[0].strip())[1:]
    column = -1
    for line in lines[1:]:
        part, *cells = re.split(r"\s{2,}", line[line.index(" value" if " value" in line else " gradient"):].strip())
        column += part == "value" or not line.startswith(" ")
        frameworks[column].counts.update({(part, regime): cell for regime, cell in zip(regimes, cells) if cell != "."})
    assert column == len(frameworks) - 1, "the terminal's table has other columns than the reports"


def read_regime(markdown, regime):
    """Of one regime's tables, the rows: loss, part, cells as text, bold where the column does not conform."""
    section = re.search(rf"(?ms)^## {regime}\n(.*?)(?=^## |\Z)", markdown)
    rows = []
    for line in section[1].splitlines() if section else []:
        if line.startswith("| `"):
            loss, part, *cells = [cell.strip() for cell in line.strip("|\n").split("|")]
            rows.append((loss.strip("`"), part, cells))
    return rows


def by_loss(rows, frameworks):
    """A line a loss: in how many it conforms, and where and how it does not, values and gradients apart."""
    losses = {}
    for row, part, cells in rows:
        loss, _, variant = row.partition(" ")
        entry = losses.setdefault(loss, {"value": ([], []), "gradient": ([], [])})
        for framework, cell in zip(frameworks, cells):
            if cell.strip("* "):
                name = f"{framework.name} {variant}".strip()
                good, bad = entry[part]
                (bad if cell.startswith("**") else good).append(f"{name} {cell.strip('*')}" if cell.startswith("**") else name)
    lines, fine = [], []
    for loss, parts in sorted(losses.items()):
        if not any(bad for _, bad in parts.values()):
            fine.append(f"`{loss}` ({max(len(good) for good, _ in parts.values())})")
            continue
        cells = []
        for good, bad in (parts["value"], parts["gradient"]):
            all_of_them = len(good) + len(bad)
            cells.append(f"**{len(good)} of {all_of_them}**" + "".join(f"<br>{each}" for each in bad) if all_of_them else "")
        lines.append([f"[`{loss}`](losses/{loss}.md)", *cells])
    out = table(["loss", "values conform in", "gradients conform in"], lines) if lines else ""
    if fine:
        out += f"\nConforms wherever it is offered (by how many): {', '.join(fine)}.\n"
    return out


def implementations(frameworks):
    parts = [(part, regime) for regime in REGIMES[:3] for part in ("value", "gradient")]
    head = ["adapter", "implementation", "losses", "dtypes", *(f"{regime}, {part}" for part, regime in parts)]
    return table(head, [[f"[{each.name}](../tools/adapters/{each.name}/README.md)", each.title, str(each.losses),
                         " ".join(each.dtypes), *(each.counts.get(part, "") for part in parts)] for each in frameworks])


def absent(frameworks):
    here = {each.name for each in frameworks}
    missing = [path.parent.name for path in sorted(ADAPTERS.glob("*/known-failures.txt")) if path.parent.name not in here]
    if not missing:
        return ""
    return f"\nNot set up where this page was written, and not in its tables: {', '.join(missing)}.\n"


INTRODUCTION = """<!-- written by tools/pages/frameworks -->

# Frameworks

What `assay verify` finds in {count} implementations of loss functions, each through its adapter, by the same golden cases:
inputs, and results proven correct to the last bit. Run on {dates} with assay {assay}, on the CPU.

A number such as 1331/1712 says how many cases conform of those that the implementation was asked: whose every component is
within what a numerically stable implementation reaches (grade *stable*, [how that is judged](verify.md)). Cases are sorted by
[regime](../golden/README.md): *everyday* is what a training run meets; *tail* results are tiny beside the terms that make
them; *extreme* inputs lie near the ends of the number format. What an implementation documents as its choice (a clip, an
epsilon) is a [convention](losses/conventions.md), which its adapter declares, and no failure. All other failures were looked
at by cause; `known-failures.txt` beside each adapter gives the reason of each.
"""

ENDING = """
## Again, and in full

```sh
tools/adapters/NAME/setup                          # once a framework; each has an environment of its own
tools/assay verify NAME                            # one framework: causes, and a line that repeats each
tools/assay verify NAME --known-failures tools/adapters/NAME/known-failures.txt
tools/pages/frameworks --html comparison.html      # this page anew, from all that are set up; and the comparison in full
```

The comparison in full, an HTML file that needs nothing else, is made by `--html` and goes with a release beside the sources.
Debian's PyTorch is shown case by case on [its own page](frameworks/pytorch.md).
"""


def main():
    text, markdown, *reports = sys.argv[1:]
    frameworks = [Framework(path) for path in reports]
    read_overview(pathlib.Path(text), frameworks)
    written = pathlib.Path(markdown).read_text()
    dates = sorted({each.date for each in frameworks})
    out = INTRODUCTION.format(count=len(frameworks), assay=frameworks[0].assay,
                              dates=" to ".join(dict.fromkeys([dates[0], dates[-1]])))
    out += "\n## Implementations\n\n" + implementations(frameworks) + absent(frameworks)
    out += "\n## Everyday inputs, loss by loss\n\n" + by_loss(read_regime(written, "everyday"), frameworks)
    for regime in REGIMES[1:]:
        lines = by_loss(read_regime(written, regime), frameworks)
        out += f"\n<details><summary>{regime}, loss by loss</summary>\n\n{lines}\n</details>\n" if lines else ""
    for each in frameworks:
        if found := each.findings():
            out += f"\n## Findings: {each.title}\n\nThrough [{each.name}](../tools/adapters/{each.name}/README.md); all causes: "
            out += f"[known-failures.txt](../tools/adapters/{each.name}/known-failures.txt).\n\n{found.strip()}\n"
    sys.stdout.write(out + ENDING)


if __name__ == "__main__":
    main()
