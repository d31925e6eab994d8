"""One process that imports TensorFlow once and splits into all processes of a local cluster.

An import of TensorFlow costs seconds, a fork of a process that has done it costs none. Orders
come as JSON lines on standard input, events leave as JSON lines on standard output. When the
input ends, because who started it is gone, the host ends; the system then ends its children,
stopped ones too.
"""

import ctypes
import json
import os
import signal
import sys
from typing import Any, NoReturn

from embedding_core.cluster.chief import coordinate
from embedding_core.cluster.servers import serve
from embedding_core.cluster.task import Task
from embedding_core.cluster.work import Work

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main() -> None:
    """Take orders until the input ends."""
    import tensorflow  # noqa: F401 (for the children)

    # Children that end need not be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    report({"event": "warm"})
    host = os.getpid()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order, host)
        report({"event": "started", "job": order["job"], "index": order["index"], "pid": child})


def report(event: dict[str, Any]) -> None:
    """Write an event in one piece: lines of several processes must not mix."""
    os.write(1, (json.dumps(event) + "\n").encode())


def _become(order: dict[str, Any], host: int) -> NoReturn:
    """Be the process that was ordered, in a child of the host."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 2)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    import faulthandler; faulthandler.register(signal.SIGUSR1, file=2, all_threads=True)
    status = 1
    try:
        if os.getppid() == host:  # else it died before it could be watched
            task = Task(order["cluster"], order["job"], order["index"])
            if task.job == "chief":
                coordinate(task, Work(**order["work"]), report)
            else:
                serve(task)
            status = 0
    except Exception as error:
        name = f"{order['job']} {order['index']}"
        report({"event": "failed", "error": f"{name}: {error}", "type": type(error).__name__})
    finally:
        # Without the clean-up of the host, whose copy this process is.
        os._exit(status)


if __name__ == "__main__":
    main()
