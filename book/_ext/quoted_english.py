"""Mark the English words that a Korean sentence quotes, so that they are read aloud as English.

These are words of the reviews and of the code's output, the English of a term, and the titles of
pages elsewhere. Names are left alone, which Korean writes in Latin letters too: Keras, id, float32.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

from translation import own

QUOTED = re.compile(
    r"(“[^“”가-힣]*[A-Za-z]{2}[^“”가-힣]*”"  # “good film”
    r"|(?<=\()[a-z][A-Za-z -]{2,}(?=\)))"  # 유한 차분 (finite difference)
)
# What is English as a whole: emphasized words, and the title that a link shows.
WHOLE = {
    nodes.emphasis: re.compile(r"[a-z …]{3,}"),
    nodes.reference: re.compile(r"[^가-힣]*\b[A-Za-z]+ [a-z]+\b[^가-힣]*"),
}


class QuotedEnglish(SphinxTransform):
    """Note the language on the words; docutils makes an attribute of it."""

    default_priority = 760  # Sphinx curls the quotation marks at 750

    def apply(self):
        """Go through what the page says, but for code and docstrings."""
        if self.config.language == "en":
            return
        for text in list(self.document.findall(nodes.Text)):
            around = text.parent
            if not isinstance(around, nodes.literal | nodes.FixedTextElement) and own(around):
                kind = WHOLE.get(type(around))
                if kind and len(around) == 1 and kind.fullmatch(text):
                    around["classes"].append("language-en")
                elif QUOTED.search(text):
                    around.replace(text, list(self.parts(text)))

    def parts(self, text):
        """Cut a text into what is Korean and what is English."""
        for place, part in enumerate(QUOTED.split(text)):
            if place % 2:
                yield nodes.inline("", part, classes=["language-en"])
            elif part:
                yield nodes.Text(part)


def setup(app):
    """Connect."""
    app.add_transform(QuotedEnglish)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
