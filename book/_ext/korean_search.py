"""Let the search find Korean words, which are written together with what follows them.

A word is indexed as a whole and in each pair of its syllables, so that a word is found inside a
compound, and with any particle behind it. ``chapters_first.js`` asks for pairs too. A single
syllable is indexed where a particle follows it: 행 in 행은. Words with a hyphen are indexed without
it too, as many write them: 원핫.
"""

import re

from sphinx.search import languages

from stems import Stems

HANGUL = re.compile("[가-힣]+")
PARTICLES = "은|는|이|가|을|를|의|에|에서|로|으로|와|과|도|만|부터|까지|마다|이다"
HYPHENED = re.compile("[가-힣]+(?:-[가-힣]+)+")
ALONE = re.compile(f"([가-힣])(?:{PARTICLES})")


class SearchKorean(Stems):
    """Korean words in pairs of syllables; English ones, which stand among them, as in English."""

    lang = "ko"
    language_name = "Korean"

    def split(self, input):
        """Cut a text into what is looked for."""
        found = []
        joined = [word.replace("-", "") for word in HYPHENED.findall(input)]
        for word in super().split(input) + joined:
            found.append(word)
            for korean in HANGUL.findall(word):
                pairs = [korean[place : place + 2] for place in range(len(korean) - 1)]
                alone = ALONE.fullmatch(korean)
                found += [part for part in (korean, *pairs) if part != word]
                found += alone.groups() if alone else ()
        return found


def setup(app):
    """Give Sphinx the language, which has none of its own for Korean."""
    languages["ko"] = SearchKorean
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
