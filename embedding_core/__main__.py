"""The command line: `claims`, the ledger; `cluster`, a spread table; `audit`, `probe`, a look."""

import argparse
import atexit
import gc
import os
import shutil
import sys
from collections.abc import Sequence

from embedding_core.lessons.claims import LEDGER, Claim, claim, rows, run
from embedding_core.lessons.elsewhere import command as probing
from embedding_core.scale.cluster import command

# What a shell reports for a program that the closing of a pipe has ended: 128 + SIGPIPE.
_NOBODY_READS = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        What follows the program's name; by default what the shell gave.

    Returns
    -------
    int
        0 when every claim that was run holds, the cluster has done its work, nothing about the
        model is wrong, or the probe found what was recorded or promised, else 1; 141 when
        whoever read the output went away, as `| head` does.

    Raises
    ------
    SystemExit
        With status 2 after a message, when a command or a claim is unknown or a model cannot be
        loaded; with 0 after `--help`.
    """
    try:
        try:
            return _run(arguments)
        finally:
            print(end="", flush=True)  # here, and not when Python ends and can only complain
    except BrokenPipeError:
        # What is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m embedding_core", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    claims = commands.add_parser(
        "claims",
        help="check the thread's statements",
        description="Run the evidence of each claim and print what it measured. "
        "Exit status: 0 when every verdict holds, 1 when one does not.",
    )
    claims.add_argument(
        "claims",
        nargs="*",
        type=_known,
        default=LEDGER,
        metavar="ID",
        help=f"{LEDGER[0].id} to {LEDGER[-1].id}; all of them if none is named",
    )
    command.describe(commands.add_parser("cluster", help="train a table over several processes"))
    look = commands.add_parser(
        "audit",
        help="look a Keras model over",
        description="Load a Keras model and name what this book has found that applies to it. "
        "Exit status: 1 when something is wrong, else 0.",
    )
    look.add_argument("model", metavar="MODEL", help="a .keras file")
    probing.describe(commands.add_parser("probe", help="ask a library, or a layer of your own"))
    parsed = parser.parse_args(arguments)
    if parsed.command == "audit":
        return _audit(parsed.model, look)
    if parsed.command == "probe":
        return probing.run(parsed)
    return _check(parsed.claims) if parsed.command == "claims" else command.run(parsed)


def _known(id: str) -> Claim:
    try:
        return claim(id)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _audit(path: str, parser: argparse.ArgumentParser) -> int:
    try:
        # Keras is loaded only where it is wanted, and may be missing or run on something else.
        from embedding_core.for_keras.audit import audit
        from embedding_core.for_keras.backend import keras

        model = keras.models.load_model(path)
    except Exception as error:  # whatever a file that is no model makes Keras raise
        parser.error(f"cannot load {path}: {error}")
    report = audit(model)
    print(report)
    return 1 if report.wrong else 0


def _check(claims: Sequence[Claim]) -> int:
    failed = 0
    for outcome in run(claims):
        print(rows(outcome, shutil.get_terminal_size().columns), flush=True)
        failed += not outcome.holds
    print(f"{len(claims) - failed} of {len(claims)} verdicts hold.")
    return 1 if failed else 0


if __name__ == "__main__":
    atexit.register(gc.freeze)  # the process ends without a last look for garbage
    sys.exit(main())
