#!/usr/bin/env bash
# links_test.sh ASSAY SOURCE: every link of every page to a file of this repository leads somewhere, headings included, and
# docs/README.md leads to every page there is, to those of adapters by way of tools/adapters/README.md. (An adapter's
# findings.md is part of a page.)
set -eu
cd -- "$2"
python3 -B - <<'END'
import pathlib
import re
import subprocess
import sys

pages = [
    path for path in map(pathlib.Path, subprocess.run(
        ["find", ".", "-name", "*.md", "-not", "-path", "./build*", "-not", "-path", "*/.*/*", "-not", "-path", "*/node_modules/*"],
        stdout=subprocess.PIPE, text=True, check=True).stdout.split())
]
assert len(pages) > 60, pages
link = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def prose(page):
    return re.sub(r"(?ms)^```.*?^```$", "", page.read_text())


def anchors(page):
    """Of its headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"(?m)^#+ (.*)$", prose(page)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)).lower()
        found.add(words.replace(" ", "-"))
    return found


root = pathlib.Path.cwd()
broken, linked = [], {}
for page in pages:
    linked[page.resolve()] = set()
    for target in link.findall(re.sub(r"`[^`]*`", "", prose(page))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page.resolve()
        linked[page.resolve()].add(path)
        if not path.exists():
            broken.append(f"{page}: {target} is not there")
        elif anchor and path.suffix == ".md" and anchor not in anchors(path):
            broken.append(f"{page}: {target}: no such heading")
index = pathlib.Path("docs/README.md").resolve()
adapters = pathlib.Path("tools/adapters/README.md").resolve()
for page in sorted(linked):
    of_a_loss = page.parent == index.parent / "losses" and page.name not in ("README.md", "conventions.md")
    of_an_adapter = adapters.parent in page.parents and page != adapters
    guide = adapters if of_an_adapter else index
    part_of_a_page = of_a_loss or page.name == "findings.md" and of_an_adapter
    if page != index and not part_of_a_page and page not in linked[guide]:
        broken.append(f"{guide.relative_to(root)} does not lead to {page.relative_to(root)}")
sys.exit("\n".join(broken) or 0)
END
