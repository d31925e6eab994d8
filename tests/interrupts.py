"""Exceptions where nobody expects them: on any line of the package, one after the other."""

import sys
from collections import Counter
from itertools import count

from embedding_core.ground import whole

PACKAGE = "embedding_core"
ELSEWHERE = ("archive.py", "files.py")  # these write into files and know no variable


class Cut(KeyboardInterrupt):
    """Ctrl-C, told from one that a person presses."""


def cut_off(run, after, spared=lambda frame: False):
    """Raise on the line number `after` that runs inside the package; say whether it came so far.

    Counted are the first two visits of each line: outside a loop, and between two of its rounds.
    Left out are the frames that are `spared`.
    """
    lines, visits = 0, Counter()

    def in_line(frame, event, arg):
        nonlocal lines
        if event == "line":
            place = frame.f_code, frame.f_lineno
            visits[place] += 1
            counted = visits[place] <= 2
            lines += counted
            if counted and lines == after:
                raise Cut
        return in_line

    def on_call(frame, event, arg):
        file = frame.f_code.co_filename
        ours = PACKAGE in file and not file.endswith(ELSEWHERE)
        return in_line if ours and not spared(frame) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        run()
    except Cut:
        return True
    finally:
        sys.settrace(before)
    return False


def everywhere(make, run, step=1):
    """Make a thing and run it, cut off at its first line, then anew at its second, and so on.

    Yields the thing, after a look that others are not locked out. `step=3` is every third line.
    """
    for after in count(1, step):
        thing = make()
        if not cut_off(lambda: run(thing), after):  # noqa: B023
            assert after > 5, "hardly a line was traced"
            return
        assert not whole._LOCK._is_owned(), f"line {after} leaves the lock shut"
        yield thing
