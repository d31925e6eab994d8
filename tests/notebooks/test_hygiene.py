"""What a committed notebook may hold. That its outputs are true is nbval's business."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
LONGEST_CELL = 25
LONGEST_BODY = 3  # lines of a function: what is longer lives in the package, with a test
# Functions that may be longer, each with its reason.
LONGER = {
    ("15_elsewhere", "broken"): "what a check prints, at two depths of a loop",
    ("16_leaving_keras", "answer"): "the error is the answer: a try and its except",
    ("16_leaving_keras", "row"): "the error is the answer: a try and its except",
}
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|opt|var|mnt)/\w|\b[A-Z]:\\\w")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text("utf-8"))


@pytest.fixture
def code_cells(notebook):
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells, "a chapter without code"
    return cells


def tags(cell):
    return cell["metadata"].get("tags", [])


def text_of(output):
    """All text a reader may see of an output."""
    data = output.get("data", {})
    parts = [
        output.get("text", ""),
        *(data[kind] for kind in data if not kind.startswith("image/")),
    ]
    return "\n".join("".join(part) if isinstance(part, list) else str(part) for part in parts)


def has_image(cell):
    return any(kind.startswith("image/") for o in cell["outputs"] for kind in o.get("data", {}))


def test_the_contents_name_every_notebook():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    promised = {chapter["file"] for part in contents["parts"] for chapter in part["chapters"]}
    found = {f"book/{path.stem}" for path in NOTEBOOKS}
    assert found
    assert found <= promised


def test_it_says_no_more_of_its_maker_than_python(notebook):
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"] == {"name": "python"}


def test_it_was_run_once_from_top_to_bottom(code_cells):
    counts = [cell["execution_count"] for cell in code_cells if "nbval-skip" not in tags(cell)]
    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"


def test_no_cell_failed_unless_it_says_so(code_cells):
    failed = [
        "".join(cell["source"])
        for cell in code_cells
        if "raises-exception" not in tags(cell)
        and any(output["output_type"] == "error" for output in cell["outputs"])
    ]
    assert failed == []


def test_no_cell_shows_stderr(code_cells):
    noisy = [
        text_of(output)
        for cell in code_cells
        for output in cell["outputs"]
        if output.get("name") == "stderr"
    ]
    assert noisy == []


def test_the_installed_sources_are_not_committed(code_cells):
    kept = [c["source"] for c in code_cells if "installed-source" in tags(c) and c["outputs"]]
    assert kept == [], "run `make notebooks`"


def test_the_installed_sources_are_shown_and_tagged(code_cells):
    """A cell that ends in a call of `source` shows lines that are not ours."""
    shows = [c for c in code_cells if re.search(r"^source\(", "".join(c["source"]), re.MULTILINE)]
    untagged = [
        c["source"] for c in shows if not {"installed-source", "nbval-ignore-output"} <= {*tags(c)}
    ]
    assert untagged == []


def test_no_timestamps(notebook):
    assert [cell["id"] for cell in notebook["cells"] if "execution" in cell["metadata"]] == []


def test_cells_are_short(code_cells):
    long = ["".join(cell["source"]) for cell in code_cells if len(cell["source"]) > LONGEST_CELL]
    assert long == [], "some of it may belong in embedding_core, with a test"


def long_functions(notebook):
    """Names of the functions whose bodies, without a docstring, have too many lines."""
    for cell in notebook["cells"]:
        lines = [line for line in cell["source"] if not line.startswith(("%", "!"))]
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse("".join(lines))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[ast.get_docstring(node) is not None :]
                if body and node.end_lineno - body[0].lineno + 1 > LONGEST_BODY:
                    yield node.name


def test_helpers_of_more_than_three_lines_live_in_the_package():
    found = {
        (path.stem, name)
        for path in NOTEBOOKS
        for name in long_functions(json.loads(path.read_text("utf-8")))
    }
    assert found - set(LONGER) == set(), "it belongs in embedding_core, with a test"
    assert set(LONGER) - found == set(), "no longer in need of an excuse"


def test_every_picture_has_words(code_cells):
    mute = [
        "".join(cell["source"])
        for cell in code_cells
        if has_image(cell)
        and len(cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "").split()) < 3
    ]
    assert mute == [], 'add to the metadata: "mystnb": {"image": {"alt": "what it shows"}}'


def test_no_paths_of_a_machine(notebook):
    shown = ["".join(cell["source"]) for cell in notebook["cells"]]
    shown += [text_of(output) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert [text for text in shown if MACHINE_PATH.search(text)] == []


def test_some_chapter_has_a_picture():
    """The checks of pictures above check something."""
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text("utf-8"))["cells"]]
    assert any(has_image(cell) for cell in cells if cell["cell_type"] == "code")
