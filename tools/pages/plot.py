"""A small picture as SVG, a few elements and no library: value on the left, slope on the right, up to three curves."""

import math
from html import escape

COLOURS = ("#0072b2", "#d55e00", "#009e73")  # told apart by the colour-blind too
DASHES = ("", ' stroke-dasharray="7 3"', ' stroke-dasharray="2 3"')
TOP, BOTTOM, PANEL, LEFT, GAP = 40, 200, 250, 48, 62
WIDTH, HEIGHT = LEFT + 2 * PANEL + GAP + 12, BOTTOM + 40


def ticks(low, high):
    """Three to six round numbers."""
    raw = (high - low) / 5
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= raw)
    return [step * i + 0.0 for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def window(numbers, bounded):
    """The range to show: all, but for the ends of what runs away, which at the edge of a domain is steeper."""
    finite = sorted(x for x in numbers if math.isfinite(x))
    if not finite:
        return -1.0, 1.0
    beyond = len(finite) // (10 if bounded else 20)
    low, high = finite[beyond], finite[-1 - beyond]
    room = (0.5 if bounded else 2) * (high - low)
    low, high = max(finite[0], low - room), min(finite[-1], high + room)
    if high - low < 1e-9 * max(abs(low), abs(high), 1):
        low, high = low - 1, high + 1
    margin = (high - low) / 20
    return low - margin, high + margin


def thinned(corners):
    """Without those that a straight line passes nearer than an eighth of a pixel."""
    if len(corners) < 3:
        return corners
    (x0, y0), (x1, y1) = corners[0], corners[-1]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    off = [abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length for x, y in corners[1:-1]]
    far = max(range(len(off)), key=off.__getitem__)
    if off[far] < 0.125:
        return [corners[0], corners[-1]]
    return thinned(corners[: far + 2])[:-1] + thinned(corners[far + 1 :])


class Panel:
    def __init__(self, left, title, xs, ys, bounded):
        self.left, self.title = left, title
        self.x_low, self.x_high = xs
        self.y_low, self.y_high = window(ys, bounded)

    def x(self, x):
        return self.left + PANEL * (x - self.x_low) / (self.x_high - self.x_low)

    def y(self, y):
        """Beyond the frame, where it is cut, not farther than it needs to be."""
        at = BOTTOM - (BOTTOM - TOP) * (y - self.y_low) / (self.y_high - self.y_low)
        return min(max(at, TOP - 400), BOTTOM + 400)

    def frame(self, along):
        lines = [f'<text x="{self.left}" y="{TOP - 8}" class="t">{escape(self.title)}</text>']
        for at in ticks(self.y_low, self.y_high):
            y = self.y(at)
            kind = "z" if abs(at) < 1e-12 else "g"
            lines.append(f'<path d="M{self.left} {y:.1f}h{PANEL}" class="{kind}"/>')
            lines.append(f'<text x="{self.left - 5}" y="{y + 4:.1f}" text-anchor="end">{at:.6g}</text>')
        for at in ticks(self.x_low, self.x_high):
            x = self.x(at)
            kind = "z" if abs(at) < 1e-12 else "g"
            lines.append(f'<path d="M{x:.1f} {TOP}V{BOTTOM}" class="{kind}"/>')
            lines.append(f'<text x="{x:.1f}" y="{BOTTOM + 14}" text-anchor="middle">{at:.6g}</text>')
        middle = self.left + PANEL / 2
        lines.append(f'<text x="{middle:.0f}" y="{BOTTOM + 30}" text-anchor="middle">{escape(along)}</text>')
        return lines

    def curve(self, runs, k):
        path = ""
        for run in runs:
            corners = thinned([(self.x(x), self.y(y)) for x, y in run])
            if len(corners) == 1:
                corners *= 2
            path += "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
        return f'<path d="{path}" stroke="{COLOURS[k]}"{DASHES[k]} class="c"/>' if path else ""


def runs(curve, numbers, kinks):
    """A curve in pieces: it ends where it is infinite, and where it jumps."""
    found, run = [], []
    jumps = {i: (low, high) for i, low, high in kinks}
    for i, (x, y) in enumerate(zip(curve.x, numbers)):
        if not math.isfinite(y):
            found, run = found + [run], []
        elif i in jumps:
            ends = jumps[i]
            before = numbers[i - 1] if i > 0 else numbers[i + 1]
            near, far = sorted(ends, key=lambda end: abs(end - before))
            found, run = found + [run + [(x, near)]], [(x, far)]
        else:
            run.append((x, y))
    return [each for each in found + [run] if each]


def svg(title, along, curves, bounded):
    """`bounded`: the domain of what moves ends somewhere."""
    xs = min(c.x[0] for c in curves), max(c.x[-1] for c in curves)
    value = Panel(LEFT, "value", xs, [y for c in curves for y in c.value], bounded)
    slopes = [y for c in curves for y in c.slope] + [end for c in curves for _, *both in c.kinks for end in both]
    slope = Panel(LEFT + PANEL + GAP, "slope", xs, slopes, bounded)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="sans-serif" font-size="11" fill="#333">',
        f"<title>{escape(title)}</title>",
        "<style>path{fill:none}.g{stroke:#ddd}.z{stroke:#888}.c{stroke-width:2;stroke-linejoin:round}"
        ".t{font-weight:bold}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#fff"/>',
    ]
    for i, panel in enumerate((value, slope)):
        inside = f'<rect x="{panel.left}" y="{TOP}" width="{PANEL}" height="{BOTTOM - TOP}"/>'
        lines.append(f'<clipPath id="p{i}">{inside}</clipPath>')
        lines += panel.frame(along)
        lines.append(f'<g clip-path="url(#p{i})">')
        for k, curve in enumerate(curves):
            pieces = runs(curve, curve.value, []) if panel is value else runs(curve, curve.slope, curve.kinks)
            lines.append(panel.curve(pieces, k))
            if panel is slope:
                for at, low, high in curve.kinks:
                    jump = f"M{panel.x(curve.x[at]):.1f} {panel.y(low):.1f}V{panel.y(high):.1f}"
                    lines.append(f'<path d="{jump}" stroke="{COLOURS[k]}" stroke-dasharray="1 3"/>')
        lines.append("</g>")
    right = WIDTH - 12
    for k, curve in reversed(list(enumerate(curves))):
        if not curve.name:
            continue
        lines.append(f'<text x="{right}" y="16" text-anchor="end">{escape(curve.name)}</text>')
        right -= round(6.2 * len(curve.name)) + 6
        lines.append(f'<path d="M{right - 24} 12h24" stroke="{COLOURS[k]}"{DASHES[k]} class="c"/>')
        right -= 38
    return "\n".join(line for line in [*lines, "</svg>"] if line) + "\n"
