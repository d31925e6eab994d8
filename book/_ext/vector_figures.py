"""Draw the figures of the pages as vectors, which stay sharp on any screen and on paper.

The notebooks in the repository keep their pixels: nbval would compare vectors letter by letter,
and their last digits differ from machine to machine. So the build's kernels, and they alone, get
a profile that asks for SVG.
"""

import os
from pathlib import Path

PROFILE = """\
c = get_config()
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
c.InlineBackend.rc = {"svg.hashsalt": "the book"}  # the same ids in every build
"""


def use_profile(app, config):
    """Write the profile beside the build, where the kernels it starts look for theirs."""
    home = Path(app.doctreedir).parent / "ipython"
    file = home / "profile_default" / "ipython_kernel_config.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PROFILE, "utf-8")
    os.environ["IPYTHONDIR"] = str(home)


def setup(app):
    """Run before any notebook does."""
    app.connect("config-inited", use_profile)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
