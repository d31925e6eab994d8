"""Folded code opens by keyboard, in light and in the dark."""

import pytest
from contents import PAGES, SITE, html
from test_browser import DESK

pytestmark = pytest.mark.browser

FOLDED = [page for page in PAGES if "above-input" in html(page)]


def test_most_chapters_fold_something():
    assert len(FOLDED) > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_folded_code_opens_and_closes_by_keyboard(open_page, scheme):
    page = open_page(f"{SITE.as_uri()}/{FOLDED[0]}.html", viewport=DESK, color_scheme=scheme)
    fold = page.locator("details.above-input").first
    code = fold.locator("pre")
    assert not code.is_visible()
    assert page.locator(".cell:has(details.above-input) .cell_output").first.is_visible()
    fold.locator("summary").focus()
    assert fold.locator("summary").evaluate("box => getComputedStyle(box).outlineStyle") != "none"
    for shown in (True, False):
        page.keyboard.press("Enter")
        assert code.is_visible() == shown
    colours = fold.locator("summary").evaluate(
        "box => [getComputedStyle(box).color, getComputedStyle(box).backgroundColor]"
    )
    assert len({*colours}) == 2
