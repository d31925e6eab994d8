"""Tell what a cell printed as sentences from what it printed as columns.

On a narrow screen a table keeps its columns and scrolls; an error's message on one line of two
thousand pixels is read to its end only where it wraps. Such lines are marked here, and
``custom.css`` wraps them.
"""

import re
from html import unescape
from pathlib import Path

OUTPUT = re.compile(
    r'(?<=<div class="output )(?:stream|text_plain)[^>]*>\s*'
    r'<div class="highlight"><pre>.*?(?=</pre>)',
    re.DOTALL,
)
LONG = 45  # characters, on a telephone
WORDS = 6
COLUMNS = re.compile(r"\S {2,}\S|\t")
LABEL = re.compile(r"\s*\S.{0,16}? {2,}(?=\S)")  # "Keras 3:  ValueError: ..."


def is_sentence(line):
    """Say whether a printed line is long, and prose: words, and no gaps between columns."""
    text = LABEL.sub("", line, count=1) if len(COLUMNS.findall(line)) == 1 else line
    words = re.findall(r"\b[A-Za-z]{2,}\b", text)
    return len(line) > LONG and len(words) >= WORDS and not COLUMNS.search(text.strip())


def mark(match):
    """Mark the sentences of a printed block, but for lines that hold marks already."""
    head, body = re.match(r"(.*?<pre>(?:<span></span>)?)(.*)", match[0], re.DOTALL).groups()
    lines = (
        f'<span class="sentence">{line}</span>'
        if "<" not in line and is_sentence(unescape(line))
        else line
        for line in body.split("\n")
    )
    return head + "\n".join(lines)


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
