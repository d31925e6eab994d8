"""A process beside the chief that asks every server, again and again, whether it is there.

TensorFlow notices a process that died, since its connections break. It does not notice one that
is stopped or hangs: its calls have no time limit, and `ClusterCoordinator.join` waits for ever.
Some of them hold Python's lock as they wait, such as the one that makes a traced function known to
all servers (TensorFlow 2.21): no other thread of the chief gets to run then.
"""

import multiprocessing
from collections.abc import Callable, Mapping
from time import monotonic, sleep

from embedding_core.scale.cluster.probing import ask

BEAT = 0.5
"""Seconds between two rounds of questions."""


class Watch:
    """Report servers that hang, and give up when waiting longer is of no use.

    Parameters
    ----------
    servers
        Addresses by job and index.
    patience
        Seconds without an answer until a server is called silent.
    limit
        Seconds until the watch gives up: on a server that is silent, when no worker answers,
        or when the main thread has not called `got_ahead`.
    silent
        Called in the other process, once with job and index of a server that hangs.
    give_up
        Called in the other process at the end, with the reason.

    Notes
    -----
    Where processes cannot be forked, both must be functions that can be pickled.
    """

    def __init__(
        self,
        servers: Mapping[tuple[str, int], str],
        patience: float,
        limit: float,
        silent: Callable[[str, int], None],
        give_up: Callable[[str], None],
    ) -> None:
        self._servers = servers
        self._patience, self._limit = patience, limit
        self._silent, self._give_up = silent, give_up
        self._silent_since: dict[tuple[str, int], float] = {}
        self._progress = multiprocessing.Value("d", monotonic(), lock=False)  # shared memory

    def got_ahead(self) -> None:
        """Note that training, saving or starting anew has come a step further."""
        self._progress.value = monotonic()

    def start(self) -> None:
        """Begin to ask."""
        process = multiprocessing.Process(target=self._run, daemon=True, name="watch")
        process.start()
        self._process = process

    def end(self) -> None:
        """Ask no more."""
        self._process.kill()  # it may be waiting for an answer
        self._process.join()

    def _run(self) -> None:
        last_worker = self._progress.value
        while not _orphaned():
            sleep(BEAT)
            for (job, index), address in self._servers.items():
                answers = self._ask(job, index, address)
                if job == "worker" and answers:
                    last_worker = monotonic()
            if reason := self._reason(last_worker):
                if not _orphaned():
                    self._give_up(reason)
                return

    def _ask(self, job: str, index: int, address: str) -> bool:
        asked = monotonic()
        state = ask(address, self._patience)
        if state != "silent":
            self._silent_since.pop((job, index), None)
            return state == "answers"
        if self._silent_since.setdefault((job, index), asked) == asked and not _orphaned():
            self._silent(job, index)
        return False

    def _reason(self, last_worker: float) -> str | None:
        """Say why waiting longer is of no use: of several reasons, the one that says most."""
        now = monotonic()  # one look at the clock for all of them
        at_a_standstill = now - self._progress.value > self._limit
        for (job, index), since in self._silent_since.items():
            if at_a_standstill or now - since > self._limit:
                return (
                    f"{job} {index} at {self._servers[job, index]} takes connections and has "
                    f"said nothing for {now - since:.0f} s: it hangs. End that process and start "
                    "it again, then the chief: it goes on from the last checkpoint"
                )
        if now - last_worker > self._limit:
            return (
                f"no worker has answered for {self._limit:g} s. Start one, then the "
                "chief again: it goes on from the last checkpoint"
            )
        if at_a_standstill:
            return (
                f"training has got no further for {self._limit:g} s, though the servers "
                "answer. Save more often, use smaller batches or a larger limit; the chief, "
                "started again, goes on from the last checkpoint"
            )
        return None


def _orphaned() -> bool:
    """Say whether the chief has ended: then nobody is to hear of its servers any more."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()
