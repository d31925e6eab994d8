"""What is asked of a server, and what counts the bytes; sockets of this process are the servers."""

import socket
import threading
from time import monotonic, sleep

import pytest

from embedding_core.scale.cluster.gate import Gate
from embedding_core.scale.cluster.local import free_addresses
from embedding_core.scale.cluster.probing import ask, refuse_taken, wait_for


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def address_of(listener):
    return "{}:{}".format(*listener.getsockname())


def answer(listener, reply):
    """Take one connection, read what comes first, and reply."""

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(reply)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    ("reply", "state"),
    [(SETTINGS, "answers"), (b"HTTP/1.1 400 Bad Request\r\n", "foreign"), (b"", "foreign")],
)
def test_who_answers_is_told_apart(listener, reply, state):
    thread = answer(listener, reply)
    assert ask(address_of(listener), 20) == state
    thread.join()


def test_a_server_that_takes_connections_and_says_nothing_is_silent(listener):
    """What the system does for a process that is stopped."""
    began = monotonic()
    assert ask(address_of(listener), 0.2) == "silent"
    assert monotonic() - began < 10


def test_an_address_where_nobody_listens_refuses():
    assert ask(free_addresses(1)[0]) == "refuses"
    assert ask("no.such.host.invalid:80") == "refuses"


def test_waiting_ends_when_all_answer(listener):
    thread = answer(listener, SETTINGS)
    wait_for({("ps", 0): address_of(listener)}, 30)
    thread.join()


@pytest.mark.long
def test_waiting_ends_in_time_and_names_who_is_missing(listener):
    dead = free_addresses(1)[0]
    with pytest.raises(ConnectionError, match=rf"worker 3 at {dead} cannot be reached.* TF_CONFIG"):
        wait_for({("worker", 3): dead}, 0.3)
    hanging = address_of(listener)
    with pytest.raises(ConnectionError, match=rf"ps 0 at {hanging} takes the connection and says"):
        wait_for({("ps", 0): hanging}, 0.3)


def test_a_port_in_use_is_refused_with_its_number(listener):
    port = listener.getsockname()[1]
    with pytest.raises(OSError, match=rf"port {port} of .* is in use\. End the program"):
        refuse_taken(f"here:{port}")


def test_a_port_whose_last_user_has_just_gone_is_free(listener):
    address = address_of(listener)
    with socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        connection.close()  # the server's side ends first, and waits for late packets
    listener.close()
    refuse_taken(address)


def test_free_addresses_are_different_and_below_those_given_to_clients():
    addresses = free_addresses(20)
    assert len(set(addresses)) == 20
    assert all(20_000 <= int(address.rpartition(":")[2]) < 32_768 for address in addresses)


def echo(listener):
    """Send back all that comes, on one connection."""
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(1000):
            connection.sendall(data)


def test_a_gate_passes_everything_on_and_counts_it(listener):
    thread = threading.Thread(target=echo, args=(listener,))
    thread.start()
    gate = Gate(address_of(listener))
    host, port = gate.address.split(":")
    message = bytes(range(256)) * 400
    with socket.create_connection((host, int(port))) as client:
        client.sendall(message)
        client.shutdown(socket.SHUT_WR)
        back = b"".join(iter(lambda: client.recv(1 << 16), b""))
    thread.join()
    gate.close()
    assert back == message
    assert gate.passed == 2 * len(message), "there and back"


def test_a_closed_gate_lets_nobody_in(listener):
    gate = Gate(address_of(listener))
    gate.close()
    until = monotonic() + 20
    while ask(gate.address, 1) != "refuses":
        assert monotonic() < until
        sleep(0.01)


def test_a_gate_before_nobody_closes_the_connection():
    gate = Gate(free_addresses(1)[0])
    assert ask(gate.address, 20) in ("foreign", "refuses")
    gate.close()
