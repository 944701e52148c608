"""frameworks_page.py COMPARISON.md REPORT.json...: docs/frameworks.md, from what `assay compare` wrote of the reports and
from the findings beside each adapter."""

import datetime
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADAPTERS = ROOT / "tools" / "adapters"


class Framework:
    """One report."""

    def __init__(self, path):
        self.name = pathlib.Path(path).stem
        report = json.loads(pathlib.Path(path).read_bytes())
        implementation = report["implementation"]
        self.title = f'{implementation["name"]} {implementation["version"]}'.strip()
        self.language = implementation["language"]
        self.assay = report["version"]
        self.date = datetime.date.fromtimestamp(pathlib.Path(path).stat().st_mtime).isoformat()

    def findings(self):
        path = ADAPTERS / self.name / "findings.md"
        return with_links_from(path.read_text(), f"../tools/adapters/{self.name}/") if path.exists() else ""


def with_links_from(text, folder):
    """Links between pages, as they are from docs/."""
    return re.sub(r"(\]\()(?![a-z]+:|#)", rf"\g<1>{folder}", text)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def implementations(frameworks):
    return table(
        ["adapter", "implementation", "language", "run on", "reasons of all failures"],
        [
            [
                f"[{each.name}](../tools/adapters/{each.name}/README.md)",
                each.title,
                each.language,
                each.date,
                f"[known-failures.txt](../tools/adapters/{each.name}/known-failures.txt)",
            ]
            for each in frameworks
        ],
    )


def absent(frameworks):
    here = {each.name for each in frameworks}
    missing = [path.parent.name for path in sorted(ADAPTERS.glob("*/known-failures.txt")) if path.parent.name not in here]
    if not missing:
        return ""
    return f"\nNot set up where this page was written, and not in its tables: {', '.join(missing)}.\n"


INTRODUCTION = """<!-- written by tools/pages/frameworks -->

# Frameworks

What `assay verify` finds in {count} implementations of loss functions, each through its adapter, by the same golden cases:
inputs, and results proven correct to the last bit. Run with assay {assay}, on the CPU.

"1331 of 1712" says how many cases conform of those that the implementation was asked: whose every component is within what
a numerically stable implementation reaches (grade *stable*, [how that is judged](verify.md)). Cases are sorted by
[regime](../golden/README.md): *everyday* is what a training run meets; *tail* results are tiny beside the terms that make
them; *extreme* inputs lie near the ends of the number format. What an implementation documents as its choice (a clip, an
epsilon) is a [convention](losses/conventions.md), which its adapter declares, and no failure. All other failures were looked
at by cause, and each adapter keeps the list of them with reasons. [Findings](#findings) are told below the tables.
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
    comparison, *reports = sys.argv[1:]
    frameworks = [Framework(path) for path in reports]
    out = INTRODUCTION.format(count=len(frameworks), assay=frameworks[0].assay)
    out += "\n## Implementations\n\n" + implementations(frameworks) + absent(frameworks)
    out += "\n## Side by side\n\n" + re.sub("(?m)^## ", "### ", pathlib.Path(comparison).read_text().strip()) + "\n"
    out += "\n## Findings\n"
    for each in frameworks:
        if found := each.findings():
            out += f"\n### {each.title}\n\n" + re.sub("(?m)^### ", "#### ", found.strip()) + "\n"
    sys.stdout.write(out + ENDING)


if __name__ == "__main__":
    main()
