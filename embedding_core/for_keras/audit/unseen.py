"""What the audit itself could not see."""

from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.audit.report import Finding
from embedding_core.for_keras.audit.walk import Walk


def not_followed(walk: Walk, table: Any) -> Iterator[Finding]:
    """Name the layer that hides a table's ids and masks, and say why nobody could look into it."""
    reason = walk.why_not_followed(table)
    if reason is not None:
        yield Finding(
            table.name,
            f"what brings it its ids, and where its mask goes, was not followed. In {reason}",
            "call the model once on a batch of ids before it is looked over, write its `call` in "
            "keras.ops, or look for yourself whether each mask gets to the loss",
            5,
        )
