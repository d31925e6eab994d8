"""Which integers the layer takes, and as what."""

import numpy as np

from embedding_core.keras_bridge import operations
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Observation, Verdict, conclude, equal
from embedding_core.lessons.claims.instruments import Make, embedding, numbers, telling_table
from embedding_core.lessons.claims.thread import ANSWER_1, ANSWER_2, ANSWER_3

V, D = 4, 2


def dtype_at_the_table(layer: Make | None = None) -> Finding:
    """Hand over ids of several dtypes, and watch as what they reach `take`."""
    made = embedding(layer, V, D)
    seen = []
    for dtype in ("int16", "float32", "int64"):
        steps = operations(made, np.array([3, 1, 3], dtype))
        arrived = [step.inputs[1].partition("[")[0] for step in steps if step.name == "take"]
        seen.append(equal(f"{dtype} reaches the table as", ", ".join(arrived), "int32"))
    return conclude(*seen)


def answers(layer: Make | None, ids: list[int], **arguments: object) -> dict[int, int | None]:
    """Ask for each id alone: the number of the row that comes back, None for an error."""
    first = 10  # so that no row is full of zeros, which is what some hardware answers
    made = embedding(layer, V, D, **arguments)
    made.set_weights([telling_table(w.shape[0], D, first) for w in made.weights])
    found: dict[int, int | None] = {}
    for id in ids:
        try:
            found[id] = int(numbers(made(np.array([id])))[0, 0]) - first
        except Exception:  # each backend has an exception of its own for this
            found[id] = None
    return found


def told(row: int | None) -> str:
    """Say in words what came back."""
    return "an error" if row is None else f"row {row}"


def ids_that_break(layer: Make | None = None) -> Finding:
    """Ask for zero and for negative ids: what is not the id's own row is broken."""
    found = answers(layer, [0, -1, -V - 1])
    return conclude(
        *(
            Observation(f"id {id}", told(row), "an error or a wrong row", row != id)
            for id, row in found.items()
        )
    )


def ids_with_a_row_of_their_own(layer: Make | None = None) -> Finding:
    """Ask for every id in the range, and for some outside it."""
    inside = answers(layer, list(range(V)))
    outside = answers(layer, [-V - 1, -V, -1, V, V + 1])
    own = [id for id, row in inside.items() if row == id]
    strangers = [id for id, row in outside.items() if row is not None and row >= V]
    return conclude(
        equal("ids in the range with a row of their own", len(own), V),
        equal("ids outside it with a row of their own", len(strangers), 0),
    )


def known_and_no_others(layer: Make | None = None) -> Finding:
    """Ask for every id in the range, for the next one, and for one that counts from the end."""
    own = [id for id, row in answers(layer, list(range(V))).items() if row == id]
    return conclude(
        equal("known ids that get their row", len(own), V),
        *(
            Observation(f"unknown id {id}", told(row), "an error", row is None)
            for id, row in answers(layer, [V, -1]).items()
        ),
    )


CLAIMS = (
    Claim(
        "C13",
        "The input is cast to int32",
        (ANSWER_2, ANSWER_3),
        Verdict.HALF_TRUE,
        "Small integers and floats are cast to int32; int64 is left as it is.",
        chapter=4,
        evidence=dtype_at_the_table,
    ),
    Claim(
        "C15",
        "The input must be positive integers",
        (ANSWER_2,),
        Verdict.HALF_TRUE,
        "0 is fine; a negative id has no row of its own, but only far ones raise an error.",
        chapter=4,
        evidence=ids_that_break,
        contradicts=("C31",),
    ),
    Claim(
        "C31",
        "The input is an integer in the range of the vocabulary size",
        (ANSWER_1,),
        Verdict.TRUE,
        "Each integer from 0 to below `input_dim` has a row of its own, and no other has.",
        chapter=4,
        evidence=ids_with_a_row_of_their_own,
    ),
    Claim(
        "C43",
        "What it maps are known integers",
        (ANSWER_3,),
        Verdict.HALF_TRUE,
        "Known are those from 0 to below `input_dim`; of the others the nearest negative ones get "
        "another word's row, and no error.",
        chapter=4,
        evidence=known_and_no_others,
    ),
)
