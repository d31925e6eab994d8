"""A plugin of pytest: compare what the chapters printed when they were run with what is saved.

    python -m pytest -p tools.compare book

The tests are nbval's, and so is the comparison. The kernel is not: nbval would run every chapter
once more, and `tools/results.py` has run it, in a kernel that was new, on the code as it is.
"""

from pathlib import Path
from typing import Any

import pytest
from jupyter_cache import get_cache
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile

from tools.inputs import BUILD
from tools.results import kept


class RanAlready:
    """Answers nbval as a kernel would, with the outputs of a notebook that was run."""

    def __init__(self, notebook: NotebookNode) -> None:
        self.cells = iter([cell for cell in notebook.cells if cell.cell_type == "code"])
        self.messages: list[dict[str, Any]] = []

    def is_alive(self) -> bool:
        """Say that it answers."""
        return True

    def stop(self) -> None:
        """Nothing runs."""

    def execute_cell_input(self, source: str, **_: Any) -> str:
        """Lay the answers to a cell ready; a cell that nbval skips is passed over."""
        cell = next(cell for cell in self.cells if cell.source == source)
        self.messages = [message(output.output_type, as_saved(output)) for output in cell.outputs]
        self.messages.append(message("status", {"execution_state": "idle"}))
        return "this cell"

    def await_reply(self, *_: Any, **__: Any) -> None:
        """Return at once: it ran already."""

    await_idle = await_reply

    def get_message(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Return the next answer."""
        return self.messages.pop(0)


def message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Return a message as a kernel sends it."""
    return {"msg_type": kind, "content": content, "parent_header": {"msg_id": "this cell"}}


def as_saved(output: NotebookNode) -> NotebookNode:
    """Return an output as it is in the repository, where a figure is pixels; see `results`."""
    data = output.get("data", {})
    if data.get("text/plain", "").startswith("<Figure size"):
        data["image/png"] = data.pop("image/svg+xml")
    return output


class Chapter(IPyNbFile):
    """A notebook whose cells are compared, and not run."""

    def setup(self) -> None:
        """Take what was printed in the place of a kernel."""
        notebook = kept(get_cache(BUILD / ".jupyter_cache"), self.nb)
        if notebook is None:
            pytest.fail(
                f"{self.path.name} was not run, or failed: python -m tools.results", pytrace=False
            )
        self.kernel = RanAlready(notebook)
        self.setup_sanitize_files()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Chapter | None:
    """Collect each notebook."""
    return Chapter.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None
