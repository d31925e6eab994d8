"""Print what a cell printed, line for line.

A kernel sends its output in pieces that end where its buffer happened to be flushed. MyST-NB
joins the pieces, but begins a new line at each of them, so that blank lines come and go from
build to build. This joins them as they are.
"""

from myst_nb.core import render


def joined(outputs):
    """Merge the pieces of each stream into its first, in order."""
    first = {}
    kept = []
    for output in outputs:
        name = output["name"] if output["output_type"] == "stream" else None
        if name in first:
            first[name]["text"] += output["text"]
            continue
        if name:
            first[name] = output
        kept.append(output)
    return kept


def setup(app):
    """Put it in the place of MyST-NB's."""
    render.coalesce_streams = joined
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
