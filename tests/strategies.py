"""What the property tests draw: tables and ids in every shape, dtype and memory layout."""

import numpy as np
from hypothesis import strategies as st

FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
LAYOUTS = ("C", "Fortran", "strided", "reversed", "read-only")


def laid_out(array, layout):
    """Return the same numbers, stored another way."""
    if layout == "Fortran":
        return np.asfortranarray(array)
    if layout == "strided":
        wide = np.zeros([2 * n for n in array.shape], array.dtype)
        view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
        view[...] = array
        return view
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    array = array.copy()
    array.flags.writeable = layout != "read-only"
    return array


def whole_numbers(shape, dtype="float64"):
    """Draw floats that are small whole numbers, so that any sum of them is exact."""
    size = int(np.prod(shape))
    numbers = st.lists(st.integers(-8, 8), min_size=size, max_size=size)
    return numbers.map(lambda drawn: np.array(drawn, dtype).reshape(shape))


@st.composite
def tables(draw, dtypes=FLOATS, max_rows=12, max_width=4):
    """A table of 1 row or more, 1 column or more."""
    shape = draw(st.integers(1, max_rows)), draw(st.integers(1, max_width))
    table = draw(whole_numbers(shape, draw(st.sampled_from(dtypes))))
    return laid_out(table, draw(st.sampled_from(LAYOUTS)))


@st.composite
def ids_of(draw, num_rows, dtypes=INTEGERS, min_axes=0, max_axes=3):
    """Ids of a table, any shape, often repeated, sometimes none at all."""
    shape = tuple(
        draw(st.lists(st.integers(0, 4), min_size=min_axes, max_size=max_axes).map(tuple))
    )
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    largest = min(num_rows - 1, np.iinfo(dtype).max)
    size = int(np.prod(shape))
    drawn = draw(st.lists(st.integers(0, largest), min_size=size, max_size=size))
    array = np.array(drawn, dtype).reshape(shape)
    return laid_out(array, draw(st.sampled_from(LAYOUTS))) if shape else array


@st.composite
def look_ups(draw, dtypes=FLOATS, min_axes=0, max_axes=3):
    """A table and ids of its rows."""
    table = draw(tables(dtypes))
    return table, draw(ids_of(len(table), min_axes=min_axes, max_axes=max_axes))


@st.composite
def gradients(draw, dtypes=FLOATS, min_axes=0, max_axes=3):
    """A table, ids of its rows, and one gradient vector for each id."""
    table, ids = draw(look_ups(dtypes, min_axes, max_axes))
    values = draw(whole_numbers((*ids.shape, table.shape[1]), table.dtype))
    return table, ids, laid_out(values, draw(st.sampled_from(LAYOUTS)))
