"""Let pages link to other projects' documentation, without a network at build time.

Sphinx would download each project's list of link targets and, when it cannot, warn, which fails
the build. ``book/_inv/<project>.txt`` holds the few targets the book uses, in the same format but
readable; this compresses them to where Sphinx looks. A target that is missing fails the build as
an unresolved reference: add its line.
"""

import zlib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "_inv"


def write(app, config):
    """Turn each list into a Sphinx inventory and map its project to it."""
    built = Path(app.doctreedir).parent / "inventories"
    built.mkdir(parents=True, exist_ok=True)
    for source in sorted(FOLDER.glob("*.txt")):
        address, *targets = source.read_text("utf-8").splitlines()
        head = f"# Sphinx inventory version 2\n# Project: {source.stem}\n# Version: \n# zlib\n"
        inventory = built / f"{source.stem}.inv"
        inventory.write_bytes(head.encode() + zlib.compress(("\n".join(targets) + "\n").encode()))
        config.intersphinx_mapping[source.stem] = (address, str(inventory))


def setup(app):
    """Run before Sphinx's own check of the mapping, which has priority 800."""
    app.connect("config-inited", write, priority=100)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
