"""The formulas are drawn when the book is built, for the eye and for screen readers."""

import re
from collections import Counter

import pytest
from contents import PAGES, ROOT, SITE, cells, html, parsed
from test_browser import DESK

TEX = re.compile(r"\$\$(.+?)\$\$|(?<!\$)\$([^$\n]+)\$", re.DOTALL)
# Fenced code, the fences of directives, code in a line.
CODE = re.compile(r"^(`{3,})\w+$.*?^\1$|^`{3,}[^\n]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
# A relation sign of a row, each drawn by itself.
ALIGNED = """block => [...block.querySelectorAll(".col-align-l > .vlist-t > .vlist-r:first-child")]
    .map(column => [...column.querySelectorAll(".mrel")]
        .map(sign => [Math.round(sign.getBoundingClientRect().left * 10) / 10, sign.textContent]))
    .flat()"""

LOADED = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
# Not those of a solution that is folded.
SHOWN = """[...document.querySelectorAll(".math")]
    .filter(math => math.checkVisibility({visibilityProperty: true})).length"""


def written(page):
    """Return the formulas of a page as they are typed in its source."""
    prose = [cell["source"] for cell in cells(page) if cell["cell_type"] == "markdown"]
    if not prose:
        prose = [(ROOT / f"{page}.md").read_text("utf-8")]
    text = "\n\n".join("".join(source) for source in prose)
    text = CODE.sub("", re.sub(r"\{math\}`([^`]+)`", r"$\1$", text))
    return Counter(" ".join("".join(found).split()) for found in TEX.findall(text))


@pytest.fixture(scope="module")
def drawn():
    """The formulas of each page, as they were drawn."""
    return {page: parsed(page).select(".math") for page in PAGES}


def tex(formula):
    """Return what was typed, which the drawing keeps."""
    return " ".join(formula.select_one("math annotation").get_text().split())


def test_every_formula_is_on_its_page_as_mathml(drawn):
    assert sum(map(len, drawn.values())) > 100
    for page in PAGES:
        assert Counter(map(tex, drawn[page])) == written(page), page


def test_none_of_them_is_an_error(drawn):
    for formula in (formula for page in PAGES for formula in drawn[page]):
        assert formula.select("math mi, math mn"), formula
        assert formula.select_one(".katex-html[aria-hidden=true]").get_text().strip()
        assert formula.select("merror, .katex-error, mtext[mathcolor]") == []


def test_no_script_draws_them(drawn):
    for page in PAGES:
        assert not re.search(r"<script[^>]*(katex|mathjax)|window\.MathJax", html(page), re.I)
        styles = re.findall(r"<link[^>]*katex\.min\.css", html(page))
        assert len(styles) == bool(drawn[page]), "its styles are read where there is a formula"
    assert [
        file for file in SITE.rglob("*.js") if re.search("katex|mathjax", file.name, re.I)
    ] == []


def test_rows_and_columns_of_an_aligned_display_are_those_typed(drawn):
    displays = [f for page in PAGES for f in drawn[page] if r"\begin{aligned}" in tex(f)]
    assert len(displays) == 3
    for display in displays:
        table = display.select_one("math mtable")
        rows = [row.count("&") + 1 for row in tex(display).split(r"\\")]
        assert [len(row.find_all("mtd", recursive=False)) for row in table.select("mtr")] == rows
        assert table["columnalign"] == "right left"


@pytest.mark.browser
def test_the_reader_sees_and_hears_them(open_page, drawn):
    """Of the chapter with the aligned ones: in KaTeX's letters, in columns, as mathematics."""
    chapter = next(page for page in PAGES if r"\begin{aligned}" in html(page))
    page = open_page(f"{SITE.as_uri()}/{chapter}.html", viewport=DESK)
    assert {"KaTeX_Main", "KaTeX_Math"} <= {*page.evaluate(LOADED)}
    blocks = page.locator("div.math", has=page.locator("mtable")).all()
    assert len(blocks) == 3
    for block in blocks:
        places = block.evaluate(ALIGNED)
        first = [at for at, _ in places]
        assert len(places) >= 2
        assert sum(at == min(first) for at in first) >= 2, places
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = [node for node in nodes if node["role"]["value"] in ("MathMLMath", "math")]
    assert len(said) == page.evaluate(SHOWN) > 30
