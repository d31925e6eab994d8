"""A chapter opened in JupyterLab, where its readers may change it."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from contents import PAGES, ROOT, cells
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CHAPTER = next(page for page in PAGES if cells(page))
LIVE = "book/07_gradient"  # a chapter with a live figure
PATIENCE = 60  # seconds, for a start on a busy machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of two chapters, with settings of its own."""
    tmp_path = tmp_path_factory.mktemp("lab")
    (tmp_path / "book").mkdir()
    for page in (CHAPTER, LIVE):
        shutil.copy(ROOT / f"{page}.ipynb", tmp_path / "book")
    places = ("RUNTIME_DIR", "CONFIG_DIR", "DATA_DIR")
    environment = os.environ | {f"JUPYTER_{name}": str(tmp_path / name) for name in places}
    environment |= {
        f"JUPYTERLAB_{name}_DIR": str(tmp_path / name) for name in ("SETTINGS", "WORKSPACES")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--IdentityProvider.token=", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
    command += [f"--ServerApp.root_dir={tmp_path / 'book'}"]
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield address(process, tmp_path)
        finally:
            process.terminate()
            process.wait()


def address(process, folder):
    """Wait until the server has written down where it listens."""
    deadline = time.monotonic() + PATIENCE
    while not (found := list((folder / "RUNTIME_DIR").glob("jpserver-*.json"))):
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.1)
    return json.loads(found[0].read_text())["url"]


def test_a_chapter_reads_well_in_jupyterlab(open_page, lab):
    name = CHAPTER.removeprefix("book/")
    # Tall enough for the whole chapter: JupyterLab draws only what is in view.
    page = open_page(
        f"{lab}lab/workspaces/{name}/tree/{name}.ipynb", viewport={"width": 1280, "height": 16_000}
    )
    notebook = page.locator(".jp-Notebook")
    notebook.locator("h1").wait_for(timeout=PATIENCE * 1000)
    notebook.locator(".jp-OutputArea-output").last.wait_for(timeout=PATIENCE * 1000)
    prose = [cell for cell in cells(CHAPTER) if cell["cell_type"] == "markdown"]
    boxes = sum("".join(cell["source"]).count("{admonition}") for cell in prose)
    assert boxes, "no directive to be drawn"
    notebook.locator("aside").nth(boxes - 1).wait_for(timeout=PATIENCE * 1000)
    expect(notebook).not_to_contain_text(":::", use_inner_text=True, timeout=PATIENCE * 1000)
    code = [cell for cell in cells(CHAPTER) if cell["cell_type"] == "code"]
    expect(notebook.locator(".jp-CodeCell")).to_have_count(len(code), timeout=PATIENCE * 1000)
    assert [trouble for trouble in page.troubles if trouble.startswith("outside")] == []


def test_a_live_figure_is_a_text_in_jupyterlab(open_page, lab):
    """No script of the site runs here: what the figure says must stand there without."""
    name = LIVE.removeprefix("book/")
    page = open_page(
        f"{lab}lab/workspaces/{name}/tree/{name}.ipynb", viewport={"width": 1280, "height": 16_000}
    )
    figure = page.locator(".jp-OutputArea-output details")
    figure.locator("table").first.wait_for(timeout=PATIENCE * 1000)
    expect(figure).to_have_count(1)
    expect(figure).to_contain_text("added up", use_inner_text=True)
    expect(figure.locator("table")).to_have_count(3)
    output = page.locator(".jp-OutputArea-output", has=page.locator("details"))
    expect(output).not_to_contain_text("upstream", use_inner_text=True)  # the data is hidden
    assert [trouble for trouble in page.troubles if trouble.startswith("outside")] == []
