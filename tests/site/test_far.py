"""What is far from the screen is laid out when the browser rests, and nobody misses it before."""

import pytest
from contents import SITE
from fontTools.ttLib import TTFont
from test_browser import PHONE

pytestmark = pytest.mark.browser

SECTIONS = ".bd-article > section > section"
WAITS = "box => !box.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
# A browser that never rests, unless it is told to.
BUSY = "window.requestIdleCallback = (rests) => { window.rest = rests; };"
CHAPTER = f"{SITE.as_uri()}/book/08_same_layer_in_training.html"
PLACES = [
    f"{CHAPTER}#exercises",
    f"{SITE.as_uri()}/book/api_book.html#embedding_core.ground.recording.Seen.date",
]


@pytest.fixture
def busy(browser):
    """A new page of a browser that has no rest."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    context.add_init_script(BUSY)
    yield context.new_page()
    context.close()


def test_a_section_waits_until_the_reader_comes_near_or_the_browser_rests(busy):
    busy.goto(CHAPTER)
    first, *_, last_but_one, last = busy.locator(SECTIONS).all()
    assert not first.evaluate(WAITS)
    assert last_but_one.evaluate(WAITS)
    assert last.evaluate(WAITS)
    first.evaluate(f"() => document.querySelector('{SECTIONS}:last-of-type').scrollIntoView()")
    busy.wait_for_function(f"!({WAITS})(document.querySelector('{SECTIONS}:last-of-type'))")
    busy.evaluate("scrollTo(0, 0)")
    busy.evaluate("window.rest()")
    assert not last_but_one.evaluate(WAITS)


@pytest.mark.parametrize("address", PLACES)
def test_an_address_leads_to_its_place(busy, address):
    busy.goto(address)
    name = address.partition("#")[2]
    busy.wait_for_function(f"!({WAITS})(document.getElementById('{name}'))")
    top = busy.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
    assert 0 <= top < PHONE["height"] / 2


def test_who_reads_the_page_again_is_where_they_were(busy):
    busy.goto(CHAPTER)
    busy.evaluate("window.rest()")
    here = "document.querySelector('#exercises').getBoundingClientRect().top"
    busy.evaluate("scrollTo(0, document.querySelector('#exercises').offsetTop - 200)")
    before = busy.evaluate(here)
    busy.reload()
    busy.wait_for_function(f"Math.abs({here} - {before}) < 3")


def test_what_is_far_is_found_on_the_page(open_page):
    page = open_page(CHAPTER, viewport=PHONE, reduced_motion="reduce")
    words = page.locator(f"{SECTIONS} > p").last.text_content()[:25]
    assert page.evaluate("words => find(words)", words)
    place = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().top")
    assert 0 < place < PHONE["height"]


def test_the_theme_leaves_the_blocks_that_scroll_alone():
    """It would have the browser lay out each of them by itself: see book/_ext/quick_pages.py."""
    script = (SITE / "_static/scripts/pydata-sphinx-theme.js").read_text("utf-8")
    assert "scrollWidth" in script
    assert 'addEventListener("load"' not in script


def test_the_marks_of_notes_come_from_a_font_of_a_few(open_page):
    families = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    fonts = open_page(CHAPTER, viewport=PHONE).evaluate(families)
    assert "Book Icons" in fonts
    assert not any(name.startswith("Font Awesome") for name in fonts)
    with TTFont(SITE / "_static/icons.ttf") as font:
        assert 10 < len(font.getBestCmap()) < 40
