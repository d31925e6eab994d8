"""Give each page the description that search engines and shared links show: its first paragraph."""

from html import escape

from docutils import nodes

LONGEST = 300


def describe(app, pagename, templatename, context, doctree):
    """Add ``<meta name="description">`` to a page that has text and none of its own."""
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > LONGEST:
            text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
        context["metatags"] += f'\n<meta name="description" content="{escape(text)}">'
        return


def setup(app):
    """Connect."""
    app.connect("html-page-context", describe)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
