"""Give the live figures their words in the language of the edition.

Their scripts say each sentence by ``L.say``; what it finds on the page, it says instead. The names
that come from a cell, of optimizers or of groups of words, are said in the same way.
"""

import json
import re
from pathlib import Path

from translation import catalogue

STATIC = Path(__file__).parents[1] / "_static" / "live"
SAID = re.compile(r'\bL\.say\(\s*("(?:[^"\\]|\\.)*")')
DATA = re.compile(r'<div class="live"[^>]*>\s*<script type="application/json">(.*?)</script>')

NAMES = ("optimizers", "maps", "groups")


def in_scripts():
    """List the sentences of the scripts, in order."""
    texts = [file.read_text("utf-8") for file in sorted(STATIC.glob("*.js"))]
    return [json.loads(sentence) for text in texts for sentence in SAID.findall(text)]


def in_data(page):
    """List the names that the data of a page's live figures hold."""
    return [
        name
        for data in map(json.loads, DATA.findall(page))
        for names in ([data["label"]], *(data.get(kind, []) for kind in NAMES))
        for name in names
    ]


def tell(app, pagename, templatename, context, doctree):
    """Write the words into a page that has a live figure."""
    if doctree is None or app.config.language == "en" or "data-live=" not in context["body"]:
        return
    known = catalogue(app.config.language, "live").known
    words = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    app.add_js_file(None, body=f"window.LookupTableWords = {words};")


def setup(app):
    """Connect."""
    app.connect("html-page-context", tell)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
