"""Cases of looking up: which row comes back for which id."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core.lessons.elsewhere.cases import Case
from embedding_core.lessons.elsewhere.layer import Adapter, Options, small_table
from embedding_core.lessons.elsewhere.words import numbers, row


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
    """Row 3 is (30, 31), 43.1 long, and rows may be 1 long."""
    layer = adapter.make(small_table(), Options(max_norm=1.0))
    layer.look_up(np.array([3]))
    after = layer.table()
    kept = np.array_equal(after, small_table())
    return "not changed" if kept else f"row 3 is {numbers(after[3])}"


def _id_in_half_precision(adapter: Adapter) -> str:
    layer = adapter.make(small_table(300), Options(dtype="bfloat16"))
    found = np.asarray(layer.look_up(np.array([257])), np.float64)[0, 0]
    # In bfloat16, which has 8 bits of precision, 2570 is stored as 2576 and 2560 as itself.
    return {2576.0: "row 257", 2560.0: "row 256"}.get(float(found), numbers(found))


def _first_values(adapter: Adapter) -> str:
    """Say how the first values are spread; two digits survive any seed."""
    values = np.asarray(adapter.first_values(1000, 64), np.float64)
    spread, largest = values.std(), np.abs(values).max()
    if spread == 0:
        return f"all {values.flat[0]:.2g}"
    # The longest of 64,000 draws is 1.73 standard deviations away when they are drawn evenly.
    shape = "even" if largest / spread < 1.8 else "normal" if largest / spread > 3.5 else "cut off"
    return f"{shape}, deviation {spread:.2g}"


CASES = (
    Case("id V", "What does id 4 give, one past the last row of T?", _one(4)),
    Case("id -1", "What does id -1 give?", _one(-1)),
    Case("id -V-1", "What does id -5 give, one before the first row from the end?", _one(-5)),
    Case("float 1.0", "What does the float 1.0 give?", _one(1.0)),
    Case("float 1.7", "What does the float 1.7 give?", _one(1.7)),
    Case("boolean", "What does True give?", _one(True)),
    Case("uint8", "What does id 3 give as an unsigned 8-bit integer?", _one(np.uint8(3))),
    Case(
        "int8 of 300",
        "What does id 100 give as a signed 8-bit integer, in a table of 300 rows?",
        _one(np.int8(100), 300),
    ),
    Case("2**32 + 1", "What does id 4,294,967,297 give, whose lower half is 1?", _one(2**32 + 1)),
    Case("no ids", "What does an empty list of ids give?", _no_ids),
    Case("empty bag", "What is the mean of a bag without ids?", _empty_bag),
    Case(
        "NaN elsewhere",
        "Row 2 is NaN. What does id 1 give?",
        _not_a_number_elsewhere,
    ),
    Case("padding returned", "Id 0 is declared padding. What does it give?", _padding_returned),
    Case("max_norm", "What becomes of a row that is too long, once it is read?", _too_long_a_row),
    Case(
        "half precision",
        "The table is in bfloat16 and has 300 rows. Which row is read for id 257?",
        _id_in_half_precision,
    ),
    Case("first values", "How are the first values of 1,000 rows of 64 spread?", _first_values),
)
