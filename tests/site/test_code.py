"""The code on the pages: boxes for what has a colour of its own, and none for the rest."""

import re
import runpy

import pytest
from contents import PAGES, ROOT, SITE, cells, parsed
from pygments.token import STANDARD_TYPES

PLAIN = {
    STANDARD_TYPES[token] for token in runpy.run_path(ROOT / "book/_ext/plain_code.py")["PLAIN"]
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_no_box_has_the_colour_of_all_code(scheme):
    sheet = (SITE / "_static/pygments.css").read_text("utf-8")
    rule = rf'"{scheme}"\] \.highlight {{}}{{{{ (?:background: \S+; )?(.*?) }}}}'
    (everywhere,) = re.findall(rule.format(""), sheet)
    assert everywhere.startswith("color: #")
    for name in PLAIN:
        assert re.findall(rule.format(rf"\.{name} "), sheet) == [everywhere], name


def test_code_reads_as_it_was_written_and_keywords_and_texts_have_boxes():
    page = next(page for page in PAGES if cells(page))
    written = {"".join(cell["source"]) for cell in cells(page) if cell["cell_type"] == "code"}
    blocks = parsed(page).select(".cell_input .highlight pre")
    assert len(blocks) > len(written) / 2
    assert {block.get_text().rstrip("\n") for block in blocks} <= written
    boxes = {
        name for block in blocks for box in block.select("span[class]") for name in box["class"]
    }
    assert not boxes & PLAIN
    assert boxes >= {"kn", "k", "s2"}


@pytest.mark.browser
def test_names_in_code_are_not_paler_than_code(open_page):
    """The theme gives a block's letters the colour of prose, which boxes for names would hide."""
    page = open_page(f"{SITE.as_uri()}/book/03_build_add_weight.html", color_scheme="dark")
    colours = "block => [block, block.parentElement].map(b => getComputedStyle(b).color)"
    for kind in ("ipython3", "python"):
        block = page.locator(f".highlight-{kind} .highlight pre").first
        names, code = block.evaluate(colours)
        assert names == code, kind
