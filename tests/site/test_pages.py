"""The built pages, read as files: nothing here needs a browser."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from contents import EXTRAS, PAGES, ROOT, SITE, cells, html, pictures

LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


@pytest.fixture(scope="module")
def soups():
    """Every page of the site, by its path without the ending."""
    pages = {
        path.relative_to(SITE).with_suffix("").as_posix(): path
        for path in SITE.rglob("*.html")
        if not path.relative_to(SITE).parts[0].startswith("_")
    }
    return {
        name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for name, path in pages.items()
    }


def test_the_site_has_the_pages_of_the_contents_and_no_others(soups):
    chapters = [page for page in soups if page.startswith("book/")]
    assert sorted(chapters) == sorted(PAGES)
    assert set(EXTRAS) <= set(soups)


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
    assert "Apache License" in (ROOT / "book/_static/mathjax/LICENSE").read_text("utf-8")
    assert "Mozilla Public" in (ROOT / "tests/site/axe.min.js").read_text("utf-8")[:1000]


@pytest.mark.parametrize("page", PAGES)
def test_no_marks_of_broken_markup(page):
    """Directives and roles that were not understood are left in the text as they were typed."""
    article = BeautifulSoup(html(page), "html.parser").select_one("article")
    for tag in article.select("pre, code, script"):
        tag.decompose()
    assert not re.search(r":::|\{[a-z:]+\}`|^#+ ", article.get_text(), re.MULTILINE)
