#!/usr/bin/env bash
# ipykernel 7.4.0, jupyter_client 8.10.0 and nbclient 0.11.0: a kernel that follows its own advice
# cannot be reached. Seen on Linux.
#
# ipykernel now warns of each kernel that listens on TCP, and advises the transport "ipc", or keys
# for encryption. Guess: with KernelManager.transport = "ipc" notebooks run as before. Seen: they do
# where the notebook lies in the folder that one stands in. One that lies elsewhere runs, as
# notebooks do, in its own folder, and its sockets are named relative to that; who started it waits
# for them here, until "Kernel didn't respond". KernelManager.transport_encryption = "auto" works
# for both, and the warning is gone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ipykernel==7.4.0 jupyter_client==8.10.0 nbclient==0.11.0 \
	nbformat==5.11.1 ipython==9.18.1 pyzmq==27.3.0
mkdir "$folder/here" "$folder/here/chapters"
cd "$folder/here"
"$folder/venv/bin/python" - 2> said <<'PYTHON'
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

CELL = nbformat.v4.new_code_cell("1 + 1")


def ran(where, **settings):
    """Run a notebook that lies in a folder; say what came of it."""
    notebook = nbformat.v4.new_notebook(cells=[CELL.copy()])
    client = NotebookClient(
        notebook,
        startup_timeout=20,
        config=Config(KernelManager=settings),
        resources={"metadata": {"path": where}},
    )
    try:
        client.execute()
    except RuntimeError as error:
        return str(error)
    return notebook.cells[0].outputs[0].data["text/plain"]


print(*(f"{name} {version(name)}" for name in ("ipykernel", "jupyter_client", "nbclient")))
here, there = ran(".", transport="ipc"), ran("chapters", transport="ipc")
encrypted = ran("chapters", transport_encryption="auto")
warned = "without encryption" in Path("said").read_text()
plain = ran("chapters")
print(f"ipc, in this folder: {here}\nipc, in another one: {there}\nencrypted, there: {encrypted}")
print("sockets:", *sorted(str(path) for path in Path().rglob("kernel-ipc-*")))
assert (here, there, encrypted) == ("2", "Kernel didn't respond in 20 seconds", "2")
assert (plain, warned) == ("2", False)
assert "without encryption" in Path("said").read_text()
PYTHON
