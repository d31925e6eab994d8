"""Leave names, brackets and spaces of code without a box: they have the colour of all code.

They are a quarter of all boxes of the book, which a browser would style, place and paint one by
one. ``tests/site/test_code.py`` sees to it that both schemes of colours give them no other.
"""

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Whitespace
from sphinx.highlighting import PygmentsBridge

PLAIN = {Name, Name.Namespace, Name.Other, Punctuation, Punctuation.Marker, Whitespace}


class Formatter(HtmlFormatter):
    """Pygments's, with a box for what has a colour of its own."""

    def _get_css_class(self, ttype):
        return "" if ttype in PLAIN else super()._get_css_class(ttype)


def setup(app):
    """Put it in the place of Sphinx's."""
    PygmentsBridge.html_formatter = Formatter
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
