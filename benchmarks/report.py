"""Put what `make bench` measured side by side: a table with the goals, and a figure.

A ratio is one of medians. Its range sets each way's quartiles against the opposite quartiles of
the other: where a goal lies inside the range, the run does not decide.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from embedding_core.ground.timing import machine


@dataclass(frozen=True)
class Goal:
    """How quick `way` is to be beside another: a factor of time, or a number of times faster."""

    work: str
    way: str
    beside: str
    at_most: float | None = None
    times_faster: float | None = None
    size: str = ""  # where the bound holds; at other sizes the ratio is only reported


GOALS = (
    Goal("gather", "gather", "table.take", at_most=1.15),
    Goal("gather", "gather", "tf.gather"),
    Goal("gather", "gather", "torch embedding"),
    Goal("gather out", "gather", "np.take", at_most=1.1),
    Goal("gather out", "gather", "copy of the output"),
    Goal("backward", "merged slices", "np.add.at", times_faster=8),
    Goal("backward", "merged slices", "tf.math.unsorted_segment_sum", times_faster=1),
    Goal("backward", "merged slices", "torch dense backward", times_faster=1),
    Goal("training step, exact Adam", "ours", "Keras", times_faster=60, size="V=1,000,000"),
    *(
        Goal("a step in Keras's fit, Adam", "for_keras", "Keras", times_faster=times, size=size)
        for times, size in ((0.95, "V=10,000"), (2, "V=100,000"), (15, "V=1,000,000"))
    ),
    Goal("step, per distinct row", "ours", "rows copied there and back"),
    Goal("LoRA forward, 8 ids", "ours", "Keras", times_faster=50),
    Goal("an epoch of IMDB", "ours", "Keras", times_faster=5),
    Goal("an epoch of IMDB", "ours, LazyAdam", "Keras", times_faster=5),
    Goal("file to ids, IMDB", "ours", "Keras TextVectorization", times_faster=1),
    Goal("file to ids, IMDB", "ours", "CountVectorizer", times_faster=1),
    Goal("file to ids, IMDB", "ours", "plain loop", at_most=1),
    Goal("skip-gram, per pair", "ours", "gensim", times_faster=1.2),
    Goal("skip-gram, per pair", "ours", "before"),
    Goal("paragraph vectors, per pair", "ours", "gensim", times_faster=1),
    Goal("paragraph vectors, per pair", "ours", "before"),
    Goal("reading word vectors", "ours", "gensim", times_faster=1),
    Goal("a judge of IMDB reviews", "ours, pairs, from the file", "Keras, words, fit alone"),
    Goal("step on 4096 rows", "disk, side by side", "disk, small", at_most=1.2),
    Goal("step on 4096 rows", "disk, side by side", "memory"),
    Goal("step on 4096 rows", "disk, apart", "memory"),
    Goal("import", "ours", "numpy, scipy.sparse"),
)
# In seconds, for the slowest way of a work.
LIMITS = {"a page's text": 1, "the site's build": 20}
ENDS = (10_000, 1_000_000)
HEAD = "| work | size | way | ms | beside | ms | ratio (range) | goal | |"


@dataclass(frozen=True)
class Way:
    """All rounds of one way, of all turns: quartiles in seconds for one unit of the work."""

    low: float
    median: float
    high: float
    notes: dict[str, float]

    @classmethod
    def of(cls, entries):
        """Take together what pytest-benchmark has entered for each turn."""
        seconds = [s / e["extra_info"]["per"] for e in entries for s in e["stats"]["data"]]
        notes = {
            name: value
            for entry in entries
            for name, value in entry["extra_info"].items()
            if name not in ("work", "way", "size", "per")
        }
        return cls(*np.quantile(seconds, [0.25, 0.5, 0.75]), notes)


def read(path: Path):
    """Read pytest-benchmark's file: a `Way` for each (work, size, way)."""
    turns = defaultdict(list)
    for entry in json.loads(path.read_text("utf-8"))["benchmarks"]:
        turns[tuple(entry["extra_info"][key] for key in ("work", "size", "way"))].append(entry)
    return {place: Way.of(entries) for place, entries in turns.items()}


def ratio(above: Way, below: Way) -> tuple[float, float, float]:
    """Divide medians, and opposite quartiles for the range: (low, median, high)."""
    return above.low / below.high, above.median / below.median, above.high / below.low


def verdict(goal: Goal, size: str, spread: tuple[float, float, float]) -> tuple[str, str]:
    """Name the goal, and say whether it was reached."""
    if goal.size not in ("", size) or (goal.at_most is None and goal.times_faster is None):
        return "reported", ""
    bound = goal.at_most or goal.times_faster
    sign = 1 if goal.at_most else -1
    reached = sign * spread[1] <= sign * bound
    undecided = spread[0] <= bound <= spread[2]
    name = f"≤ {bound}" if goal.at_most else f"≥ {bound} × faster"
    return name, ("reached" if reached else "SHORT") + (", within the spread" if undecided else "")


def rows_of(ways):
    """Make one line of the table for each goal and size that was measured on both sides."""
    for goal in GOALS:
        for (work, size, way), ours in ways.items():
            theirs = ways.get((work, size, goal.beside))
            if (work, way) != (goal.work, goal.way) or theirs is None:
                continue
            if goal.size != size and any(
                (other.work, other.way, other.size) == (work, way, size) for other in GOALS
            ):
                continue  # this size has a goal, and so a line, of its own
            spread = ratio(theirs, ours) if goal.times_faster else ratio(ours, theirs)
            low, middle, high = (f"{part:.2f}" for part in spread)
            yield (
                f"| {work} | {size} | {way} | {milliseconds(ours)} | {goal.beside} | "
                f"{milliseconds(theirs)} | {middle} ({low} to {high}) | "
                f"{' | '.join(verdict(goal, size, spread))} |"
            )


def milliseconds(way: Way) -> str:
    """Three digits are all that a clock is good for."""
    return f"{1e3 * way.median:.3g}"


def growth(ways):
    """Say how much more a distinct row costs in a large table than in a small one."""
    for name, goal in (("ours", "goal ≤ 1.5"), ("rows copied there and back", "the memory's own")):
        small, large = (ways.get(("step, per distinct row", f"V={v:,}", name)) for v in ENDS)
        if small and large:
            low, middle, high = (f"{part:.2f}" for part in ratio(large, small))
            yield f"per distinct row, V=10⁶ over 10⁴, {name}: {middle} ({low} to {high}), {goal}"


def limits(ways):
    """Hold the slowest way of a work against the time it may take."""
    for work, most in LIMITS.items():
        here = {place[2]: way for place, way in ways.items() if place[0] == work}
        if here:
            name, slowest = max(here.items(), key=lambda entry: entry[1].median)
            yield (
                f"{work}, at its slowest ({name}): {slowest.median:.2f} s "
                f"({slowest.low:.2f} to {slowest.high:.2f}), goal ≤ {most} s: "
                f"{'reached' if slowest.median <= most else 'SHORT'}"
            )


def extra_memory(ways):
    """Hold what `for_keras` keeps beside Keras's own slots against what it may."""
    for (work, size, way), ours in ways.items():
        theirs = ways.get((work, size, "Keras"))
        if work != "memory of Keras's fit, Adam" or way == "Keras" or theirs is None:
            continue
        extra, peak = (
            ours.notes[name] - theirs.notes[name]
            for name in ("bytes of variables", "bytes at the peak")
        )
        most = 4 * int(size.removeprefix("V=").replace(",", "")) + 10_000_000
        yield (
            f"{work}, {size}: {extra / 1e6:.1f} MB of variables more than Keras, goal ≤ "
            f"{most / 1e6:.0f} MB: {'reached' if extra <= most else 'SHORT'}; at the peak of the "
            f"process {peak / 1e6:+,.0f} MB"
        )


def notes(ways):
    """Report what is no time."""
    for (work, size, way), measured in ways.items():
        for name, value in measured.notes.items():
            yield f"{work}, {way} {size}: {name} {value:,.6g}"


def draw(ways, path: Path) -> None:
    """Draw every way's median and quartiles, one panel for each work."""
    works = list(dict.fromkeys(work for work, _, _ in ways))
    counts = [sum(work == other for other, _, _ in ways) for work in works]
    figure, panels = plt.subplots(
        len(works),
        figsize=(9, 0.28 * sum(counts) + 0.6 * len(works)),
        gridspec_kw={"height_ratios": counts},
        layout="constrained",
        squeeze=False,
    )
    for work, axes in zip(works, panels[:, 0], strict=True):
        here = {place: way for place, way in ways.items() if place[0] == work}
        for at, way in enumerate(here.values()):
            axes.plot([1e3 * way.low, 1e3 * way.high], [at, at], color="#5f6b7a")
            axes.plot(1e3 * way.median, at, "o", color="#0072B2", markersize=4)
        labels = [f"{way}  {size}" for _, size, way in here]
        axes.set(xscale="log", title=work, yticks=range(len(here)), yticklabels=labels)
        axes.invert_yaxis()
        axes.grid(axis="x", which="both", alpha=0.3)
    panels[-1, 0].set_xlabel("ms: median, and from the first quartile to the third")
    figure.savefig(path)


def main(folder: Path) -> None:
    """Read `measured.json` in the folder; write `table.md` and `times.svg` beside it."""
    ways = read(folder / "measured.json")
    lines = [
        machine(),
        "",
        HEAD,
        "|" + "---|" * (HEAD.count("|") - 1),
        *rows_of(ways),
        "",
        *(
            f"- {line}"
            for line in (*growth(ways), *limits(ways), *extra_memory(ways), *notes(ways))
        ),
    ]
    (folder / "table.md").write_text("\n".join(lines) + "\n", "utf-8")
    draw(ways, folder / "times.svg")
    print("\n".join(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
