"""Export from the installed Keras in every way, and write down the answers.

    python -m embedding_core.lessons.elsewhere.exports [BACKEND]

By default on the first backend that is installed. `make elsewhere` runs it in an environment for
each backend.
"""

import os
import sys
from importlib.util import find_spec

from embedding_core.lessons.elsewhere.exports import recording
from embedding_core.lessons.elsewhere.exports.ways import WAYS

if __name__ == "__main__":
    backend = next(name for name in [*sys.argv[1:], *WAYS] if find_spec(name))
    os.environ["KERAS_BACKEND"] = backend
    for id, seen in recording.record(backend).items():
        print(id, seen.versions, *seen.answers.items(), sep="\n  ")
