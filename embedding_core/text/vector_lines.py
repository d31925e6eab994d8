"""Lines of words and numbers, taken apart: the form that word2vec, GloVe and fastText write.

The numbers stand at the end, with blanks or tabs before each. What stands before them is the
word, and it may hold blanks itself: "New York 0.1 0.2". It may end like a number, too: "route 66
0.1 0.2". That is told from a number too many by the point: where the numbers of the line have
one, a word's last part has none.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from embedding_core.ground.files import AnyPath

Entry = tuple[int, bytes, list[bytes]]
"""The number of a line, its word, and its numbers as they are written."""

_END, _GAP = b" \t\r\n", re.compile(rb"[ \t]+")
_OF_NUMBERS = b"0123456789+-.eE"
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NO_FINITE = re.compile(rb"(?i)[+-]?(nan|inf|infinity)")
OF_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1b]")
_OLD_MAC = re.compile(rb"[ \t][-+.0-9eE]+\r")  # a line that ends in a carriage return alone
LINE_FEEDS = "Give it line feeds: its lines end in carriage returns alone."
_BINARY = "Is it the binary form? read_word2vec takes binary=True."


@dataclass(frozen=True)
class Source:
    """A file that is being read, for messages: what is counted in it, and what helps."""

    path: AnyPath
    cure: str = "Repair or remove the line."
    unit: str = "line"

    def refuse(self, number: int, why: str, cure: str | None = None) -> NoReturn:
        """Name the file, the place and what is wrong with it."""
        raise ValueError(f"{self.path}, {self.unit} {number}, {why}. {cure or self.cure}")


def entries(source: Source, lines: Iterable[bytes], first: int, width: int) -> Iterator[Entry]:
    """Take lines apart; blank ones may stand at the end.

    Parameters
    ----------
    source
        For messages.
    lines
        With their ends.
    first
        The number of the first.
    width
        How many numbers each line ends in.

    Yields
    ------
    number, word, numbers
        The numbers hold no letter but that of an exponent.

    Raises
    ------
    ValueError
        A line that does not fit.
    """
    blank = 0
    for number, whole in enumerate(lines, first):
        line = whole.rstrip(_END)
        if not line:
            blank = blank or number
            continue
        if blank:
            source.refuse(blank, f"must be a word and {width} numbers: received a blank line")
        word, *numbers = _apart(line, width)
        if not _fit(word, numbers, width):
            _explain(source, number, line, width)
        # Strange letters are looked for in all at once: an underscore, or the n of nan.
        if strange := line[len(word) :].translate(None, _OF_NUMBERS + b" \t"):
            _refuse_strange(source, number, numbers, strange)
        yield number, word, numbers


def _apart(line: bytes, width: int) -> list[bytes]:
    """Cut off the last parts. What is left of them is the word; fewer parts have none."""
    if b"\t" not in line and b"  " not in line:
        return line.rsplit(b" ", width)
    gaps = list(_GAP.finditer(line))
    if len(gaps) < width:
        return [line]
    cut = gaps[-width]
    return [line[: cut.start()], *_GAP.split(line[cut.end() :])]


def _fit(word: bytes, numbers: list[bytes], width: int) -> bool:
    if len(numbers) != width or not word or word[0] in b" \t":
        return False
    if b" " not in word and b"\t" not in word:
        return True
    if _OLD_MAC.search(word):
        return False
    last = _GAP.split(word)[-1]
    return not _DECIMAL.fullmatch(last) or (not _has_point(last) and any(map(_has_point, numbers)))


def _has_point(number: bytes) -> bool:
    return b"." in number or b"e" in number.lower()


def _ends_in(line: bytes) -> int:
    """Count the numbers at the end of a line, behind its first part."""
    parts = _GAP.split(line.rstrip(_END))[1:]
    return next((i for i, part in enumerate(reversed(parts)) if not _number(part)), len(parts))


def _number(part: bytes) -> bool:
    return bool(_DECIMAL.fullmatch(part) or _NO_FINITE.fullmatch(part))


def _explain(source: Source, number: int, line: bytes, width: int) -> NoReturn:
    numbers = "1 number" if width == 1 else f"{width} numbers"
    why = f"must be a word and {numbers}: received {line!r:.60}"
    found = _ends_in(line)
    if OF_NO_TEXT.search(line):
        source.refuse(number, why, _BINARY)
    if _OLD_MAC.search(line):
        source.refuse(number, why, LINE_FEEDS)
    if found > width:
        word = _apart(line, width)[0]
        why += f", which ends in {found}, or is {word!r:.30} the word? Then give it an underscore"
    elif found < width:
        why += f", which ends in {found}"
    else:
        why += ", which begins with a blank and so has no word"
    source.refuse(number, why)


def _refuse_strange(source: Source, number: int, numbers: list[bytes], strange: bytes) -> NoReturn:
    part = next(part for part in numbers if part.translate(None, _OF_NUMBERS))
    if _NO_FINITE.fullmatch(part):
        source.refuse(number, f"must hold finite numbers that float32 can hold: received {part!r}")
    source.refuse(
        number,
        f"must be UTF-8 and end in {len(numbers)} numbers: {part!r:.60} is none",
        _BINARY if OF_NO_TEXT.search(strange) else None,
    )


def as_floats(source: Source, number: int, numbers: list[bytes]) -> bytes:
    """Read the numbers of a line, and return them as float32 in memory.

    Raises
    ------
    ValueError
        One is no number, or too large.
    """
    try:
        row = array("f", map(float, numbers))
    except ValueError as error:
        source.refuse(number, f"must be UTF-8 and end in {len(numbers)} numbers: {error}")
    if not np.isfinite(row).all():
        source.refuse(number, f"must hold finite numbers that float32 can hold: {numbers!r:.60}")
    return row.tobytes()


def width_of(lines: list[bytes]) -> int:
    """Say how many numbers the lines of a file without a header end in; 0 if there are none.

    The first line says it. Where its word may end like a number, the lines behind it decide.
    """
    if not lines:
        return 0
    first = lines[0].rstrip(_END)
    widths = [w for w in range(_ends_in(first), 0, -1) if _fits(first, w)]
    return max(widths, key=lambda w: sum(_fits(line.rstrip(_END), w) for line in lines), default=0)


def _fits(line: bytes, width: int) -> bool:
    word, *numbers = _apart(line, width)
    return _fit(word, numbers, width) and all(map(_number, numbers))


def looks_like_a_header(lines: list[bytes]) -> bool:
    """Tell word2vec's first line from a word that is a number with its one number."""
    first = _GAP.split(lines[0].rstrip(_END))
    if len(first) != 2 or not all(part.isdigit() for part in first):
        return False
    return first[1] == b"1" or len(lines) < 2 or _ends_in(lines[1]) != 1
