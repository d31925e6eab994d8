"""Repair faults in the HTML that the theme and others write, each found by a test.

Every rule is a pattern, what replaces it and why. tests/site runs axe-core on every page, so a
fault that comes back in a new version of a theme, or a rule that no longer matches one, shows
there.
"""

import re
from pathlib import Path

RULES = [
    # sphinxcontrib-bibtex: a role that ARIA has withdrawn; the list around it wants list items.
    (re.compile(r' role="doc-biblioentry"'), ' role="listitem"'),
    # Theme: an icon's title counts as visible text, which the button's label must then contain.
    (re.compile(r'(<i class="theme-switch[^>]*?)\s+title="[^"]*"'), r"\1"),
    # Theme: the label says "Search", the visible text "Search this book"; the text will do.
    (
        re.compile(r'(<button class="btn search-button-field[^>]*?)\s+aria-label="[^"]*"'),
        r"\1",
    ),
    # Togglebutton: the same with "Toggle hidden content" and "Show code cell source".
    (
        re.compile(r'<summary aria-label="Toggle hidden content">'),
        "<summary>",
    ),
    # Theme: nothing names what opens and closes a page's list of further pages in the menu.
    (
        re.compile(r'<summary>(?=\s*<span class="toctree-toggle")'),
        '<summary aria-label="Further pages">',
    ),
    # Theme: the logo stands outside every landmark.
    (
        re.compile(r'<a class="navbar-brand logo".*?</a>', re.DOTALL),
        r'<nav aria-label="Home">\g<0></nav>',
    ),
    # Theme: without this, a server that calls a notebook JSON has it shown instead of saved.
    (
        re.compile(r'(<a href="[^"]*_sources/[^"]*\.ipynb") target="_blank"'),
        r'\1 target="_blank" download',
    ),
    # Exercise and proof: the same id on each of a page's solutions.
    (re.compile(r' id="(?:exercise|solution|proof)-content"'), ""),
    # pandas and Markdown tables: an empty header cell above the row labels.
    (re.compile(r"<th[^>]*>(?:<p></p>)?</th>"), "<td></td>"),
]


def repair(app, error):
    """Apply the rules to every page of a finished build."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        for pattern, replacement in RULES:
            text = pattern.sub(replacement, text)
        page.write_text(text, "utf-8")


def setup(app):
    """Connect."""
    app.connect("build-finished", repair)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
