"""The Korean edition's build: its settings, its place in the site, its sentences and its search."""

import importlib
import sys
from pathlib import Path

import pytest
import yaml

from tools import edition

ROOT = Path(__file__).parents[2]


@pytest.fixture
def extension(monkeypatch):
    """Import one of the book's extensions."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "book/_ext")])
    return importlib.import_module


def test_the_settings_are_the_books_but_for_what_is_other_in_korean(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    options = edition.prepare(tmp_path / "_build")
    assert options[::2] == ["--config", "--path-output"]
    korean = yaml.safe_load(Path(options[1]).read_text("utf-8"))
    english = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert korean["sphinx"]["config"]["language"] == "ko"
    assert korean["execute"]["cache"] == str(tmp_path / "_build/.jupyter_cache")
    options, others = (one["sphinx"]["config"]["html_theme_options"] for one in (korean, english))
    assert options["search_bar_text"] != others["search_bar_text"]
    assert {**options, "search_bar_text": ""} == {**others, "search_bar_text": ""}


def test_what_both_editions_hold_lies_once_in_the_site(tmp_path):
    site, folder = tmp_path / "html", tmp_path / "ko"
    files = {
        site: {"_static/one.css": "both", "_static/two.js": "english", "_images/a.svg": "drawn"},
        folder / "_build/html": {
            "_static/one.css": "both",
            "_static/two.js": "korean",
            "_images/a.svg": "drawn",
            "book/page.html": '<link href="../_static/one.css?v=1"><script src="../_static/two.js">'
            '</script><img src="../_images/a.svg"><a href="../book/page.html">_static/one.css</a>',
            "search.html": '<link href="_static/one.css">',
        },
    }
    for base, texts in files.items():
        for name, text in texts.items():
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_text(text)
    edition.lay_into(site, folder)
    left = sorted(p.relative_to(site / "ko").as_posix() for p in (site / "ko").rglob("*.*"))
    assert left == ["_static/two.js", "book/page.html", "search.html"]
    assert not folder.exists()
    page = (site / "ko/book/page.html").read_text()
    assert '"../../_static/one.css?v=1"' in page
    assert '"../_static/two.js"' in page
    assert '"../../_images/a.svg"' in page
    assert ">_static/one.css<" in page
    assert (site / "ko/search.html").read_text() == '<link href="../_static/one.css">'


def test_a_sentence_is_known_by_the_rest_where_a_measured_number_differs(extension, tmp_path):
    file = tmp_path / "page.po"
    file.write_text(
        'msgid "left of 20: **1.9e-07**; at most 0.5"\nmsgstr "20 뒤: **1.9e-07**; 0.5 이하"\n\n'
        '#, fuzzy\nmsgid "old"\nmsgstr "낡은 것"\n',
        "utf-8",
    )
    catalogue = extension("translation").Catalogue(file)
    assert catalogue.get("left of 20: **1.9e-07**; at most 0.5") == "20 뒤: **1.9e-07**; 0.5 이하"
    assert catalogue.get("left of 20: **2.1e-07**; at most 0.5") == "20 뒤: **2.1e-07**; 0.5 이하"
    assert catalogue.get("left of 20: **2.1e-07**; at least 0.5") is None
    assert catalogue.get("old") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("오토인코더는", {"오토인코더는", "인코", "코더", "오토"}),
        ("행은", {"행은", "행"}),
        ("Keras의 층", {"Keras의", "의", "층"}),
    ],
)
def test_korean_is_searched_in_pairs_of_syllables(extension, text, found):
    search = extension("korean_search").SearchKorean({})
    assert found <= {*search.split(text)}
