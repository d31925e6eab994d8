"""Put Korean words into the index under their first letter, as a Korean dictionary does.

Sphinx takes a syllable apart and names the group by what comes first, a letter that only makes
sense before others: fonts show it as a box. And it leaves "module" in English.
"""

from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from translation import catalogue

LETTERS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
SYLLABLES = 588  # that begin with the same letter


def letter(word):
    """Name the letter that a Korean word begins with, ㅇ for 임베딩; None for another word."""
    return LETTERS[(ord(word[0]) - ord("가")) // SYLLABLES] if "가" <= word[0] <= "힣" else None


def in_korean(entries, words):
    """Yield the entries of an index node: one of two parts, such as "module; ops", under both."""
    for kind, text, target, main, key in entries:
        first, _, second = text.partition("; ")
        if kind == "pair" and first in words:
            korean = words[first]
            yield "single", f"{korean}; {second}", target, main, letter(korean)
            yield "single", f"{second}; {korean}", target, main, key
        else:
            yield kind, text, target, main, key or letter(text)


class KoreanIndex(SphinxTransform):
    """Write the entries of a Korean page."""

    default_priority = 30  # terms of the glossary are in Korean from 20 on

    def apply(self):
        """Go through the page."""
        if self.config.language == "en":
            return
        words = catalogue(self.config.language, "interface").known
        for index in self.document.findall(addnodes.index):
            index["entries"] = list(in_korean(index["entries"], words))


def setup(app):
    """Connect."""
    app.add_transform(KoreanIndex)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
