"""Keras, as installed here, answers as the book has recorded; each backend in a new process."""

import subprocess
import sys

import pytest

from embedding_core.lessons.elsewhere.recording import read


def probe(library):
    command = [sys.executable, "-m", "embedding_core", "probe", library]
    return subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)


@pytest.mark.parametrize("library", ["keras-tensorflow", "keras-jax"])
def test_keras_answers_as_recorded(library):
    done = probe(library)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of 31 answers differ" in done.stdout


def test_on_tensorflow_and_jax_differ_what_the_chapter_says_differs():
    recorded = read()
    one, other = (recorded[f"keras-{backend}"].answers for backend in ("tensorflow", "jax"))
    differ = {case for case, answer in one.items() if other[case] != answer}
    ids = {"id V", "id -V-1", "2**32 + 1", "gradient of id V"}
    assert differ == ids | {"repeated, Adagrad", "repeated, Adam"}
