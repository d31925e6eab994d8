"""Cases of looking up: which row comes back for which id."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core.lessons.elsewhere.cases import Case
from embedding_core.lessons.elsewhere.layer import Adapter, Options, small_table
from embedding_core.lessons.elsewhere.words import numbers, row, rows_that_differ


def _one(id: Any, rows: int = 4) -> Callable[[Adapter], str]:
    """Look one id up in a table of so many rows and say which row it was."""

    def ask(adapter: Adapter) -> str:
        table = small_table(rows)
        return row(adapter.make(table, Options()).look_up(np.array([id]))[0], table)

    return ask


def _no_ids(adapter: Adapter) -> str:
    found = adapter.make(small_table(), Options()).look_up(np.zeros(0, np.int32))
    return f"an array of shape {found.shape}"


def _empty_bag(adapter: Adapter) -> str:
    layer = adapter.make(small_table(), Options(pooled=True))
    return row(layer.look_up(np.zeros((1, 0), np.int32))[0], small_table()[1:])


def _not_a_number_elsewhere(adapter: Adapter) -> str:
    table = small_table()
    table[2] = np.nan
    return row(adapter.make(table, Options()).look_up(np.array([1]))[0], table)


def _padding_returned(adapter: Adapter) -> str:
    table = small_table() + 1
    return row(adapter.make(table, Options(padding=0)).look_up(np.array([0]))[0], table)


def _too_long_a_row(adapter: Adapter) -> str:
    """Rows 1, 2, 3 are longer than 1; only row 3 is read, and its gradient is zero."""
    table, ids = small_table(), np.array([3])
    layer = adapter.make(table, Options(max_norm=1.0))
    for moment in ("when set", "when read", "at a step"):
        if moment == "when read":
            layer.look_up(ids)
        if moment == "at a step":
            layer.step(ids, np.zeros((1, 2), np.float32))
        cut = rows_that_differ(table, layer.table().round(3))
        if cut != "no row":
            return f"{cut}, {moment}"
    return "no row"


def _id_in_half_precision(adapter: Adapter) -> str:
    layer = adapter.make(small_table(300), Options(dtype="bfloat16"))
    found = np.asarray(layer.look_up(np.array([257])), np.float64)[0, 0]
    # In bfloat16, which has 8 bits of precision, 2570 is stored as 2576 and 2560 as itself.
    return {2576.0: "row 257", 2560.0: "row 256"}.get(float(found), numbers(found))


def _trained_in_half_precision(adapter: Adapter) -> str:
    table = np.ones((300, 2), np.float32)
    layer = adapter.make(table, Options(dtype="bfloat16"))
    return rows_that_differ(table, layer.step(np.array([257]), np.ones((1, 2), np.float32)))


def _first_values(adapter: Adapter) -> str:
    """Say how the first values are spread; one digit survives any seed."""
    values = np.asarray(adapter.first_values(1000, 64), np.float64)
    spread, largest = values.std(), np.abs(values).max()
    if spread == 0:
        return f"all {values.flat[0]:.2g}"
    # The longest of 64,000 draws is 1.73 standard deviations away when they are drawn evenly.
    shape = "even" if largest / spread < 1.8 else "normal" if largest / spread > 3.5 else "cut off"
    return f"{shape}, deviation {spread:.1g}"


CASES = (
    Case("id V", "What does id 4 give, one past the last row of T?", _one(4), "refused"),
    Case("id -1", "What does id -1 give?", _one(-1), "refused"),
    Case("id -V-1", "What does id -5 give, one before the first row?", _one(-5), "refused"),
    Case("float 1.0", "What does the float 1.0 give?", _one(1.0), "row 1"),
    Case("float 1.7", "What does the float 1.7 give?", _one(1.7), "refused"),
    Case("boolean", "What does True give?", _one(True)),
    Case("uint8", "What does id 3 give as an unsigned 8-bit integer?", _one(np.uint8(3)), "row 3"),
    Case(
        "int8 of 300",
        "What does id 100 give as a signed 8-bit integer, in a table of 300 rows?",
        _one(np.int8(100), 300),
        "row 100",
    ),
    Case(
        "2**32 + 1",
        "What does id 4,294,967,297 give, whose lower half is 1?",
        _one(2**32 + 1),
        "refused",
    ),
    Case("no ids", "What does an empty list of ids give?", _no_ids, "an array of shape (0, 2)"),
    Case("empty bag", "What is the mean of a bag without ids?", _empty_bag),
    Case("NaN elsewhere", "Row 2 is NaN. What does id 1 give?", _not_a_number_elsewhere, "row 1"),
    Case("padding returned", "Id 0 is declared padding. What does it give?", _padding_returned),
    Case("max_norm", "Rows may be 1 long. Which are cut, and when?", _too_long_a_row),
    Case(
        "half, read",
        "The table is in bfloat16 and has 300 rows. Which row is read for id 257?",
        _id_in_half_precision,
        "row 257",
    ),
    Case(
        "half, trained",
        "And which row does a model train that is all in bfloat16?",
        _trained_in_half_precision,
        "row 257",
    ),
    Case("first values", "How are the first values of 1,000 rows of 64 spread?", _first_values),
)
