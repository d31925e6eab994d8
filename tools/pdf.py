"""Print the built book to one PDF, through Chromium.

    python -m tools.pdf _build/html _build/book.pdf
    python -m tools.pdf _build/html _build/book-ko.pdf ko  # the Korean edition

The pages are put one behind another, in the order of the contents, into one document in which
their links lead from chapter to chapter. It is printed twice: the first time shows on which page
each chapter begins, and the second has those numbers in its contents. How it looks on paper is
said at the end of `book/_static/custom.css`.
"""

import sys
import tempfile
from copy import copy
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag
from playwright.sync_api import Page
from pypdf import PdfReader

from tools.browser import chromium

# An edition's folder in the site, and what it calls the page of contents.
CONTENTS = {"": "Contents", "ko": "차례"}
# What only works on a screen.
SCREEN_ONLY = ".headerlink, script, noscript, .toctree-wrapper, button"
POINTING = ("aria-labelledby", "aria-describedby", "for")


def slug(page: str) -> str:
    """Name a page inside the one document."""
    return page.removeprefix("ko/").removeprefix("book/").removesuffix(".html").replace("/", "-")


class Book:
    """The built pages of an edition as one document."""

    def __init__(self, site: Path, edition: str = ""):
        self.site, self.edition = site.resolve(), edition
        self.front = f"{edition}/book/index.html".lstrip("/")
        self.document = BeautifulSoup("<!DOCTYPE html><html><head/><body/></html>", "html.parser")
        front = self.read(self.front)
        menu = front.select_one("nav.bd-links")
        assert menu is not None, f"{site / self.front} has no contents"
        links = [
            urlsplit(urljoin(self.front, str(link["href"]))).path for link in menu.select("a[href]")
        ]
        self.pages = list(dict.fromkeys(links))
        self.soups = {page: self.read(page) for page in self.pages}
        self.head(front)
        articles = [self.article(page) for page in self.pages]
        self.body(articles[0], self.contents(menu), *articles[1:])

    def read(self, page: str) -> BeautifulSoup:
        """Parse a page of the site."""
        return BeautifulSoup((self.site / page).read_text("utf-8"), "html.parser")

    def head(self, front: BeautifulSoup) -> None:
        """Take over the title, and the styles of all pages."""
        assert self.document.html
        assert self.document.head
        assert front.html
        self.document.html.attrs |= {"lang": front.html["lang"], "data-theme": "light"}
        sheets = {}
        for page, soup in self.soups.items():
            for sheet in soup.select("head link[rel=stylesheet]"):
                sheet["href"] = self.file(page, str(sheet["href"]))
                sheets.setdefault(sheet["href"], sheet)
        assert front.title
        self.document.head.extend([copy(front.title), *sheets.values()])

    def file(self, page: str, address: str) -> str:
        """Return the address of a file that a page names."""
        return (self.site / unquote(urlsplit(urljoin(page, address)).path)).as_uri()

    def article(self, page: str) -> Tag:
        """Return a page's text, with names and links that hold in the one document."""
        article = self.soups[page].select_one("article.bd-article")
        assert article is not None, f"{page} has no text"
        for tag in article.select(SCREEN_ONLY):
            tag.decompose()
        for tag in article.select("details"):
            tag.unwrap()
        for tag in article.select("[id]"):
            tag["id"] = f"{slug(page)}--{tag['id']}"
        for name in POINTING:
            for tag in article.select(f"[{name}]"):
                tag[name] = " ".join(f"{slug(page)}--{part}" for part in str(tag[name]).split())
        for image in article.select("img"):
            image["src"] = self.file(page, str(image["src"]))
            image.attrs.pop("loading", None)
        for link in article.select("a[href]"):
            self.redirect(page, link)
        article["id"] = slug(page)
        return article

    def redirect(self, page: str, link: Tag) -> None:
        """Let a link lead to its place in the document, and to nothing that is not in it."""
        target = urlsplit(urljoin(page, str(link["href"])))
        if target.scheme:
            return
        if target.path not in self.pages:
            del link["href"]
            return
        place = slug(target.path)
        link["href"] = f"#{place}--{unquote(target.fragment)}" if target.fragment else f"#{place}"

    def contents(self, menu: Tag) -> Tag:
        """Make the page of contents out of the menu."""
        page = self.document.new_tag("article", attrs={"class": "bd-article", "id": "contents"})
        page.append(self.document.new_tag("h1", string=CONTENTS[self.edition]))
        for link in menu.select("a[href]"):
            self.redirect(self.front, link)
            place = {"class": "page-number", "data-page": str(link["href"]).removeprefix("#")}
            link.append(self.document.new_tag("span", string="0", attrs=place))
        for tag in menu.select("summary, input, label"):
            tag.decompose()
        for tag in menu.select("details"):
            tag.unwrap()
        page.append(menu)
        return page

    def body(self, *articles: Tag) -> None:
        """Put the articles one behind another."""
        assert self.document.body
        main = self.document.new_tag("main", attrs={"class": "bd-content one-document"})
        main.extend(articles)
        self.document.body.append(main)


def starts(pdf: Path, book: Book) -> dict[str, int]:
    """Read on which page each chapter begins."""
    reader = PdfReader(pdf)
    places = reader.named_destinations
    return {
        slug(page): (reader.get_destination_page_number(places["/" + slug(page)]) or 0) + 1
        for page in book.pages
    }


def print_twice(page: Page, book: Book, pdf: Path) -> None:
    """Print: for the numbers of the pages, and with them."""
    paper = {"path": pdf, "prefer_css_page_size": True, "print_background": True}
    page.evaluate("document.fonts.ready.then(() => true)")
    invisible = page.add_style_tag(content="* { visibility: hidden !important; }")  # sooner printed
    page.pdf(**paper)
    invisible.evaluate("style => style.remove()")
    page.evaluate(
        """numbers => document.querySelectorAll("[data-page]").forEach(
            place => place.textContent = numbers[place.dataset.page])""",
        starts(pdf, book),
    )
    page.pdf(**paper, outline=True, tagged=True)


def main(site: Path, pdf: Path, edition: str = "") -> None:
    """Print an edition of the site to the file."""
    book = Book(site, edition)
    pdf.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder) / "book.html"
        file.write_text(str(book.document), "utf-8")
        page = browser.new_page(color_scheme="light")
        page.set_default_timeout(0)  # a big document, perhaps on a busy machine
        page.goto(file.as_uri())
        print_twice(page, book, pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
