"""What a program prints on a terminal, as a picture: an SVG of a few elements that reads in light and in dark."""

import re
from html import escape

SIZE, LINE, LEFT, TOP = 13, 19, 16, 14
ADVANCE = 7.8  # of a character; every run of text is told to be as wide
# light, dark: of text, of what is faint, and of the colours that a terminal calls by number
COLOURS = {
    "t": ("#1f2328", "#e6edf3"),
    "f": ("#59636e", "#9198a1"),
    "c31": ("#b3261e", "#ff8a80"),
    "c32": ("#116329", "#56d364"),
    "c33": ("#7d4e00", "#e3b341"),
    "c34": ("#0550ae", "#79c0ff"),
    "c35": ("#8250df", "#d2a8ff"),
    "c36": ("#0a6c74", "#76e3ea"),
}
BACKGROUND = ("#f6f8fa", "#151b23")


def styled(line):
    """A line as runs of (text, classes), by the escape sequences in it; those that are no colours are dropped."""
    runs, classes = [], set()
    for piece in re.split(r"(\x1b\[[0-9;]*[A-Za-z])", line):
        if not piece.startswith("\x1b["):
            if piece:
                runs.append((piece, " ".join(sorted(classes))))
            continue
        for code in piece[2:-1].split(";") if piece.endswith("m") else ():
            if code in ("", "0"):
                classes = set()
            elif code == "1":
                classes = classes | {"b"}
            elif code == "2":
                classes = classes | {"f"}
            elif f"c{code}" in COLOURS:
                classes = {c for c in classes if not c.startswith("c")} | {f"c{code}"}
    return runs


def text(line, y):
    """Each run at its column, so that no font moves what follows it."""
    out, column = [], 0
    for run, classes in styled(line):
        words = run.lstrip(" ")
        start, shown = column + len(run) - len(words), words.rstrip(" ")
        column += len(run)
        if shown:
            kind = f' class="{classes}"' if classes else ""
            width = f"{len(shown) * ADVANCE:.1f}"
            at = f"{LEFT + start * ADVANCE:.1f}"
            out.append(f'<text x="{at}" y="{y}" textLength="{width}"{kind}>{escape(shown, quote=False)}</text>')
    return out


def svg(title, description, lines):
    columns = max(len(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line)) for line in lines)
    width, height = round(2 * LEFT + columns * ADVANCE), 2 * TOP + LINE * len(lines) - (LINE - SIZE)
    rules = {
        f".{name}" if name != "t" else "text": (light, dark) for name, (light, dark) in COLOURS.items()
    }
    used = set(re.findall(r"\x1b\[[0-9;]*m", "".join(lines)))
    light = "".join(f"{rule}{{fill:{of[0]}}}" for rule, of in rules.items())
    dark = "".join(f"{rule}{{fill:{of[1]}}}" for rule, of in rules.items())
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="{SIZE}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        f"<style>text{{white-space:pre}}.b{{font-weight:bold}}rect{{fill:{BACKGROUND[0]};stroke:#d1d9e0}}{light}"
        f"@media(prefers-color-scheme:dark){{rect{{fill:{BACKGROUND[1]};stroke:#3d444d}}{dark}}}</style>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6"/>',
    ]
    for i, line in enumerate(lines):
        out += text(line, TOP + SIZE - 2 + i * LINE)
    return "\n".join([*out, "</svg>"]) + "\n"
