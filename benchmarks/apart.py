"""A process of its own, on one thread and with the package of one checkout.

Two versions of the package do not fit into one process, nor do two ways that are to have one
thread each. The process waits for lines on its standard input and answers each with a line of
JSON; so ways take turns, and what a neighbour does to the machine slows all of them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

HERE = Path(__file__).resolve().parents[1]
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")} | {
    f"TF_NUM_{kind}OP_THREADS": "1" for kind in ("INTRA", "INTER")
}
QUIET = {"TQDM_DISABLE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}


class Process:
    """A script of this folder that answers when it is asked.

    Parameters
    ----------
    script
        Its file's name.
    *arguments
        Its arguments.
    checkout
        The folder whose package it imports; by default this one.
    """

    def __init__(self, script: str, *arguments: str, checkout: str | Path = HERE) -> None:
        paths = filter(None, (str(checkout), os.environ.get("PYTHONPATH")))
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name(script), *arguments],
            env={**os.environ, **ONE_THREAD, **QUIET, "PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> dict:
        """Send a line, and wait for the answer."""
        print(line, file=self._process.stdin, flush=True)
        return self.answer()

    def answer(self) -> dict:
        """Wait for an answer."""
        line = self._process.stdout.readline()
        if not line:
            command = " ".join(map(str, self._process.args[1:]))
            raise RuntimeError(
                f"{command} ended with {self._process.wait()}; its error stands above."
            )
        return json.loads(line)

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def clocked(work, *arguments):
    """Work, and return what comes of it and the seconds: of the processor, and of the clock."""
    processor, clock = process_time(), perf_counter()
    result = work(*arguments)
    return result, {"processor": process_time() - processor, "clock": perf_counter() - clock}
