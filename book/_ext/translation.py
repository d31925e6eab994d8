"""Say the book's sentences in the language of the edition, from the catalogues in ``locale``.

In place of Sphinx's own transform, which misses what this book has most of:

- it reads each sentence twice, and takes a second for every fifty of them; this reads it once;
- it comes to the words of exercises' titles and of some tables only where their source is noted;
- what a cell prints as Markdown has numbers that differ in their last digits from machine to
  machine: such a sentence is known by the rest of it;
- what a cell writes as HTML for the reader, the ballot and the live figures, has sentences too.

A displayed formula is the same in each language, and stands in no catalogue. The sentences of
docstrings stay English. What has no translation stays as it is: ``make test`` names it.
"""

import re
from collections import defaultdict
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel.messages import pofile
from docutils import nodes
from docutils.utils import new_document
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.domains.std import make_glossary_term
from sphinx.locale import translators
from sphinx.transforms import SphinxTransform
from sphinx.transforms.i18n import Locale, _NodeUpdater
from sphinx.util.nodes import extract_messages
from sphinx_exercise.directive import ExerciseDirective
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_subtitle,
    exercise_title,
    solution_title,
)

HOME = Path(__file__).parents[2] / "locale"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")
# What a cell writes as HTML for the reader, and where its sentences stand in it.
WORDED = re.compile(r'<div class="(?:ballot|live)"')
SENTENCE = re.compile(
    r'(?:(?<=<p>)|(?<=<p class="verdict">)|(?<=<p class="tally">)|(?<=<legend>)|(?<=<summary>)'
    r'|(?<=<caption>)|(?<=<th scope="col">)|(?<=agrees"> )|(?<=\d"> ))'
    r"\S[^\n]*?(?=</(?:p|legend|summary|caption|th|label)>)"
    r"|(?<=content: )counter\(.*?(?=;)"
)
NAME = re.compile(r'(?<=<th scope="row">)[^<]+')
DATUM = re.compile(
    r'<t(?:d|h scope="row")(?=>[^<가-힣]*[A-Za-z][^<가-힣]*<)'
)  # words of the reviews
QUOTES = {"&#x27;": "'", "&quot;": '"'}


# What is the same in each language, and titles that their extension words.
UNSAID = (nodes.math_block, exercise_title, solution_title)


class Catalogue:
    """The sentences of a page, or of what all pages share, by their English."""

    def __init__(self, file):
        self.known, self.alike = {}, defaultdict(list)
        if file.exists():
            with file.open("rb") as text:
                for message in pofile.read_po(text):
                    if message.id and message.string and not message.fuzzy:
                        self.known[message.id] = message.string
        for sentence in self.known:
            self.alike[NUMBER.sub("0", sentence)].append(sentence)

    def get(self, sentence):
        """Return the translation of a sentence, or of the one that differs in numbers alone."""
        if sentence in self.known:
            return self.known[sentence]
        for other in self.alike.get(NUMBER.sub("0", sentence), []):
            numbers = dict(zip(NUMBER.findall(other), NUMBER.findall(sentence), strict=True))
            if NUMBER.sub(lambda match, to=numbers: to[match[0]], other) == sentence:
                return NUMBER.sub(
                    lambda match, to=numbers: to.get(match[0], match[0]), self.known[other]
                )
        return None


@cache
def catalogue(language, domain):
    """Read a catalogue."""
    return Catalogue(HOME / language / "LC_MESSAGES" / f"{domain}.po")


def own(node):
    """Say whether a node is of the book's pages, not of a docstring."""
    while node is not None and not node.source:
        node = node.parent
    return node is None or ":docstring of " not in node.source


class Sources(SphinxTransform):
    """Note where a text comes from that does not say so, or it would not count as one."""

    default_priority = 5

    def apply(self):
        """Take the nearest source around it."""
        for kind in UNSAID:
            for node in self.document.findall(kind):
                node["translatable"] = False
        for text in self.document.findall(nodes.paragraph):
            around = text.parent
            while not text.source and around is not None:
                if around.source and around.line:
                    text.source, text.line = around.source, around.line
                    text.rawsource = text.rawsource or text.astext()
                around = around.parent


class Exercise(ExerciseDirective):
    """An exercise whose title says where it comes from."""

    def run(self):
        """Note it on the title."""
        result = super().run()
        for node in result:
            for title in node.findall(exercise_subtitle):
                title.rawsource = self.arguments[0]
                title.source, title.line = self.get_source_info()
        return result


def messages(document):
    """Yield what of a page has a translation, and where it stands: each place and its English."""
    for node, sentence in extract_messages(document):
        if own(node):
            yield node, sentence
    for node in document.findall(nodes.raw):
        if node.get("format") == "html" and WORDED.match(node.astext()):
            for match in SENTENCE.finditer(node.astext()):
                yield node, plain(match[0])


def plain(words):
    """Write HTML's quotation marks as they are read."""
    for name, mark in QUOTES.items():
        words = words.replace(name, mark)
    return words


class Translate(SphinxTransform):
    """Put the translations in the place of the English sentences."""

    default_priority = Locale.default_priority

    def apply(self):
        """Go through the page; note for the tools what it says, in the order of the page."""
        self.env.sentences = getattr(self.env, "sentences", {})
        found = list(messages(self.document))
        self.env.sentences[self.env.docname] = list(dict.fromkeys(text for _, text in found))
        if self.config.language == "en":
            return
        known = catalogue(self.config.language, self.env.docname)
        for node, sentence in found:
            text = known.get(sentence)
            if isinstance(node, nodes.raw):
                self.say_in_html(node, known)
            elif text and text != sentence:
                self.say(node, sentence, text)
        for node in self.document.findall(lambda part: not own(part) and own(part.parent)):
            if isinstance(node, nodes.Element):
                node["classes"].append("language-en")  # docutils makes an attribute of it
        for exercise in self.document.findall(exercise_enumerable_node):
            self.env.sphinx_exercise_registry[exercise["label"]]["node"] = exercise.deepcopy()

    def say(self, node, sentence, text):
        """Let a node say it."""
        if isinstance(node, addnodes.translatable):
            node.apply_translated_message(sentence, text)
        elif isinstance(node, nodes.image):
            node["alt"] = text
        elif isinstance(node, nodes.meta):
            node["content"] = text
        else:
            self.update(node, self.parsed(text, node), text)

    def update(self, node, parsed, text):
        """Put what was read from a translation into a node, whose names and targets stay."""
        if isinstance(node, nodes.term):
            parsed = make_glossary_term(
                self.env, parsed, None, node.source, node.line, node["ids"][0], self.document
            )
        updater = _NodeUpdater(node, parsed, self.document, noqa=False)
        updater.update_title_mapping()
        updater.update_autofootnote_references()
        updater.update_refnamed_references()
        updater.update_refnamed_footnote_references()
        updater.update_citation_references()
        updater.update_pending_xrefs()
        updater.update_leaves()

    def parsed(self, text, node):
        """Read a translation as the page's text is read; return its paragraph."""
        where = f"{node.source}:{node.line}:<translated>"
        document = new_document(where, self.document.settings)
        MystParser().parse(text, document)
        return document[0]

    def say_in_html(self, node, known):
        """Let what a cell wrote as HTML say it."""
        names = catalogue(self.config.language, "live").known
        text = SENTENCE.sub(lambda match: known.get(plain(match[0])) or match[0], node.astext())
        text = NAME.sub(lambda match: names.get(match[0]) or match[0], text)
        text = DATUM.sub(r'\g<0> lang="en"', text)
        node.children = [nodes.Text(text)]


class Captions(SphinxTransform):
    """Translate the names of the book's parts, which come with the contents, after all else."""

    default_priority = 110  # sphinx_external_toc has 100

    def apply(self):
        """Go through the contents that stand in a page."""
        names = [node for node in self.document.findall(addnodes.toctree) if node.get("caption")]
        self.env.sentences.setdefault(self.env.docname, []).extend(
            name["caption"] for name in names
        )
        if self.config.language == "en":
            return
        for node in names:
            known = catalogue(self.config.language, self.env.docname)
            node["caption"] = known.get(node["caption"]) or node["caption"]


def word_the_rest(app, config):
    """Take the words that Sphinx, the theme and other extensions bring along from ours."""
    words = catalogue(config.language, "interface").known
    for domain, translator in translators.items():
        if not hasattr(translator, "_catalog"):
            translators[domain] = translator = GNUTranslations()
            translator._catalog, translator.plural = {}, lambda number: 0
        translator._catalog |= words


def setup(app):
    """Take the place of Sphinx's transform."""
    app.registry.transforms.remove(Locale)
    for transform in (Sources, Translate, Captions):
        app.add_transform(transform)
    app.add_directive("exercise", Exercise, override=True)
    if app.config.language != "en":
        app.connect("config-inited", word_the_rest, priority=100)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
