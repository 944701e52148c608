"""What html_report_test.sh says of the pages in the folder that is named."""

import html.parser
import json
import os
import sys

from browser import Browser
from hostile_testee import MARKUP

TAB, ENTER, DOWN, RIGHT, END = "\ue004", "\ue007", "\ue015", "\ue014", "\ue010"
folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name + ".html")


def check(condition, what):
    if not condition:
        raise AssertionError(what)


class Page(html.parser.HTMLParser):
    """The page without its scripts: tags that close, tables that say what they are, no address of elsewhere."""

    VOID = {"meta", "br", "img", "link", "input", "hr"}

    def __init__(self, name):
        super().__init__()
        self.stack, self.captions, self.tables, self.headers, self.text = [], 0, 0, [], []
        with open(path(name), encoding="utf-8") as file:
            self.feed(file.read())
        self.close()
        check(not self.stack, f"{name}: {self.stack} are never closed")
        check(self.tables > 0 and self.captions == self.tables, f"{name}: a table has no caption")
        check(all(self.headers), f"{name}: a heading of a table has no scope")

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for key in ("src", "href", "action", "data", "srcset"):
            check(key not in given or given[key].startswith("#"), f"{tag} refers to {given.get(key)}")
        check(not any(key.startswith("on") for key in given), f"{tag} has a handler of its own")
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "th":
            self.headers.append(given.get("scope"))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        check(self.stack and self.stack[-1] == tag, f"</{tag}> closes {self.stack[-1:]}")
        self.stack.pop()

    def handle_data(self, data):
        if self.stack and self.stack[-1] not in ("script", "style"):
            self.text.append(data)


def opened(browser, name):
    browser.requested()
    browser.open(path(name))
    browser.wait("document.documentElement.dataset.ready === 'true'", f"{name}: the scripts are through")
    asked = browser.requested()
    check(asked and all(each.startswith("file://") and each.endswith(name + ".html") for each in asked),
          f"{name} asks for {asked}")


def quiet(browser, name):
    said = browser.complaints()
    check(not said, f"{name}: the console says {said}")


def charts(browser, name):
    """Every loss has a chart once it is looked at, and points in it."""
    browser.run("document.getElementById('error').scrollIntoView()")
    browser.wait("document.querySelectorAll('#errors svg').length > 0", f"{name}: a chart")
    browser.run("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))")
    counts = browser.run("""
      const drawn = [...document.querySelectorAll('#errors svg')], own = (c) => `g[fill^="var(${c}"] > *, g[stroke^="var(${c}"] > *`;
      return {charts: drawn.length, least: Math.min(...drawn.map((each) => each.querySelectorAll(own('--m')).length)),
        points: document.querySelectorAll('#errors svg :is(' + own('--m') + ')').length,
        allowed: document.querySelectorAll('#errors svg :is(' + own('--allowed') + ')').length,
        due: Report.data.binades.filter((each) => each.regime !== 'special').flatMap((each) => each.points).length,
        bars: document.querySelectorAll('#bars svg [aria-label=bar] rect').length,
        rows: Report.data.rows.length, named: drawn.every((each) => each.getAttribute('aria-label'))};""")
    check(counts["charts"] == counts["rows"], f"{name}: {counts['charts']} charts of {counts['rows']} losses")
    check(counts["points"] == counts["due"] and counts["least"] > 0, f"{name}: {counts}")
    check(counts["allowed"] > counts["due"] / 2 and counts["bars"] > 0 and counts["named"], f"{name}: {counts}")


def filters(browser):
    """The matrix filters causes, charts and counts; the address keeps it; the same button undoes it."""
    shown = "return [...document.querySelectorAll('.cause')].filter((each) => !each.hidden).map((each) => each.dataset.loss)"
    everything = browser.run(shown)
    check(len(set(everything)) > 3, f"causes of {everything}")
    loss = browser.run("""
      const cell = document.querySelector('#matrix tbody td.g6 button, #matrix tbody td.g5 button');
      cell.click();
      return cell.closest('tr').querySelector('th').textContent;""")
    some = browser.run(shown)
    check(some and set(some) == {loss.split(" ")[0]}, f"{loss} is chosen, shown are {some}")
    state = browser.run("""
      const pressed = document.querySelectorAll('#matrix [aria-pressed=true]').length;
      const charts = [...document.querySelectorAll('#errors figcaption')].map((each) => each.textContent);
      return {pressed, charts, hash: location.hash, said: document.querySelector('#filters output').textContent};""")
    check(state["pressed"] == 1 and state["charts"] and all(c.startswith(loss) for c in state["charts"]), str(state))
    check("loss=" in state["hash"] and "regime=" in state["hash"] and " fail" in state["said"], str(state))
    marks = browser.run("return document.querySelectorAll('#errors svg [aria-label=\"y-axis tick label\"] text').length")
    check(marks > 3, "the chart of one loss has no axis")
    again = browser.run("document.querySelector('#matrix [aria-pressed=true]').click(); return location.hash")
    check(browser.run(shown) == everything and "=" not in again, "the same button does not undo it")
    browser.run("""
      const search = document.querySelector('#filters input');
      search.value = 'no such words'; search.dispatchEvent(new Event('input'));""")
    check(browser.run(shown) == [], "the search finds what is not there")
    browser.run("[...document.querySelectorAll('#filters button')].at(-1).click()")
    check(browser.run(shown) == everything, "'clear' does not clear")


def keyboard(browser):
    """One stop for the whole matrix; arrows inside, Enter to choose."""
    stops = browser.run("return document.querySelectorAll('#matrix button[tabindex=\"0\"]').length")
    check(stops == 1, f"the matrix has {stops} stops")
    browser.run("document.querySelector('#matrix button[tabindex=\"0\"]').focus()")
    for key in (DOWN, RIGHT, END, ENTER):
        browser.press(key)
    told = browser.run("""
      const at = document.activeElement.closest('td');
      return at && {row: at.parentNode.rowIndex, last: at === at.parentNode.lastElementChild ||
        [...at.parentNode.cells].slice(at.cellIndex + 1).every((each) => !each.textContent),
        pressed: document.activeElement.getAttribute('aria-pressed')};""")
    check(told and told["last"] and told["pressed"] == "true", f"the keyboard arrives at {told}")
    browser.press(ENTER)


def copies(browser):
    texts = browser.run("return [...document.querySelectorAll('.copy')].map((each) => "
                        "[each.querySelector('pre').textContent, each.querySelector('button').getAttribute('aria-label')])")
    check(texts and all(text and label.startswith("copy: ") for text, label in texts), "nothing to copy")
    check(any(" explain " in text for text, _ in texts), "no command to see a case again")


def media(browser):
    colour = "return getComputedStyle(document.body).backgroundColor"
    light = browser.run(colour)
    browser.media(scheme="dark")
    dark = browser.run(colour)
    browser.media(kind="print", scheme="dark")
    paper, nav = browser.run(colour), browser.run("return getComputedStyle(document.querySelector('nav')).display")
    browser.media()
    check(light == paper != dark and nav == "none", f"light {light}, dark {dark}, printed {paper}, nav {nav}")
    for width in (1280, 390):
        browser.size(width, 800)
        wide = browser.run("return document.documentElement.scrollWidth - innerWidth")
        check(wide <= 0, f"the page is {wide} wider than a window of {width}")
    browser.size(1280, 900)


def contrast(browser):
    """Texts of cells stand out from their colour, light and dark: 4.5 to 1 and more."""
    worst = """
      const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      const light = (s) => { const [r, g, b] = s.match(/[0-9.]+/g).map(Number);
        return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
      return Math.min(...[...document.querySelectorAll('.key')].map((each) => { const s = getComputedStyle(each);
        const [a, b] = [light(s.color), light(s.backgroundColor)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05); }));"""
    for scheme in ("light", "dark"):
        browser.media(scheme=scheme)
        ratio = browser.run(worst)
        check(ratio >= 4.5, f"{scheme}: contrast {ratio:.2f}")
    browser.media()


def spoken(browser, name):
    """What a screen reader is told: landmarks, headings without a gap, names for all that can be pressed or seen."""
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    told = [(node["role"]["value"], node.get("name", {}).get("value", ""),
             {p["name"]: p["value"].get("value") for p in node.get("properties", [])})
            for node in nodes if not node.get("ignored") and "role" in node]
    roles = [role for role, _, _ in told]
    for landmark in ("banner", "navigation", "main"):
        check(roles.count(landmark) == 1, f"{name}: {roles.count(landmark)} of {landmark}")
    for role, text, _ in told:
        named = role in ("button", "link", "region", "image", "searchbox", "combobox", "table", "heading")
        check(not named or text.strip(), f"{name}: a {role} without a name")
    levels = [properties["level"] for role, _, properties in told if role == "heading"]
    check(levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), f"{name}: levels {levels}")
    return told


def hostile(browser):
    opened(browser, "hostile")
    told = browser.run("""
      return {title: document.title, heading: document.querySelector('h1').textContent,
        images: document.querySelectorAll('img').length, scripts: document.querySelectorAll('script').length,
        text: document.body.innerText, causes: document.querySelectorAll('.cause').length};""")
    check(told["images"] == 0 and told["scripts"] == 5, f"{told['images']} images, {told['scripts']} scripts")
    check(MARKUP in told["title"] and MARKUP in told["heading"], f"the name is shown as {told['heading']}")
    browser.run("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    text = browser.run("return document.body.innerText")
    check(MARKUP in text and "\u202e" not in text and "\x1b" not in text, "texts are not made visible")
    check(told["causes"] > 1, "no causes")
    quiet(browser, "hostile")


def main():
    for name in ("naive", "kernels", "audit", "hostile", "compare"):
        page = Page(name)
        size = os.path.getsize(path(name))
        check(size < 2_000_000, f"{name}: {size} bytes")
        print(f"{name}: {size} bytes, {page.tables} tables")
    with open(os.path.join(folder, "naive.json"), encoding="utf-8") as file:
        report = json.load(file)
    text = " ".join("".join(Page("naive").text).split())
    for cause in report["causes"]:
        check(" ".join(cause["what"].split()) in text, f"without scripts nothing says {cause['what']}")

    with Browser() as browser:
        opened(browser, "naive")
        charts(browser, "naive")
        filters(browser)
        keyboard(browser)
        copies(browser)
        media(browser)
        contrast(browser)
        spoken(browser, "naive")
        quiet(browser, "naive")
        for name in ("kernels", "audit"):
            opened(browser, name)
            charts(browser, name)
            spoken(browser, name)
            quiet(browser, name)
        check(browser.run("return document.querySelectorAll('#promises').length") == 1, "an audit without promises")
        opened(browser, "compare")
        spoken(browser, "compare")
        quiet(browser, "compare")
        hostile(browser)


main()
