"""Values that nobody should pass, and some that look as if they might do.

Two kinds: things from a list and from Hypothesis that have nothing to do with the argument, and
the right value with something wrong about it, which gets further.
"""

import fractions
from decimal import Decimal
from pathlib import Path

import numpy as np
import scipy
from helpers import nested
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

DTYPES = [
    *("bool", "int8", "int32", "int64", "uint8", "uint64", "float16", "float32", "float64"),
    *("longdouble", "complex64", "O", "U3", "S3", "datetime64[D]", "timedelta64[s]", "i4,f4"),
]


class Thing:
    """Something that has nothing of an array, a number or a text."""

    def __repr__(self):
        return "<a thing>"


def endless():
    """Make a list that holds itself."""
    value = [1]
    value.append(value)
    return value


# Made anew for each case, because a call may use them up.
THINGS = [
    *(lambda v=v: v for v in (None, True, False, 0, 1, -1, 7, 1.5, -0.0, 1e-300, 1j, -0.5)),
    *(lambda v=v: v for v in (float("nan"), float("inf"), -float("inf"))),
    *(lambda v=v: v for v in ("", "cat", "1", "nan", "\ud800", "a\0b", "naïve", "a\tb\n")),
    *(lambda v=v: v for v in (b"", b"cat", (), frozenset(), range(3), ..., NotImplemented)),
    *(lambda v=v: v for v in (Decimal("1.5"), fractions.Fraction(1, 3), Path("none"), slice(2))),
    *(lambda v=v: v for v in (int, list, len, np.float32(2), np.int64(-3), np.bool_(1))),
    *(lambda v=v: v for v in (np.float64("nan"), np.datetime64("2015-07-18"), np.str_("cat"))),
    lambda: "x" * 10_000,
    lambda: list(range(5_000)),
    lambda: ["w" * 400] * 3,
    lambda: nested(5_000),
    lambda: nested(100),
    endless,
    lambda: bytearray(b"cat"),
    lambda: memoryview(b"cat"),
    Thing,
    lambda: [Thing()],
    lambda: lambda *args, **kwargs: 1,
    lambda: (i for i in range(3)),
    dict,
    lambda: {1, 2},
    lambda: {"class_name": "Nothing"},
    lambda: {"class_name": ["Adam"], "config": {}},
    lambda: {"class_name": "Adam", "config": {"learning_rate": "fast", "nothing": 1}},
    lambda: {"class_name": "L2", "config": 3},
    lambda: {"cat": 1},
    list,
    lambda: [[]],
    lambda: [[1, 2], [3]],
    lambda: [[0, 1], None],
    lambda: ["cat", 1],
    lambda: [None],
    lambda: [True, 2],
    lambda: [0.5, float("nan")],
    lambda: [2**70],
    lambda: [b"cat"],
    lambda: ["\ud800"],
    lambda: [np.zeros((2, 2)), np.zeros(3)],
    lambda: np.ma.masked_array([1, 2], [True, False]),
    lambda: np.array([1, None, "cat"], object),
    lambda: np.array(5),
    lambda: np.zeros((0, 3)),
    lambda: np.zeros((2, 0), int),
    lambda: np.full((3, 2), np.nan),
    lambda: np.full(4, np.inf, "float32"),
    lambda: np.broadcast_to(np.float32(1), (2, 3)),
    lambda: np.arange(12)[::-3],
    lambda: np.zeros((1,) * 40),
    lambda: scipy.sparse.csr_array(np.eye(2)),
    lambda: scipy.sparse.coo_matrix(np.full((2, 3), -1.0)),
]
HUGE = [
    *(lambda v=v: v for v in (2**31, 2**40, 2**63, -(2**63) - 1, 10**30, 1e18, 1e308, -1e308)),
    lambda: np.uint64(2**64 - 1),
    lambda: [2**40, 2],
    lambda: (10**6, 10**6, 10**6),
    lambda: (2**62, 2**62),
]


def anything():
    """Draw things that Hypothesis thinks of."""
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-300, 300),
        st.floats(width=32),
        st.text(max_size=6),
        st.binary(max_size=4),
    )
    shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
    return st.one_of(
        leaves,
        st.recursive(leaves, lambda part: st.lists(part, max_size=4), max_leaves=8),
        st.dictionaries(st.text(max_size=4), leaves, max_size=3),
        st.sampled_from(DTYPES).flatmap(lambda d: arrays.arrays(np.dtype(d), shapes)),
    )


@st.composite
def values(draw, good, huge=True):
    """Draw an odd value in place of a good one."""
    things = THINGS + HUGE if huge else THINGS
    kind = draw(st.sampled_from(["thing", "thing", "anything", "nearly", "nearly"]))
    if kind == "thing":
        return things[draw(st.integers(0, len(things) - 1))]()
    if kind == "anything":
        return draw(anything())
    return draw(nearly(good, huge))


@st.composite
def nearly(draw, good, huge):
    """Draw the good value with something wrong about it."""
    atom = draw(values(None, huge))
    if isinstance(good, np.ndarray) and good.size:
        return _spoiled(draw, good, atom)
    if isinstance(good, dict) and good:
        key = draw(st.sampled_from(sorted(good, key=str)))
        rest = {k: v for k, v in good.items() if k != key}
        return draw(st.sampled_from([rest, {**good, key: atom}, {**good, "nothing": atom}]))
    if isinstance(good, (list, tuple)) and good:
        at = draw(st.integers(0, len(good) - 1))
        part = draw(st.sampled_from([[], [atom], [*good[at : at + 1], atom]]))
        return type(good)([*good[:at], *part, *good[at + 1 :]])
    if isinstance(good, str):
        return draw(st.sampled_from([good.upper(), good + "x", good.encode(), [good], "\0" + good]))
    if isinstance(good, (int, float)):
        return draw(
            st.sampled_from([-good, good + 0.5, float(good), str(good), [good], np.float32(good)])
        )
    return atom


def _spoiled(draw, good, atom):
    way = draw(st.sampled_from(["element", "axis", "dtype", "layout", "part", "list"]))
    if way == "element":
        spoiled = good.astype(object)
        spoiled[np.unravel_index(draw(st.integers(0, good.size - 1)), good.shape)] = atom
        return spoiled if draw(st.booleans()) else spoiled.tolist()
    if way == "axis":
        return draw(st.sampled_from([good[None], good[..., None], good.ravel(), good[0]]))
    if way == "dtype":
        try:
            return good.astype(draw(st.sampled_from(DTYPES)))
        except (TypeError, ValueError):
            return good.astype(object)
    if way == "layout":
        spoiled = draw(st.sampled_from([np.asfortranarray(good), good[::-1], good.repeat(2, 0)]))
        spoiled = spoiled.copy()
        spoiled.flags.writeable = False
        return spoiled
    if way == "part":
        return draw(st.sampled_from([good[:0], good[:-1], np.concatenate([good, good])]))
    return good.tolist()


class Drawn:
    """A value that Hypothesis can write down in its report, however deep or long it is."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        kind = type(self.value).__name__
        try:
            return f"{kind} {self.value!r:.200}"
        except (RecursionError, TypeError):
            return f"{kind}, too deep to be written down"


@st.composite
def drawn(draw, good, huge=True):
    """Draw an odd value in place of a good one, as the `value` of what can be written down."""
    # Not `values(...).map(Drawn)`: of what was mapped Hypothesis writes down what came in.
    return Drawn(draw(values(good, huge)))
