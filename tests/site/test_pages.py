"""The built pages, read as files: nothing here needs a browser."""

import json
import re
from copy import copy
from importlib.metadata import distribution
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from contents import EXTRAS, KOREAN, PAGES, ROOT, SITE, cells, html, parsed, pictures

SIDES = {"prev": "left-prev", "next": "right-next"}
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


@pytest.fixture(scope="module")
def soups():
    """Every page of the English edition, by its path without the ending."""
    pages = [
        path.relative_to(SITE).with_suffix("").as_posix()
        for path in SITE.rglob("*.html")
        if not path.relative_to(SITE).parts[0].startswith("_") and KOREAN not in path.parents
    ]
    return {page: parsed(page) for page in pages}


def test_the_site_has_the_pages_of_the_contents_and_no_others(soups):
    chapters = [page for page in soups if page.startswith("book/")]
    assert sorted(chapters) == sorted(PAGES)
    beside = {page for page in soups if "/" not in page}
    assert beside == {*EXTRAS, "index", "404"}, "a page that no test of the browser opens"


def test_titles_and_descriptions_tell_pages_apart(soups):
    for kind in ("title", "description"):
        seen = {}
        for page in PAGES:
            if kind == "title":
                text = soups[page].title.get_text()
            else:
                text = soups[page].find("meta", attrs={"name": "description"})["content"]
            assert len(text) > 10, f"{page} has no {kind} to speak of"
            assert text not in seen, f"{page} and {seen[text]} have the same {kind}"
            seen[text] = page


def test_a_chapter_has_the_number_of_its_file(soups):
    chapters = [page for page in PAGES if re.match(r"book/\d+_", page)]
    assert chapters
    for page in chapters:
        number = int(re.match(r"book/(\d+)_", page)[1])
        assert soups[page].select_one("article h1").get_text().startswith(f"{number}. ")
        file = page.removeprefix("book/") + ".html"
        link = soups[PAGES[0]].select_one(f'nav.bd-links a[href$="{file}"]')
        assert link.get_text().strip().startswith(f"{number}. ")


@pytest.mark.parametrize("page", PAGES)
def test_every_cell_and_picture_is_shown(soups, page):
    code = [cell for cell in cells(page) if cell["cell_type"] == "code"]
    gone = [cell for cell in code if "remove-cell" in cell["metadata"].get("tags", [])]
    assert len(soups[page].select("article div.cell")) == len(code) - len(gone)
    assert len(soups[page].select("article .cell_output img, article figure img")) >= pictures(page)


def test_figures_are_vectors(soups):
    drawn = [image["src"] for soup in soups.values() for image in soup.select(".cell_output img")]
    assert drawn
    assert [name for name in drawn if not name.endswith(".svg")] == []


def test_a_figure_waits_for_its_reader_and_keeps_its_place(soups):
    figures = [(page, image) for page in soups for image in soups[page].select(".wide img")]
    assert figures
    for page, image in figures:
        drawing = (SITE / page).parent / image["src"].partition("?")[0]
        width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', drawing.read_text("utf-8")).groups()
        kept = float(image["width"]) / float(image["height"])
        assert image["loading"] == "lazy", (page, image["src"])
        assert kept == pytest.approx(float(width) / float(height), rel=0.01), (page, image["src"])


def test_some_picture_is_promised():
    assert sum(map(pictures, PAGES)) > 0


@pytest.mark.parametrize("page", PAGES)
def test_pictures_have_words(soups, page):
    for image in soups[page].select("article img"):
        words = image.get("alt", "")
        assert len(words.split()) >= 3, f"{image['src']} says only {words!r}"
        assert not re.search(r"\.(png|svg|jpe?g)\b", words), f"a file's name is no text: {words!r}"


def test_links_lead_somewhere(soups):
    anchors = {
        page: {tag.get("id") or tag["name"] for tag in soup.select("[id], a[name]")}
        for page, soup in soups.items()
    }
    followed, broken = 0, []
    for page, soup in soups.items():
        for link in soup.select("a[href], link[href]"):
            address = urlsplit(link["href"])
            if address.scheme or address.netloc:
                continue
            here = SITE / f"{page}.html"
            target = (here.parent / unquote(address.path)).resolve() if address.path else here
            followed += 1
            if KOREAN in target.parents:
                continue  # the other edition's anchors: see test_korean.py
            if not target.exists():
                broken.append(f"{page}: {link['href']}")
            elif address.fragment and target.suffix == ".html":
                name = target.relative_to(SITE).with_suffix("").as_posix()
                if unquote(address.fragment) not in anchors[name] | {""}:
                    broken.append(f"{page}: {link['href']}")
    assert followed > 10 * len(PAGES)
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(soups):
    checked, outside = 0, []
    for page, soup in soups.items():
        for tag in soup.find_all([*LOADING, "link"]):
            address = tag.get(LOADING.get(tag.name, "href"))
            if tag.name == "link" and "stylesheet" not in tag.get("rel", []):
                continue
            if address:
                checked += 1
                outside += [f"{page}: {address}"] * bool(re.match(r"(https?:)?//", address))
    address = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')]+)""")
    for sheet in SITE.rglob("*.css"):
        found = address.findall(sheet.read_text("utf-8"))
        checked += 1
        outside += [f"{sheet.name}: {where}" for where in found]
    assert checked > 0
    assert outside == []


def test_vendored_files_carry_their_licences():
    assert "MIT License" in (SITE / "_static/katex/LICENSE").read_text("utf-8")
    assert "Mozilla Public" in (ROOT / "tests/site/axe.min.js").read_text("utf-8")[:1000]


def test_every_script_style_and_font_has_an_owner_with_a_licence():
    """Each is ours, KaTeX's, or of a package whose licence is on the site."""
    static = SITE / "_static"
    owned = {file.name for file in (ROOT / "book/_static").rglob("*")}
    # Written by Sphinx, by book/_ext/chapters_first.py, and by book/_ext/icons.py from a theme's.
    owned |= {"pygments.css", "said.js", "icons.ttf"}
    licences = sorted((static / "licences").glob("*.txt"))
    assert licences
    for licence in licences:
        assert "Copyright" in licence.read_text("utf-8") or "Redistribution" in licence.read_text()
        owned |= {
            re.sub(r"(_t|\.jinja)$", "", file.name) for file in distribution(licence.stem).files
        }
    files = [
        file for file in static.rglob("*.*") if file.suffix in {".js", ".css", ".woff2", ".ttf"}
    ]
    assert len(files) > 10
    strangers = [file.name for file in files if file.name not in owned]
    assert [name for name in strangers if not re.fullmatch(r"mystnb\.\w+\.css", name)] == []


def test_the_site_is_small():
    size = sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file())
    assert 1e6 < size < 30e6


def test_next_and_previous_follow_the_contents(soups):
    for number, page in enumerate(PAGES):
        for kind, at in (("prev", number - 1), ("next", number + 1)):
            link = soups[page].select_one(f'.prev-next-footer a[class^="{SIDES[kind]}"]')
            if 0 <= at < len(PAGES):
                assert link["href"].split("/")[-1] == PAGES[at].split("/")[-1] + ".html"
            else:
                assert link is None


def test_headings_go_down_one_step_at_a_time(soups):
    for page, soup in soups.items():
        if soup.select_one("article") is None:
            continue
        levels = [int(tag.name[1]) for tag in soup.select("article :is(h1, h2, h3, h4, h5, h6)")]
        assert levels.count(1) == 1, page
        assert levels[0] == 1, page
        assert all(later <= level + 1 for level, later in pairwise(levels)), f"{page}: {levels}"


def test_every_page_has_an_icon_and_a_language(soups):
    for page in [*PAGES, *EXTRAS]:
        icon = soups[page].select_one('link[rel="icon"]')["href"]
        assert ((SITE / f"{page}.html").parent / icon).resolve().exists()
        assert soups[page].html["lang"] == "en"


def test_every_notebook_can_be_downloaded(soups):
    notebooks = [page for page in PAGES if cells(page)]
    assert notebooks
    for page in notebooks:
        link = soups[page].select_one("a.btn-download-source-button")
        assert link.has_attr("download"), "a server that calls it JSON would have it shown"
        saved = ((SITE / f"{page}.html").parent / link["href"]).resolve()
        code = [cell["source"] for cell in json.loads(saved.read_text("utf-8"))["cells"]]
        assert code == [cell["source"] for cell in cells(page)]


def test_no_launch_links_without_a_repository(soups):
    """With one, see test_build.py."""
    assert not any("mybinder" in html(page) or "colab" in html(page) for page in soups)


def test_the_front_page_has_a_picture_and_three_ways_in(soups):
    front = soups[PAGES[0]].select_one("article")
    assert len(front.select("p.lead")) == 1
    assert len(front.select("img")) == 1
    ways = [way["href"] for way in front.select(".ways a.sd-stretched-link")]
    assert len(ways) == 3


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_text_before_its_scripts_run(soups, page):
    scripts = {
        script["src"].split("?")[0].split("/")[-1]: script
        for script in soups[page].select("script[src]")
    }
    assert "copybutton.js" in scripts
    at_once = [name for name, script in scripts.items() if not script.has_attr("defer")]
    assert at_once == ["documentation_options.js"]
    assert "searchindex.js" not in scripts, "the index of the whole book, which only a search reads"


def test_the_page_of_the_search_reads_the_index(soups):
    assert soups["search"].select_one('script[src="searchindex.js"]')


@pytest.mark.parametrize("page", PAGES + EXTRAS)
def test_icons_are_drawn_without_a_script(soups, page):
    # Without select(), which looks at each of thousands of elements in Python, three times.
    drawn = soups[page].find_all("svg", class_="svg-inline--fa")
    assert sum(len(svg.find_all("path", d=True, recursive=False)) for svg in drawn) > 5
    named = soups[page].find_all(["i", "span"], class_=re.compile("fa-"))
    assert [tag for tag in named if tag.name == "i" or not (tag.find(True) or tag.get_text())] == []
    assert not soups[page].find_all("script", src=re.compile("fontawesome"))


@pytest.mark.parametrize("page", PAGES)
def test_no_marks_of_broken_markup(page):
    """Directives and roles that were not understood are left in the text as they were typed."""
    article = copy(parsed(page).select_one("article"))
    for tag in article.select("pre, code, script"):
        tag.decompose()
    assert not re.search(r":::|\{[a-z:]+\}`|^#+ ", article.get_text(), re.MULTILINE)
