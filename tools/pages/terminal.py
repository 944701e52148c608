"""Lines of a terminal as a picture: an SVG of a few elements that reads in light and in dark."""

from html import escape

SIZE, LINE, LEFT, TOP = 13, 19, 16, 14
ADVANCE = 7.8  # of a character; each piece of text is told to be that wide, so that no font moves what follows it
# What a style is called, and its colour in light and in dark.
COLOURS = {
    "text": ("#1f2328", "#e6edf3"),
    "faint": ("#59636e", "#9198a1"),
    "command": ("#0550ae", "#79c0ff"),
}
BOX = ("fill:#f6f8fa;stroke:#d1d9e0", "fill:#151b23;stroke:#3d444d")


def placed(line, style, y):
    """A line without the blanks around it, which SVG drops, where it belongs."""
    words = line.strip(" ")
    if not words:
        return []
    x = LEFT + (len(line) - len(line.lstrip(" "))) * ADVANCE
    kind = f' class="{style}"' if style else ""
    width = len(words) * ADVANCE
    return [f'<text x="{x:.1f}" y="{y}" textLength="{width:.1f}"{kind}>{escape(words, quote=False)}</text>']


def svg(title, lines):
    """`lines` are pairs of a text and its style: "faint", "command", "bold" or none."""
    width = round(2 * LEFT + ADVANCE * max(len(text) for text, _ in lines))
    height = 2 * TOP + LINE * len(lines) - (LINE - SIZE)

    def rules(which):
        colours = {name: both[which] for name, both in COLOURS.items()}
        return f"rect{{{BOX[which]}}}text{{fill:{colours.pop('text')}}}" + "".join(
            f".{name}{{fill:{colour}}}" for name, colour in colours.items()
        )

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="{SIZE}">',
        f"<title>{escape(title)}</title>",
        f"<style>text{{white-space:pre}}.bold{{font-weight:bold}}{rules(0)}"
        f"@media(prefers-color-scheme:dark){{{rules(1)}}}</style>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6"/>',
    ]
    for i, (text, style) in enumerate(lines):
        out += placed(text, style, TOP + SIZE - 2 + i * LINE)
    return "\n".join([*out, "</svg>"]) + "\n"
