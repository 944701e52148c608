#!/usr/bin/env bash
# frameworks_page_test.sh ASSAY SOURCE: docs/frameworks.md names every adapter, tells the findings that stand beside each as
# they stand there, and its writer makes a page of reports. Nothing is compared that another machine would change.
set -euo pipefail
assay=$1 source=$2
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

python3 -B - "$source" <<'PYTHON'
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(source / "tools/pages"))
from frameworks_page import with_links_from


def shown(text, name):
    return re.sub("(?m)^### ", "#### ", with_links_from(text, f"../tools/adapters/{name}/").strip())


page = (source / "docs/frameworks.md").read_text()
bad = []
for listed in sorted(source.glob("tools/adapters/*/known-failures.txt")):
    name = listed.parent.name
    if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page):
        bad.append(f"{name} is not on the page; tools/pages/frameworks writes it")
    found = listed.with_name("findings.md")
    if not found.exists():
        continue
    text = found.read_text()
    parts = re.split(r"(?m)^### .+\n", text)
    if parts[0].strip():
        bad.append(f"{name}/findings.md begins before its first heading: {parts[0].strip()[:60]!r}")
    if re.search(r"(?m)^##? |^####", text):
        bad.append(f"{name}/findings.md has headings other than ###")
    if len(parts) < 4:
        bad.append(f"{name}/findings.md tells {len(parts) - 1} findings, three are due")
    for part in parts[1:]:
        if not re.search(r"\d", part):
            bad.append(f"{name}/findings.md: no number in {part.strip()[:60]!r}")
    if f"adapters/{name}/README.md) |" in page and shown(text, name) not in page:
        bad.append(f"{name}/findings.md is not on the page as it stands; tools/pages/frameworks --reuse writes it")
print(*bad, sep="\n")
sys.exit(len(bad) > 0)
PYTHON

# The writer, over the kernels and what stands for four others.
cd "$scratch"
few=(--golden "$source/golden/v1" --loss mse --loss log_cosh)
"$assay" verify "${few[@]}" --report kernels.json >/dev/null
"$assay" verify naive "${few[@]}" --report naive.json >/dev/null || [ $? = 1 ]
for name in second third fourth; do sed "s/\"name\": *\"naive\"/\"name\": \"$name\"/" naive.json >$name.json; done
"$assay" compare kernels.json naive.json second.json third.json fourth.json --report comparison.md >/dev/null
python3 -B "$source/tools/pages/frameworks_page.py" comparison.md kernels.json naive.json second.json third.json fourth.json >page.md
has() { grep -Eq -- "$1" page.md || { echo "no '$1' in the page:"; cat page.md; exit 1; }; }
has '^\| \[kernels\]\(\.\./tools/adapters/kernels/README\.md\) \| assay [^|]* \| c\+\+ \| 2'
has '^\| assay [^|]* \| 2 \| f32 f64 \| ([0-9]+) of \1 \| ([0-9]+) of \2 \|'
has '^\| `mse` \| value \| assay, naive, second, third, fourth \| +\|'
has '^\| `log_cosh` \| value \| assay \| \*\*naive\*\* [0-9]+/[0-9]+, [^;]*; \*\*second\*\* '
has '^Not set up where this page was written, .*debian-torch'
