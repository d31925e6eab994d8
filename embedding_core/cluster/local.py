"""A whole cluster on this machine, in real processes, with faults to order (Linux)."""

import contextlib
import json
import os
import queue
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

from embedding_core.cluster.gate import Gate
from embedding_core.cluster.task import Task
from embedding_core.cluster.work import Work

Event = dict[str, Any]


class LocalCluster:
    """Workers and parameter servers, each a process; use it in a `with` statement.

    It does for its processes what a supervisor does on a real cluster: a server that the chief
    calls silent is ended and started again, and so is a parameter server that died.

    Parameters
    ----------
    workers, ps
        How many of each, from 1.
    patience
        Seconds to wait for TensorFlow to be imported, and for any event of a training.
    counted
        Whether the bytes to and from each parameter server are counted, see `passed`.

    Raises
    ------
    ValueError
        Fewer than one of either.
    OSError
        This is not Linux.
    """

    def __init__(
        self, workers: int = 2, ps: int = 2, patience: float = 120.0, counted: bool = False
    ) -> None:
        for name, count in (("workers", workers), ("ps", ps)):
            if type(count) is not int or count < 1:
                raise ValueError(f"{name} must be a whole number from 1 on: received {count!r}.")
        if not sys.platform.startswith("linux"):
            raise OSError("a cluster on one machine needs Linux: start it with TF_CONFIG instead.")
        self.patience = patience
        self.pids: dict[tuple[str, int], int] = {}
        self._logs = tempfile.TemporaryDirectory(prefix="cluster-")
        self._events: queue.Queue[Event] = queue.Queue()
        spots = free_addresses(workers + ps + 1)
        self.addresses = {"chief": spots[:1], "worker": spots[1 : workers + 1]}
        self.addresses["ps"] = spots[workers + 1 :]
        self.gates = [Gate(address) for address in self.addresses["ps"]] if counted else []
        self._host = subprocess.Popen(
            [sys.executable, "-m", "embedding_core.cluster.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(self._log("host"), "wb"),  # noqa: SIM115 (the child's)
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._wait_for("warm")
            for job in ("ps", "worker"):
                for index in range(len(self.addresses[job])):
                    self.start(job, index)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the cluster."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all its processes."""
        self.close()

    def close(self) -> None:
        """End all processes, stopped ones too, and return when they are gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._host.pid, signal.SIGKILL)
        self._host.wait()
        for pid in self.pids.values():
            _wait_until_gone(pid)
        for gate in self.gates:
            gate.close()
        self._logs.cleanup()

    @property
    def passed(self) -> list[int]:
        """Bytes to and from each parameter server so far; empty unless they are counted."""
        return [gate.passed for gate in self.gates]

    def start(self, job: str, index: int = 0, work: Work | None = None) -> None:
        """Start a process of the cluster.

        Parameters
        ----------
        job, index
            Which one.
        work
            What to train: for the chief.
        """
        cluster = dict(self.addresses)
        if self.gates and job != "ps":
            cluster["ps"] = [gate.address for gate in self.gates]
        order = {"cluster": cluster, "job": job, "index": index, "log": self._log(f"{job}-{index}")}
        self._order({**order, "work": asdict(work)} if work else order)
        started = self._wait_for("started")
        self.pids[job, index] = started["pid"]

    def kill(self, job: str, index: int = 0) -> None:
        """End a process as a power cut would: it does not notice (SIGKILL)."""
        pid = self.pids.pop((job, index))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _wait_until_gone(pid)

    def stop(self, job: str, index: int = 0) -> None:
        """Let a process hang: it stays, and does nothing (SIGSTOP)."""
        os.kill(self.pids[job, index], signal.SIGSTOP)

    def allow(self, megabytes: int) -> None:
        """Let each parameter server take so much more memory than it has now, and no more."""
        for (job, _), pid in self.pids.items():
            if job == "ps":
                most = (_data_kilobytes(pid) << 10) + (megabytes << 20)
                resource.prlimit(pid, resource.RLIMIT_DATA, (most, most))

    def train(self, work: Work, mend: bool = True) -> Iterator[Event]:
        """Start a chief, and give back its events as they come.

        Parameters
        ----------
        work
            What to train.
        mend
            Whether parameter servers that died and servers that hang are started again.

        Yields
        ------
        dict
            The events of `chief.coordinate`; the last one is "finished".

        Raises
        ------
        RuntimeError
            A process of the cluster failed. The message is its own.
        TimeoutError
            No event came in time.
        """
        self.start("chief", 0, work)
        try:
            while True:
                event = self._next()
                if mend:
                    self._mend(event)
                yield event
                if event["event"] == "finished":
                    break
        finally:
            with contextlib.suppress(ProcessLookupError): os.kill(self.pids["chief",0], signal.SIGUSR1); sleep(1) #DEBUG
            self.kill("chief")

    def _mend(self, event: Event) -> None:
        if event["event"] == "silent":
            self.kill(event["job"], event["index"])
            self.start(event["job"], event["index"])
        elif event["event"] == "lost":
            for index in range(len(self.addresses["ps"])):
                if ("ps", index) not in self.pids or _is_gone(self.pids["ps", index]):
                    self.start("ps", index)

    def _log(self, name: str) -> str:
        return str(Path(self._logs.name) / f"{name}.log")

    def _order(self, order: dict[str, Any]) -> None:
        assert self._host.stdin is not None
        self._host.stdin.write(json.dumps(order) + "\n")
        self._host.stdin.flush()

    def _listen(self) -> None:
        assert self._host.stdout is not None
        for line in self._host.stdout:
            self._events.put(json.loads(line))
        self._events.put({"event": "failed", "error": "the cluster's host has ended"})

    def _next(self) -> Event:
        try:
            event = self._events.get(timeout=self.patience)
        except queue.Empty:
            raise TimeoutError(
                f"the cluster has reported nothing for {self.patience:g} s: make `patience` "
                "larger if this machine is busy"
            ) from None
        if event["event"] == "failed":
            raise RuntimeError(event["error"])
        return event

    def _wait_for(self, kind: str) -> Event:
        """Return the next event of a kind; those before it are kept for later."""
        others = []
        while (event := self._next())["event"] != kind:
            others.append(event)
        for other in others:
            self._events.put(other)
        return event


def free_addresses(count: int) -> list[str]:
    """Find ports of this machine that nobody uses.

    Below 32768: from there on the system hands ports out to clients, and could give a server's
    port away while the server is being started again.
    """
    found: list[str] = []
    for port in random.sample(range(20_000, 32_768), 1000):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("", port))
            found.append(f"127.0.0.1:{port}")
        if len(found) == count:
            return found
    raise OSError(f"found {len(found)} free ports of {count} on this machine.")


def _status(pid: int) -> dict[str, str]:
    """Read what Linux says about a process; nothing when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _is_gone(pid: int) -> bool:
    # A zombie has ended, and nobody has looked yet; but its other threads may still be ending.
    status = _status(pid)
    return not status or (status["State"][0] in "ZX" and int(status["Threads"]) <= 1)


def _wait_until_gone(pid: int, seconds: float = 30.0) -> None:
    until = monotonic() + seconds
    while not _is_gone(pid):
        if monotonic() > until:
            raise TimeoutError(f"process {pid} was ended and is still there after {seconds:g} s.")
        sleep(0.01)


def _data_kilobytes(pid: int) -> int:
    return int(_status(pid)["VmData"].split()[0])
