"""Files that are written aside: what a failure, a link and a real `kill -9` leave behind."""

import os
import random
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pytest

from embedding_core import Embedding, Sequential
from embedding_core.ground.files import as_path, replacing

posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")


@pytest.mark.parametrize(
    ("path", "error", "match"),
    [
        (None, TypeError, "must be a str or a pathlib.Path: received None of type NoneType"),
        (0, TypeError, "received 0 of type int"),
        (b"model.npz", TypeError, "received b'model.npz' of type bytes"),
        ("a\0b", ValueError, r"no file can be called 'a\\x00b'"),
        ("\ud800", ValueError, r"no file can be called '\\ud800'"),
    ],
)
def test_what_is_no_path_is_refused(path, error, match):
    with pytest.raises(error, match=match):
        as_path(path)


def test_the_new_contents_come_in_one_piece(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_on_the_way_leaves_the_old_contents_alone(tmp_path, error):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(error), replacing(path) as file:  # noqa: PT012
        file.write(b"ne")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_and_a_folder_in_the_way_are_named(tmp_path):
    missing = f"there is no folder {str(tmp_path / 'none')!r}"
    with pytest.raises(FileNotFoundError, match=missing), replacing(tmp_path / "none/file"):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"), replacing(tmp_path / "folder"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_name_may_have_the_length_that_a_file_system_allows(tmp_path):
    path = tmp_path / ("n" * 251 + ".npz")
    Sequential([Embedding(3, 1)]).save(path)
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path):
    (tmp_path / "precious").write_bytes(b"precious")
    link = tmp_path / "model.npz"
    link.symlink_to(tmp_path / "precious")
    Sequential([Embedding(3, 1)]).save(link)
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not link.is_symlink()


@posix
def test_contents_and_name_are_forced_to_the_disk_in_this_order(tmp_path, monkeypatch):
    path, forced = tmp_path / "file", []

    def note(number):
        kind = "folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file"
        forced.append((kind, path.exists()))

    monkeypatch.setattr("os.fsync", note)
    with replacing(path) as file:
        file.write(b"new")
    assert forced == [("file", False), ("folder", True)]


# Writes the one thing and the other in turn, until it is killed. The first line is for a parent
# that has imported everything once and forks for each kill, because an import takes long.
WRITER = """
import itertools, os, select, sys
import numpy as np
from embedding_core import Embedding, Sequential
from embedding_core.text.pretrained import write_projector
kind, path = sys.argv[1:]
tables = [np.full((4000, 32), number, "float32") for number in (1, 2)]
models = [Sequential([Embedding(4000, 32, weights=table)]) for table in tables]

def write(nth):
    if kind == "model":
        models[nth].save(path)
    elif kind == "table":
        write_projector(path, [str(nth)] * 400, tables[nth][:400])
    else:  # as it would be without care
        with open(path, "wb") as file:
            file.write(tables[nth].tobytes())

write(0)
while True:
    child = os.fork()
    if not child:
        for nth in itertools.cycle((1, 0)):
            write(nth)
            if select.select([0], [], [], 0)[0]:  # the tests were killed: outlive nobody
                sys.exit()
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


def kills(kind, path, count, whole):
    """Kill the writer `count` times at random moments, and tell after each what is there."""
    chance = random.Random(8)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "OPENBLAS_NUM_THREADS": "1",  # a fork wants one thread
    }
    command = [sys.executable, "-c", WRITER, kind, str(path)]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        try:
            for _ in range(count):
                child = int(parent.stdout.readline())
                time.sleep(chance.uniform(0, 0.03))
                os.kill(child, signal.SIGKILL)
                assert parent.stdout.readline() == "dead\n"
                yield whole(path)
        finally:
            os.killpg(parent.pid, signal.SIGKILL)  # and the child that it forked last


def model_of(path):
    """Say which of the two tables the file holds, whole."""
    (table,) = Sequential.load(path).get_weights()
    assert table.shape == (4000, 32)
    assert (table == table[0, 0]).all()
    return table[0, 0]


def table_of(folder):
    """Say which numbers and which words the two files hold; each is whole, for itself."""
    vectors = np.loadtxt(folder / "vectors.tsv")
    assert vectors.shape == (400, 32)
    assert (vectors == vectors[0, 0]).all()
    words = (folder / "metadata.tsv").read_text("utf-8")
    assert words in ("0\n" * 400, "1\n" * 400)
    return vectors[0, 0]


def plain(path):
    """Say whether a file that was written in place is one of the two."""
    return path.read_bytes() in [np.full(128_000, n, "float32").tobytes() for n in (1, 2)]


@pytest.mark.long
@posix
@pytest.mark.parametrize(("kind", "whole"), [("model", model_of), ("table", table_of)])
def test_killed_at_any_moment_it_leaves_the_old_file_or_the_new_one(tmp_path, kind, whole):
    path = tmp_path / ("model.npz" if kind == "model" else "folder")
    found = list(kills(kind, path, 50, whole))
    assert len(found) == 50
    assert set(found) == {1, 2}
    # Some kills came in the middle of writing: what was written so far lies aside.
    folder = tmp_path if kind == "model" else path
    assert any(name.name.startswith(".") for name in folder.iterdir())


@pytest.mark.long
@posix
def test_the_same_kills_find_a_file_that_is_written_in_place(tmp_path):
    assert not all(kills("plain", tmp_path / "file", 50, plain))
