"""Let a search find the chapters first: weigh how often each page says the words asked for.

Sphinx's own search knows which pages hold a word, not how often, and puts names before texts: all
names of the package begin with ``embedding_core``. This counts the words of what is to be read,
apart from code, and ``chapters_first.js`` ranks by the counts. A word in a heading counts as much
as several in the text, and more in the title or in the question that a chapter begins with.
"""

import json
import re
from collections import Counter, defaultdict
from html import escape
from pathlib import Path

from docutils import nodes

# Pages that list names; they keep the places that Sphinx gives them.
NAMES = re.compile(r"book/api\b|book/api_|book/bibliography")
UNREAD = (nodes.literal_block, nodes.raw, nodes.comment, nodes.math, nodes.math_block)
TITLE, QUESTION, HEADING = 20, 20, 5
counts = defaultdict(Counter)  # of each page


def texts(node, weight=1):
    """Yield each piece of prose and what a word in it counts."""
    if isinstance(node, nodes.Text):
        yield node, weight
    elif isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
        top = isinstance(node.parent.parent, nodes.document)
        yield node, TITLE if top else HEADING
    elif isinstance(node, nodes.strong) and begins(node.parent):
        yield node, QUESTION
    elif not isinstance(node, UNREAD):
        for child in node.children:
            yield from texts(child, weight)


def begins(node):
    """Say whether it is the first paragraph under a page's title."""
    section = node.parent
    return isinstance(section.parent, nodes.document) and section.index(node) == 1


def count(app, doctree, docname):
    """Count the words of a page, as the search reads them: without their endings."""
    if app.builder.format != "html" or NAMES.match(docname):
        return
    language = app.builder.indexer.lang
    counts[docname].clear()
    for text, weight in texts(doctree):
        for word in language.split(text.astext().lower()):
            if word not in language.stopwords and not word.isdigit():
                counts[docname][language.stem(word)] += weight


def write(app, pagename, templatename, context, doctree):
    """Give the counts to the page of the search."""
    if pagename != "search":
        return
    pages = sorted(counts)
    said = defaultdict(dict)
    for number, page in enumerate(pages):
        for word, times in counts[page].items():
            said[word][number] = times
    titles = [escape(app.env.titles[page].astext()) for page in pages]
    length = [sum(counts[page].values()) for page in pages]
    data = {"pages": pages, "titles": titles, "length": length, "said": said}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file = Path(app.outdir) / "_static" / "said.js"
    file.write_text(f"const SAID = {text};\n", "utf-8")
    app.add_js_file("said.js")


def rank(app, config):
    """Put the script where Sphinx's search looks for one that decides the order."""
    config.html_search_scorer = str(Path(__file__).with_suffix(".js"))


def setup(app):
    """Connect."""
    app.connect("config-inited", rank)
    app.connect("doctree-resolved", count)
    app.connect("html-page-context", write)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
