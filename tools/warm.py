"""Kernels that begin with what most chapters import: forks of one process that has imported it.

Keras, TensorFlow and matplotlib take a kernel some six seconds of a processor before its first
cell has done anything, and more where Python has not compiled them yet. The server of
`multiprocessing` imports them once, in `tools.imports`, and each kernel is a fork of it.
`embedding_core.scale.cluster.host` does the same with TensorFlow. Only on Linux: other systems' own
libraries do not bear it.
"""

import os
import sys
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running, set_forkserver_preload
from typing import Any
from uuid import uuid4

from jupyter_client import AsyncKernelManager
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

POSSIBLE = sys.platform.startswith("linux")
IMPORTS = ["tools.imports"]
begun = False


def begin() -> None:
    """Let the server begin with its imports."""
    global begun
    set_forkserver_preload(IMPORTS)
    ensure_running()
    begun = True


def wait() -> None:
    """Return when the server, if it has begun, has imported all."""
    if begun:
        process = ForkServerProcess(target=int)
        process.start()
        process.join()


def become(argv: list[str], folder: str, environment: dict[str, str]) -> None:
    """Be a kernel, in a fork of the server."""
    os.setsid()  # a group of its own, which signals reach whole
    if sys.path[0] in ("", os.getcwd()):  # where `python -m` found the tools: a kernel has no such
        del sys.path[0]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    from ipykernel.kernelapp import IPKernelApp

    # It ends when its parent, the server, has ended.
    IPKernelApp.launch_instance([*argv, f"--IPKernelApp.parent_handle={os.getppid()}"])


class Child(ForkServerProcess):
    """A process of `multiprocessing`, with what else Jupyter asks of one of `subprocess`."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Return the status with which it has ended, or nothing."""
        return self.exitcode

    def wait(self) -> int | None:
        """Return the status when it has ended."""
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the server."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start it with the arguments that follow the launcher's name."""
        self.cwd = kwargs.get("cwd") or os.getcwd()
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :], str(self.cwd), kwargs["env"]
        self.process = Child(target=become, args=arguments, daemon=True)
        self.process.start()
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class WarmKernelManager(AsyncKernelManager):
    """Starts its kernel as a fork of the server."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.provisioner = WarmProvisioner(
            kernel_id=str(uuid4()), kernel_spec=self.kernel_spec, parent=self
        )
