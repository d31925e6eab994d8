"""Haiku: `Embed` by index, its default, and by one-hot product."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries.functional import Functional


def _look_up(style: str, table: Any, ids: Any) -> Any:
    import haiku as hk

    def forward(ids: Any) -> Any:
        return hk.Embed(*table.shape, lookup_style=style)(ids)

    applied = hk.without_apply_rng(hk.transform(forward))
    return applied.apply({"embed": {"embeddings": table}}, ids)


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Initialize the module and look."""
    import haiku as hk
    import jax

    made = hk.transform(lambda ids: hk.Embed(rows, width)(ids))
    parameters = made.init(jax.random.PRNGKey(0), jax.numpy.zeros(1, int))
    return np.asarray(parameters["embed"]["embeddings"])


ADAPTERS = {
    f"haiku-{style.replace('_', '-').lower()}": Adapter(
        f"Haiku, {words}",
        ("dm-haiku", "jax", "optax"),
        partial(Functional, partial(_look_up, style)),
        first_values,
    )
    for style, words in (("ARRAY_INDEX", "by index"), ("ONE_HOT", "one-hot"))
}
