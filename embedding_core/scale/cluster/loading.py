"""The import of TensorFlow for a process of a cluster, which has no use for Keras."""

import sys
from typing import Any

from embedding_core.ground.collector import at_rest


def load_tensorflow() -> Any:
    """Import TensorFlow and no Keras, which is sooner done, and return it.

    TensorFlow imports Keras at its end, if there is one, and with it what Keras looks for:
    matplotlib, pandas, scikit-learn. Whoever wants Keras later imports it as ever.
    """
    hidden = {"keras": None} if "keras" not in sys.modules else {}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None: it cannot be imported
    try:
        with at_rest():
            import tensorflow as tf
    finally:
        for name in hidden:
            del sys.modules[name]
    return tf
