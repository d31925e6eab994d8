"""What the site costs: its readers, who open a page from disk, and its makers, who build it."""

import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from tools.browser import CHROMIUM, MISSING, chromium

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build"
PAGES = sorted((BUILT / "html" / "book").glob("*.html"))
TEXT_IS_SHOWN = "performance.getEntriesByName('first-contentful-paint').length > 0"


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def bench_page(benchmark, browser, file):
    """Wait from the address to the first text, with nothing kept from before."""

    def look():
        page = browser.new_page()
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_function(TEXT_IS_SHOWN)
        page.close()

    benchmark.extra_info |= {"work": "a page's text", "way": file.stem, "size": "", "per": 1}
    benchmark.pedantic(look, rounds=5, warmup_rounds=1)


def bench_build(benchmark, tmp_path):
    """Build all of it from results that are kept: no notebook runs."""
    number = count()
    out = tmp_path

    def with_results():
        nonlocal out
        out = tmp_path / str(next(number))
        shutil.copytree(BUILT / ".jupyter_cache", out / "_build" / ".jupyter_cache")

    def build():
        program = str(Path(sys.executable).with_name("jupyter-book"))
        command = [program, "build", str(ROOT), "-W", "-n", "--path-output", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

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
