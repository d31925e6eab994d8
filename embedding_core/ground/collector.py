"""Rest for Python's garbage collector, while a large library is imported and at the end."""

import contextlib
import gc
from collections.abc import Iterator

CHILD = "import atexit, gc; gc.disable(); atexit.register(gc.freeze)\n"
"""First line of a script for a short-lived process, which then never looks for garbage."""


@contextlib.contextmanager
def at_rest() -> Iterator[None]:
    """Let the garbage collector rest, and leave it afterwards as it was.

    An import makes thousands of modules, classes and functions, and all of them stay. The
    collector looks through them again and again as their number grows, and finds nothing.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
