"""Mark the English words that a Korean sentence quotes, so that they are read aloud as English.

These are words of the reviews and of the code's output, the English of a term, and the titles of
pages elsewhere. Names are left alone, which Korean writes in Latin letters too: Keras, id, float32.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

from translation import SENTENCE, WORDED, own

QUOTED = re.compile(
    r"(“[^“”가-힣]*[A-Za-z]{2}[^“”가-힣]*”"  # “good film”
    r"|(?<=\()[a-z][A-Za-z -]{2,}(?=\)))"  # 유한 차분 (finite difference)
)
# What is English as a whole: emphasized words, and the title that a link shows.
WHOLE = {
    nodes.emphasis: re.compile(r"[a-z …]{3,}"),
    nodes.reference: re.compile(r"[^가-힣]*\b[A-Za-z]+ [a-z]+\b[^가-힣]*"),
}


UNREAD = (nodes.FixedTextElement, nodes.literal, nodes.math)  # blocks, and the two within lines


def in_html(sentence):
    """Mark the English of a sentence that a cell wrote as HTML, unless a style sheet says it."""
    said = sentence[0]
    return said if said.startswith("counter") else QUOTED.sub(r'<span lang="en">\1</span>', said)


class QuotedEnglish(SphinxTransform):
    """Note the language on the words; docutils makes an attribute of it."""

    default_priority = 760  # Sphinx curls the quotation marks at 750

    def apply(self):
        """Go through what the page says, but for code and docstrings."""
        if self.config.language == "en":
            return
        for node in list(self.document.findall(nodes.TextElement)):
            if isinstance(node, nodes.raw) and WORDED.match(node.astext()):
                node.children = [nodes.Text(SENTENCE.sub(in_html, node.astext()))]
            elif not isinstance(node, UNREAD) and own(node):
                self.mark(node)

    def mark(self, node):
        """Mark a node that is English as a whole, or what is English of its text."""
        kind = WHOLE.get(type(node))
        if kind and kind.fullmatch(node.astext()):
            node["classes"].append("language-en")
            return
        for text in [child for child in node if isinstance(child, nodes.Text)]:
            if QUOTED.search(text):
                node.replace(text, list(self.parts(text)))

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
