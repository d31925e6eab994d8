"""Keras 2, run live: code goes to a fresh interpreter and what it printed comes back.

Keras 3 took the name `keras` over, and the two cannot share a process without knowing of each
other. The last Keras 2 lives on as the package `tf_keras`, which the book and the tests need
and nothing else does. The child imports TensorFlow, which takes seconds: send all the snippets
of a page in one call of `run_keras2_cells`.
"""

import contextlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_CELLS, _RESULTS = "cells.json", "results.json"
_WRAPPING = "Exception encountered when calling"
_CHILD = "from embedding_core.keras_bridge.legacy import _answer; _answer()"


@dataclass(frozen=True)
class Keras2Result:
    """What one snippet did: `output` is all it printed, `error` is "" or names what it raised.

    The error reads as a traceback ends, "ValueError: ...", on one line: what Keras and
    TensorFlow wrap around it is cut away.
    """

    output: str
    error: str

    def __str__(self) -> str:
        return self.output + self.error


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
    result = run_keras2_cells({"code": code}, timeout)["code"]
    if result.error:
        raise RuntimeError(f"Keras 2 raised {result.error}")
    return result.output


def run_keras2_cells(cells: Mapping[str, str], timeout: float = 120.0) -> dict[str, Keras2Result]:
    """Run several snippets under Keras 2, one after the other in one new interpreter.

    Parameters
    ----------
    cells
        The code of each snippet, by a name of your choice. Each has names of its own, so none
        sees the variables of another; `keras`, `tf` and `np` are there in all.
    timeout
        Seconds for all of them together.

    Returns
    -------
    dict of Keras2Result
        By the same names, in the same order. A snippet that raises stops only itself.

    Raises
    ------
    RuntimeError
        The interpreter died.
    TimeoutError
        They took longer than `timeout`; the message names the one that was running.
    ImportError
        `tf_keras` is not installed.
    """
    if importlib.util.find_spec("tf_keras") is None:
        raise ImportError(
            "Keras 2 needs the package tf_keras: pip install -r requirements.txt -c constraints.txt"
        )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, _CELLS).write_text(json.dumps(dict(cells)), "utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-c", _CHILD],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            running = next((name for name in cells if name not in _results(folder)), "the end")
            raise TimeoutError(
                f"Keras 2 took longer than {timeout} seconds, at {running!r}. Give it less to do "
                "or a larger timeout."
            ) from error
        results = _results(folder)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"the interpreter of Keras 2 ended with {done.returncode}: {last}")
    return {name: results[name] for name in cells}


def _environment(folder: str) -> dict[str, str]:
    """Keep what finds the packages, and nothing that sets Python, Keras or TensorFlow up.

    Keras would read its settings from the reader's home: `KERAS_HOME` is the empty folder. A
    GPU answers a bad id with zeros where the CPU raises: the child sees none.
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


def _results(folder: str) -> dict[str, Keras2Result]:
    file = Path(folder, _RESULTS)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    entries = [json.loads(line) for line in lines]
    return {entry["name"]: Keras2Result(entry["output"], entry["error"]) for entry in entries}


def _answer() -> None:
    """In the child: run the snippets of the file, and write down each result as it comes."""
    import numpy as np
    import tensorflow as tf
    import tf_keras

    cells = json.loads(Path(_CELLS).read_text("utf-8"))
    with Path(_RESULTS).open("w", encoding="utf-8") as file:
        for name, code in cells.items():
            output, error = io.StringIO(), ""
            names = {"__name__": "__main__", "keras": tf_keras, "tf": tf, "np": np}
            try:
                with contextlib.redirect_stdout(output):
                    exec(compile(code, f"<{name}>", "exec"), names)
            except Exception as raised:
                error = f"{type(raised).__name__}: {_one_line(str(raised))}"
            entry = {"name": name, "output": output.getvalue(), "error": error}
            print(json.dumps(entry), file=file, flush=True)


def _one_line(message: str) -> str:
    """Find what is wrong in a message that Keras and TensorFlow wrap in several paragraphs."""
    lines = [line.strip() for line in re.sub(r"\{\{.*?\}\}", "", message).splitlines()]
    said = [line for line in lines if line and not line.startswith(_WRAPPING)]
    return said[0] if said else ""
