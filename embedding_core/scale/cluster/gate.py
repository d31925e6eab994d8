"""A gate in front of a server that counts the bytes passing through it.

The cluster is told the gate's address in place of the server's. Every byte between the server
and anybody else then passes here.
"""

import contextlib
import socket
import threading

from embedding_core.scale.cluster.task import split


class Gate:
    """Pass bytes on to an address, both ways, and count them.

    Parameters
    ----------
    target
        `host:port` of the server behind.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.passed = 0
        self._counting = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more; connections that are open stay open until one side ends."""
        # A thread that waits in accept would keep the port open without this.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(split(self.target))
                except OSError:
                    near.close()
                    continue
                threading.Thread(target=self._connect, args=(near, far), daemon=True).start()

    def _connect(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
            back.start()
            self._pass(near, far)
            back.join()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                with self._counting:
                    self.passed += len(data)
                sink.sendall(data)
        # One side has said all it had to say; the other may still be speaking.
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
