"""Jupyter Book's own command, sooner, and never with outputs of yesterday's code.

    python -m tools.build . -W -n --keep-going

- The chapters run first, side by side: see `tools/results.py`. What is kept of an earlier run is
  shown again only where nothing that decides it has changed: see `tools/inputs.py`.
- It is always a whole build. Sphinx warns only about pages it reads anew, so that a second build
  after a failed one would pass.
- The Korean edition is built beside the English one, in a process of its own, once the chapters
  have run: see `tools/edition.py`. What both import is in memory before they part, where a process
  begins as a copy of another; it is imported while the first chapters run.
- Nothing is collected as garbage. A build makes trees of millions of nodes and keeps them; to
  look through them again and again takes a quarter of its time. It needs 0.5 GB instead of 0.3.
"""

import argparse
import gc
import os
import shutil
import sys
from contextlib import suppress
from multiprocessing import Process
from pathlib import Path

from tools import edition, inputs


def sphinx(arguments: list[str]) -> int:
    """Run Jupyter Book where what it can do without is out of its way; return its exit status."""
    gc.disable()
    from jupyter_book.cli.main import main as jupyter_book

    try:
        jupyter_book(["build", *arguments], prog_name="jupyter-book")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def share() -> None:
    """Import what both editions import: Keras above all, from which the package's classes come."""
    import jupyter_book.sphinx  # noqa: F401

    from tools import warm

    warm.wait()  # what Python compiles for the kernels is there then
    with suppress(ImportError):  # a book without it
        from embedding_core.keras_bridge import load_keras

        load_keras()
        import embedding_core.for_keras  # noqa: F401


def into(log: Path, arguments: list[str]) -> None:
    """Run Jupyter Book, and write what it says into a file."""
    with log.open("wb") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    sys.exit(sphinx(arguments))


def main(arguments: list[str]) -> int:
    """Run the chapters and build the pages; return 0 where nothing is wrong with either."""
    from tools import results

    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--path-output", type=Path, default=Path())
    build = parser.parse_known_args(arguments)[0].path_output / "_build"
    sources = inputs.checksums(*inputs.SITE)  # before: a file may change meanwhile
    for folder in ("html", ".doctrees"):
        shutil.rmtree(build / folder, ignore_errors=True)
    note = build / "site.inputs"
    note.unlink(missing_ok=True)
    # A chapter that fails is run again by Sphinx, which reports it with whatever else is wrong.
    two = edition.HOME.exists()
    failed = results.fill(build, share if two else None) if results.wanted() else 0
    korean = None
    if two and not failed:
        log = build / edition.LANGUAGE / "log"
        korean = Process(target=into, args=(log, [*arguments, *edition.prepare(build)]))
        korean.start()
    status = sphinx(arguments)
    if korean is not None:
        korean.join()
        print(log.read_text("utf-8", "replace"), flush=True)
        status = status or int(korean.exitcode != 0)
        if not korean.exitcode:
            edition.lay_into(build / "html", build / edition.LANGUAGE)
    if failed and not status:
        print(f"{failed} chapters failed when they were run first.", file=sys.stderr)
    if not status and not failed:
        note.write_text(sources, "utf-8")
    return status or int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
