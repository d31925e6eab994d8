"""Run the stages of `make test`, two at a time, and say at the end how long each took.

    python -m tools.stages make site lint types unit ...

They begin in the order given. What a stage prints comes in one piece when it has ended. When one
fails no other begins, and the one that still runs is stopped.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO

AT_A_TIME = 2


@dataclass
class Stage:
    """A stage that runs in a process group of its own, so that it can be stopped whole."""

    command: list[str]
    name: str
    start: float = field(default_factory=time.monotonic)
    said: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        """Begin."""
        print(f"{self.name} begins", flush=True)
        self.process = subprocess.Popen(
            [*self.command, self.name],
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def end(self, result: str) -> str:
        """Print what it has said; return its line of the report."""
        seconds = time.monotonic() - self.start
        self.said.seek(0)
        print(f"\n{self.name}:", flush=True)
        sys.stdout.buffer.write(self.said.read())
        sys.stdout.flush()
        self.said.close()
        return f"{self.name:10} {seconds:6.0f} s  {result}"

    def stop(self) -> str:
        """Stop it and all it has started; return its line of the report."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return self.end("stopped")


def ended(running: list[Stage]) -> Stage:
    """Wait until one of the stages has ended."""
    while True:
        for stage in running:
            if stage.process.poll() is not None:
                return stage
        time.sleep(0.05)


def main(command: str, *names: str) -> int:
    """Run all, unless one fails; return 1 when one did."""
    waiting, report = list(names), []
    running: list[Stage] = []
    try:
        while running or waiting:
            while waiting and len(running) < AT_A_TIME:
                running.append(Stage(command.split(), waiting.pop(0)))
            stage = ended(running)
            running.remove(stage)
            failed = stage.process.returncode != 0
            report.append(stage.end("FAILED" if failed else "passed"))
            if failed:
                return 1
        report.append("All checks passed.")
        return 0
    finally:  # after Ctrl-C, too
        report[len(report) :] = [stage.stop() for stage in running]
        print("", *report, sep="\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
