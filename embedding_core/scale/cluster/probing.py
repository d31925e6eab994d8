"""Is a server there? Asked in TCP and HTTP/2, because TensorFlow's own calls wait for ever.

A process that was stopped still takes connections, since the system does that for it. So the
question is asked one floor higher: a gRPC server speaks HTTP/2 and answers a connection with its
settings. A process that is stopped, or hangs for good, does not.
"""

import errno
import socket
from collections.abc import Mapping
from time import monotonic, sleep

from embedding_core.scale.cluster.task import split

# What a client begins with (RFC 9113, section 3.4): the preface, and an empty SETTINGS frame.
_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
_SETTINGS = 4


def ask(address: str, seconds: float = 5.0) -> str:
    """Ask a server for a sign of life.

    Parameters
    ----------
    address
        `host:port`.
    seconds
        How long to wait for each of connection and answer.

    Returns
    -------
    str
        "answers"; "silent" when nothing came in time; "refuses" when nobody listens or the name
        is unknown; "foreign" when something else than a gRPC server answers.
    """
    try:
        with socket.create_connection(split(address), seconds) as connection:
            connection.sendall(_HELLO)
            frame = connection.recv(9)
    except TimeoutError:
        return "silent"
    except OSError:
        return "refuses"
    return "answers" if len(frame) > 3 and frame[3] == _SETTINGS else "foreign"


def wait_for(servers: Mapping[tuple[str, int], str], seconds: float) -> None:
    """Return when all servers answer.

    Parameters
    ----------
    servers
        Addresses by job and index.
    seconds
        How long to wait for all of them together.

    Raises
    ------
    ConnectionError
        One does not answer in time. The message names it, and what it did instead.
    """
    until = monotonic() + seconds
    missing = dict(servers)
    while missing:
        left = max(until - monotonic(), 0.1)
        found = {task: ask(address, min(left, 5)) for task, address in missing.items()}
        missing = {task: missing[task] for task, state in found.items() if state != "answers"}
        if missing and monotonic() > until:
            (job, index), address = next(iter(missing.items()))
            raise ConnectionError(
                f"{job} {index} at {address} {_STATES[found[job, index]]}, after {seconds:g} s of "
                f"waiting for {len(servers)} servers. Start it there (python -m embedding_core "
                "cluster, with its own TF_CONFIG), or correct its address in TF_CONFIG."
            )
        if missing:
            sleep(0.1)


_STATES = {
    "silent": "takes the connection and says nothing",
    "refuses": "cannot be reached: nobody listens there",
    "foreign": "is no TensorFlow server",
}


def refuse_taken(address: str) -> None:
    """Make sure that the port of an address is free on this machine.

    Raises
    ------
    OSError
        It is taken, or may not be opened. The message names the port and the cure.
    """
    port = split(address)[1]
    with socket.socket() as listener:
        # Connections of a server that was killed a moment ago do not count as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
            listener.listen()
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"fails: {error.strerror}"
            raise OSError(
                f"port {port} of {address} {why}. End the program that uses it, or name another "
                "port in TF_CONFIG, on all machines alike."
            ) from error
