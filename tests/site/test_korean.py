"""The Korean edition: tied to the English one, searched, read aloud and seen as it should be."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from contents import EXTRAS, KOREAN, PAGES, SITE, html
from looks import axe, prepare
from pypdf import PdfReader
from test_browser import DESK, PHONE
from test_search import FOUND

ALL = PAGES + EXTRAS
# What a page says in words: not what its cells print, and no names that it lists.
PROSE = {"p", "li", "td", "th", "dt", "dd", "figcaption", "caption", "summary", "legend", "label"}
PROSE |= {"h1", "h2", "h3", "h4"}
NOT_READ = {"script", "style", "svg", "math"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
NAMING = ("alt", "title", "aria-label", "placeholder")
HANGUL = re.compile("[가-힣]")
WORDS = re.compile(r"(?<![\w./-])[A-Za-z]{2,}(?![\w./-])")
QUOTED = re.compile(r"“[^“”가-힣]*[A-Za-z]{2}[^“”가-힣]*”|\([a-z][A-Za-z -]{2,}\)")
SWITCH = re.compile(r'<a class="btn btn-sm edition-switch" href="([^"]+)"[^>]*>([^<]+)</a>', re.S)


class Reader(HTMLParser):
    """Reads a page as a screen reader does: each piece of text in its language."""

    def __init__(self, text):
        super().__init__()
        self.open, self.pieces, self.names, self.ids, self.links = [], [], [], set(), []
        self.texts, self.twice = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.twice += [tag] * (len(given) < len(attributes))
        language = given.get("lang") or (self.open[-1][1] if self.open else None)
        block = len(self.pieces) if tag in PROSE else self.open[-1][2] if self.open else 0
        if tag in PROSE:
            self.pieces.append([language, ""])
        self.ids |= {given.get("id")}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        self.names += [(language, given[name]) for name in NAMING if given.get(name)]
        if tag not in VOID:
            self.open.append((tag, language, block))

    def handle_endtag(self, tag):
        while self.open and tag in [name for name, _, _ in self.open]:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data):
        if self.open and not NOT_READ & {tag for tag, _, _ in self.open}:
            _, language, block = self.open[-1]
            self.texts.append((language, data))
            if self.pieces and language == self.pieces[block][0]:
                self.pieces[block][1] += data


def page_of(page):
    return (KOREAN / f"{page}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def read():
    """Every Korean page, read."""
    return {page: Reader(page_of(page)) for page in ALL}


@pytest.mark.parametrize("page", ALL)
def test_each_page_leads_to_the_same_page_of_the_other_edition(page):
    for text, here, there, lang, name in (
        (html(page), SITE, KOREAN, "ko", "한국어"),
        (page_of(page), KOREAN, SITE, "en", "English"),
    ):
        address, said = SWITCH.search(text).groups()
        switch = SWITCH.search(text)[0]
        assert ((here / f"{page}.html").parent / address).resolve() == there / f"{page}.html"
        assert said == name
        assert f'lang="{lang}" hreflang="{lang}"' in switch
        assert f'<link rel="alternate" hreflang="{lang}" href="{address}"' in text


def test_both_editions_have_the_same_anchors(read):
    """But for those of index entries, and those that a page gives to what has no name."""
    for page in PAGES:
        english = Reader(html(page)).ids
        assert len(english) > 5
        assert english == read[page].ids, page


def test_links_of_the_korean_edition_lead_somewhere(read):
    checked = 0
    for page, reader in read.items():
        for link in reader.links:
            address = urlsplit(link)
            if address.scheme or address.netloc or not address.path:
                continue
            checked += 1
            target = ((KOREAN / f"{page}.html").parent / unquote(address.path)).resolve()
            assert target.exists(), f"{page}: {link}"
            ours = target.relative_to(SITE).with_suffix("").as_posix().removeprefix("ko/")
            if KOREAN in target.parents and address.fragment and ours in read:
                assert unquote(address.fragment) in read[ours].ids, f"{page}: {link}"
    assert checked > 1000


@pytest.mark.parametrize("page", ALL)
def test_a_page_says_its_language_and_what_is_not_in_it(page):
    text = page_of(page)
    assert re.search(r'<html lang="ko"', text)
    english = re.findall(r"<(?:pre|code)\b[^>]*>", text) + re.findall(
        r'<dl [^>]*class="py[^>]*>', text
    )
    assert [tag for tag in english if 'lang="en"' not in tag] == []


@pytest.mark.parametrize("page", ALL)
def test_no_english_sentence_is_left_on_a_korean_page(read, page):
    """But for what is marked as English: docstrings, code and what it prints, titles of papers."""
    said = [*read[page].pieces, *read[page].names]
    left = [
        text.strip()
        for language, text in map(tuple, said)
        if language == "ko" and not HANGUL.search(text) and len(WORDS.findall(text)) > 3
    ]
    assert left == []


@pytest.mark.parametrize("page", ALL)
def test_what_is_marked_as_english_is_not_korean(read, page):
    """A table of the book's is Korean, and what Sphinx says in the midst of a docstring."""
    said = [*read[page].texts, *read[page].names]
    assert any(language == "en" for language, _ in said)
    assert [text for language, text in said if language == "en" and HANGUL.search(text)] == []
    assert read[page].twice == [], "an attribute that is given twice"


def test_english_words_that_a_korean_sentence_quotes_are_marked(read):
    left = [
        f"{page}: {text}"
        for page, reader in read.items()
        for language, text in reader.texts
        if language == "ko" and QUOTED.search(text)
    ]
    assert left == []
    marked = {
        text for reader in read.values() for language, text in reader.texts if language == "en"
    }
    assert {
        "“good film, great film”",
        "finite difference",
        "What is an embedding in Keras?",
    } <= marked


def test_one_button_is_called_the_same_everywhere():
    hints = re.findall(r"toggleHint\w+ = '(.*?)'", page_of("book/07_gradient"))
    assert hints == ["눌러서 보기", "눌러서 감추기"]


def test_the_index_has_korean_words_under_letters_that_fonts_have():
    """ㅇ, as in a dictionary: what comes first in a syllable taken apart is shown as a box."""
    page = page_of("genindex")
    letters = re.findall(r'<h2 id="(.*?)">', page)
    assert {"A", "ㄱ", "ㅇ", "ㅎ"} <= set(letters)
    assert not re.search("[\u1100-\u11ff]", page)
    section = page.split('<h2 id="ㅁ">')[1].split("<h2")[0]
    assert re.search(r"<li>\s*모듈\s*<ul>", section)
    assert not re.search(r">\s*module\s*<", page)


def test_the_search_says_what_it_found_in_the_words_of_the_catalogue():
    said = (KOREAN / "_static" / "translations.js").read_text("utf-8")
    messages = json.loads(said[said.index("{") : said.rindex("}") + 1])["messages"]
    found = next(text for english, text in messages.items() if "resultCount" in english)
    assert found == "페이지 ${resultCount}개를 찾았습니다."
    assert not [text for text in messages.values() if "카테고리" in text]


def test_the_editions_share_what_is_the_same_in_both():
    ours = [file for file in KOREAN.rglob("*") if file.is_file() and file.suffix != ".html"]
    twice = [
        file
        for file in ours
        if (SITE / file.relative_to(KOREAN)).is_file()
        and (SITE / file.relative_to(KOREAN)).read_bytes() == file.read_bytes()
    ]
    assert sum(file.stat().st_size for file in twice) < 1e5, twice


# Pictures that are read later would move what stands below them.
SETTLED = """() => Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.decode().catch(() => null);
}))"""


@pytest.mark.browser
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_switch_leads_to_the_place_that_is_being_read_and_back(open_page, by):
    page = open_page(
        f"{SITE.as_uri()}/book/07_gradient.html", viewport=DESK, reduced_motion="reduce"
    )
    page.evaluate(SETTLED)
    page.evaluate("document.querySelector('#exercises').scrollIntoView()")
    page.wait_for_timeout(300)  # a reader stays for a moment
    for folder in ("/ko/book/", "/html/book/"):
        switch = page.locator(".edition-switch")
        if by == "mouse":  # without Playwright's own scrolling, which moves what is read
            box = switch.bounding_box()
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        else:
            before = page.locator(".primary-toggle")
            before.evaluate("button => button.focus({preventScroll: true})")
            page.keyboard.press("Tab")
            assert switch.evaluate("link => link === document.activeElement")
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{folder}07_gradient.html#exercises")
        top = "document.querySelector('#exercises').getBoundingClientRect().top"
        page.wait_for_function(f"{top} > -5 && {top} < innerHeight")
        page.evaluate(SETTLED)
        page.wait_for_timeout(300)
    assert page.troubles == []


ANSWERS = {
    "임베딩": "02_lookup_table",
    "원-핫": "06_one_hot_product",
    "원핫": "06_one_hot_product",  # as many write it
    "마스크": "05_text_to_integers",
    "인코더": "12_autoencoder",  # inside 오토인코더
    "제곱근": "08_same_layer_in_training",
    "그래디언트는": "07_gradient",  # with a particle
    "코사인": "11_meaning",
    "gather": "04_call_gather",
}


@pytest.fixture(scope="module")
def results(browser):
    """Ask the Korean page of the search from disk."""
    page = browser.new_page(viewport=DESK)
    page.goto(f"{KOREAN.as_uri()}/search.html?q=행")
    page.wait_for_function("Search.hasIndex()")
    yield lambda query: page.evaluate(FOUND, query)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("query", ANSWERS)
def test_a_korean_word_is_found_where_it_is_answered(results, query):
    assert f"book/{ANSWERS[query]}" in results(query)[:3]


@pytest.mark.browser
def test_a_search_shows_pages_of_its_own_edition(open_page):
    for site, query in ((SITE, "룩업"), (KOREAN, "룩업"), (SITE, "gather"), (KOREAN, "gather")):
        page = open_page(f"{site.as_uri()}/search.html?q={query}", viewport=DESK)
        page.wait_for_function("Search.hasIndex()")
        page.wait_for_function(
            "!document.querySelector('#search-progress')?.textContent.endsWith('.')"
        )
        found = page.locator("#search-results li a").evaluate_all("links => links.map(a => a.href)")
        assert all(link.startswith(f"{site.as_uri()}/book/") for link in found)
        assert bool(found) == ((site, query) != (SITE, "룩업"))
        assert page.troubles == []


# Each page in one of the four ways; those with the most of their own in all.
WAYS = [(size, scheme) for size in ("desk", "phone") for scheme in ("light", "dark")]
WHOLE = ("book/01_question", "book/07_gradient", "search")


@pytest.mark.browser
@pytest.mark.parametrize("page", ALL)
def test_axe_finds_nothing_on_a_korean_page(open_page, page):
    """Nor is one wider than a telephone, whatever its way."""
    opened = open_page(f"{KOREAN.as_uri()}/{page}.html", viewport=PHONE, reduced_motion="reduce")
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    prepare(opened)
    for size, scheme in WAYS if page in WHOLE else [WAYS[ALL.index(page) % len(WAYS)]]:
        opened.set_viewport_size({"desk": DESK, "phone": PHONE}[size])
        opened.emulate_media(color_scheme=scheme)
        opened.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        width = opened.evaluate("document.documentElement.scrollWidth")
        assert width <= opened.viewport_size["width"]
        assert axe(opened) == []
    assert opened.troubles == []


@pytest.mark.browser
def test_a_captions_digits_are_as_heavy_as_its_letters(open_page):
    page = open_page(f"{KOREAN.as_uri()}/book/01_question.html", viewport=DESK)
    weight = "part => getComputedStyle(part).fontWeight"
    for part in (".caption-number", ".caption-text"):
        assert page.locator(f"figcaption {part}").first.evaluate(weight) == "400"


@pytest.mark.browser
def test_a_live_figure_speaks_korean(open_page):
    page = open_page(f"{KOREAN.as_uri()}/book/07_gradient.html", viewport=DESK)
    figure = page.locator('.live[data-live="repeated"]')
    figure.evaluate("figure => figure.scrollIntoView()")
    figure.locator("button").first.click()
    said = [*figure.locator("button, legend, .live-said").all_inner_texts()]
    assert len(said) > 10
    assert [text for text in said if len(WORDS.findall(text)) > 3 and not HANGUL.search(text)] == []


@pytest.mark.browser
def test_korean_letters_are_printed(open_page, tmp_path):
    """Those of the book, where the system has none; make pdf prints the same way."""
    page = open_page(f"{KOREAN.as_uri()}/book/glossary.html", viewport=DESK)
    page.pdf(path=tmp_path / "glossary.pdf")
    first = PdfReader(tmp_path / "glossary.pdf").pages[0]
    said = " ".join(first.extract_text().split())
    assert "용어집" in said
    assert "학습의 한 스텝" in said
    fonts = [font.get_object() for font in first["/Resources"]["/Font"].values()]
    assert any(re.search("KR|Korean|Gothic|Nanum", str(font["/BaseFont"])) for font in fonts)
