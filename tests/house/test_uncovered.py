"""The figures of `make coverage`, from a report that is made up."""

import json
from pathlib import Path

import pytest

from tools import uncovered


def file(covered, lines, ways, known_ways, missing_lines=(), missing_branches=()):
    return {
        "summary": {
            "covered_lines": covered,
            "num_statements": lines,
            "covered_branches": ways,
            "num_branches": known_ways,
        },
        "missing_lines": list(missing_lines),
        "missing_branches": [list(way) for way in missing_branches],
    }


def written(path, files):
    path.write_text(json.dumps({"files": files}), "utf-8")
    return str(path)


WHOLE = {"embedding_core/ops.py": file(98, 100, 95, 100, [7, 9], [(6, 7), (11, 14)])}
KERAS = {"embedding_core/keras_bridge/twins.py": file(0, 50, 0, 10, [1])}


def test_lines_and_ways_are_counted_and_what_is_left_is_listed(tmp_path, capsys):
    assert uncovered.main(written(tmp_path / "r", WHOLE | KERAS)) == 0
    told = capsys.readouterr().out
    assert "The package: 98.0 % of lines, 95.0 % of branches, 1 files. Left:" in told
    assert "  embedding_core/ops.py: 7, 9, 11 to 14\n" in told  # 6 to 7 goes without saying
    assert "What needs Keras: 0.0 % of lines, 0.0 % of branches, 1 files" in told


def test_the_limits_are_those_that_the_page_on_testing_names():
    page = Path(__file__).parents[2] / "book" / "testing.md"
    limits = "{lines} % of its lines and {branches} % of its branches".format(**uncovered.LEAST)
    assert limits in page.read_text("utf-8")


@pytest.mark.parametrize("figures", [(96, 100, 100, 100), (100, 100, 92, 100)])
def test_too_little_fails(tmp_path, capsys, figures):
    assert uncovered.main(written(tmp_path / "r", {"embedding_core/ops.py": file(*figures)})) == 1
    assert "Too little" in capsys.readouterr().err
