"""Make classic mistakes on purpose, one at a time, and see which test notices.

    python tools/faults.py               # all of them; writes book/_faults.md
    python tools/faults.py "wrong page"  # those whose names hold these words; prints only

Each mistake is one replacement in one file of a copy of the project; the project itself is not
touched. The tests that should notice run twice: without the mistake, where they must pass, and with
it, where one must fail.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "book" / "_faults.md"
NOT_COPIED = (".venv", ".git", "_build", "__pycache__", ".*_cache", ".hypothesis")
PASSED, FAILED = 0, 1  # pytest's exit codes; others mean that no test had a say


@dataclass(frozen=True)
class Fault:
    """A mistake, where it is made, and the tests that should notice.

    `right` must occur once in the file. `tests` are pytest's arguments. With `build`, the book is
    built after the mistake, from the outputs that the notebooks hold.
    """

    name: str
    path: str
    right: str
    wrong: str
    tests: str
    build: bool = False


FAULTS = (
    Fault(
        "repeated ids lost: an id that occurs twice keeps its last gradient alone",
        "embedding_core/ops.py",
        "_added_up(self.values, position, rows.size)",
        "self.values[[np.flatnonzero(position == i)[-1] for i in range(rows.size)]]",
        "tests/test_ops.py",
    ),
    Fault(
        "forgotten mask denominator: a mean divides by all steps, padding too",
        "embedding_core/layers/pooling.py",
        "np.maximum(counts.sum(axis=1, keepdims=True), 1)",
        "np.full((len(x), 1), max(x.shape[1], 1))",
        "tests/layers/test_pooling.py",
    ),
    Fault(
        "off-by-one vocabulary: the table has a row too many",
        "embedding_core/layers/embedding.py",
        "shape=(self.input_dim, self.output_dim),\n                initializer",
        "shape=(self.input_dim + 1, self.output_dim),\n                initializer",
        "tests/layers/test_embedding.py",
    ),
    Fault(
        "bias where there is none",
        "embedding_core/layers/dense.py",
        "if self.use_bias:\n            self.bias",
        "if True:\n            self.bias",
        "tests/layers/test_dense.py",
    ),
    Fault(
        "transposed product: the way back through Dense takes the matrix as it is",
        "embedding_core/layers/dense.py",
        "before @ self.kernel.value.T",
        "before @ self.kernel.value.reshape(self.kernel.shape[::-1])",
        "tests/layers/test_dense.py",
    ),
    Fault(
        "unsettled deferred rows: a row is read before the optimizer has made up for its wait",
        "embedding_core/variable.py",
        "self._settle_rows(at)\n        rows = np.empty",
        "rows = np.empty",
        "tests/test_variable.py tests/optimizers/test_memory.py",
    ),
    Fault(
        "a split that leaks: equal texts may lie on both sides",
        "embedding_core/datasets.py",
        "places = _first_places(reviews)",
        "places = np.arange(len(reviews.texts))",
        "tests/test_datasets.py",
    ),
    Fault(
        "a figure with no data: the axes of the learning curves are drawn, and no curve",
        "embedding_core/lessons/figures/curves.py",
        "runs.mean(0),",
        "np.full(len(epoch), np.nan),",
        "tests/lessons/figures/test_figures.py",
    ),
    Fault(
        "a broken cell: the frozen table of chapter 2 is not frozen",
        "book/02_lookup_table.ipynb",
        "frozen = Embedding(7, 2, weights=before, trainable=False)",
        "frozen = Embedding(7, 2, weights=before, trainable=True)",
        "--nbval book/02_lookup_table.ipynb",
    ),
    Fault(
        "a missing page: chapter 4 is not in the contents",
        "_toc.yml",
        "      - file: book/04_call_gather\n",
        "",
        "tests/notebooks/test_hygiene.py",
    ),
    Fault(
        "an outside asset: the pages fetch a style sheet from another host",
        "_config.yml",
        "html_css_files: [",
        "html_css_files: [https://fonts.example.org/text.css, ",
        # These pages show the notebooks' saved pictures, which are pixels.
        "tests/site/test_pages.py --deselect=tests/site/test_pages.py::test_figures_are_vectors",
        build=True,
    ),
    Fault(
        "a claim's verdict flipped: the ledger says that the layer saves no memory",
        "embedding_core/lessons/claims/cost.py",
        "(MOLLER_AGAIN,),\n        Verdict.TRUE",
        "(MOLLER_AGAIN,),\n        Verdict.FALSE",
        "tests/lessons/claims/test_claims.py tests/notebooks/test_claims_in_chapters.py",
    ),
)


@dataclass(frozen=True)
class Outcome:
    """What became of one mistake: the test that noticed, or `None`."""

    fault: Fault
    caught_by: str | None


class Copy:
    """A copy of the project in a folder of its own, to make mistakes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
        config = self.folder / "_config.yml"
        # The notebooks hold their outputs: what is looked for here is in the pages.
        config.write_text(config.read_text().replace("notebooks: cache", 'notebooks: "off"'))

    def pytest(self, arguments: str) -> subprocess.CompletedProcess[str]:
        """Run tests in the copy, on the copy's package."""
        python = (sys.executable, "-m", "pytest", "-q", "-x", "-rf", "--tb=no")
        return self._run(*python, *arguments.split())

    def build(self) -> None:
        """Build the pages anew."""
        done = self._run(sys.executable, "-m", "tools.build", ".", "--all", "-q")
        if done.returncode:
            raise RuntimeError(f"the book does not build:\n{done.stdout}")

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        quiet = {"PYTHONPATH": str(self.folder), "TQDM_DISABLE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | quiet,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def check(self, fault: Fault) -> Outcome:
        """Make the mistake, run the tests, and undo it.

        Raises
        ------
        RuntimeError
            The tests fail without the mistake, it cannot be made, or no test had a say.
        """
        if fault.build:
            self.build()
        before = self.pytest(fault.tests)
        if before.returncode != PASSED:
            raise RuntimeError(f"{fault.tests} must pass without the mistake:\n{before.stdout}")
        path = self.folder / fault.path
        text = path.read_text("utf-8")
        if text.count(fault.right) != 1:
            raise RuntimeError(f"{fault.path} must hold once: {fault.right!r}")
        path.write_text(text.replace(fault.right, fault.wrong), "utf-8")
        try:
            if fault.build:
                self.build()
            after = self.pytest(fault.tests)
        finally:
            path.write_text(text, "utf-8")
        if after.returncode not in (PASSED, FAILED):
            raise RuntimeError(f"{fault.name}: no test had a say:\n{after.stdout}")
        noticed = re.search(r"^FAILED (.+?)( - .*)?$", after.stdout, re.MULTILINE)
        return Outcome(fault, noticed[1] if noticed else None)


def table(outcomes: list[Outcome]) -> str:
    """Write the outcomes as a Markdown table."""
    lines = ["| the mistake | the test that noticed |", "|---|---|"]
    for outcome in outcomes:
        noticed = in_words(outcome.caught_by) if outcome.caught_by else "**nobody**"
        lines.append(f"| {outcome.fault.name} | {noticed} |")
    return "\n".join(lines) + "\n"


def in_words(test: str) -> str:
    """Write a test's id for readers: its name in words, and its file in `tests/` or `book/`."""
    path, name = test.split("::")[0], test.split("::")[-1]
    words = name.split("[")[0].removeprefix("test_").replace("_", " ")
    return f"{words} (`{path.partition('/')[2]}`)"


def main(words: list[str]) -> int:
    """Check the mistakes and show the table; return how many nobody noticed."""
    chosen = [fault for fault in FAULTS if all(word in fault.name for word in words)]
    if not chosen:
        raise SystemExit(f"no mistake is called {' '.join(words)!r}; there are:\n{names()}")
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for fault in chosen:
            outcomes.append(copy.check(fault))
            print(f"{fault.name}\n    -> {outcomes[-1].caught_by or 'NOBODY NOTICED'}", flush=True)
    missed = sum(outcome.caught_by is None for outcome in outcomes)
    print(f"{len(outcomes) - missed} of {len(outcomes)} mistakes were noticed.")
    if not words:
        PAGE.write_text(table(outcomes), "utf-8")
    return missed


def names() -> str:
    """List the mistakes, one a line."""
    return "\n".join(fault.name for fault in FAULTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
