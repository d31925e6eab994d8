"""The command line: `claims` runs the ledger, `cluster` a table over processes, `probe` a layer."""

import argparse
import shutil
import sys
from collections.abc import Sequence

from embedding_core.lessons.claims import LEDGER, Claim, claim, rows, run
from embedding_core.lessons.elsewhere import command as probing
from embedding_core.scale.cluster import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        What follows the program's name; by default what the shell gave.

    Returns
    -------
    int
        0 when every claim that was run holds, the cluster has done its work, or the probe found
        what was recorded or promised, else 1.

    Raises
    ------
    SystemExit
        With status 2 after a message, when a command or a claim is unknown; with 0 after
        `--help`.
    """
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
    probing.describe(commands.add_parser("probe", help="ask a library, or a layer of your own"))
    parsed = parser.parse_args(arguments)
    if parsed.command == "probe":
        return probing.run(parsed)
    return _check(parsed.claims) if parsed.command == "claims" else command.run(parsed)


def _known(id: str) -> Claim:
    try:
        return claim(id)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _check(claims: Sequence[Claim]) -> int:
    failed = 0
    for outcome in run(claims):
        print(rows(outcome, shutil.get_terminal_size().columns), flush=True)
        failed += not outcome.holds
    print(f"{len(claims) - failed} of {len(claims)} verdicts hold.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
