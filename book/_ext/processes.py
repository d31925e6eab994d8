"""Write the pages in as many processes as there are cores.

They are read in one: where what was read cannot be put together, Sphinx would wait forever.
"""

import os


def allow(app, env):
    """Allow it once everything is read; on Windows, Sphinx keeps to one process of itself.

    Sphinx counts its own process, which has little to do while the others write.
    """
    usable = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    app.parallel = 1 + (len(usable(0)) if usable else os.cpu_count() or 1)


def setup(app):
    """Connect."""
    app.connect("env-updated", allow)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
