"""`python -m embedding_core probe`: a library beside its recording, or your layer's promises."""

import argparse
import importlib
import os
import reprlib
import sys

from embedding_core.ground.recording import Seen, differences
from embedding_core.lessons.elsewhere.contract import Factory, examine
from embedding_core.lessons.elsewhere.libraries import WHERE, adapter
from embedding_core.lessons.elsewhere.recording import PLACE, ask, read, record


def describe(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.description = (
        "Ask an installed library what it does with ids, gradients and steps, and compare with "
        "what was recorded; or hold a layer of your own to the promises of this book. "
        "Exit status: 0 when nothing differs and every promise is kept, else 1. A layer that is "
        "subtly wrong, to try it on: embedding_core.lessons.elsewhere.examples:forgetful"
    )
    parser.add_argument(
        "layer",
        metavar="LIBRARY or MODULE:FACTORY",
        help=f"one of {', '.join(WHERE)}; or where a function stands that takes a table and "
        "returns an object with look_up(ids) and, if it has them, gradient(ids, upstream) and "
        "step(ids, upstream, learning_rate)",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="write what the library does into the recording, in place of what stands there",
    )


def run(parsed: argparse.Namespace) -> int:
    """Probe a library, or examine a layer.

    Returns
    -------
    int
        0 when nothing differs from the recording and every promise is kept, else 1.

    Raises
    ------
    SystemExit
        With status 2 after a message: no such library or factory.
    """
    try:
        if ":" in parsed.layer:
            return _examine(_factory(parsed.layer))
        return _record(parsed.layer) if parsed.record else _probe(parsed.layer)
    except (ValueError, TypeError, ModuleNotFoundError, OSError) as error:
        print(f"python -m embedding_core probe: {error}", file=sys.stderr)
        raise SystemExit(2) from error


def _factory(place: str) -> Factory:
    module, _, name = place.partition(":")
    if not module or not name:
        raise ValueError(f"name the layer as MODULE:FACTORY: received {place!r}.")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # as `python -m` does for the module it runs
    try:
        found = importlib.import_module(module)
    except Exception as error:  # whatever somebody's module raises when it is imported
        raise ValueError(f"cannot import {module}: {type(error).__name__}: {error}") from error
    if not hasattr(found, name):
        raise ValueError(f"there is no {name} in the module {module}.")
    factory: Factory = getattr(found, name)
    if not callable(factory):
        raise TypeError(f"{place} must be a function of a table: received {reprlib.repr(factory)}.")
    return factory


def _examine(factory: Factory) -> int:
    broken = examined = 0
    for check in examine(factory):
        verdict = "kept" if check.problem == "" else "BROKEN" if check.problem else "no such method"
        print(f"{verdict:<15} {check.promise.sentence}")
        if check.problem:
            print(f"{'':<15} {check.problem}")
        examined += check.problem is not None
        broken += bool(check.problem)
    print(f"{examined - broken} of {examined} promises are kept.")
    return 1 if broken else 0


def _probe(library: str) -> int:
    seen = ask(adapter(library))
    print(f"{seen.name}: {_list(seen.versions)}")
    for case, answer in seen.answers.items():
        print(f"{case:<26} {answer}")
    return _compare(library, seen)


def _record(library: str) -> int:
    seen = ask(adapter(library))
    print(f"{seen.name}: {_list(seen.versions)}")
    _compare(library, seen)
    record(library, seen)
    return 0


def _compare(library: str, seen: Seen) -> int:
    """Print what differs from the recording, and how much it is."""
    recorded = read().get(library) if PLACE.exists() else None
    if recorded is None:
        print("There is no recording to compare with.")
        return 0
    found = differences(recorded, seen)
    for id, (then, now) in found.items():
        print(f"differs: {id}: recorded {then!r}, seen {now!r}")
    was = f"recorded on {recorded.date} ({_list(recorded.versions)})"
    print(f"{len(found)} of {len(seen.answers)} answers differ from what was {was}.")
    return 1 if found else 0


def _list(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
