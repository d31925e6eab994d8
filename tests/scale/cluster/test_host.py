"""The side of who started the host, with a host that says what it is told to."""

import io
import subprocess
import sys

import pytest

from embedding_core.scale.cluster.host import Host
from embedding_core.scale.cluster.task import Task

SAID = """\
{"event": "warm"}
{"event": "steps", "steps": 25}
{"event": "forked", "pid": 7}
{"event": "steps", "steps": 50}
"""


CLUSTER = {"chief": ["a:1"], "worker": ["a:2"], "ps": ["a:3"]}


class Process:
    """A host that has ended."""

    pid = 1

    def __init__(self, *_, **__):
        self.stdin, self.stdout = io.StringIO(), io.StringIO(SAID)

    def poll(self):
        return 0

    def wait(self):
        return 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there are hosts on Linux alone")
def test_what_came_before_the_event_that_was_waited_for_comes_first_afterwards(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Process)
    with Host(patience=10) as host:
        assert host.fork(Task(CLUSTER, "ps", 0)) == 7
        assert [host.next_event()["steps"] for _ in range(2)] == [25, 50]
        with pytest.raises(RuntimeError, match="the cluster's host has ended"):
            host.next_event()
