"""`make mutants` starts: what its settings name is there."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
NAMED = [
    *SETTINGS["only_mutate"],
    *SETTINGS["also_copy"],
    *SETTINGS["pytest_add_cli_args_test_selection"],
    *(a.partition("=")[2] for a in SETTINGS["pytest_add_cli_args"] if a.startswith("--ignore=")),
]


@pytest.mark.parametrize("path", NAMED)
def test_what_mutmut_is_told_to_read_exists(path: str) -> None:
    """Pytest ends with status 4 at the first path that is missing, and mutmut with it."""
    assert any(ROOT.glob(path)), f"pyproject.toml names {path} for mutmut, and nothing is there"
