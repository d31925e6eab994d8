"""One adapter for each library, all of one shape: see `elsewhere.layer`."""

import importlib
import os
import sys

from embedding_core.lessons.elsewhere.layer import Adapter

# Which module knows which libraries; it imports them inside functions alone.
WHERE = {
    "numpy": "numpy",
    "embedding_core": "embedding_core",
    "keras-tensorflow": "keras",
    "keras-jax": "keras",
    "keras-torch": "keras",
    "keras-numpy": "keras",
    "keras-openvino": "keras",
    "torch": "torch",
    "torch-compiled": "torch",
    "torch-bag": "torch",
    "torch-bag-compiled": "torch",
    "jax-take": "jax",
    "jax-index": "jax",
    "flax-linen": "flax",
    "flax-nnx": "flax",
    "haiku-array-index": "haiku",
    "haiku-one-hot": "haiku",
    "equinox": "equinox",
    "tinygrad": "tinygrad",
    "mlx": "mlx",
    "paddle": "paddle",
    "thinc": "thinc",
    "keras-rs": "keras_rs",
    "tensorflow-js": "tensorflow_js",
}


def adapter(library: str) -> Adapter:
    """Return the adapter of a library.

    Parameters
    ----------
    library
        One of `WHERE`. For Keras it also chooses the backend of this process.

    Raises
    ------
    ValueError
        No such library, or Keras runs on another backend already.
    """
    if library not in WHERE:
        raise ValueError(f"no adapter for {library!r}; there are: {', '.join(WHERE)}.")
    if WHERE[library].startswith("keras"):
        _choose("tensorflow" if library == "keras-rs" else library.removeprefix("keras-"))
    module = importlib.import_module(f"{__name__}.{WHERE[library]}")
    found: Adapter = module.ADAPTERS[library]
    return found


def _choose(backend: str) -> None:
    """Keras reads its backend once, when it is imported."""
    if "keras" in sys.modules:
        running = sys.modules["keras"].backend.backend()
        if running != backend:
            raise ValueError(
                f"Keras runs on {running} in this process: ask for {backend} in a new one."
            )
    os.environ["KERAS_BACKEND"] = backend
