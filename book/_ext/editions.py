"""Tie the two editions of the book together: English at the top of the site, Korean in ``ko/``.

- Each page has a link to the same page of the other edition, and says so to search engines.
- On a Korean page, what stays English is marked as English, so that a screen reader pronounces it:
  code and what it prints, docstrings, titles of papers.
"""

import re
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Of the edition that a link leads to: its language, the way there, its name, what the link says.
OTHERS = {
    "en": ("ko", "ko/", "한국어", "이 페이지를 한국어로 읽기"),
    "ko": ("en", "../", "English", "Read this page in English"),
}
ENGLISH = re.compile(
    r'<(?:pre|code|(?=dl class="py|table class="(?:dataframe|table"|indextable|genindextable)'
    r'|div class="citation")\w+)(?=[ >])(?! lang=)'
)
# Within docstrings, what Sphinx itself adds.
KOREAN = re.compile(r'<(?=dt class="field-|a class="headerlink)(?:dt|a)')


def lead_over(app, pagename, templatename, context, doctree):
    """Say where the other edition has the same page."""
    if not (ROOT / "locale" / "ko").exists() or pagename == "404":
        return
    lang, way, name, label = OTHERS[app.config.language]
    href = f"{context['content_root']}{way}{pagename}.html"
    context["other_edition"] = {"lang": lang, "href": href, "name": name, "label": label}
    context["metatags"] = (
        f'{context.get("metatags", "")}\n<link rel="alternate" hreflang="{lang}" href="{escape(href)}">'
    )


def mark(app, error):
    """Mark what is English on the pages of the Korean edition."""
    if error is not None or app.builder.format != "html" or app.config.language == "en":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = ENGLISH.sub(r'\g<0> lang="en"', page.read_text("utf-8"))
        page.write_text(KOREAN.sub(r'\g<0> lang="ko"', text), "utf-8")


def setup(app):
    """Connect: the marks last, on pages as they are shown."""
    app.connect("html-page-context", lead_over)
    app.connect("build-finished", mark, priority=950)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
