"""What the site costs: its readers, who open a page from disk, and its makers, who build it."""

import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path
from statistics import median

import pytest

from tools.browser import CHROMIUM, MISSING, chromium

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build"
PAGES = sorted((BUILT / "html" / "book").glob("*.html"))
# The browser's own clock, in milliseconds: when it painted the first text or picture, when the
# largest that the screen then held, and when the page had loaded and its scripts had run.
MOMENTS = """() => new Promise(resolve => new PerformanceObserver(largest => resolve([
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    largest.getEntries().at(-1).startTime,
    performance.getEntriesByType("navigation")[0].loadEventEnd,
])).observe({type: "largest-contentful-paint", buffered: true}))"""


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as browser:
        yield browser


class Clock:
    """A clock that stands still but for what is put on it, for pytest-benchmark to read."""

    seconds = 0.0

    def __call__(self):
        """Tell the time."""
        return self.seconds


CLOCK = Clock()


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def bench_page(benchmark, browser, file):
    """From the address to the largest text or picture on the screen, with nothing kept from before.

    The browser says when it painted. Watching from outside counts more than a reader waits for:
    opening a window, and asking the page, which answers only when its scripts have run. So that
    nothing is hidden, the largest paint is taken, never earlier than the first, and the moment
    when all scripts have run is reported beside it.
    """
    loaded = []

    def look():
        context = browser.new_context()
        page = context.new_page()
        page.goto(file.as_uri(), wait_until="load")
        first, largest, load = page.evaluate(MOMENTS)
        context.close()
        assert 0 < first <= largest
        loaded.append(load)
        CLOCK.seconds += largest / 1e3

    benchmark.extra_info |= {"work": "a page's text", "way": file.stem, "size": "", "per": 1}
    benchmark.pedantic(look, rounds=5, warmup_rounds=1)
    benchmark.extra_info["ms until all scripts have run"] = median(loaded[1:])


def bench_build(benchmark, tmp_path):
    """Build all of it from results that are kept: no notebook runs."""
    number = count()
    out = tmp_path

    def with_results():
        nonlocal out
        out = tmp_path / str(next(number))
        shutil.copytree(BUILT / ".jupyter_cache", out / "_build" / ".jupyter_cache")
        shutil.copy(BUILT / "code.inputs", out / "_build")

    def build():
        command = [sys.executable, "-m", "tools.build", ".", "-W", "-n", "--path-output", str(out)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    benchmark.extra_info |= {
        "work": "the site's build",
        "way": "results kept",
        "size": "",
        "per": 1,
    }
    benchmark.pedantic(build, setup=with_results, rounds=3)
    files = (out / "_build" / "html").rglob("*")
    size = sum(file.stat().st_size for file in files if file.is_file())
    benchmark.extra_info["MB (goal < 25)"] = size / 1e6
