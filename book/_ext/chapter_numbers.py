"""Number each chapter after its file: ``06_one_hot_product`` is chapter 6, whatever precedes it.

Sphinx counts the chapters it finds, which is wrong while some are not written yet. The first
component of every section and figure number is replaced, once Sphinx has assigned them.
"""

import re

from docutils import nodes

NAME = re.compile(r"(?:.*/)?(\d+)_[^/]*")


def renumber(app, env):
    """Put the file's number in the place of Sphinx's, in titles, contents and figures."""
    for document, sections in env.toc_secnumbers.items():
        match = NAME.fullmatch(document)
        if match is None:
            continue
        chapter = int(match[1])
        numbered = [
            env.titles[document],
            *env.tocs[document].findall(nodes.reference),
        ]
        for node in numbered:
            if node.get("secnumber"):
                node["secnumber"] = [chapter, *node["secnumber"][1:]]
        for table in (
            sections,
            *env.toc_fignumbers.get(document, {}).values(),
        ):
            for key, number in table.items():
                if number:
                    table[key] = (chapter, *number[1:])
    return []


def setup(app):
    """Run after Sphinx's own numbering, which has priority 500."""
    app.connect("env-get-updated", renumber, priority=900)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
