"""Figures that answer when touched: data and words from here, drawing by the page's scripts.

A cell that ends in one of them writes, as HTML, the data that the figure needs and a text that
says what it shows. On the built page a script of `book/_static/live` reads the data and draws;
where no script runs, as in JupyterLab or in a browser without JavaScript, the text stands alone.
"""

from embedding_core.lessons.figures.live.lookup import live_lookup
from embedding_core.lessons.figures.live.page import LiveFigure
from embedding_core.lessons.figures.live.repeated import live_repeated
from embedding_core.lessons.figures.live.words import live_map

__all__ = ["LiveFigure", "live_lookup", "live_map", "live_repeated"]
