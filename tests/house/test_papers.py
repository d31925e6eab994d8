"""What a stranger who takes over the project relies on: its notices and its hooks."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import embedding_core

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "NOTICE").read_text("utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]


def test_the_citation_names_this_book_this_version_and_this_licence():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["authors"]
    assert citation["version"] == embedding_core.__version__
    title = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
    assert citation["title"].startswith(title)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith(f"{citation['license']} License")
    assert citation["authors"][0]["name"] in licence


def test_the_changelog_begins_with_this_version():
    newest = re.search(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest[1] == embedding_core.__version__


def test_every_vendored_file_is_in_the_notice_in_the_version_that_is_here():
    attributes = (ROOT / ".gitattributes").read_text("utf-8")
    vendored = re.findall(r"^(\S+) .*linguist-vendored", attributes, re.M)
    assert vendored
    for path in vendored:
        assert path.removesuffix("**") in NOTICE
    for name, path in (
        ("KaTeX", "book/_ext/katex.min.js"),
        ("KaTeX", "book/_static/katex/katex.min.css"),
        ("axe-core", "tests/site/axe.min.js"),
    ):
        version = re.search(rf"{name} (\d+\.\d+\.\d+)", NOTICE)[1]
        said = rf'(version(:after{{content)?:"|axe v){re.escape(version)}\b'
        assert re.search(said, (ROOT / path).read_text("utf-8")), path


def test_every_file_that_the_notice_names_is_there():
    named = re.findall(r"(?:book|tests)/[\w./-]*\w", NOTICE)
    assert len(named) >= 3
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_fetches_nothing_and_its_tool_can_be_started(hook):
    assert hook["language"] == "system"
    program = Path(shlex.split(hook["entry"])[0])
    assert program.parent == Path(".venv/bin")
    ours = Path(sys.executable).with_name(program.name)
    subprocess.run([ours, "--version"], check=True, capture_output=True)


def test_a_hook_looks_at_files_that_exist():
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if found.returncode:
        pytest.skip("not a git checkout")
    for hook in HOOKS:
        pattern = re.compile(hook.get("files", ""))
        assert any(pattern.search(name) for name in found.stdout.splitlines()), hook["id"]
