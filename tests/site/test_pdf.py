"""The whole book on paper, as `make pdf` prints it."""

import re

import pytest
from bs4 import BeautifulSoup
from contents import PAGES, SITE, html
from pypdf import PdfReader

from tools import browser, pdf

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    if browser.CHROMIUM is None:
        pytest.skip(browser.MISSING)
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.main(SITE, file)
    return PdfReader(file)


def title(page):
    heading = BeautifulSoup(html(page), "html.parser").select_one("article h1")
    heading.select_one(".headerlink").decompose()
    return heading.get_text()


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

    # The contents lead to every chapter, by number and by link.
    at = pages["Contents"]
    lines = printed.pages[at].extract_text()
    for name in titles:
        assert re.search(rf"{re.escape(squeezed(name))}{pages[name] + 1}(?!\d)", squeezed(lines)), (
            name
        )
    targets = [printed.named_destinations[name] for name in links(printed.pages[at])]
    led = [printed.get_destination_page_number(target) for target in targets]
    assert sorted(led) == sorted(pages[name] for name in titles)

    # Every other link leads somewhere as well, and no formula is left as it was typed.
    everywhere = [name for page in printed.pages for name in links(page)]
    assert len(everywhere) > 10 * len(PAGES)
    assert set(everywhere) <= set(printed.named_destinations)
    assert len(printed.pages) > 5 * len(PAGES)
    assert not any(r"\(" in page.extract_text() for page in printed.pages[: pages[titles[-2]]])


def squeezed(text):
    """Leave out the white space, which a PDF does not keep."""
    return re.sub(r"\s+", "", text)
