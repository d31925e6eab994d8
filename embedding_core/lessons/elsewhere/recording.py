"""What was seen, written down with versions, platform and date, and compared with what is seen."""

import json
import textwrap
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.ground.provenance import running_on, today
from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.libraries import WHERE
from embedding_core.lessons.elsewhere.probing import CASES, probe, versions

# Beside the book, which shows it; a reader who has the package alone has no recording.
PLACE = Path(__file__).parents[3] / "book" / "_data" / "elsewhere.json"


@dataclass(frozen=True)
class Seen:
    """What one library did.

    Attributes
    ----------
    name
        Of the library, for readers.
    versions
        Of its packages.
    platform
        System, processor and Python, and the card if it ran on one.
    date
        Year, month and day, UTC.
    answers
        In words, by case.
    undefined
        Where the library says, or its source shows, that a case is undefined; by case.
    """

    name: str
    versions: dict[str, str]
    platform: str
    date: str
    answers: dict[str, str]
    undefined: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, adapter: Adapter, answers: Mapping[str, str] | None = None) -> Self:
        """Ask a library all cases.

        Parameters
        ----------
        adapter
            Of the library.
        answers
            What came when it was asked in other processes; by default it is asked here.

        Raises
        ------
        ModuleNotFoundError
            It is not installed.
        """
        found = versions(adapter)
        if answers is None:
            answers = {answer.case: answer.seen for answer in probe(adapter)}
        undefined = dict(adapter.undefined)
        return cls(adapter.name, found, running_on(), today(), dict(answers), undefined)


def read(path: AnyPath = PLACE) -> dict[str, Seen]:
    """Read a recording.

    Parameters
    ----------
    path
        Of the JSON file that `write` made.

    Returns
    -------
    dict
        What was seen, by library.

    Raises
    ------
    OSError
        There is no such file.
    ValueError
        It holds something else.
    """
    try:
        libraries = json.loads(as_path(path).read_text("utf-8"))
        return {library: Seen(**seen) for library, seen in libraries.items()}
    except (TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no recording of libraries: {error}") from error


def write(libraries: Mapping[str, Seen], path: AnyPath = PLACE) -> None:
    """Write a recording, libraries and cases in their order."""
    content: dict[str, Any] = {library: asdict(seen) for library, seen in libraries.items()}
    with replacing(as_path(path)) as file:
        file.write((json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


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
    libraries = {**(read(path) if as_path(path).exists() else {}), library: seen}
    known = list(WHERE)
    order = sorted(libraries, key=lambda key: (key not in WHERE, key in WHERE and known.index(key)))
    write({key: libraries[key] for key in order}, path)


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


def differences(recorded: Seen, seen: Seen) -> dict[str, tuple[str, str]]:
    """Compare a library with its recording.

    Returns
    -------
    dict
        What was recorded and what is seen, by case, where they differ.
    """
    return {
        case.id: (recorded.answers.get(case.id, "not recorded"), seen.answers[case.id])
        for case in CASES
        if recorded.answers.get(case.id) != seen.answers[case.id]
    }
