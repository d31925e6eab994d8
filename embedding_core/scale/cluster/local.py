"""A whole cluster on this machine, in real processes, with faults to order (Linux)."""

import contextlib
import os
import random
import signal
import socket
from collections.abc import Iterator
from typing import Self

from embedding_core.scale.cluster import processes
from embedding_core.scale.cluster.gate import Gate
from embedding_core.scale.cluster.host import Event, Host
from embedding_core.scale.cluster.probing import wait_for
from embedding_core.scale.cluster.task import Task
from embedding_core.scale.cluster.work import Work


class LocalCluster:
    """Workers and parameter servers, each a process. Use it in a `with` statement.

    It does for its processes what a supervisor does on a real cluster: a server that the chief
    calls silent is ended; then, and when a parameter server was lost, all servers that have
    ended are started again.

    Parameters
    ----------
    host
        Forks the processes. It serves one cluster at a time.
    workers, ps
        How many of each, from 1.
    counted
        Whether the bytes between all processes are counted, see `passed`.

    Raises
    ------
    ValueError
        Fewer than one of either.
    """

    def __init__(self, host: Host, workers: int = 2, ps: int = 2, counted: bool = False) -> None:
        for name, count in (("workers", workers), ("ps", ps)):
            if type(count) is not int or count < 1:
                raise ValueError(f"{name} must be a whole number from 1 on: received {count!r}.")
        host.forget()
        self.host = host
        self.pids: dict[tuple[str, int], int] = {}
        spots = free_addresses(1 + workers + ps)
        self.addresses = {
            "chief": spots[:1],
            "worker": spots[1 : 1 + workers],
            "ps": spots[1 + workers :],
        }
        self.gates = {
            (job, index): Gate(address)
            for job in ("worker", "ps")
            for index, address in enumerate(self.addresses[job])
            if counted
        }
        try:
            self._start_missing()
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
        for job, index in list(self.pids):
            self.kill(job, index)
        for gate in self.gates.values():
            gate.close()

    @property
    def passed(self) -> int:
        """Bytes that went from process to process so far, both ways; 0 unless counted."""
        return sum(gate.passed for gate in self.gates.values())

    def task(self, job: str, index: int = 0) -> Task:
        """Return the place of a process, as it would stand in its ``TF_CONFIG``."""
        cluster = {name: list(addresses) for name, addresses in self.addresses.items()}
        for (other, number), gate in self.gates.items():
            if (other, number) != (job, index):  # who listens behind a gate needs its own port
                cluster[other][number] = gate.address
        return Task(cluster, job, index)

    def start(self, job: str, index: int = 0, work: Work | None = None) -> None:
        """Start a process; the chief with its work."""
        self.pids[job, index] = self.host.fork(self.task(job, index), work)

    def kill(self, job: str, index: int = 0) -> None:
        """End a process as a power cut would: it does not notice."""
        processes.kill(self.pids.pop((job, index)))

    def stop(self, job: str, index: int = 0) -> None:
        """Let a process hang: it stays, and does nothing (SIGSTOP)."""
        os.kill(self.pids[job, index], signal.SIGSTOP)

    def allow(self, megabytes: int) -> None:
        """Let each parameter server take so much more memory than it needs to be there."""
        wait_for(self.task("chief").servers(), self.host.patience)
        for (job, _), pid in self.pids.items():
            if job == "ps":
                processes.allow(pid, megabytes)

    def train(self, work: Work, mend: bool = True) -> Iterator[Event]:
        """Start a chief, and give back its events as they come.

        Parameters
        ----------
        work
            What to train.
        mend
            Whether servers are started again, as described above.

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
                event = self.host.next_event()
                if mend and event["event"] == "silent":
                    self.kill(event["job"], event["index"])
                if mend and event["event"] in ("silent", "lost"):
                    # All of them: TensorFlow takes no server back while another one is missing.
                    self._start_missing()
                yield event
                if event["event"] == "finished":
                    break
        finally:
            self.kill("chief")

    def _start_missing(self) -> None:
        for job in ("ps", "worker"):
            for index in range(len(self.addresses[job])):
                if (job, index) not in self.pids or processes.is_gone(self.pids[job, index]):
                    self.start(job, index)


def free_addresses(count: int) -> list[str]:
    """Find ports of this machine that nobody uses.

    Below 32768: from there on Linux hands ports out to clients, and might give a server's port
    away while the server is being started again.
    """
    found: list[str] = []
    for port in random.sample(range(20_000, 32_768), 1000):
        if len(found) == count:
            break
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("", port))
            found.append(f"127.0.0.1:{port}")
    if len(found) < count:
        raise OSError(f"found {len(found)} free ports of {count} on this machine.")
    return found
