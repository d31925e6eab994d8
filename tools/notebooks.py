"""Run notebooks in place and save them so that a second run changes as little as possible.

    python -m tools.notebooks book/*.ipynb

Each runs from its own folder, as in JupyterLab. A cell tagged ``installed-source`` runs and loses
its output: it shows the installed Keras's own lines, which are not ours to commit. A cell that
fails stops the run and leaves its notebook as it was.
"""

import sys
from pathlib import Path
from typing import Any

import nbformat
import zmq
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

TIMEOUT = 180  # seconds a cell, as in _config.yml
# Else each kernel warns that whoever listens on this machine can read what it says.
ENCRYPTION = "auto" if zmq.has("curve") else "disabled"


def client(notebook: nbformat.NotebookNode, folder: Path, **options: Any) -> NotebookClient:
    """Return what runs a notebook in a folder; a dead kernel and a slow cell are errors."""
    return NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        config=Config(KernelManager={"transport_encryption": ENCRYPTION}),
        resources={"metadata": {"path": str(folder)}},
        **options,
    )


def run(path: Path) -> None:
    """Execute one notebook and write it back."""
    notebook = nbformat.read(path, as_version=4)
    client(notebook, path.parent, coalesce_streams=True).execute()
    tidy(notebook)
    nbformat.write(notebook, path)


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Remove what differs from machine to machine, or from run to run."""
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if "installed-source" in cell.metadata.get("tags", []):
            cell.outputs = []


def main(paths: list[Path]) -> int:
    """Run every notebook; return how many failed."""
    failed = 0
    for path in paths:
        print(path, flush=True)
        try:
            run(path)
        except CellExecutionError as error:
            print(error, file=sys.stderr)
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
