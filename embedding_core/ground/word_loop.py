"""The compiled form of `text.cutting.numbered`: one loop over the letters of all texts."""

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Ids

_GAPS = np.array([9, 10, 11, 12, 13, 32], np.uint8)  # where bytes.split() cuts
_GAP, _MARK = 1, 2

# The code of a word: its first letters as they are, behind them a hash as in FNV-1a.
_SHORT, _BYTE, _PRIME = 8, np.uint64(8), np.uint64(0x100000001B3)
_MIXING, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


def numbered(
    ends: Ids, letters: NDArray[np.uint8], marks: NDArray[np.uint8]
) -> tuple[Ids, Ids, NDArray[np.uint8], Ids]:
    """See `text.cutting.numbered`; the words that have come lie in a table of hashes."""
    kind = np.zeros(256, np.uint8)
    kind[_GAPS], kind[marks] = _GAP, _MARK
    numbers, counts, total = np.empty(letters.size, np.int64), np.zeros(ends.size, np.int64), 0
    words, bounds, known = np.empty(letters.size, np.uint8), np.zeros(1025, np.int64), 0
    # Twice as many places as words, so that most words are found at their first place.
    codes, places = np.zeros(1024, np.uint64), np.full(2048, -1)
    start = 0
    for text in range(ends.size):
        end, at = ends[text], start
        while at < end:
            if known == codes.size:  # out here: a loop that may change its arrays runs slowly
                codes = np.concatenate((codes, np.zeros_like(codes)))
                bounds = np.concatenate((bounds, np.zeros_like(bounds[1:])))
                places = np.full(2 * places.size, -1)
                for n in range(known):
                    place = np.intp(codes[n] * _MIXING >> _HALF) & (places.size - 1)
                    while places[place] >= 0:
                        place = (place + 1) & (places.size - 1)
                    places[place] = n
            while at < end and known < codes.size:
                stop, code = at + 1, np.uint64(letters[at])
                if kind[letters[at]] == 0:
                    while stop < end and kind[letters[stop]] == 0:
                        if stop - at < _SHORT:
                            code = (code << _BYTE) | np.uint64(letters[stop])
                        else:
                            code = (code ^ np.uint64(letters[stop])) * _PRIME
                        stop += 1
                if kind[letters[at]] != _GAP:
                    place = np.intp(code * _MIXING >> _HALF) & (places.size - 1)
                    number = places[place]
                    while number >= 0:
                        same = codes[number] == code
                        same = same and bounds[number + 1] - bounds[number] == stop - at
                        i = _SHORT - 1  # the code of a short word is the word
                        while same and i < stop - at:
                            same = words[bounds[number] + i] == letters[at + i]
                            i += 1
                        if same:
                            break
                        place = (place + 1) & (places.size - 1)
                        number = places[place]
                    if number < 0:
                        number = known
                        places[place], codes[number] = number, code
                        for i in range(stop - at):
                            words[bounds[number] + i] = letters[at + i]
                        bounds[number + 1] = bounds[number] + stop - at
                        known += 1
                    numbers[total] = number
                    counts[text] += 1
                    total += 1
                at = stop
        start = end
    last = bounds[known]
    return numbers[:total].copy(), counts, words[:last].copy(), bounds[1 : known + 1].copy()
