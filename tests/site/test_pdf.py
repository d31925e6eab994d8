"""The whole book on paper, as `make pdf` prints it."""

import re
import subprocess
import sys
import unicodedata
from copy import copy

import pytest
from contents import PAGES, ROOT, SITE, html, parsed
from pypdf import PdfReader

from tools import browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    if browser.CHROMIUM is None:
        pytest.skip(browser.MISSING)
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    # A process of its own, as for make pdf: Playwright starts once in each.
    subprocess.run([sys.executable, "-m", "tools.pdf", SITE, file], cwd=ROOT, check=True)
    return PdfReader(file)


def title(page):
    return headings(page)[0]


def headings(page):
    """Return the titles of a page and of its sections, as they are read."""
    found = [copy(heading) for heading in parsed(page).select("article :is(h1, h2)")]
    for heading in found:
        for mark in heading.select(".headerlink"):
            mark.decompose()
    return [" ".join(heading.get_text().split()) for heading in found]


def flat(outline):
    """Return all entries of an outline, whatever their level."""
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def links(page):
    """Where the links of a page of the PDF lead: the names of places in it."""
    notes = [note.get_object() for note in page.get("/Annots") or []]
    return [str(note["/Dest"]) for note in notes if "/Dest" in note]


def test_the_book_on_paper(printed):
    """One test, since printing takes as long as all its checks together."""
    # Every chapter is in the outline, in order, and on the page that the outline says.
    chapters = [entry for entry in printed.outline if not isinstance(entry, list)]
    pages = {entry.title: printed.get_destination_page_number(entry) for entry in chapters}
    titles = [title(page) for page in PAGES]
    assert [name for name in pages if name != "Contents"] == titles
    assert list(pages.values()) == sorted(pages.values())
    for name, at in pages.items():
        assert squeezed(name) in squeezed(printed.pages[at].extract_text()), name

    # So is every title of a section, word for word.
    said = {squeezed(entry.title): entry.title for entry in flat(printed.outline)}
    broken = {
        heading for page in PAGES for heading in headings(page) if heading not in said.values()
    }
    assert {heading: said.get(squeezed(heading)) for heading in broken} == {}

    # The contents lead to every chapter, by number and by link.
    at = pages["Contents"]
    lines = "".join(squeezed(name) + str(pages[name] + 1) for name in titles)
    assert lines in squeezed(printed.pages[at].extract_text())
    targets = [printed.named_destinations[name] for name in links(printed.pages[at])]
    led = [printed.get_destination_page_number(target) for target in targets]
    assert sorted(led) == sorted(pages[name] for name in titles)

    # Every other link leads somewhere as well.
    everywhere = [name for page in printed.pages for name in links(page)]
    assert len(everywhere) > 10 * len(PAGES)
    assert set(everywhere) <= set(printed.named_destinations)
    assert len(printed.pages) > 5 * len(PAGES)

    # The formulas of the chapter with the most of them are drawn in KaTeX's letters, with no TeX.
    most = max(PAGES, key=lambda page: html(page).count('class="math'))
    first = pages[title(most)]
    pages = printed.pages[first : first + 5]
    fonts = [font for page in pages for font in page["/Resources"].get("/Font", {}).values()]
    letters = {str(font.get_object()["/BaseFont"]) for font in fonts}
    assert any("KaTeX_Math-Italic" in name for name in letters), letters
    assert r"\partial" in html(most)
    assert not any("\\" in page.extract_text() for page in pages)


def squeezed(text):
    """Leave out the white space, which a PDF does not keep, and part the letters it has joined."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_a_tall_figure_keeps_its_proportions_on_paper(open_page):
    page = open_page(f"{SITE.as_uri()}/book/09_cost.html")
    page.emulate_media(media="print")
    figure = page.locator(".wide img").first
    figure.scroll_into_view_if_needed()
    shape = """(image) => image.decode().then(() =>
        [image.clientWidth / image.clientHeight, image.naturalWidth / image.naturalHeight])"""
    drawn, natural = figure.evaluate(shape)
    assert drawn == pytest.approx(natural, rel=0.01)
