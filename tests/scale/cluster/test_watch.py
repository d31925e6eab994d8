"""The watching process, on sockets of this one."""

import multiprocessing
import os
import signal
import socket
import threading
from time import monotonic, sleep

import pytest

from embedding_core.scale.cluster import watch as watching
from embedding_core.scale.cluster.local import free_addresses
from embedding_core.scale.cluster.processes import is_gone
from embedding_core.scale.cluster.watch import Watch

pytestmark = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="what is said here cannot be pickled"
)
SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(watching, "BEAT", 0.01)


@pytest.fixture
def server():
    """A server that answers every connection until `hang` is set."""
    hang = threading.Event()
    kept = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                kept.append(connection)
                if not hang.is_set():
                    connection.sendall(SETTINGS)

        thread = threading.Thread(target=serve)
        thread.start()
        yield "{}:{}".format(*listener.getsockname()), hang
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    for connection in kept:
        connection.close()


class Heard:
    """Collects what a watch says from its process."""

    def __init__(self, servers, patience, limit):
        self.said, says = multiprocessing.Pipe(duplex=False)
        self.watch = Watch(servers, patience, limit, lambda *task: says.send(task), says.send)
        self.watch.start()

    def next(self):
        assert self.said.poll(60)
        return self.said.recv()


def test_a_server_that_hangs_is_reported_once_and_then_given_up(server):
    address, hang = server
    hang.set()
    heard = Heard({("worker", 2): address}, patience=0.2, limit=0.4)
    assert heard.next() == ("worker", 2)
    assert f"worker 2 at {address} takes connections" in heard.next()
    heard.watch._process.join(60)
    assert heard.watch._process.exitcode == 0


@pytest.mark.long
def test_a_server_that_answers_is_left_alone(server):
    address, _ = server
    heard = Heard({("worker", 0): address}, patience=20, limit=20)
    sleep(0.5)
    assert heard.watch._process.is_alive()
    heard.watch.end()
    assert not heard.watch._process.is_alive()
    assert not heard.said.poll()


def test_without_a_worker_it_gives_up(server):
    address, _ = server
    dead = free_addresses(1)[0]
    heard = Heard({("worker", 0): dead, ("ps", 0): address}, patience=20, limit=0.4)
    assert heard.next().startswith("no worker has answered for 0.4 s. Start one")


@pytest.mark.long
def test_a_standstill_is_given_up_though_all_answer(server):
    address, _ = server
    heard = Heard({("worker", 0): address}, patience=20, limit=0.5)
    assert heard.next().startswith("training has got no further for 0.5 s, though the servers")


def test_a_watch_says_nothing_more_and_ends_when_its_chief_was_killed(server):
    address, hang = server
    said, says = multiprocessing.Pipe(duplex=False)

    def chief():
        watch = Watch({("worker", 0): address}, 1, 2, lambda *task: says.send(task), says.send)
        watch.start()
        says.send(watch._process.pid)
        sleep(60)

    process = multiprocessing.Process(target=chief)
    process.start()
    assert said.poll(60)
    pid = said.recv()
    assert not is_gone(pid)
    hang.set()
    sleep(0.1)  # now it waits for an answer
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    until = monotonic() + 60
    while not is_gone(pid):
        assert monotonic() < until
        sleep(0.01)
    assert not said.poll()


@pytest.mark.parametrize(
    ("silent", "workers_ago", "told"),
    [
        ([("ps", 1)], 0, "ps 1 at b takes connections and has said nothing for 1 s"),
        ([("ps", 1)], 99, "ps 1 at b takes connections"),
        ([], 99, "no worker has answered for 10 s"),
        ([], 0, "training has got no further for 10 s, though the servers answer"),
    ],
)
def test_of_several_reasons_for_a_standstill_it_gives_the_one_that_says_most(
    silent, workers_ago, told
):
    servers = {("worker", 0): "a", ("ps", 1): "b"}
    watch = Watch(servers, patience=1, limit=10, silent=print, give_up=print)
    now = monotonic()
    assert watch._reason(now) is None
    watch._progress.value = now - 99
    watch._silent_since = dict.fromkeys(silent, now - 1)
    assert watch._reason(now - workers_ago).startswith(told)
