"""A second thread of the chief that asks every server, again and again, whether it is there.

TensorFlow notices a process that died, since its connections break. It does not notice one that
is stopped or hangs: its calls have no time limit, and `ClusterCoordinator.join` waits for ever.
"""

import threading
from collections.abc import Callable, Mapping
from time import monotonic

from embedding_core.cluster.probing import ask

BEAT = 0.5
"""Seconds between two rounds of questions."""


class Watch(threading.Thread):
    """Report servers that hang, and give up when nobody ends or replaces them.

    Parameters
    ----------
    servers
        Addresses by job and index.
    patience
        Seconds without an answer until a server is called silent; and as many again, until
        the watch gives up. No worker at all for twice this long is given up too.
    silent
        Called once with job and index of a server that hangs.
    give_up
        Called with the reason. The main thread may be inside a call without end.
    """

    def __init__(
        self,
        servers: Mapping[tuple[str, int], str],
        patience: float,
        silent: Callable[[str, int], None],
        give_up: Callable[[str], None],
    ) -> None:
        super().__init__(daemon=True, name="watch")
        self._servers = servers
        self._patience = patience
        self._silent, self._give_up = silent, give_up
        self._ended = threading.Event()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Ask all servers in turn until ended."""
        since: dict[tuple[str, int], float] = {}
        last_worker = monotonic()
        while not self._ended.wait(BEAT):
            for (job, index), address in self._servers.items():
                asked = monotonic()
                state = ask(address, self._patience)
                if state == "silent":
                    self._count(job, index, address, since, asked)
                else:
                    since.pop((job, index), None)
                if job == "worker" and state == "answers":
                    last_worker = monotonic()
            if monotonic() - last_worker > 2 * self._patience:
                self._give_up(f"no worker has answered for {2 * self._patience:g} s: start one")

    def _count(
        self, job: str, index: int, address: str, since: dict[tuple[str, int], float], asked: float
    ) -> None:
        first = since.setdefault((job, index), asked)
        if first == asked:
            self._silent(job, index)
        elif monotonic() - first > 2 * self._patience:
            self._give_up(
                f"{job} {index} at {address} takes connections and has said nothing for "
                f"{monotonic() - first:.0f} s: it hangs. End that process and start it again, then "
                "run the chief again; it goes on from the last checkpoint"
            )
