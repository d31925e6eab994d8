"""Keras on another backend: the question goes to a process of its own, or was recorded there.

    python -m embedding_core.keras_bridge.backends

asks all `questions` on PyTorch, where that is installed, and writes the answers into the
recording: `make elsewhere` does it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from embedding_core.ground.collector import CHILD
from embedding_core.ground.files import AnyPath
from embedding_core.ground.recording import Seen, Subject, add, differences, read
from embedding_core.keras_bridge.legacy import plain_environment
from embedding_core.keras_bridge.questions import QUESTIONS, Question

NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
BACKENDS = tuple(NAMES)

# Beside the book, which shows it; a reader who has the package alone has no recording.
PLACE = Path(__file__).parents[2] / "book" / "_data" / "keras_backends.json"

_CHILD = CHILD + "import json; from {module} import {name}; print(json.dumps({name}()))"


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


def recorded(backend: str, path: AnyPath = PLACE) -> Seen:
    """Read what Keras answered on a backend that is not installed here.

    Parameters
    ----------
    backend
        One of `BACKENDS`.
    path
        Of the recording.

    Returns
    -------
    Seen
        The answers to all `questions.QUESTIONS`, by the question's name, and with what they were
        got.

    Raises
    ------
    ValueError
        Another backend, one of which there is no recording, or no recording.
    OSError
        There is no such file.
    """
    _check(backend)
    everything = read(path)
    if backend not in everything:
        raise ValueError(f"there is no recording of {backend}, but of {', '.join(everything)}.")
    return everything[backend]


def record(backend: str, path: AnyPath = PLACE) -> Seen:
    """Ask all questions on an installed backend, and write the answers into the recording.

    Parameters
    ----------
    backend
        One of `BACKENDS`.
    path
        Of the recording. What it says of other backends stays.

    Returns
    -------
    Seen
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
    new = Subject(f"Keras on {NAMES[backend]}", ("keras", backend)).seen(answers)
    add({backend: new}, path, BACKENDS)
    return new


def _check(backend: str) -> None:
    if backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(BACKENDS)}: received {backend!r}.")


if __name__ == "__main__":
    before, now = recorded("torch"), record("torch")
    print(now)
    for case, (then, answer) in differences(before, now).items():
        print(f"  differs: {case}: recorded {then!r}, seen {answer!r}")
