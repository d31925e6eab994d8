"""What every library did with the cases, as the book shows it."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from embedding_core.ground import recording
from embedding_core.ground.files import AnyPath
from embedding_core.ground.recording import Seen
from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries import WHERE
from embedding_core.lessons.elsewhere.probing import probe

# Beside the book, which shows it; a reader who has the package alone has no recording.
PLACE = Path(__file__).parents[3] / "book" / "_data" / "elsewhere.json"


def ask(adapter: Adapter) -> Seen:
    """Ask a library all cases.

    Parameters
    ----------
    adapter
        Of the library.

    Raises
    ------
    ModuleNotFoundError
        It is not installed.
    """
    adapter.versions()  # or every answer would be that it cannot be imported
    return adapter.seen({answer.case: answer.seen for answer in probe(adapter)})


def read(path: AnyPath = PLACE) -> dict[str, Seen]:
    """Read what was seen, by library; raises as `ground.recording.read` does."""
    return recording.read(path)


def record(library: str, seen: Seen, path: AnyPath = PLACE) -> None:
    """Write what a library did into a recording, and keep what it holds of others.

    Parameters
    ----------
    library
        Its key; one that is in `WHERE` stands in that order, before others.
    seen
        What it did.
    path
        Of the recording, which need not be there yet.

    Raises
    ------
    ValueError
        The file holds something else.
    """
    recording.add({library: seen}, path, WHERE)


def by_answer(libraries: Mapping[str, Seen], case: str) -> dict[str, list[str]]:
    """Sort libraries by what they answered to one case.

    Parameters
    ----------
    libraries
        What was seen, by library.
    case
        Its id.

    Returns
    -------
    dict
        The libraries, by answer; answers in the order in which they first come.
    """
    found: dict[str, list[str]] = {}
    for library, seen in libraries.items():
        found.setdefault(seen.answers[case], []).append(library)
    return found


def told(libraries: Mapping[str, Seen], *cases: str) -> str:
    """Write down who answered what, a paragraph for each answer.

    Parameters
    ----------
    libraries
        What was seen, by library.
    *cases
        Their ids.
    """
    lines = []
    for case in cases:
        lines.append(f"{case}:")
        for answer, some in by_answer(libraries, case).items():
            line = f"{answer}: {', '.join(some)}"
            lines += textwrap.wrap(
                line, 64, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
            )
    return "\n".join(lines)
