"""The built book in a real Chromium: what a reader meets."""

import json
import re

import pytest
from contents import EXTRAS, PAGES, SITE, cells, html, parsed
from letters import too_small
from looks import COLOURS, axe, prepare, unmarked_focus

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 800}
DESK = {"width": 1280, "height": 900}
# scrolls.js sees to it, a moment after the width has changed.
SCROLLING_IS_FOCUSABLE = """() => [
    ...document.querySelectorAll("pre, .pst-scrollable-table-container"),
].every(box => box.scrollWidth <= box.clientWidth || box.tabIndex === 0)"""
WITH_SOLUTIONS = [page for page in PAGES if 'class="solution dropdown' in html(page)]


# One page is opened once from disk, for all that can be seen there, and once from a server.
@pytest.mark.parametrize("page", PAGES + EXTRAS)
def test_a_page_from_disk(open_page, page):
    opened = open_page(f"{SITE.as_uri()}/{page}.html", viewport=DESK, reduced_motion="reduce")
    prepare(opened)
    found = []
    for name, size in (("desk", DESK), ("phone", PHONE)):  # before twins are taken out for axe
        opened.set_viewport_size(size)
        opened.wait_for_function(SCROLLING_IS_FOCUSABLE)
        assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    # Axe's rules but those of colours, once for each size and for each scheme, are enough.
    for name, size, first, second in (
        ("phone", PHONE, "dark", "light"),
        ("desk", DESK, "light", "dark"),
    ):
        opened.set_viewport_size(size)
        opened.wait_for_function(SCROLLING_IS_FOCUSABLE)
        for scheme, rules in ((first, None), (second, COLOURS)):
            opened.emulate_media(color_scheme=scheme)
            opened.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
            found += [f"{name}, {scheme}, {fault}" for fault in axe(opened, rules=rules)]
            found += [f"{name}, {scheme}, focus: {fault}" for fault in unmarked_focus(opened)]
    assert found == []
    assert opened.troubles == []


@pytest.mark.parametrize("page", PAGES + EXTRAS)
def test_a_page_from_a_server(open_page, server, page):
    """On a telephone: its width, the letters of its figures, its solutions."""
    opened = open_page(f"{server}/{page}.html", viewport=PHONE)
    opened.wait_for_load_state("networkidle")
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert too_small(opened, page) == []
    solutions = opened.locator("div.solution.dropdown").all()
    assert bool(solutions) == (page in WITH_SOLUTIONS)
    for solution in solutions:
        opens_and_closes(solution)
    assert opened.troubles == []


def opens_and_closes(solution):
    """Open a solution by mouse, and close and open it by keyboard."""
    inside, keyboard = solution.locator(":scope > section"), solution.page.keyboard
    assert not inside.is_visible()
    solution.locator(".admonition-title").click(position={"x": 5, "y": 5})
    inside.wait_for(state="visible")
    solution.locator("button.toggle-button").focus()
    for state in ("hidden", "visible"):
        keyboard.press("Enter")
        inside.wait_for(state=state)


FAINT = """.faint { color: #888; background: #999; }
.alike { color: light-dark(#444, #bbb) !important; text-decoration: none !important; }
.bare:focus { outline: none !important; box-shadow: none !important; }"""
FAULTS = """<p>Words around <a class="alike" href="#a">a link</a> and more of them.</p>
<p class="faint">Who can read this?</p> <button class="bare">Press</button>"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_looks_that_were_judged_before_hide_no_other(open_page, scheme):
    opened = open_page(f"{SITE.as_uri()}/{PAGES[-1]}.html", viewport=DESK, color_scheme=scheme)
    prepare(opened)
    assert axe(opened) == unmarked_focus(opened) == []
    opened.add_style_tag(content=FAINT)
    opened.evaluate("faults => document.querySelector('article').innerHTML += faults", FAULTS)
    found = axe(opened, rules=COLOURS)
    assert {fault.partition(":")[0] for fault in found} == {*COLOURS}
    assert ["bare" in box for box in unmarked_focus(opened)] == [True]
    opened.add_style_tag(
        content="a:focus { outline: none !important; box-shadow: none !important; }"
    )
    assert any(box.startswith("<a") for box in unmarked_focus(opened))


def test_some_page_has_formulas():
    assert any('class="math' in html(page) for page in PAGES)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_search_finds_a_word(open_page, base, by):
    target = [page for page in PAGES if page[5:7].isdigit()][-1]
    title = parsed(target).select_one("article h1").get_text()
    word = max(re.findall(r"[a-z]+", title), key=len)
    page = open_page(f"{base}/{PAGES[0]}.html", viewport=DESK)
    if by == "mouse":
        page.locator("button.search-button-field:visible").click()
    else:
        page.keyboard.press("Control+K")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    link = page.locator(f'ul.search a[href*="{target}"]').first
    link.wait_for()
    page.wait_for_load_state("networkidle")  # it reads the pages found, for their summaries
    assert (page.locator("ul.search p.context").count() > 0) == base.startswith("http")
    if by == "mouse":
        link.click()
    else:
        link.focus()
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/{target}.html*")
    assert page.troubles == []


@pytest.mark.parametrize(
    ("page", "ground"),
    [
        ("py-modindex", ".modindextable .cap"),
        ("book/16_leaving_keras", ".text_html:has(> table)"),
        ("book/keras_then_and_now", ".text_html:has(> table)"),
    ],
)
def test_no_table_lies_on_light_ground_in_the_dark(open_page, page, ground):
    """Of a single letter axe does not judge the contrast."""
    opened = open_page(f"{SITE.as_uri()}/{page}.html", viewport=DESK, color_scheme="dark")
    colour = opened.locator(ground).first.evaluate("e => getComputedStyle(e).backgroundColor")
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", colour))
    assert alpha == [0] or max(red, green, blue) < 100, colour


def test_what_is_searched_for_stands_beside_the_magnifying_glass(open_page):
    page = open_page(f"{SITE.as_uri()}/search.html?q=embedding", viewport=DESK)
    glass, letters = page.locator("form.bd-search:visible").first.evaluate(
        """form => {
            const field = form.querySelector("input");
            const begins = field.getBoundingClientRect().left;
            return [form.querySelector("svg").getBoundingClientRect().right,
                begins + parseFloat(getComputedStyle(field).paddingLeft)];
        }"""
    )
    assert letters > glass


def test_the_theme_switch_changes_the_colours(open_page, base):
    page = open_page(f"{base}/{PAGES[0]}.html", viewport=DESK, color_scheme="light")
    colours = {}
    for _ in range(3):  # light, dark, and what the system says
        page.locator("button.theme-switch-button:visible").click()
        theme = page.evaluate("document.documentElement.dataset.theme")
        colours[theme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert set(colours) == {"light", "dark"}
    assert colours["light"] != colours["dark"]
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") in colours


def test_the_copy_button_copies_the_code(open_page, server):
    page = next(page for page in PAGES if "cell_input" in html(page))
    opened = open_page(
        f"{server}/{page}.html", permissions=["clipboard-read", "clipboard-write"], viewport=DESK
    )
    cell = opened.locator("div.cell_input:visible").first
    cell.hover()
    cell.locator("button.copybtn").click()
    code = cell.locator("pre").inner_text().strip()
    assert code
    assert opened.evaluate("navigator.clipboard.readText()").strip() == code


def test_some_page_has_hidden_solutions():
    assert WITH_SOLUTIONS


def test_a_notebook_is_downloaded(open_page, base):
    """From disk, where there is nothing to load down, Chromium opens it beside the page."""
    page = next(page for page in PAGES if cells(page))
    opened = open_page(f"{base}/{page}.html", viewport=DESK)
    opened.locator("button[aria-label='Download this page']").click()
    link = opened.locator("a.btn-download-source-button")
    if base.startswith("file:"):
        with opened.expect_popup() as popup:
            link.click()
        text = popup.value.locator("pre").inner_text()
    else:
        with opened.expect_download() as download:
            link.click()
        text = download.value.path().read_text("utf-8")
    assert [cell["source"] for cell in json.loads(text)["cells"]] == [
        cell["source"] for cell in cells(page)
    ]


@pytest.mark.parametrize("address", ["nothing.html", "book/so/deep/nothing.html"])
def test_what_is_not_there_leads_back(open_page, server, address):
    page = open_page(f"{server}/{address}", viewport=PHONE, reduced_motion="reduce")
    page.locator("body[data-book]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    prepare(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
    for link in page.locator("a").all():
        assert page.request.get(link.evaluate("a => a.href")).ok
    page.locator("a").first.click()
    page.locator("article h1").wait_for()
    missed = re.compile("status 404|Failed to load resource: .* 404")
    assert [trouble for trouble in page.troubles if not missed.search(trouble)] == []


def test_the_ballot_shows_a_verdict_for_a_vote_and_counts_those_that_agree(open_page, base):
    page = open_page(f"{base}/book/01_question.html", viewport=DESK)
    claims = page.locator(".ballot fieldset")
    assert claims.count() == 10
    assert page.locator(".ballot .verdict:visible").count() == 0
    assert not page.locator(".ballot .tally").is_visible()
    claims.nth(0).locator("input.agrees").check()
    claims.nth(1).locator("input:not(.agrees)").first.check()
    assert page.locator(".ballot .verdict:visible").count() == 2
    assert claims.nth(0).locator(".verdict").is_visible()
    assert page.locator(".ballot .tally").is_visible()
    # What a style sheet counts is in no text of the page, but in what a screen reader is told.
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = "".join(node["name"]["value"] for node in nodes if node["role"]["value"] == "StaticText")
    assert "Your votes that agree with the ledger: 1 of 2." in told


def test_a_page_finds_nothing_that_another_test_has_left(open_page, forget, base):
    """Pages are used by one test after the other, and each must meet what a new reader meets."""
    page = open_page(f"{base}/{PAGES[0]}.html", viewport=DESK)
    page.evaluate("localStorage.setItem('left', 'behind')")
    page.evaluate("addEventListener('beforeunload', () => sessionStorage.setItem('left', '1'))")
    page.context.add_cookies([{"name": "left", "value": "1", "url": "http://127.0.0.1"}])
    page.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    with page.expect_popup():
        page.evaluate("open('about:blank')")
    forget(page, viewport=DESK)
    page.goto(f"{base}/{PAGES[0]}.html")
    assert page.evaluate("[localStorage.getItem('left'), sessionStorage.getItem('left')]") == [
        None,
        None,
    ]
    assert page.context.cookies() == []
    assert page.context.pages == [page]
    asked = "(min-width: 1280px) and (prefers-color-scheme: light)"
    assert page.evaluate(f"matchMedia('screen and {asked}').matches")
    assert page.evaluate("matchMedia('(prefers-reduced-motion: no-preference)').matches")
