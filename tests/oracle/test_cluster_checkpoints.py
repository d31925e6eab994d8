"""Checkpoints in one process: whole ones or none, and never into the wrong variables."""

import errno
import os
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import pytest
import tensorflow as tf

from embedding_core.scale.cluster import Checkpoints


def state(rows=50, fill=0.0):
    return {
        "table": tf.Variable(tf.fill((rows, 4), fill)),
        "unit": [tf.Variable([fill]), tf.Variable([fill, fill])],
    }


def numbers(state):
    return np.concatenate([np.ravel(v) for v in (state["table"], *state["unit"])])


@pytest.fixture
def saves(tmp_path):
    """Two checkpoints: of ones after 10 steps, of twos after 20."""
    saves = Checkpoints(tmp_path / "saves")
    for n in (1, 2):
        saves.save(state(fill=float(n)), 10 * n)
    return saves


def test_the_newest_is_read_into_every_variable(saves):
    fresh = state()
    assert saves.restore(fresh) == saves.folder / "step-00000020"
    assert (numbers(fresh) == 2).all()


def test_without_a_checkpoint_nothing_is_read(tmp_path):
    assert Checkpoints(tmp_path).restore(state()) is None


def test_the_newest_two_are_kept(saves):
    saves.save(state(), 30)
    assert [path.name for path in saves.whole()] == ["step-00000020", "step-00000030"]


def test_the_same_number_of_steps_is_saved_once(saves):
    saves.save(state(fill=5.0), 20)
    fresh = state()
    saves.restore(fresh)
    assert (numbers(fresh) == 2).all()


def fail_at_the_last_write(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "rename", full)


def fail_in_tensorflow(monkeypatch):
    def full(*_):
        raise tf.errors.ResourceExhaustedError(None, None, "a; No space left on device\n\t [[{{n")

    monkeypatch.setattr(tf.train.Checkpoint, "write", full)


@pytest.mark.parametrize("fail", [fail_at_the_last_write, fail_in_tensorflow])
def test_without_room_the_checkpoints_before_stay_and_nothing_else(saves, monkeypatch, fail):
    fail(monkeypatch)
    with pytest.raises(OSError, match=r"step-00000030 .*\(.*No space left on device\): make room"):
        saves.save(state(), 30)
    assert sorted(os.listdir(saves.folder)) == ["step-00000010", "step-00000020"]


def test_a_lost_server_is_not_called_a_full_disk(saves, monkeypatch):
    def lost(*_):
        raise tf.errors.UnavailableError(None, None, "gone")

    monkeypatch.setattr(tf.train.Checkpoint, "write", lost)
    with pytest.raises(tf.errors.UnavailableError):
        saves.save(state(), 30)
    assert sorted(os.listdir(saves.folder)) == ["step-00000010", "step-00000020"]


def test_what_an_interrupted_save_left_behind_is_no_checkpoint(saves):
    newest = saves.folder / "step-00000020"
    shutil.copytree(newest, saves.folder / ".unfinished-step-00000030")
    assert saves.whole()[-1] == newest
    assert saves.restore(state()) == newest
    saves.save(state(fill=3.0), 30)
    assert not (saves.folder / ".unfinished-step-00000030").exists()


@pytest.mark.parametrize(
    ("other", "match"),
    [
        (state(rows=40), r"table of shape \[50, 4\], and shape \[40, 4\] is wanted"),
        ({**state(), "more": tf.Variable(1.0)}, r"more of shape None, and shape \[\]"),
        ({"table": state()["table"]}, r"unit/0 of shape \[1\], and shape None"),
    ],
)
def test_another_shape_is_refused_before_anything_is_read(saves, other, match):
    before = other["table"].numpy().copy()
    with pytest.raises(ValueError, match=f"step-00000020 holds {match}"):
        saves.restore(other)
    np.testing.assert_array_equal(other["table"].numpy(), before)


def cut(path):
    os.truncate(path, path.stat().st_size - 1)


@pytest.mark.parametrize("spoil", [cut, os.remove])
@pytest.mark.parametrize("name", ["state.index", "state.data-00000-of-00001"])
def test_a_truncated_or_missing_file_is_named_and_nothing_is_read(saves, name, spoil):
    spoil(saves.folder / "step-00000020" / name)
    fresh = state()
    with pytest.raises(ValueError, match=rf"20/{name} holds \d+ bytes, \d+ were .* Delete this"):
        saves.restore(fresh)
    assert (numbers(fresh) == 0).all()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"sizes": {}}'])
def test_a_damaged_manifest_is_named(saves, text):
    (saves.folder / "step-00000020" / "manifest.json").write_text(text)
    with pytest.raises(ValueError, match=r"manifest\.json cannot be read .* Delete this folder"):
        saves.restore(state())


def test_a_changed_byte_is_noticed(saves):
    file = saves.folder / "step-00000020" / "state.data-00000-of-00001"
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"step-00000020 is damaged: .*Delete this folder"):
        saves.restore(state())


def test_the_cure_works(saves):
    cut(saves.folder / "step-00000020" / "state.index")
    shutil.rmtree(saves.folder / "step-00000020")
    fresh = state()
    saves.restore(fresh)
    assert (numbers(fresh) == 1).all()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"file/saves for checkpoints cannot be made .* name one"):
        Checkpoints(tmp_path / "file" / "saves")
