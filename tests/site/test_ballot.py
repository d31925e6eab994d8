"""The ballot of chapter 1 by keyboard alone, held against the ledger."""

import re

import pytest
from contents import SITE
from test_browser import DESK

from embedding_core.lessons.claims import Verdict, claim

pytestmark = pytest.mark.browser

PAGE = f"{SITE.as_uri()}/book/01_question.html"


def test_whoever_votes_by_keyboard_is_told_how_many_verdicts_held(open_page):
    page = open_page(PAGE, viewport=DESK)
    asked = page.locator(".ballot fieldset")
    tally = page.locator(".ballot .tally")
    claims = [claim(text.split()[0]) for text in asked.locator("legend").all_inner_texts()]
    assert len(claims) == 10
    assert not tally.is_visible(), "no vote, no count"
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    # Every other vote is the ledger's verdict; the rest are the first button that is not.
    for number, entry in enumerate(claims):
        wanted = entry.verdict if number % 2 else next(v for v in Verdict if v is not entry.verdict)
        if number:
            page.keyboard.press("Tab")  # from one claim to the next
        else:
            asked.nth(0).locator("input").first.focus()
        page.keyboard.press("Space")
        for _ in [*Verdict][: [*Verdict].index(wanted)]:
            page.keyboard.press("ArrowRight")
        chosen = asked.nth(number).locator("label", has=page.locator("input:checked"))
        assert chosen.inner_text().strip() == wanted
        verdict = asked.nth(number).locator(".verdict")
        assert verdict.is_visible()
        assert f"The ledger: {entry.verdict}." in verdict.inner_text()
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = "".join(node["name"]["value"] for node in nodes if node["role"]["value"] == "StaticText")
    assert re.search(r"agree with the ledger: 5 of 10\.", told)
    assert "?" not in tally.inner_text()
    assert requests == [], "a vote leaves the page"
    assert page.evaluate("Object.keys(localStorage).filter(key => /ballot|vote/.test(key))") == []


def test_a_page_loaded_anew_knows_no_votes(open_page):
    page = open_page(PAGE, viewport=DESK)
    page.locator(".ballot input.agrees").first.check()
    page.reload()
    assert page.locator(".ballot input:checked").count() == 0
    assert page.locator(".ballot .verdict:visible").count() == 0
