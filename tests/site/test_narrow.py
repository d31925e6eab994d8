"""The pages on a telephone: what is printed can be read, and what is cut says so."""

import re

import pytest
from contents import PAGES, SITE, html, parsed
from test_browser import PHONE

pytestmark = pytest.mark.browser

ERROR = re.compile(r"^.*\b(?:Index|Type|Value)Error: \w.{50,}$", re.MULTILINE)
# Everything of the text that is wider than its place, and what it says of it.
CUT = """() => [...document.querySelectorAll(".bd-article *")]
    .filter(box => box.checkVisibility() && box.clientWidth > 60
        && box.scrollWidth > box.clientWidth + 1
        && getComputedStyle(box).overflowX !== "visible"
        && !box.closest(".katex-mathml, .live"))
    .map(box => [box.className, "moreRight" in box.dataset, box.tabIndex,
        getComputedStyle(box).maskImage !== "none"])"""
# The left edges of a table's first two rows, before and after it is scrolled to its end.
SCROLLED = """box => {
    const edges = () => ["thead tr > *", "tbody tr > *"].map(
        cell => Math.round(box.querySelector(cell).getBoundingClientRect().left));
    const before = edges();
    box.scrollLeft = 1e4;
    return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
        [before, edges(), "moreLeft" in box.dataset, "moreRight" in box.dataset]))));
}"""


@pytest.fixture
def phone(open_page):
    return lambda page: open_page(f"{SITE.as_uri()}/{page}.html", viewport=PHONE)


@pytest.mark.parametrize("page", [page for page in PAGES if "cell_output" in html(page)])
def test_a_printed_error_is_marked_as_a_sentence(page):
    for block in parsed(page).select(".output pre"):
        marked = {line for told in block.select(".sentence") for line in told.text.split("\n")}
        long = {line for line in ERROR.findall(block.get_text()) if not re.search(r"\w {3,}", line)}
        assert long <= marked


def test_sentences_wrap_and_columns_do_not(phone):
    page = phone("book/04_call_gather")
    boxes = page.evaluate(
        """[...document.querySelectorAll(".sentence")].filter(line => line.checkVisibility())
            .map(line => [line.getBoundingClientRect().right, line.closest("pre")
            .getBoundingClientRect().right])"""
    )
    assert boxes
    assert all(line <= pre for line, pre in boxes)
    table = page.locator("pre", has_text=re.compile(r"^id +Keras"))
    assert table.evaluate("table => getComputedStyle(table).whiteSpace") == "pre"


@pytest.mark.parametrize("page", ["book/08_same_layer_in_training", "book/api", "book/testing"])
def test_what_is_cut_says_so_and_can_be_reached(phone, page):
    opened = phone(page)
    opened.wait_for_function("document.querySelector('.bd-article [data-more-right]')")
    for name, says, stop, fades in opened.evaluate(CUT):
        assert (says, stop, fades) == (True, 0, True), name


def test_a_tables_head_and_rows_scroll_together(phone):
    page = phone("book/testing")
    table = page.locator("[data-more-right] > table").first
    before, after, left, right = table.evaluate(f"table => ({SCROLLED})(table.parentElement)")
    assert before[0] == before[1]
    assert after[0] == after[1] < before[0]
    assert (left, right) == (True, False), "at its end nothing more is promised"


def test_the_general_index_takes_the_whole_width(phone):
    """Sphinx gives each of its columns a third, which is a tower where they stand alone."""
    widths = phone("genindex").evaluate(
        "[...document.querySelectorAll('.genindextable td')].map(cell => cell.clientWidth)"
    )
    assert len(widths) > 10
    assert min(widths) > 0.9 * (PHONE["width"] - 32)


@pytest.mark.parametrize("page", ["book/06_one_hot_product", "book/07_gradient", "book/11_meaning"])
def test_no_number_and_no_short_word_breaks_in_a_table(phone, page):
    """One line of letters has one rectangle."""
    broken = phone(page).evaluate(
        """[...document.querySelectorAll("article :is(td, tbody th)")].filter(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return cell.checkVisibility() && !cell.children.length
                && /^\\S{1,14}$/.test(cell.textContent) && range.getClientRects().length > 1;
        }).map(cell => cell.textContent)"""
    )
    assert broken == []


def test_no_name_breaks_in_a_table_that_a_cell_wrote(phone):
    """Of up to 14 letters, as AttributeError has; a hyphen is a good place to break."""
    broken = phone("book/keras_then_and_now").evaluate(
        """[...document.querySelectorAll(".cell_output table :is(td, th)")].flatMap(cell => {
            const text = cell.firstChild;
            return [...(text?.data ?? "").matchAll(/[^\\s-]+/g)].filter(word => {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                return word[0].length <= 14 && range.getClientRects().length > 1;
            }).map(word => word[0]);
        })"""
    )
    assert broken == []


@pytest.mark.parametrize("page", ["book/15_elsewhere", "book/16_leaving_keras"])
def test_a_list_wraps_whole(phone, page):
    """No line of it is cut beside one that wraps."""
    cut = phone(page).evaluate(
        """[...document.querySelectorAll(".cell_output pre:has(.sentence .break)")]
            .filter(block => block.checkVisibility() && block.scrollWidth > block.clientWidth)
            .map(block => block.textContent.slice(0, 80))"""
    )
    assert cut == []


def test_a_name_of_the_package_breaks_behind_its_module(phone):
    broken = phone("book/api_relatives").evaluate(
        """() => [...document.querySelectorAll(".sig-prename + .sig-name")].filter(name => {
            const range = document.createRange();
            range.selectNodeContents(name);
            return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
        }).map(name => name.textContent)"""
    )
    assert not broken
