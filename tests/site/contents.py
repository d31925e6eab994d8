"""What the contents promise: the pages of the site, worked out from their sources."""

import json
from functools import cache
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
if not (SITE / "index.html").exists():
    raise FileNotFoundError(f"{SITE}: build the book first, with make book")


def files(chapters):
    """Name the pages in the order of reading: each chapter, then its sections."""
    return [
        name
        for chapter in chapters
        for name in [chapter["file"], *files(chapter.get("sections", []))]
    ]


_TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [_TOC["root"], *(name for part in _TOC["parts"] for name in files(part["chapters"]))]
# Pages that Sphinx adds of itself.
EXTRAS = ["genindex", "py-modindex", "search"]
# The same pages in Korean: see test_korean.py.
KOREAN = SITE / "ko"


def html(page):
    """Return the text of a built page."""
    return (SITE / f"{page}.html").read_text("utf-8")


@cache
def parsed(page):
    """Return a built page, read once for all tests: what takes it apart must take a copy."""
    return BeautifulSoup(html(page), "html.parser")


def cells(page):
    """Return the cells of a notebook, or none where the page is prose."""
    source = ROOT / f"{page}.ipynb"
    return json.loads(source.read_text("utf-8"))["cells"] if source.exists() else []


def pictures(page):
    """Count the pictures that a notebook's saved outputs hold."""
    return sum(
        any(kind.startswith("image/") for kind in output.get("data", {}))
        for cell in cells(page)
        for output in cell.get("outputs", [])
    )
