"""A process's place in a cluster, as TensorFlow writes it into ``TF_CONFIG``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

JOBS = ("chief", "worker", "ps")
"""One chief, at least one worker, at least one parameter server."""


@dataclass(frozen=True)
class Task:
    """Who is in the cluster, and which of them this process is.

    Parameters
    ----------
    cluster
        By job ("chief", "worker", "ps"), the addresses `host:port`.
    job
        One of the three.
    index
        Which of the job's addresses, from 0.

    Raises
    ------
    ValueError
        A job is missing or unknown, an address is none or occurs twice, or there is no such
        index.
    """

    cluster: Mapping[str, Sequence[str]]
    job: str
    index: int

    def __post_init__(self) -> None:
        if set(self.cluster) != set(JOBS) or not all(self.cluster.values()):
            raise ValueError(
                f"a cluster needs addresses for each of {JOBS}: received {dict(self.cluster)!r}."
            )
        addresses = [a for job in JOBS for a in self.cluster[job]]
        for address in addresses:
            split(address)
        if len(set(addresses)) < len(addresses):
            raise ValueError(f"every process needs an address of its own: received {addresses}.")
        if self.job not in JOBS:
            raise ValueError(f"the task's type must be one of {JOBS}: received {self.job!r}.")
        count = len(self.cluster[self.job])
        if type(self.index) is not int or not 0 <= self.index < count:
            raise ValueError(
                f"the index of a {self.job} must be in [0, {count}): received {self.index!r}."
            )

    @classmethod
    def from_config(cls, text: str) -> "Task":
        """Read what stands in ``TF_CONFIG``.

        Raises
        ------
        ValueError
            It is no such JSON, or describes no cluster.
        """
        try:
            config = json.loads(text)
            cluster = {job: tuple(addresses) for job, addresses in config["cluster"].items()}
            return cls(cluster, config["task"]["type"], config["task"]["index"])
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                'TF_CONFIG must look like {"cluster": {"chief": ["host:port"], "worker": [...], '
                f'"ps": [...]}}, "task": {{"type": "worker", "index": 0}}}}: received {text!r}.'
            ) from error

    def config(self) -> str:
        """Write it as ``TF_CONFIG`` wants it."""
        cluster = {job: list(addresses) for job, addresses in self.cluster.items()}
        return json.dumps({"cluster": cluster, "task": {"type": self.job, "index": self.index}})

    @property
    def address(self) -> str:
        """Where this process listens."""
        return self.cluster[self.job][self.index]

    def servers(self) -> dict[tuple[str, int], str]:
        """Return the addresses of the workers and parameter servers, by job and index."""
        return {
            (job, index): address
            for job in ("worker", "ps")
            for index, address in enumerate(self.cluster[job])
        }


def split(address: str) -> tuple[str, int]:
    """Take `host:port` apart.

    Raises
    ------
    ValueError
        It is not of this form, or the port is not from 1 to 65535.
    """
    host, _, port = str(address).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError(
            f"an address is host:port with a port from 1 to 65535: received {address!r}."
        )
    return host, int(port)
