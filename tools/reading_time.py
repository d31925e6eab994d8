"""Write into each chapter how long it takes to read: its words, and its lines of code.

    python -m tools.reading_time

200 words a minute, and 3 seconds for a line of code, as long as for ten words. Exercises and their
solutions count; a cell that is folded on the page does not. To the nearest five minutes: a
sentence more or less changes nothing.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORDS_A_MINUTE = 200
WORDS_A_LINE = 10
ANNOUNCED = re.compile(r"(?<=\*Time\*: )\d+ minutes\b")
# Markup that nobody reads: a directive's own lines, where a link leads, what a formula is made of.
UNREAD = [
    (re.compile(r"^(?:[:`]{3,}.*|:[\w-]+:.*)$", re.MULTILINE), ""),
    (re.compile(r"\]\([^)]*\)"), "]"),
    (re.compile(r"\$+[^$]+\$+"), "formula"),
]


def words(prose: str) -> int:
    """Count the words of Markdown."""
    for pattern, read in UNREAD:
        prose = pattern.sub(read, prose)
    return sum(bool(re.search(r"\w", word)) for word in prose.split())


def minutes(cells: list[dict[str, Any]]) -> int:
    """Return how long a notebook's cells take, to the nearest five minutes, and at least five."""
    total = 0
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            total += words(source)
        elif "hide-input" not in cell["metadata"].get("tags", []):
            total += WORDS_A_LINE * sum(bool(line.strip()) for line in source.splitlines())
    return max(5, 5 * round(total / WORDS_A_MINUTE / 5))


def announce(notebook: Path) -> bool:
    """Write the time where the notebook announces one; say whether it was another."""
    text = notebook.read_text("utf-8")
    time = f"{minutes(json.loads(text)['cells'])} minutes"
    written, found = ANNOUNCED.subn(time, text)
    if found != 1:
        raise ValueError(f"{notebook} announces {found} times: write '*Time*: 5 minutes' once.")
    if written != text:
        notebook.write_text(written, "utf-8")
    return written != text


def main() -> None:
    """Write the times of all chapters, and name those that have changed."""
    for notebook in sorted((ROOT / "book").glob("*.ipynb")):
        if announce(notebook):
            print(notebook.relative_to(ROOT))


if __name__ == "__main__":
    main()
