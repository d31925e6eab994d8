"""Keep a figure's letters legible on a narrow screen: there it scrolls by itself.

A figure is scaled down until it fits, and on a telephone its letters would be four pixels high.
Matplotlib writes into a vector figure at which scale each text is drawn; of the smallest follows
how wide the figure must be drawn, and no page draws it narrower.
"""

import math
import re
from functools import cache
from pathlib import Path

SMALLEST = 9  # pixels
# Matplotlib's outlines of letters are made for a size of 100.
LETTERS, SCALE = 100, re.compile(r"scale\(([\d.]+) -[\d.]+\)")
WIDTH = re.compile(r'viewBox="0 0 ([\d.]+) ')
IMAGE = re.compile(r'<img [^>]*src="([^"?]+\.svg)(?:\?[^"]*)?"[^>]*>')
FIGURE = re.compile(r"(<figure\b[^>]*>\s*)" + IMAGE.pattern)


@cache
def narrowest(file):
    """Return the width in pixels below which a figure's smallest letters cannot be read."""
    drawing = file.read_text("utf-8")
    scales = [float(scale) for scale in SCALE.findall(drawing)]
    if not scales:
        return 0
    return math.ceil(SMALLEST * float(WIDTH.search(drawing)[1]) / (LETTERS * min(scales)))


def widen(app, error):
    """Lay each figure into a box that scrolls where the figure does not fit."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):

        def box(match, page=page):
            start, image = match[1], match[0][len(match[1]) :]
            width = narrowest((page.parent / match[2]).resolve())
            style = f"min-width: {width}px;"
            image = image.replace('style="', f'style="{style} ', 1) if " style=" in image else (
                image.replace("<img ", f'<img style="{style}" ', 1)
            )
            return f'{start}<div class="wide">{image}</div>'

        text = page.read_text("utf-8")
        page.write_text(FIGURE.sub(box, text), "utf-8")


def setup(app):
    """Connect."""
    app.connect("build-finished", widen)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
