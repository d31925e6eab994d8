"""What may happen to a cluster, done to real processes."""

import os
import resource
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from time import monotonic, sleep

import pytest

from embedding_core.scale.cluster import LocalCluster, Work
from embedding_core.scale.cluster.demo import with_faults
from embedding_core.scale.cluster.processes import is_gone


@pytest.fixture
def cluster(host):
    with LocalCluster(host) as cluster:
        yield cluster


@pytest.fixture
def work(tmp_path):
    return Work(str(tmp_path), 60, 1001, 4, batch_size=32, save_every=20, data="random", patience=4)


def kinds(events):
    return [event["event"] for event in events]


def test_a_worker_dies_and_the_others_finish(cluster, work):
    events = list(with_faults(cluster, work, {20: ("kill", "worker", 1)}))
    assert kinds(events).count("fault") == 1
    assert "lost" not in kinds(events)
    assert kinds(events)[-1] == "finished"
    assert events[-1]["steps"] >= 60, "no step was left out"
    assert ("worker", 1) not in cluster.pids, "and nobody took its place"


def test_a_worker_hangs_and_is_found_out_and_replaced(cluster, work):
    hanging = cluster.pids["worker", 0]
    events = list(with_faults(cluster, work, {20: ("stop", "worker", 0)}))
    silent = [event for event in events if event["event"] == "silent"]
    assert [(event["job"], event["index"]) for event in silent] == [("worker", 0)]
    assert events[-1]["event"] == "finished"
    assert is_gone(hanging)
    assert cluster.pids["worker", 0] != hanging


# At the end the chief has a new function to make known to all servers, and TensorFlow's call for
# that holds Python's lock until the last of them has answered.
@pytest.mark.parametrize("steps", [20, 60])
def test_a_hanging_worker_whom_nobody_replaces_is_named_in_time(cluster, work, steps):
    began = monotonic()
    work = replace(work, patience=2, limit=10)
    address = cluster.addresses["worker"][1]
    with pytest.raises(RuntimeError, match=rf"worker 1 at {address} .* hangs\. End that process"):
        list(with_faults(cluster, work, {steps: ("stop", "worker", 1)}, mend=False))
    assert monotonic() - began < 60


def test_without_any_worker_the_chief_gives_up(cluster, work):
    faults = {number: ("kill", "worker", number) for number in (0, 1)}
    with pytest.raises(RuntimeError, match=r"no worker has answered for 10 s\. Start one"):
        list(with_faults(cluster, replace(work, patience=2, limit=10), faults, mend=False))


@pytest.mark.parametrize("what", ["kill", "stop"])
def test_a_parameter_server_dies_or_hangs_and_the_last_checkpoint_is_read(cluster, work, what):
    events = list(with_faults(cluster, work, {40: (what, "ps", 1)}))
    after = events[kinds(events).index("lost") :]
    assert {e["steps"] for e in after if e["event"] == "ready"} == {40}
    assert after[-1]["event"] == "finished"
    assert after[-1]["steps"] == 60


def test_a_parameter_server_that_died_has_lost_nothing_that_was_saved(cluster, work):
    *_, before = cluster.train(work)
    cluster.kill("ps", 0)
    cluster.start("ps", 0)
    ready, after = cluster.train(work)
    assert ready["steps"] == 60
    assert after["accuracy"] == before["accuracy"]


def test_a_checkpoint_cut_short_is_not_taken_for_a_whole_one(cluster, work, tmp_path):
    """The chief dies while the servers write; so do they, for good measure."""
    large = replace(work, rows=2_000_001, columns=8, steps=2, save_every=1)
    unfinished = tmp_path / ".unfinished-step-00000002"
    cluster.start("chief", 0, large)
    until = monotonic() + 100
    while not (unfinished / "state_temp").exists() and not list(unfinished.glob("state*")):
        assert monotonic() < until
        sleep(0.0005)
    for job, index in sorted(cluster.pids):  # the chief first: it would tidy up
        cluster.kill(job, index)
    assert unfinished.exists()
    assert [path.name for path in tmp_path.glob("step-*")] == ["step-00000001"]
    for job, index in (("ps", 0), ("ps", 1), ("worker", 0), ("worker", 1)):
        cluster.start(job, index)
    cluster.host.forget()
    ready, *_ = events = list(cluster.train(large))
    assert ready["steps"] == 1
    assert events[-1]["steps"] == 2
    assert not unfinished.exists()


def test_no_room_for_a_checkpoint(cluster, work, tmp_path):
    """A limit on the size of a file stands for a full disk: the same call fails.

    The disk is full before the second training begins, and nobody is taken for silent and
    replaced: however slow the machine is, the next checkpoint is the one that finds no room.
    """
    large = replace(work, rows=100_001, steps=20, patience=60)
    list(cluster.train(large))
    pid = cluster.pids["ps", 1]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    with pytest.raises(RuntimeError, match=r"step-00000040 cannot be written .* make room"):
        list(cluster.train(replace(large, steps=60)))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000020"], "nothing half written"


def test_a_checkpoint_of_another_shape(cluster, work):
    list(cluster.train(work))
    with pytest.raises(RuntimeError, match=r"sums of shape \[1001, 4\], and shape \[999, 4\]"):
        list(cluster.train(replace(work, rows=999)))
    *_, last = cluster.train(work)
    assert last["steps"] == 60, "the checkpoint is as it was"


def test_a_port_in_use(cluster, work):
    with socket.socket() as taken:
        cluster.kill("worker", 1)
        port = int(cluster.addresses["worker"][1].rpartition(":")[2])
        taken.bind(("127.0.0.1", port))
        taken.listen()

        def start():
            cluster.start("worker", 1)
            cluster.host.next_event()

        with pytest.raises(RuntimeError, match=rf"worker 1: .*port {port} .* is in use\. End the"):
            start()


def test_a_dead_address(cluster, work):
    address = cluster.addresses["worker"][1]
    cluster.kill("worker", 1)
    with pytest.raises(RuntimeError, match=f"worker 1 at {address} cannot be reached: nobody"):
        list(cluster.train(replace(work, limit=3), mend=False))


STARTER = """
import time
from embedding_core.scale.cluster import Host, LocalCluster
host = Host()
cluster = LocalCluster(host)
cluster.stop("worker", 1)  # forked last
print(host.session, *cluster.pids.values(), flush=True)
time.sleep(300)
"""


def test_no_process_outlives_who_started_it(tmp_path):
    """Not even one that was stopped at once, and not even when its starter is killed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], env=environment, stdout=subprocess.PIPE, text=True
    ) as starter:
        pids = [int(pid) for pid in starter.stdout.readline().split()]
        assert len(pids) == 5
        assert not any(is_gone(pid) for pid in pids)
        starter.send_signal(signal.SIGKILL)
    until = monotonic() + 90  # one of them may be importing TensorFlow on a busy machine
    while not all(is_gone(pid) for pid in pids) and monotonic() < until:
        sleep(0.05)
    left = [pid for pid in pids if not is_gone(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []
