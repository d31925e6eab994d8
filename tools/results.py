"""Run the chapters whose outputs are not kept yet, and keep what their cells print.

    python -m tools.results

Each runs in a new kernel, three at a time, in `_build/.jupyter_cache`: Jupyter Book takes the
outputs of its pages from there, and `make chapters` compares them with those in the repository.
A cell that measures has the machine to itself: the others wait between two of their cells.

The figures are drawn as vectors, which stay sharp on any screen and on paper. The notebooks in the
repository keep their pixels: vectors would be compared letter by letter, and their last digits
differ from machine to machine.
"""

import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock, Semaphore
from time import perf_counter
from typing import Any

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools import warm
from tools.inputs import BUILD, drop_stale_results
from tools.notebooks import client

AT_A_TIME = 3
KERAS = re.compile(r"\b(from|import) \S*(keras|tensorflow|elsewhere|cluster)")  # or what has it
MEASURES = re.compile(r"\b(measure|race|perf_counter)\(")
QUIET = {"TQDM_DISABLE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
PROFILE = """\
import warnings

# Now and then said of a product whose numbers are all finite, and right; NumPy has met the like:
# https://github.com/numpy/numpy/issues/24067
warnings.filterwarnings("ignore", "invalid value encountered in matmul", RuntimeWarning)
c = get_config()
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
c.InlineBackend.rc = {"svg.hashsalt": "the book"}  # the same ids in every build
"""


def chapters() -> list[Path]:
    """Name the notebooks, the last first: they run longest, and short ones fill the gaps."""
    return sorted(Path("book").glob("*.ipynb"), reverse=True)


def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


class Machine:
    """A chapter's share of the places for kernels: a cell takes one, or all."""

    def __init__(self, turn: Lock, places: Semaphore) -> None:
        self.turn, self.places, self.taken = turn, places, 0

    def take(self, count: int) -> None:
        """Give back what is taken, and take so many; nobody overtakes who waits for all."""
        for _ in range(self.taken):
            self.places.release()
        self.taken = 0
        if count:
            with self.turn:
                for _ in range(count):
                    self.places.acquire()
                    self.taken += 1

    def begin(self, cell: NotebookNode, cell_index: int) -> None:
        """Take what a cell needs."""
        self.take(AT_A_TIME if MEASURES.search(cell.source) else 1)


def run(path: Path, machine: Machine, started: dict[str, Any]) -> tuple[NotebookNode, float, str]:
    """Run a notebook; return it with its outputs, the seconds, and what went wrong, or nothing."""
    notebook, trouble = read(path), ""
    machine.take(1)  # to start the kernel
    start = perf_counter()
    try:
        runner = client(notebook, path.parent, on_cell_execute=machine.begin, **started)
        asyncio.run(runner.async_execute())
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        trouble = f"{path}: {type(error).__name__}: {error}"
    finally:
        machine.take(0)
    return notebook, perf_counter() - start, trouble


def kept(cache: JupyterCacheAbstract, notebook: NotebookNode) -> NotebookNode | None:
    """Return the notebook with the outputs that are kept, or nothing."""
    try:
        return cache.merge_match_into_notebook(notebook)[1]
    except KeyError:
        return None


def side_by_side(
    paths: list[Path], meanwhile: Callable[[], None] | None
) -> Iterator[tuple[Path, Future[Any]]]:
    """Run the notebooks, some at a time; yield each when all before it are done.

    Where one of them will import Keras, all begin with it.
    """
    shared = Lock(), Semaphore(AT_A_TIME)
    started = {}
    if warm.POSSIBLE and any(KERAS.search(path.read_text("utf-8")) for path in paths):
        started["kernel_manager_class"] = warm.WarmKernelManager
        warm.begin()
    machine = Machine(*shared)
    if meanwhile:
        machine.take(1)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures = [pool.submit(run, path, Machine(*shared), started) for path in paths]
        try:
            if meanwhile:
                meanwhile()
            machine.take(0)
            yield from zip(paths, futures, strict=True)
        finally:
            machine.take(0)
            pool.shutdown(cancel_futures=True)  # after Ctrl-C no further one begins


def fill(build: Path = BUILD, meanwhile: Callable[[], None] | None = None) -> int:
    """Run what is not kept, and keep it; return how many failed.

    What is to be done meanwhile, in this process, takes the place of a kernel.
    """
    draw_vectors(build)
    drop_stale_results(build)
    cache = get_cache(build / ".jupyter_cache")
    missing = [path for path in chapters() if kept(cache, read(path)) is None]
    failed = 0
    for path, future in side_by_side(missing, meanwhile):
        notebook, seconds, trouble = future.result()
        if trouble:
            failed += 1
            print(trouble, file=sys.stderr, flush=True)
            continue
        data = {"execution_seconds": seconds}
        cache.cache_notebook_bundle(
            CacheBundleIn(notebook, str(path), data=data), check_validity=False, overwrite=True
        )
        print(f"{path} was run in {seconds:.1f} s", flush=True)
    return failed


def draw_vectors(build: Path) -> None:
    """Write the profile of the kernels that are started from here, and make them quiet."""
    home = (build / "ipython").resolve()
    file = home / "profile_default" / "ipython_kernel_config.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PROFILE, "utf-8")
    os.environ["IPYTHONDIR"] = str(home)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


def wanted() -> bool:
    """Say whether the book's settings want its notebooks run."""
    settings = yaml.safe_load(Path("_config.yml").read_text("utf-8"))
    return settings["execute"]["execute_notebooks"] == "cache"


if __name__ == "__main__":
    sys.exit(bool(fill()))
