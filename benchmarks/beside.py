"""The package as it is here, beside an older one and Keras: `python benchmarks/beside.py [BASE]`.

BASE is a worktree of an older commit (`git worktree add ../before COMMIT`). Every way runs in a
process of its own (see `apart`) and is told when it is its turn. fastText, with pairs of words,
joins in where it can be imported (`pip install --target FOLDER fasttext-numpy2-wheel`, and FOLDER
in PYTHONPATH). Each work is reported in processor time and on the clock: the best, the quartiles,
and the ratio to ours, turn by turn.
"""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from apart import HERE, Process

from embedding_core.ground.timing import machine


@dataclass(frozen=True)
class Work:
    """What is timed, beside what, how often, and the largest ratio of ours that will do, if any."""

    name: str
    turns: int
    beside: dict[str, float | None]


WORKS = (
    Work("epoch", 7, {"before": 0.5, "Keras": 0.2}),
    Work("strong", 4, {"before": 0.7, "fastText": None}),
    *(
        Work(f"{where} {optimizer}", 40, {"before": 1.05})
        for where in ("memory", "disk")
        for optimizer in ("SGD", "Adagrad")
    ),
)


class Way(Process):
    """A process that does a work when it is told to."""

    def __init__(self, work: str, way: str, tree: Path) -> None:
        super().__init__("worker.py", work, way, checkout=tree)
        self.name, self.seconds, self.notes = way, [], {}

    def turn(self) -> None:
        """Do the work once."""
        said = self.ask("go")
        self.seconds.append((said.pop("processor"), said.pop("clock")))
        self.notes |= said


def race(work: Work, base: Path | None) -> list[str]:
    """Give each way its turns, one after the other, and report."""
    trees = {
        "ours": HERE,
        "before": base,
        "Keras": HERE,
        "fastText": find_spec("fasttext") and HERE,
    }
    ways = [
        Way(work.name, way, tree)
        for way, tree in trees.items()
        if tree is not None and way in ("ours", *work.beside)
    ]
    try:
        for turn in range(work.turns):
            for way in ways if turn % 2 else ways[::-1]:
                way.turn()
    finally:
        for way in ways:
            way.close()
    return [line for way in ways for line in lines(work, way, np.array(ways[0].seconds))]


def lines(work: Work, way: Way, ours: np.ndarray) -> list[str]:
    """Say how long a way took, and how much of that ours took."""
    said = []
    for nth, clock in enumerate(("processor", "clock")):
        seconds = np.array(way.seconds)[:, nth]
        low, middle, high = np.quantile(seconds, [0.25, 0.5, 0.75])
        shares = ours[:, nth] / seconds
        best = ours[:, nth].min() / seconds.min()
        goal = work.beside.get(way.name)
        said.append(
            f"| {work.name} | {way.name} | {clock} | {1e3 * seconds.min():.4g} | "
            f"{1e3 * middle:.4g} ({1e3 * low:.4g} to {1e3 * high:.4g}) | {best:.3f} | "
            f"{np.median(shares):.3f} ({np.quantile(shares, 0.25):.3f} to "
            f"{np.quantile(shares, 0.75):.3f}) | {'' if goal is None else f'≤ {goal}'} |"
        )
    return [*said, *(f"- {work.name}, {way.name}: {k} {v:.4g}" for k, v in way.notes.items())]


def main(base: str = "", *only: str) -> None:
    """Race all works, or those named behind BASE ("" for none)."""
    print(machine())
    print(
        "\n| work | way | time | best, ms | median (quartiles), ms | ours: best / best | ", end=""
    )
    print("ours / it, turn by turn | goal |\n|" + "---|" * 8)
    for work in WORKS:
        if not only or work.name in only:
            print("\n".join(race(work, Path(base).resolve() if base else None)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
