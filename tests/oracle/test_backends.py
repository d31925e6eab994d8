"""A question goes to another backend and an answer comes back; recordings are read and written."""

import json
import os
import sys

import pytest

from embedding_core.keras_bridge import backends
from embedding_core.keras_bridge.questions import QUESTIONS, bad_ids


def which():
    import keras

    noise = "printed on the way"
    print(noise)
    return {"backend": keras.backend.backend(), "settings": os.environ.get("MINE", "none")}


def mistaken():
    raise LookupError("not today")


def too_long():
    import time

    time.sleep(60)


@pytest.fixture
def here(monkeypatch):
    """Let the other process find this module."""
    monkeypatch.setattr(sys, "path", [os.path.dirname(__file__), *sys.path])
    for question in (which, mistaken, too_long):
        monkeypatch.setattr(question, "__module__", "test_backends")


def test_the_other_process_runs_the_backend_it_was_asked_for(here, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert backends.ask("jax", which) == {"backend": "jax", "settings": "none"}


def test_a_question_that_fails_is_told_with_its_error(here):
    with pytest.raises(RuntimeError, match=r"jax did not answer mistaken: LookupError: not today"):
        backends.ask("jax", mistaken)


def test_a_backend_that_is_not_installed_is_named(here, monkeypatch):
    monkeypatch.setattr(backends, "BACKENDS", ("nobody",))
    with pytest.raises(RuntimeError, match=r"Keras on nobody did not answer which: .*nobody"):
        backends.ask("nobody", which)


def test_a_question_that_takes_too_long_is_stopped(here):
    with pytest.raises(TimeoutError, match=r"longer than 0\.5 seconds for too_long"):
        backends.ask("jax", too_long, timeout=0.5)


@pytest.mark.parametrize("call", [lambda b: backends.ask(b, which), backends.recorded])
def test_another_backend_is_refused_with_those_there_are(call):
    with pytest.raises(ValueError, match="one of tensorflow, jax, torch: received 'mxnet'"):
        call("mxnet")


def test_a_recording_is_read_as_it_was_written_and_keeps_other_backends(tmp_path, monkeypatch):
    asked = []

    def ask(backend, question):
        asked.append(question)
        return {"4": f"{backend} {question.__name__}"}

    monkeypatch.setattr(backends, "ask", ask)
    path = tmp_path / "folder" / "recording.json"
    written = [backends.record(backend, path) for backend in ("tensorflow", "jax")]
    assert asked == [*QUESTIONS, *QUESTIONS]
    assert [backends.recorded(backend, path) for backend in ("tensorflow", "jax")] == written
    assert written[1].answers["bad_ids"] == {"4": "jax bad_ids"}
    assert set(written[1].versions) == {"keras", "jax"}
    assert f"jax {written[1].versions['jax']}" in str(written[1])
    with pytest.raises(ValueError, match="no recording of torch, but of tensorflow, jax"):
        backends.recorded("torch", path)


def test_nothing_is_written_when_a_question_fails(tmp_path, monkeypatch):
    def ask(backend, question):
        if question is bad_ids:
            raise RuntimeError("no answer")
        return {}

    monkeypatch.setattr(backends, "ask", ask)
    path = tmp_path / "recording.json"
    path.write_text("{}")
    with pytest.raises(RuntimeError, match="no answer"):
        backends.record("jax", path)
    assert json.loads(path.read_text()) == {}


def test_the_book_holds_an_answer_to_every_question():
    recorded = backends.recorded("torch")
    assert set(recorded.answers) == {question.__name__ for question in QUESTIONS}
    assert recorded.versions["keras"]
    assert recorded.versions["torch"]
