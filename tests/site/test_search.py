"""The search, asked what readers ask: the chapter that answers is among the first three."""

import pytest
from contents import SITE, html
from test_browser import DESK

pytestmark = pytest.mark.browser

ANSWERS = {
    "embedding": "02_lookup_table",
    "one-hot": "06_one_hot_product",
    "mask": "05_text_to_integers",
    "gather": "04_call_gather",
    "add_weight": "03_build_add_weight",
    "Adam repeated ids": "08_same_layer_in_training",
    "is it a matrix multiplication?": "06_one_hot_product",
    "autoencoder": "12_autoencoder",
    "input_length": "keras_then_and_now",
    "cosine similarity of words": "11_meaning",
    "billion rows": "14_scale",
    "xyzzy gradient": "07_gradient",  # a word that no page has does not hide what others have
}
FOUND = """(query) => Search._performSearch(...Search._parseQuery(query)).reverse()
    .map(([page, title, anchor]) => page + anchor)"""


@pytest.fixture(scope="module")
def results(browser):
    """Ask the page of the search, on one page for all questions."""
    page = browser.new_page(viewport=DESK)
    page.goto(f"{SITE.as_uri()}/search.html?q=embedding")
    page.wait_for_function("Search.hasIndex()")
    yield lambda query: page.evaluate(FOUND, query)
    page.close()


@pytest.mark.parametrize("query", ANSWERS)
def test_the_chapter_that_answers_is_among_the_first_three(results, query):
    assert f"book/{ANSWERS[query]}" in results(query)[:3]


def test_names_of_the_package_come_after_the_pages_and_none_is_lost(results):
    found = results("gather")
    names = [place for place in found if "#embedding_core" in place]
    assert "book/api_core#embedding_core.ops.gather" in names
    assert found.index(names[0]) > 3
    assert len(found) == len({*found})


def test_what_no_page_has_is_not_found(results):
    assert results("xyzzy") == []


def test_a_reader_who_asks_is_shown_the_chapter(open_page, server):
    page = open_page(f"{server}/search.html?q=embedding", viewport=DESK)
    first = page.locator("#search-results li a").nth(2)
    first.wait_for()
    shown = page.locator("#search-results li a").evaluate_all(
        "links => links.slice(0, 3).map(link => link.getAttribute('href'))"
    )
    assert "book/02_lookup_table.html" in shown
    assert page.troubles == []


def test_no_page_but_that_of_the_search_reads_the_counts():
    assert "said.js" in html("search")
    assert "said.js" not in html("book/index")
