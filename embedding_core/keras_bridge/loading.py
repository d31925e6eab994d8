"""The import of Keras, quiet and late: nothing else in the package imports it at its head."""

import contextlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType

from embedding_core.ground.collector import at_rest


def load_keras() -> ModuleType:
    """Import Keras without TensorFlow's greetings, and return it.

    Returns
    -------
    module
        `keras`, on the backend it is configured for.

    Raises
    ------
    ImportError
        Keras or its backend is not installed; the message says how to install them.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _stderr_of_the_process_closed(), at_rest():
        try:
            import keras
        except ImportError as error:
            raise ImportError(
                f"the comparison needs Keras and TensorFlow ({error}): "
                "pip install -r requirements.txt -c constraints.txt"
            ) from error
    module: ModuleType = keras
    return module


@contextlib.contextmanager
def _stderr_of_the_process_closed() -> Iterator[None]:
    """Send file descriptor 2 nowhere: TensorFlow's C++ part does not write to `sys.stderr`."""
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
