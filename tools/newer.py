"""Say which of the pinned packages are installed in another version.

    python tools/newer.py constraints.txt

Run it with the Python whose packages are meant.
"""

import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement


def pins(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Read the names and versions that hold for this Python."""
    for line in lines:
        if text := line.partition("#")[0].strip():
            pin = Requirement(text)
            if pin.marker is None or pin.marker.evaluate():
                (specifier,) = pin.specifier
                yield pin.name, specifier.version


def main(path: str) -> None:
    """Print a line for each package that differs, and how many there are."""
    pinned = list(pins(Path(path).read_text("utf-8").splitlines()))
    other = 0
    for name, wanted in pinned:
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "not installed"
        if here != wanted:
            other += 1
            print(f"  {name}: pinned {wanted}, here {here}")
    print(f"{other} of {len(pinned)} packages are not the pinned ones.")


if __name__ == "__main__":
    main(sys.argv[1])
