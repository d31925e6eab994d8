"""How large the letters of a page's figures are on the screen."""

import re

from contents import PAGES, SITE, html

SMALLEST = 9  # pixels
# How wide each figure with letters is drawn: its file, and its width on the screen.
DRAWN = """() => [...document.querySelectorAll("article figure img, article .cell_output img")]
    .map(image => [image.getAttribute("src").split("?")[0], image.getBoundingClientRect().width])"""
FIGURE = re.compile("<figure.*?</figure>", re.DOTALL)  # some hold a table instead of a drawing
WITH_DRAWINGS = [p for p in PAGES if any("<img" in found for found in FIGURE.findall(html(p)))]


def letters(file):
    """Return the size of a figure's smallest letters, and its width, in its own units."""
    drawing = file.read_text("utf-8")
    scales = [float(scale) for scale in re.findall(r"scale\(([\d.]+) -", drawing)]
    return 100 * min(scales), float(re.search(r'viewBox="0 0 ([\d.]+)', drawing)[1])


def too_small(opened, page):
    """Return the figures of a page, as it is opened, whose letters nobody can read."""
    drawn = [(src, width) for src, width in opened.evaluate(DRAWN) if width]
    assert drawn or page not in WITH_DRAWINGS
    sizes = [(src, width, *letters((SITE / page).parent / src)) for src, width in drawn]
    return [src for src, width, size, full in sizes if size * width / full < SMALLEST - 0.01]
