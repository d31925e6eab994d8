"""What Linux says about a process, and how much memory it may still take."""

import contextlib
import os
import signal
from pathlib import Path
from time import monotonic, sleep


def status(pid: int) -> dict[str, str]:
    """Read the state of a process from ``/proc``; nothing when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def is_gone(pid: int) -> bool:
    """Say whether a process has ended, with all its threads."""
    # A zombie has ended, and nobody has looked yet; but its other threads may still be ending.
    now = status(pid)
    return not now or (now["State"][0] in "ZX" and int(now["Threads"]) <= 1)


def kill(pid: int, seconds: float = 30.0) -> None:
    """End a process as a power cut would (SIGKILL), and return when it is gone.

    Raises
    ------
    TimeoutError
        It is still there after that time.
    """
    until = monotonic() + seconds
    while not is_gone(pid):
        if monotonic() > until:
            raise TimeoutError(f"process {pid} was ended and is still there after {seconds:g} s.")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        sleep(0.01)


def allow(pid: int, megabytes: int) -> None:
    """Let a process take so much more memory than it has now, and no more (RLIMIT_DATA)."""
    import resource  # Windows has none

    most = (int(status(pid)["VmData"].split()[0]) << 10) + (megabytes << 20)
    resource.prlimit(pid, resource.RLIMIT_DATA, (most, most))
