"""Lookup or multiply: the live figure of chapter 6."""

from collections.abc import Sequence

from embedding_core.ground._types import Floats
from embedding_core.lessons.costs import forward
from embedding_core.lessons.figures.live.page import LiveFigure, numbers, paragraph, table, written
from embedding_core.ops import gather
from embedding_core.text import TextVectorization
from embedding_core.text.tokens import tokenize

SIZES = (5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000)
"""The vocabulary's sizes that the slider offers."""

MOST_WORDS = 8
"""How many words of a sentence the figure has room for."""


def live_lookup(
    vocabulary: Sequence[str], rows: Floats, sentence: str, size: int = 20
) -> LiveFigure:
    """Read a sentence's rows and multiply them out, with every multiplication by zero lit.

    Parameters
    ----------
    vocabulary
        V words at the places of their ids, the two special ones in front, as
        `TextVectorization.get_vocabulary` returns them.
    rows
        Shape (V, D): the table.
    sentence
        What stands in the field at first: from 1 to `MOST_WORDS` words.
    size
        Where the slider stands at first: one of `SIZES`, at most V.

    Returns
    -------
    LiveFigure
        On the page the reader types a sentence and chooses the vocabulary's size, and sees
        ids, rows, product, and the counts of `costs.forward`. Sizes above V are counted only.

    Raises
    ------
    ValueError
        A vocabulary and a table of different length, a size that is not offered, or a sentence
        of too few or too many words.
    """
    if len(vocabulary) != len(rows):
        raise ValueError(
            f"need one row for each word: received {len(vocabulary)} words, {len(rows)} rows."
        )
    offered = [known for known in SIZES if known <= len(rows)]
    if size not in offered:
        raise ValueError(f"size must be one of {offered}: received {size}.")
    words = [w.decode() for w in tokenize(sentence, "lower_and_strip_punctuation", "whitespace")]
    if not 0 < len(words) <= MOST_WORDS:
        raise ValueError(
            f"sentence must hold from 1 to {MOST_WORDS} words: received {len(words)}, {sentence!r}."
        )
    ids = [int(i) for i in TextVectorization(vocabulary=vocabulary[2:size])(sentence)]
    found = zip(words, ids, map(written, gather(rows, ids)), strict=True)
    data = {
        "label": "Lookup or multiply",
        "vocabulary": list(vocabulary),
        "table": numbers(rows),
        "sizes": SIZES,
        "sentence": sentence,
        "size": size,
        "most_words": MOST_WORDS,
    }
    text = [
        paragraph(
            f"In a table of {size:,} rows, the first two of them for padding and for unknown "
            f"words, “{sentence}” becomes {len(ids)} ids. The look-up reads "
            "the row that each id names. The product writes each id as a row of zeros with a "
            "single 1 and multiplies it by the whole table. The result is the same rows."
        ),
        table("Ids and the rows they point at", ["Word", "Id", "Its row"], found),
        *_costs(len(ids), rows.shape[1]),
    ]
    return LiveFigure("lookup", data, text)


def _costs(n: int, width: int) -> list[str]:
    """Say what both ways cost, for each size."""
    reading = forward("look-up", n, max(SIZES), width)
    products = [(size, forward("dense product", n, size, width)) for size in SIZES]
    return [
        paragraph(
            f"With any number of rows, the look-up makes {reading.multiplications} "
            f"multiplications and moves {reading.moved:,} bytes. The product's cost grows:"
        ),
        table(
            f"The product of {n} one-hot rows with a table of {width} columns",
            ["Rows", "Multiplications", "By zero", "Bytes moved"],
            [
                (
                    f"{size:,}",
                    f"{cost.multiplications:,}",
                    f"{n * (size - 1) * width:,}",
                    f"{cost.moved:,}",
                )
                for size, cost in products
            ],
        ),
    ]
