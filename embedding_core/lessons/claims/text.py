"""From text to ids: `one_hot` that is not one-hot, sentences of several lengths."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import (
    Finding,
    Observation,
    Verdict,
    at_most,
    conclude,
    equal,
)
from embedding_core.lessons.claims.instruments import Make, embedding
from embedding_core.lessons.claims.thread import ANSWER_2, LORRIT_2


def integers_not_rows(one_hot: Callable[[str, int], Any] | None = None) -> Finding:
    """Encode 50 different words with room for 50, and look at what each one becomes."""
    words = [f"word{i}" for i in range(50)]
    # Keras 3 took the function out of its public names and kept it for old programs.
    encode = one_hot or load_keras().src.legacy.preprocessing.text.one_hot
    codes = np.asarray(encode(" ".join(words), len(words)))
    distinct = len({tuple(np.atleast_1d(code).tolist()) for code in codes})
    return conclude(
        equal("numbers that a word becomes", codes.size // len(words), 1),
        at_most("different codes for 50 words", distinct, len(words) - 1),
    )


def sentences_of_several_lengths(layer: Make | None = None) -> Finding:
    """Hand over sentences of two lengths, in one array and in two batches."""
    made = embedding(layer, 5, 2)
    together = [np.array([[3, 1, 3], [2, 4]], dtype=object)]
    apart = [np.array([[3, 1, 3]]), np.array([[2, 4]])]
    refused = {
        "two lengths in one array": any(refuses(made, batch) for batch in together),
        "two lengths in two batches": any(refuses(made, batch) for batch in apart),
    }
    return conclude(
        *(
            Observation(what, "refused" if no else "taken", "refused", no)
            for what, no in refused.items()
        )
    )


def a_list_from_one_hot(layer: Make | None = None) -> Finding:
    """Hand over what `one_hot` returns for a text: the list itself, and an array of it."""
    made = embedding(layer, 5, 2)
    ids = load_keras().src.legacy.preprocessing.text.one_hot("good film great film", 5)
    taken = {
        "the list, as one_hot returns it": not refuses(made, ids),
        "an array of the same integers": not refuses(made, np.array(ids)),
    }
    return conclude(
        *(
            Observation(what, "taken" if yes else "refused", "taken", yes)
            for what, yes in taken.items()
        )
    )


def refuses(layer: Any, ids: Any) -> bool:
    """Tell whether the layer raises a `ValueError` for these ids."""
    try:
        layer(ids)
    except ValueError:
        return True
    return False


CLAIMS = (
    Claim(
        "C16",
        "Keras's one_hot turns a text into word indices and is no one-hot encoding",
        (ANSWER_2,),
        Verdict.TRUE,
        "It hashes each word to one integer, and different words may get the same one.",
        chapter=5,
        evidence=integers_not_rows,
    ),
    Claim(
        "C20",
        "A drawback: inputs must have constant length, all sentences the same number of words",
        (LORRIT_2,),
        Verdict.HALF_TRUE,
        "The ids of one array must form a rectangle; the next batch may have another length.",
        chapter=5,
        evidence=sentences_of_several_lengths,
    ),
    Claim(
        "C32",
        "The input is a list, such as one_hot makes of a text",
        (ANSWER_2,),
        Verdict.HALF_TRUE,
        "The integers of the list are taken as an array; the list itself Keras 3 refuses.",
        chapter=5,
        evidence=a_list_from_one_hot,
    ),
)
