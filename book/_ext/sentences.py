"""Tell what a cell printed as sentences and lists from what it printed as columns.

On a narrow screen a table keeps its columns and scrolls; an error's message on one line of two
thousand pixels is read to its end only where it wraps. Such lines are marked here, and
``custom.css`` wraps them. In a block without columns every long line is marked, so that none is
cut beside one that wraps; and where a line of it goes on in the next, because ``textwrap`` broke
it, the break is marked too, for a narrow screen has breaks of its own.
"""

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

OUTPUT = re.compile(
    r'(?<=<div class="output )(?:stream|text_plain)[^>]*>\s*'
    r'<div class="highlight"><pre>.*?(?=</pre>)',
    re.DOTALL,
)
LONG = 42  # characters, on a telephone
WORDS = 6
COLUMNS = re.compile(r"[^\s.!?] {2,}\S|\t")  # two spaces behind a full stop are no gap
LABEL = re.compile(r"\s*\S.{0,16}? {2}(?=\S)")  # "Keras 3:  ValueError: ..."
RAGGED = re.compile(r"\S {3,}\S")  # words of different lengths, with a column beneath each other
CODE = re.compile(r"^\s*(?:def|class|for|if|with)\b.*:$", re.MULTILINE)
ARRAY = re.compile(r"^\s*(?:array\(|\[)", re.MULTILINE)
# A date, a name: "2026-11-28", "haiku-one-hot". A browser breaks behind the hyphen.
HYPHENED = re.compile(r"(?<![\w.\-])\w[\w.]*(?:-\w[\w.]*)+(?<!\.)")
NARROW = 24  # characters that have room for themselves on a telephone


def is_sentence(line):
    """Say whether a printed line is long, and prose: words, and no gaps between columns."""
    text = LABEL.sub("", line, count=1) if is_labelled(line) else line
    words = re.findall(r"\b[A-Za-z]{2,}\b", text)
    return len(line) > LONG and len(words) >= WORDS and not COLUMNS.search(text.strip())


def is_labelled(line):
    """Say whether the one gap of a line stands behind a few words: "Keras 3:  ValueError: ..."."""
    return len(COLUMNS.findall(line)) == 1 and LABEL.match(line) is not None


def flows(lines):
    """Say whether a printed block has no columns to keep, and is no code and no array."""
    block = "\n".join(lines)
    columns = [line for line in lines if COLUMNS.search(line)]
    kept = CODE.search(block) or ARRAY.search(block) or RAGGED.search(block)
    return not kept and all(is_labelled(line) for line in columns)


def sentences(lines):
    """Tell for each line of a printed block whether it may wrap."""
    if flows(lines):
        return [len(line) > LONG for line in lines]
    if CODE.search("\n".join(lines)):
        return [False for _ in lines]
    rows = {begin(line) for line in lines if COLUMNS.search(line)}
    return [is_sentence(line) and begin(line) not in rows for line in lines]


def begin(line):
    """Return the first two words of a line: the rows of a table often share them."""
    return tuple(re.findall(r"\w+", line)[:2])


def indent(line):
    """Count the spaces that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def rests(lines):
    """Tell for each line whether it is the rest of one before it, which `textwrap` broke.

    It is set in deeper than that one, and its first word had no room on the line before it.
    """
    width, begun, found = max(map(len, lines)), False, []
    for before, line in pairwise(["", *lines]):
        full = len(before) + 1 + len(line.split(" ", indent(line) + 1)[indent(line)]) > width
        found.append(begun is not False and full and indent(line) > begun)
        if not found[-1]:
            begun = indent(line) if len(line) > LONG else False
    return found


def mark(match):
    """Mark the sentences of a printed block, but for lines that hold marks already."""
    head, body = re.match(r"(.*?<pre>(?:<span></span>)?)(.*)", match[0], re.DOTALL).groups()
    shown = body.split("\n")
    lines = [unescape(line) for line in shown]
    if "<" in body:
        return head + "\n".join(
            sentence(line) if "<" not in line and is_sentence(unescape(line)) else line
            for line in shown
        )
    joined = rests(lines) if flows(lines) else [False for _ in lines]
    told = []
    for line, wraps, rest in zip(shown, sentences(lines), joined, strict=True):
        if rest:
            begun = told.pop().removesuffix("</span>")
            gap = " " * indent(line)
            text = HYPHENED.sub(whole, line.lstrip(" "))
            told.append(f'{begun}<span class="break">\n{gap}</span>{text}</span>')
        else:
            told.append(sentence(line) if wraps else line)
    return head + "\n".join(told)


def sentence(line):
    """Mark a line, with how far it is set in."""
    text = HYPHENED.sub(whole, line)
    return f'<span class="sentence" style="--in: {indent(line)}ch">{text}</span>'


def whole(match):
    """Mark a name with a hyphen in it, which stays on one line."""
    name = match[0]
    return name if len(name) > NARROW else f'<span class="whole">{name}</span>'


def mark_all(app, error):
    """Go through every page of a finished build."""
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        page.write_text(OUTPUT.sub(mark, page.read_text("utf-8")), "utf-8")


def setup(app):
    """Connect."""
    app.connect("build-finished", mark_all)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
