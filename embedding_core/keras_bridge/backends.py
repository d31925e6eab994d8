"""Keras on another backend: the question goes to a process of its own, or was recorded there.

    python -m embedding_core.keras_bridge.backends

asks all `questions` on PyTorch, where that is installed, and writes the answers into the
recording: `make elsewhere` does it.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.ground.provenance import running_on, today
from embedding_core.keras_bridge.legacy import plain_environment
from embedding_core.keras_bridge.questions import QUESTIONS, Question

BACKENDS = ("tensorflow", "jax", "torch")

# Beside the book, which shows it; a reader who has the package alone has no recording.
PLACE = Path(__file__).parents[2] / "book" / "_data" / "keras_backends.json"

_CHILD = "import json; from {module} import {name}; print(json.dumps({name}()))"


@dataclass(frozen=True)
class Recorded:
    """What Keras answered on a backend, and where that was.

    Attributes
    ----------
    versions
        Of Keras and the backend's package.
    platform
        System, processor and Python.
    date
        Year, month and day, UTC.
    answers
        By the name of the question, what it returned.
    """

    versions: dict[str, str]
    platform: str
    date: str
    answers: dict[str, dict[str, str]]

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{versions}, {self.platform}, {self.date}"


def ask(backend: str, question: Question, timeout: float = 120.0) -> dict[str, str]:
    """Put a question to Keras on a backend, in a new process without a GPU.

    Parameters
    ----------
    backend
        One of `BACKENDS`; it has to be installed.
    question
        One of `questions.QUESTIONS`, or another function without arguments that a module holds.
    timeout
        Seconds before the process is stopped.

    Returns
    -------
    dict
        What it returned.

    Raises
    ------
    ValueError
        Another backend.
    RuntimeError
        The question raised, or the backend is not installed; the message holds the last line.
    TimeoutError
        It took longer than `timeout`.
    """
    _check(backend)
    code = _CHILD.format(module=question.__module__, name=question.__name__)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                cwd=folder,
                env=plain_environment(folder) | {"KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu"},
                capture_output=True,
                encoding="utf-8",
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise TimeoutError(
                f"Keras on {backend} took longer than {timeout} seconds for {question.__name__}."
            ) from late
    if done.returncode:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise RuntimeError(f"Keras on {backend} did not answer {question.__name__}: {last}")
    answer: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return answer


def recorded(backend: str, path: AnyPath = PLACE) -> Recorded:
    """Read what Keras answered on a backend that is not installed here.

    Parameters
    ----------
    backend
        One of `BACKENDS`.
    path
        Of the recording.

    Returns
    -------
    Recorded
        The answers to all `questions.QUESTIONS`, and with what they were got.

    Raises
    ------
    ValueError
        Another backend, or one of which there is no recording.
    OSError
        There is no such file.
    """
    _check(backend)
    recordings = json.loads(as_path(path).read_text("utf-8"))
    if backend not in recordings:
        raise ValueError(f"there is no recording of {backend}, but of {', '.join(recordings)}.")
    return Recorded(**recordings[backend])


def record(backend: str, path: AnyPath = PLACE) -> Recorded:
    """Ask all questions on an installed backend, and write the answers into the recording.

    Parameters
    ----------
    backend
        One of `BACKENDS`.
    path
        Of the recording. What it says of other backends stays.

    Returns
    -------
    Recorded
        What was written.

    Raises
    ------
    ValueError
        Another backend.
    RuntimeError, TimeoutError
        As `ask` raises them; nothing is written then.
    """
    _check(backend)
    answers = {question.__name__: ask(backend, question) for question in QUESTIONS}
    versions = {name: importlib.metadata.version(name) for name in ("keras", backend)}
    new = Recorded(versions, running_on(), today(), answers)
    place = as_path(path)
    recordings = json.loads(place.read_text("utf-8")) if place.exists() else {}
    recordings[backend] = asdict(new)
    os.makedirs(place.parent, exist_ok=True)
    with replacing(place) as file:
        file.write((json.dumps(recordings, indent=1, ensure_ascii=False) + "\n").encode())
    return new


def _check(backend: str) -> None:
    if backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(BACKENDS)}: received {backend!r}.")


if __name__ == "__main__":
    print(record("torch"))
