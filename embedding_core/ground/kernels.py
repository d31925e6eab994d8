"""The compiled forms of some functions: one loop where NumPy goes through memory many times.

Each has the name of its plain form, takes the same and gives the same; what it computes is said
there. Compiled or not, these are functions of Python, only slow ones. Numbers of Python are
brought to the dtype of the arrays first, as NumPy does it, and each operation is rounded as in
the plain form, so that both give the same bits. See `compiled`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.word_loop import numbered


def marked(ids: Ids, num_rows: int) -> tuple[Ids, Ids]:
    """See `ids.marked`."""
    seen = np.zeros(num_rows, np.uint8)
    for i in ids:
        seen[i] = 1
    # Written whether seen or not, and overwritten if not: no processor can guess the marks.
    rows, rank, known = np.empty(ids.size + 1, np.intp), np.empty(num_rows, np.intp), 0
    for row in range(num_rows):
        rows[known], rank[row] = row, known
        known += int(seen[row])
    return rows[:known], rank[ids]


def mixed(rows: Floats, weights: Floats, position: Ids, bounds: Ids) -> Floats:
    """See `ground.shares.mixed`."""
    texts, width = bounds.size - 1, rows.shape[1]
    sums = np.zeros((texts, width), rows.dtype)
    for text in range(texts):
        for i in range(bounds[text], bounds[text + 1]):
            row, weight = position[i], weights[i]
            for d in range(width):
                sums[text, d] += weight * rows[row, d]
    return sums


def handed_back(
    gradient: Floats, weights: Floats, position: Ids, bounds: Ids, num_rows: int
) -> Floats:
    """See `ground.shares.handed_back`."""
    width = gradient.shape[1]
    sums = np.zeros((num_rows, width), gradient.dtype)
    for text in range(bounds.size - 1):
        for i in range(bounds[text], bounds[text + 1]):
            row, weight = position[i], weights[i]
            for d in range(width):
                sums[row, d] += weight * gradient[text, d]
    return sums


def read_lines(lines: NDArray[Any], rows: Ids, size: int) -> NDArray[Any]:
    """See `optimizers.memory.read_lines`."""
    width = lines.shape[1]
    block = np.empty((size, rows.size, width), lines.dtype)
    for i in range(rows.size):
        first = rows[i] * size
        for part in range(size):
            for d in range(width):
                block[part, i, d] = lines[first + part, d]
    return block


def made_up(
    block: Floats, last: Ids, missed: Ids, sums: Floats, fades: Floats, epsilon: float
) -> None:
    """See `optimizers.decay_sums.made_up`."""
    number = block.dtype.type
    _, rows, width = block.shape
    one, small = number(1), number(epsilon)
    ratio, total = np.empty(width, block.dtype), np.empty(width, block.dtype)
    for i in range(rows):
        value, m, v = block[0, i], block[1, i], block[2, i]
        for d in range(width):
            ratio[d] = one - small / (np.sqrt(v[d]) + small)
            total[d] = 0
        for n in range(len(sums) - 1, -1, -1):
            term = number(sums[n, last[i]])
            for d in range(width):
                total[d] = term - total[d] * ratio[d]
        fade_m, fade_v = number(fades[0, missed[i]]), number(fades[1, missed[i]])
        for d in range(width):
            value[d] -= total[d] * m[d] / (np.sqrt(v[d]) + small)
            m[d] *= fade_m
            v[d] *= fade_v


def adam_step(
    value: Floats,
    m: Floats,
    v: Floats,
    gradient: Floats,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    step_size: float,
) -> Floats:
    """See `optimizers.adam.adam_step`."""
    number = value.dtype.type
    keep_m, keep_v, small = number(beta_1), number(beta_2), number(epsilon)
    new_m, new_v, towards = number(1 - beta_1), number(1 - beta_2), number(-step_size)
    moved = np.empty((3, *value.shape), value.dtype)
    w_0, m_0, v_0, g = value.ravel(), m.ravel(), v.ravel(), gradient.ravel()
    w_1, m_1, v_1 = moved[0].ravel(), moved[1].ravel(), moved[2].ravel()
    for i in range(w_0.size):
        m_1[i] = keep_m * m_0[i] + new_m * g[i]
        v_1[i] = keep_v * v_0[i] + new_v * (g[i] * g[i])
        w_1[i] = w_0[i] + towards * m_1[i] / (np.sqrt(v_1[i]) + small)
    return moved


def write_part(lines: NDArray[Any], rows: Ids, size: int, nth: int, part: NDArray[Any]) -> None:
    """See `optimizers.memory.write_part`."""
    for i in range(rows.size):
        line = rows[i] * size + nth
        for d in range(lines.shape[1]):
            lines[line, d] = part[i, d]


def weigh(weight: Floats, others: Ids, paired: NDArray[np.bool_], each: float) -> None:
    """See `relatives.negative_sampling.weigh`."""
    groups, size, width = paired.shape
    share = weight.dtype.type(each)
    for g in range(groups):
        pairs = np.zeros(width, weight.dtype)
        for s in range(size):
            for f in range(width):
                weight[g, s, f] = paired[g, s, f]
                pairs[f] += paired[g, s, f]
        for n in range(size, others.shape[1]):
            for f in range(width):
                weight[g, n, f] = pairs[f]
            for s in range(size):
                if others[g, s] == others[g, n]:
                    for f in range(width):
                        weight[g, n, f] -= paired[g, s, f]
            for f in range(width):
                weight[g, n, f] *= share


def compare(error: Floats, weight: Floats, size: int, least: float) -> Floats:
    """See `relatives.negative_sampling.compare`."""
    groups, _, width = error.shape
    number = error.dtype.type
    one, two, small = number(1), number(2), number(least)
    likely = np.empty_like(error)
    for g in range(groups):
        said, right, much = error[g].ravel(), likely[g].ravel(), weight[g].ravel()
        for i in range(said.size):
            wrong = (said[i] + one) / two
            if i < size * width:
                wrong -= one
            right[i] = max(one - abs(wrong), small)
            said[i] = wrong * much[i]
    return likely


ALL: tuple[Callable[..., Any], ...] = (
    marked,
    mixed,
    handed_back,
    read_lines,
    made_up,
    adam_step,
    write_part,
    weigh,
    compare,
    numbered,
)
