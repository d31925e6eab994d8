"""What somebody else's library did, written down with versions, platform and date.

The chapters show libraries, backends and formats that are not installed where the book is built.
Each of their recordings is a JSON file of this one form, beside the pages.
"""

import importlib.metadata
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.ground.provenance import running_on, today

_NPM = "npm:"


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
        In words, by case; of a question that has several answers a `dict` of them.
    undefined
        Where the library says, or its source shows, that a case is undefined; by case.
    """

    name: str
    versions: dict[str, str]
    platform: str
    date: str
    answers: dict[str, Any]
    undefined: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{versions}, {self.platform}, {self.date}"


@dataclass(frozen=True)
class Subject:
    """Somebody who can be asked.

    Attributes
    ----------
    name
        For readers.
    packages
        Distributions that have to be installed, the one whose version counts first; a package of
        Node's is written `npm:NAME`.
    undefined
        Cases that touch memory outside the table, and where the library says so. They are
        recorded as that and never run.
    """

    name: str
    packages: tuple[str, ...]
    undefined: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def versions(self) -> dict[str, str]:
        """Return the versions of the packages.

        Raises
        ------
        ModuleNotFoundError
            One is not installed; the message names all of them.
        """
        try:
            return {name.removeprefix(_NPM): _version(name) for name in self.packages}
        except (importlib.metadata.PackageNotFoundError, OSError) as error:
            raise ModuleNotFoundError(
                f"{self.name} needs {', '.join(self.packages)}, and not all are installed: "
                f"{error}. elsewhere/ lists what to install."
            ) from error

    def seen(self, answers: Mapping[str, Any]) -> Seen:
        """Put answers beside the versions, the platform and the day.

        Parameters
        ----------
        answers
            By case.

        Raises
        ------
        ModuleNotFoundError
            As `versions` raises it.
        """
        answers, undefined = dict(answers), dict(self.undefined)
        return Seen(self.name, self.versions(), running_on(), today(), answers, undefined)


def read(path: AnyPath) -> dict[str, Seen]:
    """Read a recording.

    Parameters
    ----------
    path
        Of the JSON file that `write` made.

    Returns
    -------
    dict
        What was seen, by its key.

    Raises
    ------
    OSError
        There is no such file.
    ValueError
        It holds something else.
    """
    try:
        recorded = json.loads(as_path(path).read_text("utf-8"))
        return {key: Seen(**seen) for key, seen in recorded.items()}
    except (TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no recording of libraries: {error}") from error


def write(recorded: Mapping[str, Seen], path: AnyPath) -> None:
    """Write a recording, keys and cases in their order."""
    content: dict[str, Any] = {key: asdict(seen) for key, seen in recorded.items()}
    with replacing(as_path(path)) as file:
        file.write((json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def add(new: Mapping[str, Seen], path: AnyPath, order: Iterable[str]) -> None:
    """Write what was seen into a recording, and keep what it holds of others.

    Parameters
    ----------
    new
        What was seen, by its key.
    path
        Of the recording, which need not be there yet.
    order
        Keys; those that are in it stand in this order, before others.

    Raises
    ------
    ValueError
        The file holds something else.
    """
    place = as_path(path)
    recorded = {**(read(place) if place.exists() else {}), **new}
    known = [key for key in order if key in recorded]
    os.makedirs(place.parent, exist_ok=True)
    write({key: recorded[key] for key in dict.fromkeys([*known, *recorded])}, place)


def differences(recorded: Seen, seen: Seen) -> dict[str, tuple[Any, Any]]:
    """Compare what is seen with what was recorded.

    Returns
    -------
    dict
        What was recorded and what is seen, by case, where they differ.
    """
    cases = dict.fromkeys([*seen.answers, *recorded.answers])
    both = {
        case: (
            recorded.answers.get(case, "not recorded"),
            seen.answers.get(case, "not asked"),
        )
        for case in cases
    }
    return {case: (then, now) for case, (then, now) in both.items() if then != now}


def _version(package: str) -> str:
    """Ask Python, or for a package of npm its own file, below `NODE_PACKAGES` or here."""
    if not package.startswith(_NPM):
        return importlib.metadata.version(package)
    packages = Path(os.environ.get("NODE_PACKAGES", "."), "node_modules")
    file = packages / package.removeprefix(_NPM) / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"])
