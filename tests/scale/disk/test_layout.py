"""What a table's file holds, and what is said when it does not."""

import errno
import json
import os
import shutil
import subprocess
import sys

import pytest

from embedding_core.scale.disk import DiskTable, Layout
from embedding_core.scale.disk import layout as files

LAYOUT = Layout(1000, 4, slots=(0.1,), seed=2**63)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.table"


def test_the_sizes_of_a_hundred_million_rows():
    layout = Layout(100_000_000, 64)
    assert layout.line_bytes == 256
    assert layout.bitmap_at == 25_600_000_000
    assert layout.file_bytes == 25_612_500_000
    assert Layout(9, 3, dtype="float16").bitmap_at == files.PAGE
    assert Layout(9, 3).bitmap_bytes == 2


def test_a_header_says_everything_and_nothing_else(path):
    files.make(path, LAYOUT)
    assert files.read_header(path) == LAYOUT
    assert sorted(os.listdir(path.parent)) == ["a.table", "a.table.json"]
    assert json.loads(files.header_of(path).read_text()) == {
        "format": "embedding_core.DiskTable",
        "version": 1,
        "rows": 1000,
        "width": 4,
        "slots": [0.1],
        "seed": 2**63,
        "limit": 0.05,
        "dtype": "float32",
    }


@pytest.mark.parametrize(
    "bad",
    [
        {"rows": 0},
        {"rows": 2**48},
        {"rows": 10.0},
        {"rows": True},
        {"width": -1},
        {"seed": -1},
        {"seed": 2**64},
        {"limit": float("nan")},
        {"slots": (float("inf"),)},
        {"slots": ("0.1",)},
    ],
)
def test_a_layout_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))}.*must be .*: received"):
        Layout(**{"rows": 5, "width": 2, **bad})


def test_a_dtype_that_holds_no_weights_is_refused():
    with pytest.raises(TypeError, match=r"dtype must be float16, .*: received 'int8'"):
        Layout(5, 2, dtype="int8")


@pytest.mark.parametrize("taken", ["a.table", "a.table.json"])
def test_what_is_there_already_stays(path, taken):
    (path.parent / taken).write_text("dear")
    with pytest.raises(FileExistsError, match=r"cannot make a table: File exists .* delete it"):
        DiskTable.create(path, LAYOUT)
    assert os.listdir(path.parent) == [taken]
    assert (path.parent / taken).read_text() == "dear"


def test_a_directory_is_no_table(path):
    path.mkdir()
    for use in (lambda: DiskTable.create(path, LAYOUT), lambda: DiskTable(path)):
        with pytest.raises(IsADirectoryError, match="Name a file in that directory"):
            use()
    assert os.listdir(path.parent) == ["a.table"]


def test_a_missing_table_or_directory(path):
    with pytest.raises(FileNotFoundError, match=r"cannot open the table: .* DiskTable.create"):
        DiskTable(path)
    with pytest.raises(FileNotFoundError, match="in a directory that exists"):
        DiskTable.create(path / "deeper" / "b.table", LAYOUT)


@pytest.mark.parametrize("length", [0, -1, 1])
def test_a_file_of_another_length(path, length):
    files.make(path, LAYOUT)
    size = path.stat().st_size
    os.truncate(path, size + length if length else 0)
    with pytest.raises(ValueError, match=f"its header promises {size:,}: the file was cut off"):
        DiskTable(path)


def test_a_file_without_its_header(path):
    files.make(path, LAYOUT)
    files.header_of(path).unlink()
    with pytest.raises(ValueError, match=r"has no header a.table.json: its making was cut off"):
        DiskTable(path)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"version": 2},
        {"rows": -5},
        {"slots": 3},
        {"colour": "red"},
        {"dtype": "int8"},
    ],
)
def test_a_damaged_header(path, change):
    files.make(path, LAYOUT)
    header = files.header_of(path)
    header.write_text(json.dumps({**json.loads(header.read_text()), **change}))
    with pytest.raises(ValueError, match=r"a.table.json' is damaged: .* Copy it back"):
        DiskTable(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", "\x00"])
def test_a_header_that_is_none(path, text):
    files.make(path, LAYOUT)
    files.header_of(path).write_text(text)
    with pytest.raises(ValueError, match="is damaged"):
        DiskTable(path)


@pytest.mark.parametrize("other", [{"rows": 1001}, {"width": 8}, {"dtype": "float16"}, {"seed": 0}])
def test_a_table_that_is_not_the_expected_one(path, other):
    files.make(path, LAYOUT)
    fields = {"rows": 1000, "width": 4, "slots": (0.1,), "seed": 2**63, **other}
    with pytest.raises(ValueError, match=r"is Layout\(rows=1000, .*: expected was Layout\("):
        DiskTable(path, expected=Layout(**fields))
    DiskTable(path, expected=LAYOUT).close()


@pytest.mark.parametrize("step", ["write_at", "_write_header"])
def test_nothing_is_left_of_a_table_whose_making_failed(path, monkeypatch, step):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, step, full)
    with pytest.raises(OSError, match=r"cannot make a table: No space left .* Free some space"):
        DiskTable.create(path, LAYOUT)
    assert os.listdir(path.parent) == []


def test_nothing_is_left_of_a_header_that_could_not_be_put_in_place(path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        DiskTable.create(path, LAYOUT)
    assert os.listdir(path.parent) == []


def test_an_error_without_a_known_cure_is_passed_on(path, monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files, "write_at", broken)
    with pytest.raises(OSError, match="Input/output error") as passed:
        DiskTable.create(path, LAYOUT)
    assert passed.value.errno == errno.EIO


def test_a_file_that_may_not_be_written(path, monkeypatch):
    """Root may write everything, so the refusal is played."""
    files.make(path, LAYOUT)

    class Refused:
        def __init__(self, name, mode):
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("embedding_core.scale.disk.table.io.FileIO", Refused)
    with pytest.raises(PermissionError, match=r"Permission denied. Open it with mode='r'"):
        DiskTable(path)


SMALL_DISK = """
import errno, os, sys
import numpy as np
from embedding_core.scale.disk import DiskTable, Layout
folder = sys.argv[1]
try:
    DiskTable.create(f"{folder}/bits", Layout(20_000_000, 4))  # 2.5 MB of bits, on a disk of 1 MB
except OSError as error:
    print(errno.errorcode[error.errno], os.listdir(folder))
table = DiskTable.create(f"{folder}/rows", Layout(1_000_000, 64))  # 256 MB of holes fit
count = 0
try:
    while True:
        table.touch(np.arange(count, count + 100))
        count += 100
except OSError as error:
    print(errno.errorcode[error.errno], count == table.rows_written > 1000)
    print(np.isfinite(table.rows(np.arange(count))).all(), table.repair())
"""


def test_a_disk_that_is_really_full(tmp_path):
    """In a file system of one megabyte, if this system lets one be made."""
    shell = (
        'mount -t tmpfs -o size=1m none "$1" && exec "$2" -c "$3" "$1"',
        "sh", tmp_path, sys.executable, SMALL_DISK,
    )  # fmt: skip
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare")
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", tmp_path]).returncode:
        pytest.skip("this system lets nobody mount a file system of his own")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", *shell], env=environment, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["ENOSPC []", "ENOSPC True", "True 0"], done.stderr


def test_a_read_only_disk(tmp_path):
    """A directory that is mounted to read, if this system lets one be made."""
    files.make(tmp_path / "t", LAYOUT)
    code = (
        "import sys; from embedding_core.scale.disk import DiskTable\n"
        "print(DiskTable(sys.argv[1], mode='r').rows([3]).shape)\n"
        "try: DiskTable(sys.argv[1])\n"
        "except OSError as error: print(error)"
    )
    shell = (
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "$3" "$1/t"',
        "sh", tmp_path, sys.executable, code,
    )  # fmt: skip
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", *shell], env=environment, capture_output=True, text=True
    )
    if "mount" in done.stderr:
        pytest.skip("this system lets nobody mount a file system of his own")
    assert done.stdout.startswith("(1, 4)\n"), done.stderr
    assert "Read-only file system. Open it with mode='r'" in done.stdout
