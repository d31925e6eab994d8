"""Keep a figure's letters legible on a narrow screen, where it scrolls by itself; load it late.

A figure is scaled down until it fits, and on a telephone its letters would be four pixels high.
Matplotlib writes into a vector figure at which scale each text is drawn; of the smallest follows
how wide the figure must be drawn, and no page draws it narrower.

A browser fetches and reads a figure when its reader comes near, and keeps its place until then:
the page says how large it is.
"""

import math
import re
from functools import cache, partial
from pathlib import Path

SMALLEST = 9  # pixels
# Matplotlib's outlines of letters are made for a size of 100.
LETTERS, SCALE = 100, re.compile(r"scale\(([\d.]+) -[\d.]+\)")
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
POINT = 4 / 3  # pixels
# With the link to the file that a picture of a given width gets.
FIGURE = re.compile(
    r"(?P<figure><figure\b[^>]*>)\s*(?P<link><a [^>]*>)?"
    r'<img (?P<rest>[^>]*src="(?P<file>[^"?]+\.svg)[^>]*>)\s*(?P<end>(?(link)</a>))'
)


@cache
def narrowest(file):
    """Return the width in pixels below which a figure's smallest letters cannot be read."""
    drawing = file.read_text("utf-8")
    scales = [float(scale) for scale in SCALE.findall(drawing)]
    if not scales:
        return 0
    return math.ceil(SMALLEST * float(SIZE.search(drawing)[1]) / (LETTERS * min(scales)))


@cache
def late(file):
    """Return the attributes of a figure that is loaded when it is needed, and its size before."""
    width, height = (
        round(POINT * float(side)) for side in SIZE.search(file.read_text("utf-8")).groups()
    )
    return f'loading="lazy" width="{width}" height="{height}"'


def boxed(folder, match):
    """Lay a figure into a box that scrolls where the figure does not fit."""
    figure, link, rest, file, end = match.groups("")
    drawing = (folder / file).resolve()
    narrow = f"min-width: {narrowest(drawing)}px; height: auto;"
    if ' style="' in rest:
        rest = rest.replace(' style="', f' style="{narrow} ', 1)
    else:
        rest = f'style="{narrow}" {rest}'
    return f'{figure}<div class="wide">{link}<img {late(drawing)} {rest}{end}</div>'


def widen(app, error):
    """Do so on every page of a finished build."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(FIGURE.sub(partial(boxed, page.parent), text), "utf-8")


def setup(app):
    """Connect."""
    app.connect("build-finished", widen)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
