"""Tie the two editions of the book together: English at the top of the site, Korean in ``ko/``.

- Each page has a link to the same page of the other edition, and says so to search engines.
- On a Korean page, what stays English is marked as English, so that a screen reader pronounces it:
  code and what it prints, docstrings, titles of papers. ``quoted_english`` marks the words that a
  Korean sentence quotes.
- The theme and other extensions bring words along that they take from no catalogue: these are
  found in the attributes of elements, and in three scripts.
"""

import json
import re
from html import escape
from pathlib import Path

from translation import catalogue

ROOT = Path(__file__).parents[2]
# Of the edition that a link leads to: its language, the way there, its name, what the link says.
OTHERS = {
    "en": ("ko", "ko/", "한국어", "한국어, 같은 페이지"),
    "ko": ("en", "../", "English", "English, same page"),
}
# What says its language already has it from docutils, as each part of a docstring has.
ENGLISH = re.compile(
    r'<(?:(?:pre|code)(?=[ >])|dl(?= class="py)|table(?= class="indextable)'
    r'|div(?= class="citation")|a(?= class="reference internal" href="[^"]*bibliography\.html#))'
    r'(?![^>]* lang=)|(?<=<div class="output text_html">)<table'
)
# Within docstrings, what Sphinx itself adds.
KOREAN = re.compile(
    r'<(dt class="[^"]*field-[^"]*"|a class="headerlink"|p class="rubric"(?=[^>]*>[^<]*[가-힣])'
    r'|p(?=[^>]*>.*의 별칭</p>))(?: lang="en")?'
)
TERM = re.compile(r"(?<=\()([a-z][A-Za-z -]+)(?=\)</strong>)")  # of the glossary, in the index
NAMED = re.compile(r'(?<= )(aria-label|title|data-bs-title)="([^"]+)"')
SCRIPTS = ("copybutton.js", "togglebutton.js")
SEARCH = re.compile(r'"((?:[^"\\]|\\.)+)": "(?:[^"\\]|\\.)*"')  # in Sphinx's own translations.js


def lead_over(app, pagename, templatename, context, doctree):
    """Say where the other edition has the same page."""
    if not (ROOT / "locale" / "ko").exists() or pagename == "404":
        return
    lang, way, name, label = OTHERS[app.config.language]
    href = f"{context['content_root']}{way}{pagename}.html"
    context["other_edition"] = {"lang": lang, "href": href, "name": name, "label": label}
    link = f'<link rel="alternate" hreflang="{lang}" href="{escape(href)}">'
    context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def finish(app, error):
    """Mark what is English on the pages of the Korean edition, and word what names a button."""
    if error is not None or app.builder.format != "html" or app.config.language == "en":
        return
    words = catalogue(app.config.language, "interface").known
    for page in Path(app.outdir).rglob("*.html"):
        text = ENGLISH.sub(r'\g<0> lang="en"', page.read_text("utf-8"))
        text = KOREAN.sub(r'<\1 lang="ko"', text)
        text = TERM.sub(r'<span lang="en">\1</span>', text)
        text = NAMED.sub(lambda name: f'{name[1]}="{words.get(name[2], name[2])}"', text)
        page.write_text(text, "utf-8")
    for name in SCRIPTS:
        script = Path(app.outdir) / "_static" / name
        text = script.read_text("utf-8")
        for english, korean in words.items():
            text = text.replace(f"'{english}'", f"'{korean}'").replace(
                f'"{english}"', f'"{korean}"'
            )
        script.write_text(text, "utf-8")
    search = Path(app.outdir) / "_static" / "translations.js"
    known = {name: json.dumps(text) for name, text in words.items()}
    text = SEARCH.sub(
        lambda said: f'"{said[1]}": {known[said[1]]}' if said[1] in known else said[0],
        search.read_text("utf-8"),
    )
    search.write_text(text, "utf-8")


def setup(app):
    """Connect: the marks last, on pages as they are shown."""
    app.connect("html-page-context", lead_over)
    app.connect("build-finished", finish, priority=950)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
