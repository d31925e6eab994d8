"""Keras 2, run live: code goes to an interpreter of its own and what it did comes back.

Keras 3 took the name `keras` over, so the two do not share a process. The last Keras 2 lives
on as the package `tf_keras`, which the book and the tests need and nothing else does. The child
imports TensorFlow, which takes seconds: ask one `Keras2` many questions, or send them together
with `run_keras2_cells`.
"""

import contextlib
import dataclasses
import gc
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from embedding_core.ground.collector import at_rest
from embedding_core.keras_bridge.loading import load_keras

_CHILD = "from embedding_core.keras_bridge.legacy import _serve; _serve()"
_STDERR = "stderr.txt"
_WRAPPING = "Exception encountered when calling"
# TensorFlow names the node and the operation that failed, and Keras prints its message bold.
_DECORATION = re.compile(r"\{\{.*?\}\}|\x1b\[\d*m|\s*\[Op:\w+\]( name:)?")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a snippet did.

    Attributes
    ----------
    output
        All it printed.
    error
        What it raised, as a traceback ends, "ValueError: ...", on one line; "" if nothing.
        What Keras and TensorFlow wrap around the message is cut away.
    warnings
        The text of each `UserWarning`, once, in order.
    """

    output: str
    error: str = ""
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [self.output.rstrip("\n"), *(f"UserWarning: {w}" for w in self.warnings)]
        return "\n".join(line for line in [*lines, self.error] if line)


class Keras2:
    """An interpreter that has Keras 2 loaded and runs the snippets it is sent.

    It starts at once and loads while the caller goes on. Close it, use it in a `with`, or let
    it end with the process that made it.

    Parameters
    ----------
    timeout
        Seconds a snippet may take, the start of the interpreter included.

    Raises
    ------
    ImportError
        `tf_keras` is not installed.
    """

    def __init__(self, timeout: float = 120.0) -> None:
        if importlib.util.find_spec("tf_keras") is None:
            raise ImportError(
                "Keras 2 needs the package tf_keras: "
                "pip install -r requirements.txt -c constraints.txt"
            )
        self._timeout = timeout
        self._late = False
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        with Path(self._folder.name, _STDERR).open("wb") as stderr:
            self._child = subprocess.Popen(
                [sys.executable, "-c", _CHILD],
                cwd=self._folder.name,
                env=plain_environment(self._folder.name),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                encoding="utf-8",
            )

    def run(self, code: str) -> Outcome:
        """Run a snippet and say what it did.

        Parameters
        ----------
        code
            Python. The names `keras` (it is `tf_keras`), `tf` and `np` are there already. No
            snippet sees the names of another.

        Returns
        -------
        Outcome
            An error of the snippet is part of it and stops only the snippet.

        Raises
        ------
        TimeoutError
            It took too long; the interpreter was stopped.
        RuntimeError
            The interpreter has ended; the message carries its last words.
        """
        timer = threading.Timer(self._timeout, self._stop)
        timer.start()
        try:
            answer = self._ask(json.dumps(code))
        finally:
            timer.cancel()
        if answer:
            fields = json.loads(answer)
            return Outcome(fields["output"], fields["error"], tuple(fields["warnings"]))
        if self._late:
            raise TimeoutError(
                f"Keras 2 took longer than {self._timeout} seconds for "
                f"{textwrap.shorten(code, 60)!r}. Give it less to do or a larger timeout."
            )
        words = Path(self._folder.name, _STDERR).read_text("utf-8", "replace").split("\n")
        last = next((line for line in reversed(words) if line.strip()), "it said nothing")
        raise RuntimeError(f"the interpreter of Keras 2 ended with {self._child.wait()}: {last}")

    def _ask(self, question: str) -> str:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(question + "\n")
            self._child.stdin.flush()
        return self._child.stdout.readline()

    def _stop(self) -> None:
        self._late = True
        self._child.kill()

    def close(self) -> None:
        """End the interpreter and wait until it has ended."""
        with contextlib.suppress(BrokenPipeError):
            self._child.communicate()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def run_keras2(code: str, timeout: float = 120.0) -> str:
    """Run code under Keras 2 in an interpreter of its own and return what it printed.

    Parameters
    ----------
    code
        Python. The names `keras` (it is `tf_keras`), `tf` and `np` are there already. To hand
        numbers back, print them, for example with `json.dumps`.
    timeout
        Seconds before the interpreter is stopped.

    Returns
    -------
    str
        Standard output. Warnings and TensorFlow's greetings on standard error are dropped.

    Raises
    ------
    RuntimeError
        The code raised, and the message names what; or the interpreter died.
    TimeoutError
        It took longer than `timeout`.
    ImportError
        `tf_keras` is not installed.
    """
    outcome = run_keras2_cells({"code": code}, timeout)["code"]
    if outcome.error:
        raise RuntimeError(f"Keras 2 raised {outcome.error}")
    return outcome.output


def run_keras2_cells(cells: Mapping[str, str], timeout: float = 120.0) -> dict[str, Outcome]:
    """Run several snippets under Keras 2, one after the other in one new interpreter.

    Parameters
    ----------
    cells
        The code of each snippet, by a name of your choice, as `Keras2.run` takes it.
    timeout
        Seconds for each.

    Returns
    -------
    dict of Outcome
        By the same names, in the same order. A snippet that raises stops only itself.

    Raises
    ------
    RuntimeError
        The interpreter died.
    TimeoutError
        A snippet took longer than `timeout`.
    ImportError
        `tf_keras` is not installed.
    """
    with Keras2(timeout) as keras2:
        return {name: keras2.run(code) for name, code in cells.items()}


def run_here(code: str) -> Outcome:
    """Run the same kind of snippet under the installed Keras, in this process.

    Parameters
    ----------
    code
        As `Keras2.run` takes it; `keras` is the installed Keras.

    Returns
    -------
    Outcome
        As for Keras 2.
    """
    keras = load_keras()
    import tensorflow as tf

    return _outcome(code, keras, tf)


def _outcome(code: str, keras: Any, tf: Any) -> Outcome:
    import numpy as np

    names = {"__name__": "__main__", "keras": keras, "tf": tf, "np": np}
    output, error = io.StringIO(), ""
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(output):
        warnings.simplefilter("always")
        try:
            exec(compile(code, "<snippet>", "exec"), names)
        except Exception as raised:
            error = f"{type(raised).__name__}: {_one_line(str(raised))}"
    warned = [str(w.message) for w in caught if issubclass(w.category, UserWarning)]
    return Outcome(output.getvalue(), error, tuple(dict.fromkeys(warned)))


def _one_line(message: str) -> str:
    """Find what is wrong in a message that Keras and TensorFlow wrap in several paragraphs."""
    lines = [line.strip() for line in _DECORATION.sub("", message).splitlines()]
    said = [line for line in lines if line and not line.startswith(_WRAPPING)]
    return said[0] if said else ""


def plain_environment(folder: str) -> dict[str, str]:
    """Keep what finds the packages, and nothing that sets Python, Keras or TensorFlow up.

    Parameters
    ----------
    folder
        Empty: Keras would read its settings from the reader's home.

    Returns
    -------
    dict
        The variables of a process of its own. It sees no GPU, which answers a bad id with zeros
        where the CPU raises.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KERAS", "TF_"))}
    return kept | {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path),
        "PYTHONUTF8": "1",
        "KERAS_HOME": folder,
        "TF_USE_LEGACY_KERAS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _serve() -> None:
    """In the child: answer one line of JSON with another until there are no more.

    Only answers leave through the pipe: whatever else writes to standard output, TensorFlow's
    C++ part included, writes to nowhere.
    """
    questions, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    sys.stdin = os.fdopen(nowhere, encoding="utf-8")

    with at_rest():
        import tensorflow as tf
        import tf_keras
    gc.freeze()  # all of that stays to the end, and is not looked through then either

    for question in questions:
        outcome = _outcome(json.loads(question), tf_keras, tf)
        print(json.dumps(dataclasses.asdict(outcome)), file=answers, flush=True)
