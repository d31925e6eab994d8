"""Draw the theme's icons when the book is built; give a page no more of their font than it shows.

The theme has each page read 1.5 MB of Font Awesome in order to draw a dozen icons. They are drawn
here instead, from the same file, as the elements that its script would make. What styles put
before or after an element (a note's mark) comes from a font of 1,400 icons, which takes a browser
longer to unpack than a chapter to lay out: ``_static/icons.ttf`` has those that some style names.
"""

import logging
import re
from functools import cache
from pathlib import Path

import pydata_sphinx_theme
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

ICONS = (
    Path(pydata_sphinx_theme.__file__).parent
    / "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
)
ICON = re.compile(r'<(i|span) class="([^"]*\bfa(?:s|-solid)\b[^"]*)"([^>]*)></\1>')
LOADED = re.compile(r"\s*<!--[^>]*custom icons -->\s*<script[^>]*fontawesome\.js[^>]*></script>")
FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
# A rule of a style sheet that is not the name of one of the font's 1,400 icons, and what it puts on
# the page, as itself or by its number. (In custom.css stands which font it is drawn from.)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
SHOWN = re.compile(r'(?:content|--pst-icon-[\w-]+)\s*:\s*"(?:\\([0-9a-f]{4})|(.))"')


@cache
def drawing(name):
    """Return the width, the height and the outline of a solid icon."""
    found = re.findall(
        rf'[{{,]"?{re.escape(name)}"?:\[(\d+),(\d+),\[[^]]*\],"\w+","([^"]+)"\]',
        ICONS.read_text("utf-8"),
    )
    if not found:
        raise LookupError(f"{ICONS} has no icon {name!r}: a theme's page asks for it")
    return found[-1]  # brands and outlined icons come first


def draw(match):
    """Write the element for an icon's."""
    _, classes, attributes = match.groups()
    names = classes.split()
    name = next(n[3:] for n in names if n.startswith("fa-") and n not in ("fa-solid", "fa-lg"))
    width, height, outline = drawing(name)
    return (
        f'<svg class="svg-inline--fa {" ".join(names)}"{attributes} aria-hidden="true"'
        f' viewBox="0 0 {width} {height}"><path fill="currentColor" d="{outline}"></path></svg>'
    )


def cut_font(static):
    """Write ``icons.ttf``: of the font, what the styles in a folder show."""
    styles = "".join(file.read_text("utf-8") for file in static.rglob("*.css"))
    rules = "".join(rule for names, rule in RULE.findall(styles) if ".fa-" not in names)
    shown = [int(number, 16) if number else ord(sign) for number, sign in SHOWN.findall(rules)]
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of each table
    with TTFont(static / FONT, recalcTimestamp=False) as font:
        cut = Subsetter()
        cut.populate(unicodes=shown)
        cut.subset(font)
        font.save(static / "icons.ttf")


def finish(app, error):
    """Draw the icons of every page, and take off the site what did it in the reader's browser."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(ICON.sub(draw, LOADED.sub("", text)), "utf-8")
    static = Path(app.outdir) / "_static"
    for ending in ("", ".map"):  # its licence, which is the icons', stays
        (static / f"scripts/fontawesome.js{ending}").unlink()
    cut_font(static)


def setup(app):
    """Connect: after the repairs, which know the theme's elements."""
    app.connect("build-finished", finish, priority=900)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
