"""What is asked of JavaScript: a script of Node's reads one question and writes one answer."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {"b": "bool", "f": "float32"}  # all else becomes int32, its one kind of integer


class JavaScriptError(Exception):
    """Whatever the script threw."""


def tensor(values: NDArray[Any]) -> dict[str, Any]:
    """Write an array as JSON holds it."""
    kind = _TYPES.get(values.dtype.kind, "int32")
    return {"values": values.ravel().tolist(), "shape": values.shape, "type": kind}


def ask(script: Path, question: dict[str, Any]) -> Any:
    """Run a script of Node's that reads one question and writes one answer, both as JSON."""
    done = subprocess.run(
        ["node", str(script)],
        input=json.dumps(question),
        cwd=os.environ.get("NODE_PACKAGES", "."),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise JavaScriptError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def array(answer: dict[str, Any]) -> NDArray[Any]:
    """Read an array that a script has written; its numbers are words, as JSON has no NaN."""
    return np.array(answer["values"], np.float32).reshape(answer["shape"])
