"""One process that imports TensorFlow once, and forks into all processes of local clusters.

An import of TensorFlow takes seconds; a fork of a process that has done it takes none. Orders
come as JSON lines on standard input, events leave as JSON lines on standard output. When the
input ends, because who started it is gone, the host ends; Linux then ends its children, stopped
ones too.
"""

import ctypes
import gc
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Any, NoReturn, Self

from embedding_core.scale.cluster.chief import coordinate
from embedding_core.scale.cluster.loading import load_tensorflow
from embedding_core.scale.cluster.servers import serve
from embedding_core.scale.cluster.task import Task
from embedding_core.scale.cluster.work import Work

Event = dict[str, Any]

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# oneDNN's allocator waits ten seconds for memory before it says that there is none.
_ENVIRONMENT = {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}


class Host:
    """The side of who started it. Use it in a `with` statement.

    Parameters
    ----------
    patience
        Seconds to wait for any event, the import of TensorFlow among them.

    Raises
    ------
    OSError
        This is not Linux.
    """

    def __init__(self, patience: float = 120.0) -> None:
        if not sys.platform.startswith("linux"):
            raise OSError(
                "a cluster on one machine needs Linux; elsewhere start each process with its own "
                "TF_CONFIG: python -m embedding_core cluster"
            )
        self.patience = patience
        self._events: queue.Queue[Event] = queue.Queue()
        self._kept: deque[Event] = deque()  # what came before one that was waited for
        self._logs = tempfile.TemporaryDirectory(prefix="cluster-")
        with open(self.log("host"), "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "embedding_core.scale.cluster.host"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path)},
                start_new_session=True,
                text=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self.wait_for("warm")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the host."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def close(self) -> None:
        """End the host, and with it all processes it has forked."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._logs.cleanup()

    @property
    def session(self) -> int:
        """The number of the session to which the host and all its processes belong."""
        return self._process.pid

    def log(self, name: str) -> Path:
        """Return the file that holds what a process, "worker-0" for one, wrote to stderr."""
        return Path(self._logs.name) / f"{name}.log"

    def fork(self, task: Task, work: Work | None = None) -> int:
        """Start a process, and return its id."""
        order = {
            "config": task.config(),
            "work": None if work is None else vars(work),
            "log": str(self.log(f"{task.job}-{task.index}")),
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self.wait_for("forked")["pid"])

    def forget(self) -> None:
        """Throw away the events that nobody has asked for."""
        self._kept.clear()
        while not self._events.empty():
            self._events.get()

    def next_event(self) -> Event:
        """Return the next event.

        Raises
        ------
        RuntimeError
            A process failed: its own message.
        TimeoutError
            There was none in time.
        """
        try:
            event = self._kept.popleft() if self._kept else self._events.get(timeout=self.patience)
        except queue.Empty:
            raise TimeoutError(
                f"the cluster has reported nothing for {self.patience:g} s: give it more "
                "patience if this machine is busy"
            ) from None
        if event["event"] == "failed":
            raise RuntimeError(event["error"])
        return event

    def wait_for(self, kind: str) -> Event:
        """Return the next event of a kind, and keep those before it for later."""
        others = []
        while (event := self.next_event())["event"] != kind:
            others.append(event)
        self._kept.extendleft(reversed(others))
        return event

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.put(json.loads(line))
        self._events.put({"event": "failed", "error": "the cluster's host has ended"})


def main() -> None:
    """Be the host: take orders until the input ends."""
    load_tensorflow()  # for the children
    gc.freeze()  # nor need they look through it

    # Children that end need not be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    report({"event": "warm"})
    host = os.getpid()
    for line in sys.stdin:
        if not os.fork():
            _become(json.loads(line), host)


def report(event: Event) -> None:
    """Write an event in one piece: the lines of several processes must not mix."""
    os.write(1, (json.dumps(event) + "\n").encode())


def _become(order: dict[str, Any], host: int) -> NoReturn:
    """Be the process that was ordered, in a child of the host."""
    name = "a process"
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != host:  # it ended before this
            os._exit(1)
        # Not before: stopped without that order to end with the host, it would outlive it.
        report({"event": "forked", "pid": os.getpid()})
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 2)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        task = Task.from_config(order["config"])
        name = f"{task.job} {task.index}"
        if task.job == "chief":
            coordinate(task, Work(**order["work"]), report)
        else:
            serve(task)
    except Exception as error:
        report({"event": "failed", "error": f"{name}: {error}"[:2000]})
    finally:
        # Without the clean-up of the host, whose copy this process is.
        os._exit(0)


if __name__ == "__main__":
    main()
