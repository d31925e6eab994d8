"""Cut the ending off a word once: Sphinx does so on each page anew, and ``chapters_first`` too."""

from functools import cache

from sphinx.search import languages
from sphinx.search.en import SearchEnglish


class Stems(SearchEnglish):
    """English words, each of which is cut once."""

    stem = cache(SearchEnglish.stem)


def setup(app):
    """Put it in the place of Sphinx's."""
    languages["en"] = Stems
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
