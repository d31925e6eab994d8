"""The weights of a model in a file, for a model of the same layers.

Keras's `save_weights` and `load_weights`. Differences: the file is an `.npz`, as a whole model
is; `load_weights` replaces all weights or, when one does not fit, none, and also takes them from
a file that `save` wrote.
"""

from typing import Any

from numpy.typing import NDArray

from embedding_core.ground import archive
from embedding_core.ground._types import Config
from embedding_core.ground.files import AnyPath
from embedding_core.saving.models import FORMAT, VERSION, read_with, weights_of

_WEIGHTS = "embedding_core.weights"


def save_weights(model: Any, path: AnyPath) -> None:
    """Write the weights of a model into one `.npz` file; see `Sequential.save_weights`."""
    _check_built(model)
    arrays = {key: weight.value for key, weight in weights_of(model.layers).items()}
    archive.write(path, {"format": _WEIGHTS, "version": VERSION}, arrays)


def load_weights(model: Any, path: AnyPath) -> None:
    """Read weights into a model; see `Sequential.load_weights`."""
    _check_built(model)

    def assign(config: Config, arrays: dict[str, NDArray[Any]]) -> None:
        if config.get("format") not in (_WEIGHTS, FORMAT) or config.get("version") != VERSION:
            raise ValueError(
                f"it must hold weights or a model of version {VERSION}: it holds "
                f"{config.get('format')!r} of version {config.get('version')!r}"
            )
        stored = {key: array for key, array in arrays.items() if key.startswith("layers/")}
        weights = weights_of(model.layers)
        if list(stored) != list(weights):
            raise ValueError(
                f"it holds {list(stored)!r:.200}, and the model has {list(weights)!r:.200}"
            )
        model.set_weights(list(stored.values()))

    read_with(path, assign)


def _check_built(model: Any) -> None:
    for layer in model.layers:
        if not layer.built:
            raise ValueError(
                f"layer {layer.name} has no weights yet: call model.build, or the model, first."
            )
