"""Draw the formulas when the book is built, so that no script has to in the reader's browser.

KaTeX does it, in QuickJS, a JavaScript engine that pip installs. It writes each formula twice: as
MathML, for screen readers and for whoever copies it, and as text in its own fonts, for the eye.
A formula that KaTeX does not understand is a warning, and so fails the build.
"""

import json
from functools import cache
from pathlib import Path

import quickjs
from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

KATEX = Path(__file__).with_name("katex.min.js")
STYLE = "katex/katex.min.css"
# As JSON, since QuickJS keeps long strings in pieces, which its Python side does not take.
DRAW = """(formula, displayMode) => JSON.stringify(
    katex.renderToString(formula, {displayMode, strict: "error"}))"""
logger = logging.getLogger(__name__)


@cache
def engine():
    """Start KaTeX; return what draws with it."""
    context = quickjs.Context()
    context.eval(KATEX.read_text("utf-8"))
    return context.eval(DRAW)


def draw(formula, alone):
    """Return a formula's HTML: on lines of its own, or within a line."""
    return json.loads(engine()(formula, alone))


def write(translator, node, tag):
    """Put a formula's drawing on the page."""
    number = node.get("number") and get_node_equation_number(translator, node)
    translator.body.append(translator.starttag(node, tag, "", CLASS="math notranslate nohighlight"))
    if number:
        translator.body.append(f'<span class="eqno">({number})</span>')
    try:
        translator.body.append(draw(node.astext(), tag == "div"))
    except quickjs.JSException as error:
        reason = str(error).partition("\n")[0]
        logger.warning("KaTeX cannot draw %r: %s", node.astext(), reason, location=node)
    translator.body.append(f"</{tag}>")
    raise nodes.SkipNode


def inline(translator, node):
    """Write a formula in a line of text."""
    write(translator, node, "span")


def display(translator, node):
    """Write a formula that stands alone."""
    write(translator, node, "div")


def style(app, pagename, templatename, context, doctree):
    """Let a page with formulas, and no other, read KaTeX's styles."""
    if doctree is not None and next(doctree.findall(is_formula), None):
        app.add_css_file(STYLE)


def is_formula(node):
    """Say whether it is one."""
    return isinstance(node, nodes.math | nodes.math_block)


def setup(app):
    """Become the renderer that ``html_math_renderer`` in ``_config.yml`` names."""
    app.add_html_math_renderer("katex", (inline, None), (display, None))
    app.connect("html-page-context", style)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
